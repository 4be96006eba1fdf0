"""扫描页序: the pages of one case as the clerk sees and sorts them, before anything is told to the screen.

Rules kept here: a page's place is its own, its picture's name is not: two equal pictures are two pages; nothing that
the clerk does to a page is final before F4; the selection follows the newest page until the clerk moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import takewhile

from yichuang_client.presenters.models.common import Picture
from yichuang_domain.party import Page

UNSORTED = ""
"""未归类: the material of a page that nobody has assigned."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """一页: a page in its place."""

    id: int
    """Its name on the screen, never used twice in one sitting."""
    page: Page
    """As it is kept; its ordinal is given anew when the pages are told."""
    thumbnail: Picture | None = None
    dpi: int = 0
    """Dots per inch, 0 when unknown."""
    skew: float | None = None
    """How far the paper lay askew, None when it was not measured here."""
    is_straightened: bool = False
    flaws: tuple[str, ...] = ()
    """质量问题: names of `PageFlaw`."""
    is_again: bool = False
    """重扫: it took the place of another."""
    is_separator: bool = False
    """分隔页: it says where a material begins and is no page of the case."""


@dataclass(frozen=True, kw_only=True)
class _Before:
    """How a sheet was, and behind which one it stood."""

    sheet: Sheet
    behind: int | None
    was_moved: bool = False
    """Whether the edit was a move: it goes back behind that one."""


class PageStack:
    """页序."""

    def __init__(self, pages: Iterable[Page] = (), target: str = UNSORTED) -> None:
        self._next = 1
        self._edits: list[tuple[_Before, ...]] = []
        self._numbered: dict[int, tuple[Page, Page]] = {}
        """Each sheet's page and the same with its ordinal, told last: thousands need not be made anew for one more."""
        self.sheets: list[Sheet] = [Sheet(id=self._new_id(), page=page) for page in pages]
        self.target = target
        """Material that the next pages go to."""
        self.selected: Sheet | None = self.sheets[-1] if self.sheets else None
        self.newer = 0
        """Pages that came since the clerk moved away from the newest."""
        self.follows = True

    # ---- what there is ----------------------------------------------------------------------------------------

    def pages(self) -> tuple[Page, ...]:
        """All pages in order, each with its ordinal within its material, from 1; separators are none."""
        seen: Counter[str] = Counter()
        told = []
        for sheet in self._papers():
            page = sheet.page
            seen[page.material] += 1
            known = self._numbered.get(sheet.id)
            if known is None or known[0] is not page or known[1].ordinal != seen[page.material]:
                known = self._numbered[sheet.id] = (page, replace(page, ordinal=seen[page.material]))
            told.append(known[1])
        return tuple(told)

    def counts(self) -> Counter[str]:
        """Pages of each material."""
        return Counter(sheet.page.material for sheet in self._papers())

    def _papers(self) -> list[Sheet]:
        return [sheet for sheet in self.sheets if not sheet.is_separator]

    def index(self, wanted: int) -> int | None:
        """Where the sheet stands, None when it is gone."""
        return next((index for index, sheet in enumerate(self.sheets) if sheet.id == wanted), None)

    def find(self, wanted: int) -> Sheet | None:
        """The sheet as it is now, None when it is gone."""
        return next((sheet for sheet in self.sheets if sheet.id == wanted), None)

    @property
    def selected_index(self) -> int:
        """Where the selected sheet stands, 0 when there is none."""
        return self.index(self.selected.id) or 0 if self.selected else 0

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._edits)

    # ---- pages that come --------------------------------------------------------------------------------------

    def add(self, sheet: Sheet, *, before: int | None = None) -> Sheet:
        """Put a new page at the end, or before another one; it goes to the target. Its id is given here."""
        place = None if before is None else self.index(before)
        material = self.target if place is None else self.sheets[place].page.material
        made = replace(sheet, id=self._new_id(), page=replace(sheet.page, material=material))
        self.sheets.insert(len(self.sheets) if place is None else place, made)
        if self.follows or self.selected is None:
            self.selected = made
        else:
            self.newer += 1
        return made

    def give_back(self, pages: Iterable[Page]) -> None:
        """Pages that were safe when the program died: behind the others, of no material until somebody says."""
        target, self.target = self.target, UNSORTED
        for page in pages:
            self.add(Sheet(id=0, page=page))
        self.target = target

    def put(self, wanted: int, sheet: Sheet, *, is_again: bool = False) -> bool:
        """Let another picture take a page's place; False when that page is gone."""
        place = self.index(wanted)
        if place is None:
            return False
        old = self.sheets[place]
        self._note([old])
        page = replace(sheet.page, material=old.page.material)
        made = replace(sheet, id=old.id, page=page, is_again=is_again or old.is_again)
        self._change({old.id: made})
        return True

    def know(self, wanted: int, thumbnail: Picture, dpi: int) -> None:
        """What was read of a page that was kept before."""
        old = self.find(wanted)
        if old is not None:
            self._change({old.id: replace(old, thumbnail=thumbnail, dpi=old.dpi or dpi)})

    # ---- what the clerk does ----------------------------------------------------------------------------------

    def move(self, step: int) -> None:
        """Select another page; at the newest one the selection follows again."""
        if self.sheets:
            self._select(max(0, min(len(self.sheets) - 1, self.selected_index + step)))

    def select(self, wanted: int) -> None:
        """Select this page."""
        place = self.index(wanted)
        if place is not None:
            self._select(place)

    def select_first(self, material: str) -> None:
        """Select the first page of this material."""
        found = next((sheet for sheet in self._papers() if sheet.page.material == material), None)
        if found is not None:
            self.select(found.id)

    def assign(self, material: str) -> None:
        """归类: the selected page and those after it that belong together with it go to this material.

        Pages behind them that were assigned elsewhere stay there; new pages go to it only when the last page did.
        """
        rest = [sheet for sheet in self.sheets[self.selected_index :] if not sheet.is_separator]
        run = list(takewhile(lambda sheet: sheet.page.material == rest[0].page.material, rest))
        if len(run) == len(rest):
            self.target = material
        if run and run[0].page.material != material:
            self._note(run)
            self._change({s.id: replace(s, page=replace(s.page, material=material)) for s in run})

    def shift(self, step: int) -> bool:
        """移页: the selected page goes so many places on, or back; False at the end of the pile."""
        place, moved = self.selected_index, self.selected
        new = place + step
        if moved is None or not 0 <= new < len(self.sheets):
            return False
        behind = self.sheets[place - 1].id if place else None
        self._edits.append((_Before(sheet=moved, behind=behind, was_moved=True),))
        self.sheets.insert(new, self.sheets.pop(place))
        self._select(new)
        return True

    def drop(self) -> Sheet | None:
        """Take the selected page out; `undo` puts it back."""
        gone, place = self.selected, self.selected_index
        if gone is None:
            return None
        self._note([gone])
        del self.sheets[place]
        self.selected = self.sheets[min(place, len(self.sheets) - 1)] if self.sheets else None
        return gone

    def undo(self) -> bool:
        """Take the last edit back; pages that came meanwhile stay. False when there was none."""
        if not self._edits:
            return False
        edit = self._edits.pop()
        for before in edit:
            place = self.index(before.sheet.id)
            if before.was_moved and place is not None:
                sheet = self.sheets.pop(place)
                behind = None if before.behind is None else self.index(before.behind)
                self.sheets.insert(0 if behind is None else behind + 1, sheet)
            elif place is not None:
                self._change({before.sheet.id: before.sheet})
            else:
                behind = None if before.behind is None else self.index(before.behind)
                self.sheets.insert(0 if behind is None else behind + 1, before.sheet)
        self.select(edit[0].sheet.id)
        return True

    def _note(self, sheets: list[Sheet]) -> None:
        places = [self.index(sheet.id) or 0 for sheet in sheets]
        self._edits.append(
            tuple(
                _Before(sheet=sheet, behind=self.sheets[place - 1].id if place else None)
                for sheet, place in zip(sheets, places, strict=True)
            )
        )

    def _select(self, place: int) -> None:
        self.selected = self.sheets[place]
        self.follows = place == len(self.sheets) - 1
        if self.follows:
            self.newer = 0

    def _change(self, changed: dict[int, Sheet]) -> None:
        self.sheets = [changed.get(sheet.id, sheet) for sheet in self.sheets]
        if self.selected is not None:
            self.selected = changed.get(self.selected.id, self.selected)

    def _new_id(self) -> int:
        self._next += 1
        return self._next - 1
