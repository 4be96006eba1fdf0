"""带看条: one step of the first-run guide, above the page, beside the rail.

Rules kept here: it moves the page down and covers nothing; it cannot have the focus.
"""

from __future__ import annotations

from collections.abc import Callable

from yichuang_client.presenters.models.common import ActKind, Tone
from yichuang_client.presenters.tour import TourModel
from yichuang_client.ui import tokens as t
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.widgets.base import Box, Part, clear, label, muted, wrapping
from yichuang_client.ui.widgets.buttons import KeyButton

KEY = "Ctrl+N"
"""The next step; Esc ends the guide."""


class TourLine(Part["TourModel | None"]):
    """带看条."""

    def __init__(self, parent: Box, following: Callable[[], None], ended: Callable[[], None]) -> None:
        super().__init__(parent)
        self._following, self._ended = following, ended

    def draw(self, model: TourModel | None, before: TourModel | None) -> None:
        """Draw the step."""
        clear(self)
        if model is None:
            return
        shades, say = t.TONES[Tone.PRIMARY], self.kit.words.key
        bar = Box(self, border=Rounded(shades.tint, shades.line, self.fill, 6), pad=(16, 8))
        bar.pack(fill="x")
        muted(bar, model.count).pack(side="left", padx=(0, self.px(14)))
        for words, key, act in (
            (say("tour.skip"), "Esc", self._ended),
            (say("tour.done" if model.is_last else "tour.next"), KEY, self._following),
        ):
            button = KeyButton(bar, words, key, ActKind.NORMAL, act, is_small=True)
            button.configure(takefocus=False)
            button.pack(side="right", padx=(self.px(8), 0))
        words_box = Box(bar)
        words_box.pack(side="left", fill="x", expand=True)
        label(words_box, model.title, 16, bold=True, colour=shades.text).pack(anchor="w")
        wrapping(words_box, model.text, 15).pack(fill="x")
