"""办件部件: what the screens about one case share: head, facts, events, pages by material.

Rules kept here: a countdown stands beside its due date; past events are filled dots, the current one a ring, the
future hollow.
"""

from __future__ import annotations

from collections.abc import Callable

from yichuang_client.presenters.models.common import Fact, Mark, Picture
from yichuang_client.presenters.models.queues import CaseHead, EventLine, MaterialPages, StepMark
from yichuang_client.ui import icons, tokens as t
from yichuang_client.ui.lines import shortened
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.widgets.base import Box, Part, clear, icon, label, muted, on_click, wrapping
from yichuang_client.ui.widgets.chips import ChipLabel
from yichuang_client.ui.widgets.scrolling import ScrollColumn
from yichuang_client.ui.widgets.sheets import Thumbnail

_STEPS = {
    StepMark.PAST: (icons.MARKS[Mark.DONE_STEP], "#8A95A3", 9),
    StepMark.CURRENT: (icons.MARKS[Mark.CURRENT_STEP], t.PRIMARY, 13),
    StepMark.FUTURE: (icons.MARKS[Mark.NEXT_STEP], "#8A95A3", 9),
}


class CaseHeadPane(Part[CaseHead]):
    """办件头."""

    def draw(self, model: CaseHead, before: CaseHead | None) -> None:
        """Draw item, applicant, chips, due date, clock."""
        clear(self)
        top = Box(self)
        top.pack(fill="x")
        beside_due = 1 if model.due != "" else 0
        state = (model.state,) if model.state is not None else ()
        for chip in (*state, *reversed(model.chips[beside_due:])):
            ChipLabel(top, chip).pack(side="right", padx=(self.px(6), 0))
        names = Box(top)
        names.pack(side="left", fill="both", expand=True)
        item = label(names, "", 20, bold=True)
        item.pack(side="left")
        applicant = label(names, model.applicant, 18)
        applicant.pack(side="left", padx=(self.px(16), 0))
        title, measure = self.say(model.item), self.kit.look.font(20, bold=True).measure
        name, measure_name = self.say(model.applicant), self.kit.look.font(18).measure

        def fit(width: int) -> None:
            """Where not both have room, the applicant's name gets a good third at most."""
            room = max(width - self.px(16) - measure(title), width * 2 // 5)
            shown = shortened(name, room, measure_name)
            applicant.configure(text=shown)
            item.configure(text=shortened(title, width - self.px(16) - measure_name(shown), measure))

        names.bind("<Configure>", lambda event: fit(event.width))
        line = Box(self)
        line.pack(fill="x", pady=(self.px(6), 0))
        for chip in model.chips[:beside_due]:
            ChipLabel(line, chip).pack(side="left", padx=(0, self.px(6)))
        label(line, model.due, 15, bold=True).pack(side="left", padx=(self.px(6), 0))
        if model.number:
            muted(line, self.kit.words.key("case.number", number=model.number)).pack(side="right")
        if model.clock != "":
            wrapping(self, model.clock, 14, colour=t.MUTED).pack(fill="x", pady=(self.px(6), 0))


class FactList(Part["tuple[Fact, ...]"]):
    """要点表: label column 80, value, chip at the right; rows 29 high."""

    def draw(self, model: tuple[Fact, ...], before: tuple[Fact, ...] | None) -> None:
        """Draw the facts."""
        clear(self)
        for fact in model:
            row = Box(self)
            row.pack(fill="x", pady=self.px(3))
            caption = Box(row, size=(84, 23))
            caption.pack(side="left", anchor="n")
            muted(caption, fact.label).pack(side="left")
            if fact.chip is not None:
                mark = label(row, fact.chip.text, colour=t.TONES[fact.chip.tone].text)
                mark.pack(side="right", anchor="n")
                if fact.chip.mark is not None:
                    glyph = icons.MARKS[fact.chip.mark]
                    icon(row, glyph, 14, t.TONES[fact.chip.tone].text).pack(
                        side="right", anchor="n", padx=(self.px(8), self.px(6)), pady=self.px(4)
                    )
            colour = t.TONES[fact.tone].text if fact.tone else t.FG
            value = wrapping(row, fact.value, 15, bold=fact.is_strong, colour=colour)
            value.pack(side="left", fill="x", expand=True)


class EventList(Part["tuple[EventLine, ...]"]):
    """经过."""

    def draw(self, model: tuple[EventLine, ...], before: tuple[EventLine, ...] | None) -> None:
        """Draw the events."""
        clear(self)
        for event in model:
            row = Box(self)
            row.pack(fill="x", pady=self.px(2))
            glyph, colour, size = _STEPS[event.mark]
            dot = Box(row, size=(20, 22))
            dot.pack(side="left", anchor="n")
            icon(dot, glyph, size, colour).place(relx=0.35, rely=0.5, anchor="center")
            when = Box(row, size=(100, 22))
            when.pack(side="left", anchor="n")
            muted(when, event.at).pack(side="left")
            is_now = event.mark is StepMark.CURRENT
            tint = t.MUTED if event.mark is StepMark.FUTURE else t.FG
            words = wrapping(row, event.text, 15, bold=is_now, colour=tint)
            words.pack(side="left", fill="x", expand=True)


class _Cell(Box):
    """One page of the strip: its material's ordinal beside the first, a grey sheet until the thumbnail is here."""

    def __init__(self, parent: Box, ordinal: str) -> None:
        super().__init__(parent, border=Rounded(parent.fill, parent.fill, parent.fill, 5, 2), pad=(4, 4))
        self._around = parent.fill
        self._figure = Box(self, size=(24, 30))
        self._figure.pack(side="left")
        if ordinal:
            label(self._figure, ordinal, 17, colour=t.MUTED).pack(expand=True)
        self._edge = Box(self, fill="#D9DEE4", size=(50, 70))
        self._edge.pack(side="left", padx=(self.px(2), 0))
        self._sheet = Thumbnail(self._edge)

    def draw(self, picture: Picture | None) -> None:
        """Draw the thumbnail as soon as there is one."""
        self._sheet.show(picture)
        if picture is not None and not self._sheet.winfo_manager():
            self._edge.configure(style=self.kit.look.plain(t.BORDER))
            self._edge.pack_propagate(True)
            self._sheet.pack(padx=1, pady=1)

    def ring(self, *, is_chosen: bool) -> None:
        """Ring the page that is shown."""
        fill, edge = ("#E7F0FA", t.PRIMARY) if is_chosen else (self._around, self._around)
        self.configure(style=self.kit.look.rounded_frame(Rounded(fill, edge, self._around, 5, 2)))
        self._figure.configure(style=self.kit.look.plain(fill))
        for child in self._figure.winfo_children():
            child.configure(background=fill)  # type: ignore[call-arg]


class PageStrip(Box):
    """页条: thumbnails grouped by their material's ordinal."""

    def __init__(self, parent: Box, selected: Callable[[str], None], *, fill: str = t.CANVAS) -> None:
        super().__init__(parent, fill=fill)
        self._selected = selected
        self._scroll = ScrollColumn(self)
        self._scroll.pack(fill="both", expand=True)
        self._shape: list[tuple[int, tuple[str, ...]]] = []
        self._chosen: str | None = None
        self._cells: dict[str, _Cell] = {}

    def show(self, materials: tuple[MaterialPages, ...], chosen: str | None) -> None:
        """Draw the pages; the chosen one is ringed and scrolled into view. Only what changed is drawn again."""
        shape = [(row.ordinal, tuple(page for page, _ in row.pages)) for row in materials]
        is_laid = shape == self._shape
        if not is_laid:
            self._shape = shape
            self._lay(shape)
        for row in materials:
            for page, picture in row.pages:
                self._cells[page].draw(picture)
        if chosen != self._chosen or not is_laid:
            for page, cell in self._cells.items():
                if page in (self._chosen, chosen):
                    cell.ring(is_chosen=page == chosen)
            self._chosen = chosen
            self.after_idle(self._reveal)

    def _reveal(self) -> None:
        if self._chosen in self._cells and self.winfo_exists():
            self._scroll.reveal(self._cells[self._chosen])

    def _lay(self, shape: list[tuple[int, tuple[str, ...]]]) -> None:
        clear(self._scroll.inside)
        self._cells = {}
        ordinals = self.kit.words.key("intake.ordinals")
        for ordinal, pages in shape:
            figure = ordinals[ordinal - 1] if 0 < ordinal <= len(ordinals) else ""
            for index, page in enumerate(pages):
                cell = self._cells[page] = _Cell(self._scroll.inside, figure if index == 0 else "")
                cell.pack(fill="x", padx=self.px(4), pady=self.px(2))
                on_click(cell, lambda page=page: self._selected(page))  # type: ignore[misc]
