"""材料与页: the materials of a case with one state each, and their pages as pictures.

Rules kept here: exactly one state a material; a green one says who took it in and when, as far as the case tells; a
page is decoded off the Tk thread for the size that the view told, at most the shown one and two on either side are
kept; a page that is not here yet is awaited and drawn when it comes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from yichuang_client.actions.work import Work
from yichuang_client.presenters.casework_chips import personal_text
from yichuang_client.presenters.casework_clock import month_day
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.common import Chip, Mark, Picture, Text, Tone, When, msg
from yichuang_client.presenters.models.queues import MaterialPages
from yichuang_client.presenters.models.scan import Fit, PageView
from yichuang_client.presenters.pictures import picture
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.sync.status import PageArrived, SyncEvent
from yichuang_client.trace import trace
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import BlobHash, CaseId, PageOwner, PersonId
from yichuang_domain.material import required
from yichuang_domain.party import Evidence, Page

_MISSING = Chip(text=msg("case.material_missing"), tone=Tone.DANGER, mark=Mark.MISSING)
_ASKED = Chip(text=msg("case.material_asked"), tone=Tone.WARNING, mark=Mark.WAIT)
_DEFERRED = Chip(text=msg("case.material_deferred"), tone=Tone.WARNING, mark=Mark.WAIT)
_CHECKED = Chip(text=msg("case.material_checked"), tone=Tone.SUCCESS, mark=Mark.OK)
_CARD = Chip(text=msg("case.material_card"), tone=Tone.SUCCESS, mark=Mark.OK)
_EXEMPT = Chip(text=msg("case.material_exempt"), tone=Tone.SUCCESS, mark=Mark.OK)
_UNLISTED = Chip(text=msg("case.material_unlisted"), tone=Tone.WARNING, mark=Mark.WARN)


def page_id(page: Page) -> str:
    """A page's name on the screen: one sheet may stand in two materials."""
    return f"{page.material}:{page.ordinal}"


def ordered_pages(work: Work, case: Case) -> tuple[Page, ...]:
    """All pages in the order of the checklist. Raises StoreError."""
    at = {key: index for index, key in enumerate(_keys(case, _item(work, case)))}
    return tuple(sorted(case.pages, key=lambda page: (at[page.material], page.ordinal)))


def material_pages(
    work: Work, case: Case, thumbnails: Mapping[BlobHash, Picture] | None = None
) -> tuple[MaterialPages, ...]:
    """The materials with their states and thumbnails, in the order of the checklist. Raises StoreError."""
    item, pictures = _item(work, case), thumbnails or {}
    names = material_names(item)
    rows = []
    for ordinal, key in enumerate(_keys(case, item), 1):
        pages = sorted((page for page in case.pages if page.material == key), key=lambda page: page.ordinal)
        state, evidence = _state(work, case, item, key)
        rows.append(
            MaterialPages(
                key=key,
                ordinal=ordinal,
                name=names.get(key, key),
                state=state,
                evidence=evidence,
                pages=tuple((page_id(page), pictures.get(page.page)) for page in pages),
            )
        )
    return tuple(rows)


def material_names(item: ItemVersion | None) -> dict[str, str]:
    """Key to name; empty while the item version is not here."""
    return {m.key: m.name for m in item.materials} if item is not None else {}


def _item(work: Work, case: Case) -> ItemVersion | None:
    return work.store.catalogue.find(case.item, case.item_version)


def _keys(case: Case, item: ItemVersion | None) -> tuple[str, ...]:
    """What the answers ask for, then whatever else came or was told."""
    answers = {answer.question: answer.option for answer in case.answers}
    keys = [m.key for m in required(item, answers)] if item is not None else []
    keys += [m.material for m in case.materials]
    keys += [point.material for point in case.supplement.points] if case.supplement else []
    keys += [page.material for page in case.pages]
    return tuple(dict.fromkeys(keys))


def _state(work: Work, case: Case, item: ItemVersion | None, key: str) -> tuple[Chip, Text]:
    told = case.supplement
    points = {point.material: point for point in told.points} if told is not None else {}
    if told is not None and key in told.outstanding:
        return _ASKED, personal_text(points[key].reason)
    deferred = next((d for d in case.deferrals if d.material == key), None)
    if deferred is not None:
        return _DEFERRED, msg("case.bring_by", day=month_day(deferred.due_on))
    came = case.hand_in(key)
    if came is None or came.evidence is Evidence.DEFERRED:
        if item is not None and key not in {m.key for m in item.materials}:
            return _UNLISTED, msg("case.unlisted_hint")
        return _MISSING, ""
    chip = {
        Evidence.SCANNED: Chip(text=msg("case.material_scanned", n=came.pages), tone=Tone.SUCCESS, mark=Mark.OK),
        Evidence.ORIGINAL_CHECKED: _CHECKED,
        Evidence.CERTIFICATE: _EXEMPT,
        Evidence.CARD_READ: _CARD,
    }[came.evidence]
    return chip, _taken_in(work, case, item, key, was_told=key in points)


def _taken_in(work: Work, case: Case, item: ItemVersion | None, key: str, *, was_told: bool) -> Text:
    """Who took it in and when; nothing where the case does not tell which hand-in it was."""
    deferrable = {m.key for m in item.materials if m.deferrable} if item is not None else set[str]()
    came_late = any(step.name == "DeferredBrought" for step in case.steps)
    if came_late and key in deferrable:
        return ""
    name = "SupplementBrought" if was_told else "Received"
    step = next((step for step in reversed(case.steps) if step.name == name), None)
    if step is None:
        return ""
    return msg("case.taken_in", time=When(value=step.occurred_time), who=_person(work, step.person))


def _person(work: Work, person: PersonId) -> str:
    found = work.store.people.person(person)
    return found.name if found is not None else person


_THUMBNAIL = (44, 62)
"""A page in the strip at most: a sheet that lies on its side is as wide as one that stands."""
_AT_ONCE = 4
"""Thumbnails decoded in one go, so that a key press waits for no more."""
_KEPT = 5
"""The shown page and two on either side."""


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    page: BlobHash
    width: int
    height: int


class CasePages:
    """The pages of the case in front: which one is shown, and the pictures that are here. Tk thread only."""

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        """``changed`` is called on the Tk thread whenever ``view`` or ``thumbnails`` are others."""
        self._desk = desk
        self._changed = changed
        self._owner: PageOwner = CaseId("")
        self._pages: tuple[Page, ...] = ()
        self._names: Mapping[str, str] = {}
        self._at = 0
        self._area = (0, 0)
        self._fit = Fit.WIDTH
        self._round = 0
        self._shown: OrderedDict[_Wanted, Picture] = OrderedDict()
        self._trouble: dict[BlobHash, Text] = {}
        self._asked: set[_Wanted] = set()
        self.thumbnails: dict[BlobHash, Picture] = {}

    def open(self, owner: PageOwner, pages: Sequence[Page], names: Mapping[str, str]) -> None:
        """Show these pages (``ordered_pages``); the same owner again keeps the place and what was decoded."""
        before = self.selected
        if owner != self._owner:
            self._round += 1
            self.thumbnails = {}
            self._shown.clear()
            self._trouble.clear()
            self._asked.clear()
            before = None
        self._owner, self._pages, self._names = owner, tuple(pages), names
        ids = [page_id(page) for page in self._pages]
        self._at = ids.index(before) if before in ids else 0
        self._load_thumbnails()
        self._load_page()

    @property
    def selected(self) -> str | None:
        """The page that is shown, None where there is none."""
        return page_id(self._pages[self._at]) if self._pages else None

    def select(self, page: str) -> None:
        """Show a page."""
        ids = [page_id(each) for each in self._pages]
        if page in ids:
            self._go(ids.index(page))

    def move(self, step: int) -> None:
        """Show the page so many further on."""
        self._go(self._at + step)

    def move_material(self, step: int) -> None:
        """Show the first page of the next material, or of the one before."""
        if not self._pages:
            return
        keys = list(dict.fromkeys(page.material for page in self._pages))
        at = min(max(keys.index(self._pages[self._at].material) + step, 0), len(keys) - 1)
        self._go(next(n for n, page in enumerate(self._pages) if page.material == keys[at]))

    def area(self, width: int, height: int) -> None:
        """The view's size in device pixels."""
        if (width, height) != self._area:
            self._area = (width, height)
            self._load_page()
            self._changed()

    def fit(self, fit: Fit) -> None:
        """Fit to the width or to the whole page."""
        if fit is not self._fit:
            self._fit = fit
            self._load_page()
            self._changed()

    def told(self, events: Sequence[SyncEvent]) -> None:
        """Draw the pages that have arrived."""
        own = {page.page for page in self._pages}
        came = {e.name.hash for e in events if isinstance(e, PageArrived) and e.name.owner == self._owner} & own
        if came:
            for page in came:
                self._trouble.pop(page, None)
            self._load_thumbnails()
            self._load_page()

    def dress(self, materials: tuple[MaterialPages, ...]) -> tuple[MaterialPages, ...]:
        """The materials with the thumbnails that are here now."""
        named = {page_id(page): page.page for page in self._pages}
        return tuple(
            replace(row, pages=tuple((name, self._thumbnail_of(named, name)) for name, _ in row.pages))
            for row in materials
        )

    def _thumbnail_of(self, named: Mapping[str, BlobHash], name: str) -> Picture | None:
        return self.thumbnails.get(named[name]) if name in named else None

    @property
    def view(self) -> PageView:
        """The page view as it stands."""
        if not self._pages:
            return PageView(waiting=msg("case.no_pages"))
        page = self._pages[self._at]
        group = [p for p in self._pages if p.material == page.material]
        name = self._names.get(page.material, page.material)
        return PageView(
            title=msg("case.page_title", material=name, n=group.index(page) + 1, of=len(group)),
            detail=msg("case.page_of_all", n=self._at + 1, of=len(self._pages)),
            picture=self._shown.get(self._wanted(page)),
            waiting=self._trouble.get(page.page, msg("case.page_opening", n=self._at + 1)),
            fit=self._fit,
            number=self._at + 1,
        )

    def _go(self, at: int) -> None:
        at = min(max(at, 0), len(self._pages) - 1)
        if self._pages and at != self._at:
            self._at = at
            self._load_page()
            self._changed()

    def _wanted(self, page: Page) -> _Wanted:
        width, height = self._area
        return _Wanted(page=page.page, width=width, height=height if self._fit is Fit.PAGE else 0)

    # ---- decoding -----------------------------------------------------------------------------------------------

    def _load_page(self) -> None:
        if not self._pages or self._area[0] <= 1:
            return
        wanted = self._wanted(self._pages[self._at])
        if wanted in self._shown or wanted in self._asked:
            return
        self._asked.add(wanted)
        owner, turn, work = self._owner, self._round, self._desk.work

        def read() -> Picture:
            data = work().store.pages.read(owner, wanted.page)
            return picture(wanted.page, data, wanted.width, wanted.height)

        def done(made: Picture) -> None:
            if turn == self._round:
                self._asked.discard(wanted)
                self._keep(wanted, made)

        self._desk.background.run(read, done, lambda error: self._not_here(turn, wanted, error))

    def _keep(self, wanted: _Wanted, made: Picture) -> None:
        self._trouble.pop(wanted.page, None)
        self._shown[wanted] = made
        while len(self._shown) > _KEPT:
            self._shown.popitem(last=False)
        trace("page shown", case=self._owner, page=wanted.page)
        self._changed()

    def _not_here(self, turn: int, wanted: _Wanted, error: Exception) -> None:
        if turn != self._round:
            return
        self._asked.discard(wanted)
        number = next((n for n, page in enumerate(self._pages, 1) if page.page == wanted.page), 0)
        is_coming = isinstance(error, StoreError) and error.reason is StoreReason.PAGE_MISSING
        key = "case.page_coming" if is_coming else "case.page_broken"
        self._trouble[wanted.page] = msg(key, n=number)
        trace("page missing" if is_coming else "page broken", case=self._owner, page=wanted.page)
        self._changed()

    def _load_thumbnails(self) -> None:
        left = [page.page for page in self._pages if page.page not in self.thumbnails]
        if left:
            self._load_some(list(dict.fromkeys(left)), self._round)

    def _load_some(self, left: list[BlobHash], turn: int) -> None:
        owner, work, now, later = self._owner, self._desk.work, left[:_AT_ONCE], left[_AT_ONCE:]

        def read() -> dict[BlobHash, Picture]:
            return {page: made for page in now if (made := _thumbnail(work(), owner, page)) is not None}

        def done(made: dict[BlobHash, Picture]) -> None:
            if turn != self._round:
                return
            self.thumbnails.update(made)
            if made:
                self._changed()
            if later:
                self._load_some(later, turn)
            else:
                trace("thumbnails shown", case=self._owner, n=len(self.thumbnails))

        self._desk.background.run(read, done, lambda error: None)


def _thumbnail(work: Work, owner: PageOwner, page: BlobHash) -> Picture | None:
    """None for a page that is on its way or cannot be read: the page view says which."""
    try:
        return picture(page, work.store.pages.read(owner, page), *_THUMBNAIL)
    except (StoreError, OSError):
        return None
