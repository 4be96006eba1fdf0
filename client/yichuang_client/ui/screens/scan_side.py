"""扫描工作台的侧栏: the strip of thumbnails, the targets, the speed, the page's facts."""

from __future__ import annotations

from yichuang_client.presenters.models.common import Fact, Mark, Tone
from yichuang_client.presenters.models.scan import ScanEvents, ScanModel, Speed, StripPage, Target
from yichuang_client.ui import icons
from yichuang_client.ui import tokens as t
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.widgets.base import Box, Part, Pool, clear, forget, icon, label, muted, on_click, wrapping
from yichuang_client.ui.widgets.chips import ChipLabel, keycap
from yichuang_client.ui.widgets.scrolling import ScrollColumn
from yichuang_client.ui.widgets.sheets import Thumbnail
from yichuang_client.ui.widgets.strips import SectionHead

_CELL = (104, 97)


class _Cell(Part[StripPage]):
    """One page of the strip."""

    def __init__(self, parent: Box, events: ScanEvents) -> None:
        super().__init__(parent, size=_CELL, border=Rounded(t.PANEL, t.PANEL, parent.fill, 5, 2), pad=(4, 4))
        self._events = events

    def draw(self, model: StripPage, before: StripPage | None) -> None:
        """Draw thumbnail, number, word."""
        clear(self)
        fill, edge = t.PANEL, t.PANEL
        colour = t.MUTED if model.tone is None else t.TONES[model.tone].text
        if model.is_selected:
            fill, edge = "#E7F0FA", t.PRIMARY
        elif model.tone in (Tone.WARNING, Tone.DANGER):
            fill = t.TONES[model.tone].tint if model.tone is Tone.DANGER else t.PANEL
            edge = t.TONES[model.tone].line
        self.fill = fill
        self.configure(style=self.kit.look.rounded_frame(Rounded(fill, edge, t.PANEL, 5, 2)))
        caption = Box(self)
        caption.pack(side="bottom")
        number = t.PRIMARY if model.is_selected else colour if model.tone is Tone.DANGER else t.FG
        label(caption, str(model.number), 14, bold=True, colour=number).pack(side="left")
        if model.word != "" and model.thumbnail is None and model.tone is Tone.DANGER:
            label(self, model.word, 14, colour=colour).pack(side="bottom", before=caption)
        elif model.word != "":
            word = label(caption, model.word, 14, colour=t.PRIMARY if model.is_selected else colour)
            word.pack(side="left", padx=(self.px(6), 0))
        if model.thumbnail is not None:
            Thumbnail(self, model.thumbnail).pack(expand=True)
        elif model.tone is Tone.DANGER:
            icon(self, icons.MARKS[Mark.WARN], 20, colour).pack(expand=True)
        else:
            Box(self, fill="#D9DEE4", size=(44, 62)).pack(expand=True)
        on_click(self, lambda: self._events.select_page(model.page))


class StripPane(Part[ScanModel]):
    """页条: two in a row."""

    def __init__(self, parent: Box, events: ScanEvents) -> None:
        super().__init__(parent)
        self._events = events
        head = Box(self)
        head.pack(fill="x", padx=self.px(8))
        self._title = label(head, "", 16, bold=True)
        self._title.pack(side="left")
        for key, step in (("→", 1), ("←", -1)):
            arrow = keycap(head, key)
            arrow.pack(side="right", padx=(self.px(5), 0))
            arrow.bind("<Button-1>", lambda _event, step=step: events.move(step))  # type: ignore[misc]
        self._hint = muted(self)
        self._hint.pack(anchor="w", padx=self.px(8), pady=(self.px(6), self.px(4)))
        self._newer = ChipLabel(self)
        self._newer.bind("<Button-1>", lambda _event: events.move(1_000_000))
        self._column = ScrollColumn(self)
        self._column.pack(fill="both", expand=True)
        self.bind("<Configure>", lambda _event: self.after_idle(self._reveal), add="+")
        self._pool: Pool[StripPage] = Pool(
            lambda _index: _Cell(self._column.inside, events),
            lambda part, index: part.grid(row=index // 2, column=index % 2, padx=self.px(1), pady=self.px(1)),
        )

    def draw(self, model: ScanModel, before: ScanModel | None) -> None:
        """Draw the pages around the selected one."""
        self._title.configure(text=self.say(model.title))
        self._hint.configure(text=self.say(model.hint))
        if before is None or model.strip != before.strip:
            self._pool.show(model.strip)
            self._column.wheel_over(self._column.inside)
            self.after_idle(self._reveal)
        if model.newer is None:
            forget(self._newer)
        else:
            self._newer.show(model.newer)
            if not self._newer.winfo_manager():
                self._newer.pack(side="bottom", pady=self.px(4), before=self._column)

    def _reveal(self) -> None:
        chosen = [part for part in self._pool.parts if part.model is not None and part.model.is_selected]
        if chosen and self.winfo_exists() and chosen[0].winfo_manager():
            self._column.reveal(chosen[0])


class TargetsPane(Part["tuple[Target, ...]"]):
    """归到哪份材料."""

    def __init__(self, parent: Box, events: ScanEvents) -> None:
        super().__init__(parent)
        self._events = events
        head = Box(self)
        head.pack(fill="x", padx=(self.px(4), self.px(4)), pady=(0, self.px(4)))
        made = SectionHead(head, self.kit.words.key("scan.targets"))
        made.hint(self.kit.words.key("scan.targets_hint"))
        made.pack(side="left")
        keycap(head, "M").pack(side="right")
        self._column = ScrollColumn(self)
        self._column.pack(fill="both", expand=True)

    def draw(self, model: tuple[Target, ...], before: tuple[Target, ...] | None) -> None:
        """Draw the materials and their page counts."""
        clear(self._column.inside)
        ordinals = self.kit.words.key("intake.ordinals")
        for target in model:
            fill = "#E7F0FA" if target.is_current else t.PANEL
            row = Box(self._column.inside, fill=fill, size=(10, 30))
            row.pack(fill="x")
            Box(row, fill=t.PRIMARY if target.is_current else fill, size=(3, 10)).pack(side="left", fill="y")
            colour = t.PRIMARY if target.is_current else t.FG
            figure = str(target.ordinal) if target.ordinal > len(ordinals) else ordinals[target.ordinal - 1]
            figure = figure if target.ordinal else self.kit.words.key("scan.unsorted_figure")
            mute = t.PRIMARY if target.is_current else t.MUTED
            label(row, figure, 16, colour=mute).pack(side="left", padx=(self.px(9), self.px(10)))
            label(row, target.count, bold=target.is_current, colour=mute).pack(side="right", padx=(0, self.px(9)))
            label(row, target.name, 15, bold=target.is_current, colour=colour).pack(side="left")
            on_click(row, lambda key=target.key: self._events.choose_target(key))  # type: ignore[misc]
        self._column.wheel_over(self._column.inside)


class SpeedPane(Part[Speed]):
    """速度: one big number, a bar with the feeder's tick, one sentence."""

    def draw(self, model: Speed, before: Speed | None) -> None:
        """Draw the speed."""
        clear(self)
        head = Box(self)
        head.pack(fill="x")
        label(head, self.kit.words.key("scan.speed"), 16, bold=True).pack(side="left")
        muted(head, model.label).pack(side="right")
        line = Box(self)
        line.pack(fill="x", pady=(self.px(4), self.px(4)))
        label(line, model.number, 32, bold=True).pack(side="left")
        muted(line, self.kit.words.key("scan.per_minute")).pack(side="left", padx=(self.px(8), 0), anchor="s")
        muted(line, model.rating).pack(side="right", anchor="s")
        if model.fraction is not None:
            track = Box(self, fill=t.TONES[Tone.NEUTRAL].tint, size=(10, 12))
            track.pack(fill="x", pady=(0, self.px(6)))
            Box(track, fill=t.PRIMARY).place(relwidth=min(1.0, model.fraction), relheight=1.0)
            if model.tick is not None:
                Box(track, fill=t.FG).place(relx=model.tick, relheight=1.0, width=self.px(2))
        wrapping(self, model.sentence, colour=t.MUTED).pack(fill="x")


class FactsPane(Part["tuple[Fact, ...]"]):
    """页面要点: label left, value right."""

    def draw(self, model: tuple[Fact, ...], before: tuple[Fact, ...] | None) -> None:
        """Draw the facts."""
        clear(self)
        for fact in model:
            row = Box(self, size=(10, 32))
            row.pack(fill="x")
            muted(row, fact.label).pack(side="left")
            colour = t.TONES[fact.tone].text if fact.tone else t.FG
            label(row, fact.value, 15, bold=fact.is_strong, colour=colour).pack(side="right")
