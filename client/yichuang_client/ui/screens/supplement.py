"""补正登记: what was told to be missing, and what of it is brought now."""

from __future__ import annotations

from typing import Any

from yichuang_client.presenters.models.queues import BroughtRow, SupplementEvents, SupplementModel
from yichuang_client.ui import tokens as t
from yichuang_client.ui.keys import Deed, Keys
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.screen import Frame, Screen
from yichuang_client.ui.widgets.base import Box, Part, Pool, card, clear, forget, label, muted, on_click
from yichuang_client.ui.widgets.casework import CaseHeadPane
from yichuang_client.ui.widgets.chips import ChipLabel, keycap
from yichuang_client.ui.widgets.fields import Segments
from yichuang_client.ui.widgets.forms import FieldForm
from yichuang_client.ui.widgets.lists import PALE_RING
from yichuang_client.ui.widgets.scrolling import ScrollColumn
from yichuang_client.ui.widgets.sheets import Thumbnail
from yichuang_client.ui.widgets.strips import BannerLine, SectionHead

_ROW = 92


class _Row(Part[BroughtRow]):
    """One point with its state as segmented buttons."""

    def __init__(self, parent: Box, index: int, events: SupplementEvents) -> None:
        super().__init__(parent, size=(10, _ROW), border=Rounded(t.PANEL, t.PANEL, parent.fill, 5, 2), pad=(8, 6))
        self._events = events
        self._key = ""
        self._figure = label(self, "", 18, colour=t.MUTED)
        self._figure.pack(side="left", padx=(self.px(4), self.px(11)))
        keycap(self, f"Alt+{index + 1}").pack(side="right", padx=(self.px(12), self.px(2)))
        right = Box(self)
        right.pack(side="right")
        self._chip = ChipLabel(right)
        self._chip.pack(anchor="w", pady=(0, self.px(6)))
        self._states = Segments(right, f"supplement.state.{index}", lambda state: events.choose(self._key, state))
        self._states.pack(anchor="w")
        self._pages = Box(self)
        self._pages.pack(side="right", padx=self.px(14))
        words = Box(self)
        words.pack(side="left", fill="x", expand=True)
        self._title = label(words, "", 16, bold=True)
        self._title.pack(anchor="w")
        self._reason = muted(words, "", 15)
        self._reason.pack(anchor="w", pady=(self.px(2), 0))
        on_click(words, lambda: events.select(self._key))

    def draw(self, model: BroughtRow, before: BroughtRow | None) -> None:
        """Draw the row."""
        self._key = model.key
        ordinals = self.kit.words.key("intake.ordinals")
        self._figure.configure(text=ordinals[model.ordinal - 1] if 0 < model.ordinal <= len(ordinals) else "")
        self._title.configure(text=model.name)
        self._reason.configure(text=self.say(model.reason))
        self._chip.show(model.state)
        self._states.show(model.states, model.chosen)
        if before is None or model.thumbnails != before.thumbnails:
            clear(self._pages)
            for picture in model.thumbnails[:3]:
                Thumbnail(self._pages, picture).pack(side="left", padx=self.px(3))
        edge = PALE_RING if model.is_selected else t.LINE
        self.configure(style=self.kit.look.rounded_frame(Rounded(t.PANEL, edge, t.PANEL, 5, 2)))


class SupplementScreen(Screen[SupplementModel]):
    """补正登记."""

    name = "supplement"
    first_field = "state.0"

    def __init__(self, parent: Box, frame: Frame, events: SupplementEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        gap = self.px(t.GUTTER)
        work = Box(self)
        work.pack(fill="both", expand=True, padx=gap, pady=gap)
        self._banner = BannerLine(work)
        self._head_card = card(work)
        self._head_card.pack(fill="x")
        self._head = CaseHeadPane(self._head_card)
        self._head.pack(fill="x")
        points = card(work)
        points.pack(fill="both", expand=True, pady=(gap, 0))
        head = Box(points)
        head.pack(fill="x", pady=(0, self.px(8)))
        self._points = SectionHead(head, self.kit.words.key("supplement.points"), "1")
        self._points.pack(side="left")
        self._until = ChipLabel(head)
        self._until.pack(side="right")
        column = ScrollColumn(points)
        column.pack(fill="both", expand=True)
        self._rows: Pool[BroughtRow] = Pool(
            lambda index: _Row(column.inside, index, events),
            lambda part, _index: part.pack(fill="x", pady=(0, self.px(6))),
        )
        person = self._person_card = card(work)
        SectionHead(person, self.kit.words.key("supplement.person"), "2").pack(anchor="w", pady=(0, self.px(4)))
        self._person = FieldForm(person, "supplement", events.type_in)
        self._person.pack(fill="x")

    def draw(self, model: SupplementModel, before: SupplementModel | None) -> None:
        """Draw what changed."""
        self._banner.show(model.banner)
        if model.banner is None:
            forget(self._banner)
        elif not self._banner.winfo_manager():
            self._banner.pack(fill="x", before=self._head_card)
        self._head.show(model.head)
        self._points.hint(model.told)
        if model.until is None:
            forget(self._until)
        else:
            self._until.show(model.until)
            if not self._until.winfo_manager():
                self._until.pack(side="right")
        self._rows.show(model.rows)
        self._person.show(model.person)
        if not model.person:
            forget(self._person_card)
        elif not self._person_card.winfo_manager():
            self._person_card.pack(fill="x", pady=(self.px(t.GUTTER), 0))
        self.draw_bar(model.bar)
        self.window.keys_changed(self.name)

    def key_map(self) -> Keys:
        """Alt+n chooses the target of scanning."""
        keys: dict[str, Deed] = {}
        for index, row in enumerate(self.model.rows[:9] if self.model else ()):
            keys[f"Alt+{index + 1}"] = lambda key=row.key: self._events.select(key)  # type: ignore[misc]
        return keys

    def bar_events(self) -> Any:
        """Who is told."""
        return self._events
