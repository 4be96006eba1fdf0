"""状态签与键帽: icon, word and colour of a state; the key of an act.

Rules kept here: a chip is never an icon alone; its corners show the surface that it lies on.
"""

from __future__ import annotations

from tkinter import ttk
from typing import Any

from yichuang_client.presenters.models.common import Chip, Text
from yichuang_client.ui import icons, tokens as t
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.widgets.base import Box, Kit


class ChipLabel(ttk.Label):
    """状态签: draws one chip after the other."""

    def __init__(self, parent: Box, chip: Chip | None = None) -> None:
        self._kit: Kit = parent.kit
        self._surface = parent.fill
        self._chip: Chip | None = None
        super().__init__(parent)
        if chip is not None:
            self.show(chip)

    def show(self, chip: Chip) -> None:
        """Draw this chip."""
        if chip == self._chip:
            return
        self._chip = chip
        shades, look = t.TONES[chip.tone], self._kit.look
        box = Rounded(shades.tint, shades.line, self._surface, 4)
        style = look.rounded_label(box, shades.text, (14, chip.is_bold), (8, 1))
        text = self._kit.words.say(chip.text)
        options: dict[str, Any] = {"image": "", "text": text}
        if chip.mark is not None:
            glyph = look.icon(icons.MARKS[chip.mark], 14, shades.text)
            options = {"image": glyph, "compound": "left", "text": f" {text}"}
        self.configure(style=style, **options)


def keycap(parent: Box, text: Text, colour: str = t.MUTED) -> ttk.Label:
    """键帽: a key as it is printed on the keyboard."""
    style = parent.kit.look.rounded_label(
        Rounded(t.PANEL, "#C3CCD6", parent.fill, 4, 1, 2), colour, (14, False), (6, 0)
    )
    return ttk.Label(parent, text=parent.kit.words.say(text), style=style)
