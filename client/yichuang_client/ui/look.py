"""外观: the one object that turns tokens into fonts, styles and images of a running window.

Rules kept here: the factor is computed once and everything is derived from it; fonts have negative sizes (Tk's are
whole points otherwise); a style is made when it is first used and named by what it looks like and the surface that
it lies on; every image that Tk draws is kept here, or it would vanish.
"""

from __future__ import annotations

import sys
import tkinter as tk
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from tkinter import font as tkfont, ttk
from typing import Any

import ttkbootstrap
from PIL import Image, ImageTk
from ttkbootstrap.style.theme import Colors, ThemeDefinition

from yichuang_client.presenters.models.common import Picture, Tone
from yichuang_client.ui import tokens as t
from yichuang_client.ui.pictures import Rounded, labelled, rounded

_FAMILIES = {
    "win32": ("Microsoft YaHei UI", "Microsoft YaHei"),
    "other": ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei"),
}
_NAMED_FONTS = ("TkDefaultFont", "TkTextFont", "TkMenuFont", "TkHeadingFont", "TkCaptionFont", "TkTooltipFont")
_KEPT_PICTURES = 120
"""Page pictures that stay decoded; thumbnails are small, a page at screen size is about 1 MB."""


def open_window(title: str, size: tuple[int, int], factor: float | None = None) -> tuple[tk.Tk, Look]:
    """The one root window, themed. ``factor`` overrides what the screen says (tests); sizes are device pixels."""
    app: Any = ttkbootstrap.App(title=title, size=size, iconphoto=None, className="Yichuang")
    # ttkbootstrap hears every map and move of every widget here, for widgets and fades that are not used: a third of
    # the time that a screen takes to come.
    app.unbind_all("<Map>")
    for sequence in ("<Map>", "<Configure>", "<Visibility>"):
        app.unbind(sequence)
    snapped = max(1.0, round(app.style.scaling.factor * 4) / 4) if factor is None else factor
    app.tk.call("tk", "scaling", snapped * 4 / 3)
    app.style.register_theme(ThemeDefinition("yichuang-light", _colours(), "light"))
    app.style.theme_use("yichuang-light")
    app.configure(background=t.CANVAS)
    return app, Look(app, snapped)


def _colours() -> Any:
    return Colors(
        primary=t.PRIMARY,
        secondary=t.MUTED,
        success=t.SUCCESS,
        info=t.INFO,
        warning=t.WARNING,
        danger=t.DANGER,
        light=t.CANVAS,
        dark=t.DARK,
        bg=t.PANEL,
        fg=t.FG,
        selectbg=t.SELECTED,
        selectfg=t.FG,
        border=t.BORDER,
        inputfg=t.FG,
        inputbg=t.PANEL,
        active=t.HOVER,
    )


class Look:
    """Fonts, styles and images by what they look like."""

    def __init__(self, app: tk.Tk, factor: float) -> None:
        self.app = app
        self.factor = factor
        self.style = ttk.Style(app)
        self.family = self._family()
        self._fonts: dict[tuple[int, bool], tkfont.Font] = {}
        self._images: dict[object, ImageTk.PhotoImage] = {}
        self._pictures: OrderedDict[str, ImageTk.PhotoImage] = OrderedDict()
        self._made: set[str] = set()
        for name in _NAMED_FONTS:
            tkfont.nametofont(name, app).configure(family=self.family, size=-self.px(14))

    def _family(self) -> str:
        wanted = _FAMILIES["win32" if sys.platform == "win32" else "other"]
        there = set(tkfont.families(self.app))
        return next((name for name in wanted if name in there), "TkDefaultFont")

    def px(self, logical: float) -> int:
        """Device pixels of a logical length."""
        return round(logical * self.factor)

    def pad(self, *logical: float) -> tuple[int, ...]:
        """Device pixels of several lengths."""
        return tuple(self.px(value) for value in logical)

    def font(self, px: int = 14, bold: bool = False) -> tkfont.Font:
        """The UI font in a logical size."""
        key = (px, bold)
        if key not in self._fonts:
            weight: Any = "bold" if bold else "normal"
            self._fonts[key] = tkfont.Font(self.app, family=self.family, size=-self.px(px), weight=weight)
        return self._fonts[key]

    def icon(self, glyph: str, px: int, colour: str) -> str:
        """A glyph as an image; the library scales it."""
        return str(ttkbootstrap.Icon(glyph, px, colour))

    def image(self, key: object, make: Callable[[], Image.Image]) -> ImageTk.PhotoImage:
        """An image by its key, made once and kept."""
        if key not in self._images:
            self._images[key] = ImageTk.PhotoImage(make(), master=self.app)
        return self._images[key]

    def picture(self, picture: Picture) -> ImageTk.PhotoImage:
        """A page or thumbnail; those not drawn for long are let go."""
        if picture.key not in self._pictures:
            image = Image.frombytes(picture.format.value, (picture.width, picture.height), picture.pixels)
            self._pictures[picture.key] = ImageTk.PhotoImage(image, master=self.app)
            while len(self._pictures) > _KEPT_PICTURES:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end(picture.key)
        return self._pictures[picture.key]

    def box_image(self, box: Rounded, size: int) -> ImageTk.PhotoImage:
        """The 9-slice source of a rounded box; its lengths are logical."""
        scaled = Rounded(
            box.fill, box.border, box.surface, self.px(box.radius), self.px(box.width), self.px(box.bottom)
        )
        pixels = self.px(size)
        return self.image((scaled, pixels), lambda: rounded(scaled, pixels))

    def key_image(self, text: str, colour: str, fill: str, line: str, surface: str) -> ImageTk.PhotoImage:
        """A keycap for inside a button."""
        box = Rounded(fill, line, surface, self.px(4), self.px(1))
        sizes: Any = {"px": self.px(14), "height": self.px(22), "pad": self.px(6)}
        return self.image((box, text, colour), lambda: labelled(box, text, colour, **sizes))

    def chip_image(self, text: str, tone: Tone, glyph: str, surface: str, bold: bool = False) -> ImageTk.PhotoImage:
        """A state chip for a table's row."""
        shades = t.TONES[tone]
        box = Rounded(shades.tint, shades.line, surface, self.px(4), self.px(1))
        sizes: Any = {"px": self.px(14), "height": self.px(24), "pad": self.px(8)}
        make = lambda: labelled(box, text, shades.text, bold=bold, glyph=glyph, **sizes)  # noqa: E731
        return self.image((box, text, glyph, bold), make)

    # ---- styles -----------------------------------------------------------------------------------------------

    def once(self, name: str, make: Callable[[str], None]) -> str:
        """Make a style when it is first used; returns its name."""
        if name not in self._made:
            self._made.add(name)
            make(name)
        return name

    def element(self, name: str, image: Any, *states: tuple[str, Any], border: int, size: int = 1) -> None:
        """An image element; states are ``("!disabled focus", image)`` in the order of matching."""
        specs: Any = [(*state.split(), picture) for state, picture in states]
        options: Any = {"border": border, "padding": 0, "sticky": "nsew", "width": size, "height": size}
        self.style.element_create(name, "image", image, *specs, **options)

    def layout(self, name: str, spec: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """The layout of a style."""
        layout: Any = list(spec)
        self.style.layout(name, layout)

    def plain(self, fill: str) -> str:
        """Style of a frame with one colour."""
        return self.once(f"Y{fill[1:]}.TFrame", lambda name: self.configure(name, background=fill))

    def bare_label(self) -> str:
        """Style of words without any edge: as high as the font's line."""
        inner = ("Label.padding", {"sticky": "nsew", "children": [("Label.label", {"sticky": "nsew"})]})
        return self.once("Y.Bare.TLabel", lambda name: self.layout(name, [inner]))

    def configure(self, name: str, **options: Any) -> None:
        """Options of a style."""
        self.style.configure(name, **options)

    def rounded_frame(self, box: Rounded, size: int = 160) -> str:
        """Style of a frame with a rounded edge."""
        name = f"Y{box.fill[1:]}{box.border[1:]}{box.surface[1:]}x{box.radius}x{box.width}.TFrame"

        def make(style: str) -> None:
            self.element(style + ".bd", self.box_image(box, size), border=self.px(box.radius + box.width))
            self.layout(style, [(style + ".bd", {"sticky": "nsew"})])

        return self.once(name, make)

    def rounded_label(self, box: Rounded, text: str, font: tuple[int, bool], pad: tuple[int, int]) -> str:
        """Style of a label with a rounded edge: a chip or a keycap."""
        name = f"L{box.fill[1:]}{box.border[1:]}{box.surface[1:]}{text[1:]}x{box.bottom}x{font[0]}{font[1]:d}.TLabel"

        def make(style: str) -> None:
            self.element(style + ".bd", self.box_image(box, 24), border=self.px(5))
            inner = ("Label.padding", {"sticky": "nsew", "children": [("Label.label", {"sticky": "nsew"})]})
            self.layout(style, [(style + ".bd", {"sticky": "nsew", "children": [inner]})])
            self.configure(
                style,
                padding=self.pad(*pad),
                foreground=text,
                background=box.fill,
                font=self.font(*font),
                anchor="center",
            )

        return self.once(name, make)
