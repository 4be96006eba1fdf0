"""受理登记画面: the start page or the form, and the keys of both."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from typing import Any

from yichuang_client.presenters.models.common import Banner
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

    def show(self, model: IntakeModel) -> None:
        """Draw the model, all of it: keys that are close behind the choice of an item are meant for its form."""
        super().show(model)
        self.complete()

    def build_on(self) -> Iterator[None]:
        """The form, which follows the start page."""
        if self._form is None:
            self._form = FormPane(self._work, self._events)
            self._fit()
            yield

    def draw(self, model: IntakeModel, before: IntakeModel | None) -> Iterator[None]:
        """Draw the page that the model asks for; another page is made behind the one in front, then takes its place."""
        other = self._form if isinstance(model.body, StartModel) else self._start
        is_behind = other is not None and bool(other.winfo_manager())
        if is_behind and isinstance(model.body, CaseForm) and self._form is not None:
            yield from self._form.show_by_block(model.body)
        pane = self._draw_body(model)
        if is_behind:
            yield
            pane.place(relwidth=1.0, relheight=1.0)
            pane.lower()
            yield
        self.draw_bar(model.bar)
        if is_behind:
            yield
        if other is not None:
            forget(other)
        if pane.winfo_manager() != "pack":
            pane.take_name()
            pane.pack(fill="both", expand=True)
        self._draw_banner(model.banner, pane)
        self.window.keys_changed(self.name)

    def _draw_body(self, model: IntakeModel) -> StartPane | FormPane:
        if isinstance(model.body, StartModel):
            if self._start is None:
                self._start = StartPane(self._work, self._events)
            self._start.show(model.body)
            return self._start
        if self._form is None:
            self._form = FormPane(self._work, self._events)
            self._fit()
        self._form.show(model.body)
        return self._form

    def _draw_banner(self, banner: Banner | None, pane: Box) -> None:
        self._banner.show(banner)
        if banner is None:
            forget(self._banner)
        elif not self._banner.winfo_manager():
            self._banner.pack(fill="x", before=pane)

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
