"""受理起点: search, the nine frequent items, unfinished drafts."""

from __future__ import annotations

from yichuang_client.presenters.models.intake import DraftLine, Frequent, IntakeEvents, StartModel
from yichuang_client.ui import tokens as t
from yichuang_client.ui.keys import Keys
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.screens.intake_search import HitLine, SearchEntry
from yichuang_client.ui.widgets.base import Box, Part, card, clear, forget, label, muted, on_click, rule
from yichuang_client.ui.widgets.chips import ChipLabel, keycap
from yichuang_client.ui.widgets.strips import SectionHead

_LETTERS = "QW"


class StartPane(Part[StartModel]):
    """办什么事？"""

    def __init__(self, parent: Box, events: IntakeEvents) -> None:
        super().__init__(parent)
        self._events = events
        say = self.kit.words.key
        top = card(self, pad=(24, 14))
        top.pack(fill="x")
        self._top = top
        label(top, say("intake.what"), 22, bold=True).pack(anchor="w", pady=(self.px(6), self.px(10)))
        line = Box(top)
        line.pack(fill="x")
        self.entry = SearchEntry(line, events, px=18)
        self.entry.pack(fill="x")
        self._count = muted(self.entry)
        self._count.configure(background=t.PANEL)
        self._count.place(relx=1.0, x=-self.px(14), rely=0.5, anchor="e")
        self._note = ChipLabel(top)
        self._below = Box(top)
        self._below.pack(fill="x", pady=(self.px(10), 0))
        self._hits: list[HitLine] = []
        self._lines = Box(top)
        self._card = Box(self._below)
        keycap(self._card, "F3").pack(side="left", padx=(0, self.px(10)))
        self._card_hint = muted(self._card)
        self._card_hint.pack(side="left")
        self._card.pack(anchor="w", pady=(0, self.px(4)))
        self._often = card(self, pad=(24, 11))
        self._often.pack(fill="x", pady=(self.px(t.GUTTER), 0))
        self._often_head = SectionHead(self._often, say("intake.frequent"))
        self._often_head.pack(fill="x", pady=(0, self.px(8)))
        self._grid = Box(self._often)
        self._grid.pack(fill="x")
        for column in range(3):
            self._grid.columnconfigure(column, weight=1, uniform="often")
        self._drafts = card(self, pad=(24, 12))
        self._drafts_head = SectionHead(self._drafts, "")
        self._drafts_head.pack(fill="x")
        self._draft_lines = Box(self._drafts)
        self._draft_lines.pack(fill="x")

    def take_name(self) -> None:
        """Be the pane whose search field has the name."""
        self.entry.take_name()

    def draw(self, model: StartModel, before: StartModel | None) -> None:
        """Draw what changed."""
        self.entry.show(model.search)
        self._count.configure(text=self.say(model.search.count))
        self._draw_card_hint(model)
        self._draw_hits(model)
        if before is None or model.frequent != before.frequent:
            self._draw_frequent(model.frequent)
        self._often_head.hint(model.frequent_hint)
        self._draw_drafts(model, before)

    def _draw_card_hint(self, model: StartModel) -> None:
        self._card_hint.configure(text=self.say(model.card_hint))
        if model.card_hint == "":
            forget(self._card)
        elif not self._card.winfo_manager():
            self._card.pack(anchor="w", pady=(0, self.px(4)))

    def _draw_hits(self, model: StartModel) -> None:
        hits = model.search.hits
        if model.search.note is not None:
            self._note.show(model.search.note)
            self._note.pack(anchor="w", pady=(self.px(8), 0), before=self._below)
        else:
            forget(self._note)
        for index, hit in enumerate(hits):
            if index == len(self._hits):
                self._hits.append(HitLine(self._lines, index + 1, self._events))
            self._hits[index].show(hit)
            self._hits[index].pack(fill="x", pady=self.px(1))
        for line in self._hits[len(hits) :]:
            forget(line)
        if not hits:
            forget(self._lines)
        elif not self._lines.winfo_manager():
            self._lines.pack(fill="x", pady=(self.px(8), 0), before=self._below)

    def _draw_frequent(self, items: tuple[Frequent, ...]) -> None:
        if not items:
            forget(self._often)
            return
        if not self._often.winfo_manager():
            self._often.pack(fill="x", pady=(self.px(t.GUTTER), 0), after=self._top)
        clear(self._grid)
        for index, item in enumerate(items[:9]):
            tile = Box(self._grid, border=Rounded(t.PANEL, t.LINE, t.PANEL, 5), pad=(11, 6))
            gap = self.px(8)
            tile.grid(
                row=index // 3, column=index % 3, sticky="ew", padx=(0, gap if index % 3 < 2 else 0), pady=(0, gap)
            )
            keycap(tile, str(index + 1)).pack(side="left", padx=(0, self.px(12)))
            words = Box(tile)
            words.pack(side="left", fill="x")
            label(words, item.name, 15, bold=True).pack(anchor="w")
            muted(words, item.detail).pack(anchor="w")
            on_click(tile, lambda code=item.code: self._events.choose_hit(code))  # type: ignore[misc]

    def _draw_drafts(self, model: StartModel, before: StartModel | None) -> None:
        if before is not None and model.drafts == before.drafts and model.drafts_title == before.drafts_title:
            return
        if not model.drafts:
            forget(self._drafts)
            return
        self._drafts_head.title(model.drafts_title)
        self._drafts_head.hint(model.drafts_hint)
        clear(self._draft_lines)
        for index, draft in enumerate(model.drafts):
            self._draw_draft(index, draft)
        self._drafts.pack(fill="x", pady=(self.px(t.GUTTER), 0))

    def _draw_draft(self, index: int, draft: DraftLine) -> None:
        if index:
            rule(self._draft_lines).pack(fill="x")
        line = Box(self._draft_lines, size=(10, 40))
        line.pack(fill="x")
        label(line, draft.title, 15, bold=True).pack(side="left")
        if draft.chip is not None:
            ChipLabel(line, draft.chip).pack(side="left", padx=(self.px(12), 0))
        if index < len(_LETTERS):
            keycap(line, f"Alt+{_LETTERS[index]}").pack(side="right", padx=(self.px(12), 0))
        muted(line, draft.at).pack(side="right")
        on_click(line, lambda: self._events.open_draft(draft.draft))

    def key_map(self) -> Keys:
        """Alt+1…9 frequent items, Alt+Q, Alt+W drafts."""
        if self.model is None:
            return {}
        keys = {}
        for index, item in enumerate(self.model.frequent[:9]):
            keys[f"Alt+{index + 1}"] = lambda code=item.code: self._events.choose_hit(code)
        for letter, draft in zip(_LETTERS, self.model.drafts, strict=False):
            keys[f"Alt+{letter}"] = lambda name=draft.draft: self._events.open_draft(name)
        return keys
