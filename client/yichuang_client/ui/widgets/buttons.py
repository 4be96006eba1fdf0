"""按钮: a verb with its key.

Rules kept here: at most one solid button a screen; a disabled button can still be read; focus is a ring of two
pixels; Space and Enter both press (the library takes Space away, ``keys`` gives it back).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from tkinter import ttk
from typing import Any

from yichuang_client.presenters.models.common import ActKind, Text
from yichuang_client.ui import tokens as t
from yichuang_client.ui.look import Look
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.widgets.base import Box


@dataclass(frozen=True)
class _Paint:
    fill: str
    border: str
    text: str
    hover: str
    key_fill: str
    key_line: str


_PAINTS = {
    ActKind.PRIMARY: _Paint(t.PRIMARY, t.PRIMARY, "#FFFFFF", "#17528F", "#3A78BC", "#6F9FD2"),
    ActKind.NORMAL: _Paint(t.PANEL, "#B9C3CE", t.FG, "#F1F5F9", "#F3F6F9", "#C9D2DB"),
    ActKind.DANGER: _Paint(t.PANEL, "#D98E88", t.DANGER, "#FDF3F2", "#FDF3F2", "#E7B7B3"),
    ActKind.SOFT: _Paint("#E7F0FA", "#B7D0EC", t.PRIMARY, "#DCE9F7", "#F4F9FE", "#B7D0EC"),
}
_OFF = _Paint("#F3F5F8", "#D9DFE6", t.DISABLED, "#F3F5F8", "#F3F5F8", "#D9DFE6")


class KeyButton(ttk.Button):
    """带键的按钮."""

    def __init__(
        self,
        parent: Box,
        text: Text = "",
        key: str = "",
        kind: ActKind = ActKind.NORMAL,
        command: Callable[[], None] | None = None,
        *,
        is_small: bool = False,
    ) -> None:
        self._look = parent.kit.look
        self._words = parent.kit.words
        self._surface = parent.fill
        self._small = is_small
        super().__init__(parent, takefocus=True)
        self.dress(text, key, kind)
        if command is not None:
            self.configure(command=command)

    def dress(self, text: Text, key: str, kind: ActKind) -> None:
        """Say and look like this."""
        style = self._look.once(
            f"{kind.value}{self._surface[1:]}{self._small:d}.TButton", lambda name: self._make(name, kind)
        )
        words = self._words.say(text)
        options: dict[str, Any] = {"image": "", "text": words}
        if key:
            image = _key_images(self._look, self.key_name(key), kind)
            options = {"image": image, "compound": "left", "text": f"  {words}"}
        self.configure(style=style, **options)

    def key_name(self, key: str) -> str:
        """How a key is printed: 空格 for Space in Chinese."""
        return self._words.key("common.space_key") if key == "Space" else key

    def enable(self, is_enabled: bool) -> None:
        """Let it be pressed, or not."""
        self.state(["!disabled" if is_enabled else "disabled"])

    def _make(self, name: str, kind: ActKind) -> None:
        look, paint = self._look, _PAINTS[kind]

        def box(fill: str, border: str, width: int = 1) -> object:
            return look.box_image(Rounded(fill, border, self._surface, 5, width), 32)

        ring = "#7FB0E6" if kind is ActKind.PRIMARY else t.PRIMARY
        look.element(
            name + ".bd",
            box(paint.fill, paint.border),
            ("disabled", box(_OFF.fill, _OFF.border)),
            ("focus hover", box(paint.hover, ring, 2)),
            ("focus", box(paint.fill, ring, 3 if kind is ActKind.PRIMARY else 2)),
            ("hover", box(paint.hover, paint.border)),
            border=look.px(7),
        )
        inner = ("Button.padding", {"sticky": "nsew", "children": [("Button.label", {"sticky": "nsew"})]})
        look.layout(name, [(name + ".bd", {"sticky": "nsew", "children": [inner]})])
        look.configure(
            name,
            foreground=paint.text,
            background=paint.fill,
            font=look.font(15, kind is ActKind.PRIMARY),
            padding=look.pad(12, 5) if self._small else look.pad(13, 8),
            anchor="center",
        )
        look.style.map(
            name,
            background=[("disabled", _OFF.fill), ("hover", paint.hover)],
            foreground=[("disabled", _OFF.text)],
        )


def paint_keys(look: Look) -> Iterator[None]:
    """Paint the keys of the action bars ahead, one a step."""
    for kind in (ActKind.NORMAL, ActKind.PRIMARY):
        for number in range(3, 13):
            _key_images(look, f"F{number}", kind)
            yield


def _key_images(look: Look, key: str, kind: ActKind) -> Any:
    paint = _PAINTS[kind]
    colour = t.MUTED if kind is ActKind.NORMAL else paint.text
    normal = look.key_image(key, colour, paint.key_fill, paint.key_line, paint.fill)
    off = look.key_image(key, _OFF.text, _OFF.key_fill, _OFF.key_line, _OFF.fill)
    return (normal, "disabled", off)
