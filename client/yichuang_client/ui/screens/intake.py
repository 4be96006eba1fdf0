"""受理登记画面: the start page or the form, and the keys of both."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from typing import Any

from yichuang_client.presenters.models.intake import CaseForm, IntakeAct, IntakeEvents, IntakeModel, StartModel
from yichuang_client.ui import tokens as t
from yichuang_client.ui.keys import Deed, Keys
from yichuang_client.ui.screen import Frame, Screen
from yichuang_client.ui.screens.intake_form import FormPane
from yichuang_client.ui.screens.intake_start import StartPane
from yichuang_client.ui.typed_cards import TypedCards
from yichuang_client.ui.widgets.base import Box, forget
from yichuang_client.ui.widgets.strips import BannerLine

_ACTS = {
    "F2": IntakeAct.SEARCH,
    "F3": IntakeAct.READ_CARD,
    "F7": IntakeAct.BRIEF,
    "Alt+R": IntakeAct.DEFER,
    "Alt+C": IntakeAct.USE_CERTIFICATES,
    "A": IntakeAct.SEE_ALL_ORIGINALS,
    "Ctrl+W": IntakeAct.WITHDRAW,
    "Ctrl+Z": IntakeAct.UNDO,
}


class IntakeScreen(Screen[IntakeModel]):
    """受理登记."""

    name = "intake"
    first_field = "search"

    def __init__(self, parent: Box, frame: Frame, events: IntakeEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        gap = self.px(t.GUTTER)
        self._work = Box(self)
        self._work.pack(fill="both", expand=True, padx=gap, pady=gap)
        self._banner = BannerLine(self._work)
        self._start: StartPane | None = None
        self._form: FormPane | None = None
        self._shape = (0, 0)
        self.bind("<Configure>", self._resized, add="+")
        self.kit.focus.listen(self.name, events.enter)
        TypedCards(self, self._takes_card, events.typed_card)

    def build_on(self) -> Iterator[None]:
        """The form, which follows the start page."""
        if self._form is None:
            self._form = FormPane(self._work, self._events)
            self._fit()
            yield

    def draw(self, model: IntakeModel, before: IntakeModel | None) -> None:
        """Draw the page that the model asks for."""
        body = model.body
        pane = self._draw_start(body) if isinstance(body, StartModel) else self._draw_form(body)
        self._banner.show(model.banner)
        if model.banner is None:
            forget(self._banner)
        elif not self._banner.winfo_manager():
            self._banner.pack(fill="x", before=pane)
        self.draw_bar(model.bar)
        self.window.keys_changed(self.name)

    def _draw_start(self, body: StartModel) -> StartPane:
        if self._start is None:
            self._start = StartPane(self._work, self._events)
        self._start.show(body)
        if not self._start.winfo_manager():
            if self._form is not None:
                forget(self._form)
            self._start.entry.take_name()
            self._start.pack(fill="both", expand=True)
        return self._start

    def _draw_form(self, body: CaseForm) -> FormPane:
        if self._form is None:
            self._form = FormPane(self._work, self._events)
            self._fit()
        self._form.show(body)
        if not self._form.winfo_manager():
            if self._start is not None:
                forget(self._start)
            self._form.take_name()
            self._form.pack(fill="both", expand=True)
        return self._form

    def _takes_card(self) -> bool:
        """Whether a form is in front for a card to go into."""
        is_form = self.model is not None and isinstance(self.model.body, CaseForm)
        return is_form and self.window.is_seen(self.name) and self.kit.focus.current.startswith(f"{self.name}.")

    def _resized(self, event: tk.Event[Any]) -> None:
        top = self.winfo_toplevel()
        factor = self.kit.look.factor
        shape = (round(top.winfo_width() / factor), round(top.winfo_height() / factor))
        if shape != self._shape:
            self._shape = shape
            self._fit()
            self._events.resized(*shape)

    def _fit(self) -> None:
        if self._form is not None and self._shape != (0, 0):
            width, height = self._shape
            self._form.fit(is_low=height < t.LOW, is_narrow=width < t.NARROW, is_wide=width >= t.WIDE)

    def key_map(self) -> Keys:
        """The acts with a fixed key, and those of the page that is shown."""
        keys: dict[str, Deed] = {}
        for key, act in _ACTS.items():
            keys[key] = lambda act=act: self._events.act(act)  # type: ignore[misc]
        if self.model is not None:
            pane = self._start if isinstance(self.model.body, StartModel) else self._form
            if pane is not None:
                keys.update(pane.key_map())
        return keys

    def bar_events(self) -> Any:
        """Who is told."""
        return self._events
