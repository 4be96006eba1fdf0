"""扫描工作台的侧栏: the strip of thumbnails, the targets, the speed, the page's facts."""

from __future__ import annotations

from tkinter import ttk

from yichuang_client.presenters.models.common import Fact, Mark, Tone
from yichuang_client.presenters.models.scan import ScanEvents, ScanModel, Speed, StripPage, Target
from yichuang_client.ui import icons, tokens as t
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.widgets.base import Box, Part, Pool, forget, icon, label, muted, on_click, wrapping
from yichuang_client.ui.widgets.chips import ChipLabel, keycap
from yichuang_client.ui.widgets.scrolling import ScrollColumn
from yichuang_client.ui.widgets.sheets import Thumbnail
from yichuang_client.ui.widgets.strips import SectionHead

_CELL = (104, 97)


class _Cell(Part[StripPage]):
    """One page of the strip; its widgets stay, so that a page that comes costs little."""

    def __init__(self, parent: Box, events: ScanEvents) -> None:
        super().__init__(parent, size=_CELL, border=Rounded(t.PANEL, t.PANEL, parent.fill, 5, 2), pad=(4, 4))
        self._caption = Box(self, fill=t.PANEL)
        self._caption.pack(side="bottom")
        self._number = label(self._caption, "", 14, bold=True)
        self._number.pack(side="left")
        self._word = label(self._caption)
        self._picture = Thumbnail(self)
        self._sheet = Box(self, fill="#D9DEE4", size=(44, 62))
        self._stuck = icon(self, icons.MARKS[Mark.WARN], 20, t.TONES[Tone.DANGER].text)
        for part in (self, self._caption, self._number, self._word, self._picture, self._sheet, self._stuck):
            part.bind("<Button-1>", lambda _event: events.select_page(self.model.page if self.model else ""), add="+")

    def draw(self, model: StripPage, before: StripPage | None) -> None:
        """Draw thumbnail, number, word."""
        is_stuck = model.tone is Tone.DANGER
        fill, edge, colour = t.PANEL, t.PANEL, t.MUTED
        if model.is_selected:
            fill, edge, colour = "#E7F0FA", t.PRIMARY, t.PRIMARY
        elif model.tone is not None:
            shades = t.TONES[model.tone]
            edge = t.PANEL if model.tone is Tone.PRIMARY else shades.line
            fill, colour = shades.tint if is_stuck else t.PANEL, shades.text
        if fill != self.fill or before is None:
            self.fill = self._caption.fill = fill
            self._caption.configure(style=self.kit.look.plain(fill))
            for part in (self._number, self._word, self._picture, self._stuck):
                part.configure(background=fill)
        self.configure(style=self.kit.look.rounded_frame(Rounded(fill, edge, t.PANEL, 5, 2)))
        self._number.configure(text=str(model.number), foreground=t.FG if colour == t.MUTED else colour)
        self._word.configure(text=self.say(model.word), foreground=colour)
        forget(self._word)
        self._number.pack_configure(side="top" if is_stuck else "left")
        if model.word != "":
            self._word.pack(side="bottom" if is_stuck else "left", padx=0 if is_stuck else (self.px(6), 0))
        middle: ttk.Label | Box = self._stuck if is_stuck else self._sheet if model.thumbnail is None else self._picture
        for other in (self._stuck, self._sheet, self._picture):
            if other is not middle:
                forget(other)
        self._picture.show(model.thumbnail)
        if not middle.winfo_manager():
            middle.pack(expand=True)


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


class _TargetRow(Part[Target]):
    """One material and its pages."""

    def __init__(self, parent: Box, events: ScanEvents) -> None:
        super().__init__(parent, fill=t.PANEL, size=(10, 30))
        self._bar = Box(self, size=(3, 10))
        self._bar.pack(side="left", fill="y")
        self._figure = label(self, "", 16)
        self._figure.pack(side="left", padx=(self.px(9), self.px(10)))
        self._count = label(self)
        self._count.pack(side="right", padx=(0, self.px(9)))
        self._name = label(self, "", 15)
        self._name.pack(side="left")
        on_click(self, lambda: events.choose_target(self.model.key) if self.model else None)

    def draw(self, model: Target, before: Target | None) -> None:
        """Draw figure, name, count."""
        is_current = model.is_current
        if before is None or before.is_current != is_current:
            fill, plain = "#E7F0FA" if is_current else t.PANEL, self.kit.look.plain
            self.configure(style=plain(fill))
            self._bar.configure(style=plain(t.PRIMARY if is_current else fill))
            quiet, loud = (t.PRIMARY, t.PRIMARY) if is_current else (t.MUTED, t.FG)
            for part, colour in ((self._figure, quiet), (self._count, quiet), (self._name, loud)):
                part.configure(background=fill, foreground=colour)
            self._count.configure(font=self.kit.look.font(14, is_current))
            self._name.configure(font=self.kit.look.font(15, is_current))
        self._figure.configure(text=self._figure_of(model.ordinal))
        self._count.configure(text=self.say(model.count))
        self._name.configure(text=self.say(model.name))

    def _figure_of(self, ordinal: int) -> str:
        ordinals = self.kit.words.key("intake.ordinals")
        if not ordinal:
            return self.kit.words.key("scan.unsorted_figure")
        return ordinals[ordinal - 1] if ordinal <= len(ordinals) else str(ordinal)


class TargetsPane(Part["tuple[Target, ...]"]):
    """归到哪份材料."""

    def __init__(self, parent: Box, events: ScanEvents) -> None:
        super().__init__(parent)
        head = Box(self)
        head.pack(fill="x", padx=(self.px(4), self.px(4)), pady=(0, self.px(4)))
        made = SectionHead(head, self.kit.words.key("scan.targets"))
        made.hint(self.kit.words.key("scan.targets_hint"))
        made.pack(side="left")
        keycap(head, "M").pack(side="right")
        self._column = ScrollColumn(self)
        self._column.pack(fill="both", expand=True)
        self._rows: Pool[Target] = Pool(
            lambda _index: _TargetRow(self._column.inside, events), lambda part, _index: part.pack(fill="x")
        )

    def draw(self, model: tuple[Target, ...], before: tuple[Target, ...] | None) -> None:
        """Draw the materials and their page counts."""
        self._rows.show(model)


class SpeedPane(Part[Speed]):
    """速度: one big number, a bar with the feeder's tick, one sentence."""

    def __init__(self, parent: Box) -> None:
        super().__init__(parent)
        head = Box(self)
        head.pack(fill="x")
        label(head, self.kit.words.key("scan.speed"), 16, bold=True).pack(side="left")
        self._label = muted(head)
        self._label.pack(side="right")
        line = Box(self)
        line.pack(fill="x", pady=(self.px(4), self.px(4)))
        self._number = label(line, "", 32, bold=True)
        self._number.pack(side="left")
        muted(line, self.kit.words.key("scan.per_minute")).pack(side="left", padx=(self.px(8), 0), anchor="s")
        self._rating = muted(line)
        self._rating.pack(side="right", anchor="s")
        self._track = Box(self, fill=t.TONES[Tone.NEUTRAL].tint, size=(10, 12))
        self._filled, self._tick = Box(self._track, fill=t.PRIMARY), Box(self._track, fill=t.FG)
        self._sentence = wrapping(self, colour=t.MUTED)
        self._sentence.pack(fill="x")

    def draw(self, model: Speed, before: Speed | None) -> None:
        """Draw the speed."""
        self._label.configure(text=self.say(model.label))
        self._number.configure(text=self.say(model.number))
        self._rating.configure(text=self.say(model.rating))
        self._sentence.put(model.sentence)
        if model.fraction is None:
            forget(self._track)
            return
        if not self._track.winfo_manager():
            self._track.pack(fill="x", pady=(0, self.px(6)), before=self._sentence)
        self._filled.place(relwidth=min(1.0, model.fraction), relheight=1.0)
        if model.tick is None:
            forget(self._tick)
        else:
            self._tick.place(relx=model.tick, relheight=1.0, width=self.px(2))


class _FactRow(Part[Fact]):
    """Label left, value right."""

    def __init__(self, parent: Box) -> None:
        super().__init__(parent, size=(10, 32))
        self._label = muted(self)
        self._label.pack(side="left")
        self._value = label(self, "", 15)
        self._value.pack(side="right")

    def draw(self, model: Fact, before: Fact | None) -> None:
        """Draw the fact."""
        self._label.configure(text=self.say(model.label))
        self._value.configure(
            text=self.say(model.value),
            font=self.kit.look.font(15, model.is_strong),
            foreground=t.TONES[model.tone].text if model.tone else t.FG,
        )


class FactsPane(Part["tuple[Fact, ...]"]):
    """页面要点."""

    def __init__(self, parent: Box) -> None:
        super().__init__(parent)
        self._rows: Pool[Fact] = Pool(lambda _index: _FactRow(self), lambda part, _index: part.pack(fill="x"))

    def draw(self, model: tuple[Fact, ...], before: tuple[Fact, ...] | None) -> None:
        """Draw the facts."""
        self._rows.show(model)
