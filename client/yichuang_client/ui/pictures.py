"""画出来的图: rounded boxes, keycaps and state chips as small images.

Rules kept here: corners are flattened on the surface they lie on (an alpha image costs a server round trip a draw
on X11); the middle of a 9-slice is tiled by ttk, so large boxes get a large source; sizes are device pixels.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_OVERSAMPLE = 4
_LINUX = "/usr/share/fonts/opentype/noto/NotoSansCJK-{}.ttc"
_WINDOWS = {"Regular": "C:/Windows/Fonts/msyh.ttc", "Bold": "C:/Windows/Fonts/msyhbd.ttc"}
_SIMPLIFIED = 2
"""Index of the SC face in the Noto collections."""


@dataclass(frozen=True)
class Rounded:
    """How a rounded box looks; lengths in device pixels."""

    fill: str
    border: str
    surface: str
    radius: int
    width: int = 1
    bottom: int = 0
    """Thickness of the lower edge where it differs (a keycap)."""


def rounded(box: Rounded, size: int) -> Image.Image:
    """A square source for a 9-slice; ``size`` must hold two corners and a middle."""
    corner = box.radius + max(box.width, box.bottom) + 2
    small = _drawn(box, corner * 2, corner * 2)
    image = Image.new("RGB", (size, size), box.fill)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, size - 1, box.width - 1), fill=box.border)
    pen.rectangle((0, 0, box.width - 1, size - 1), fill=box.border)
    pen.rectangle((size - box.width, 0, size - 1, size - 1), fill=box.border)
    pen.rectangle((0, size - (box.bottom or box.width), size - 1, size - 1), fill=box.border)
    for x, left in ((0, 0), (size - corner, corner)):
        for y, top in ((0, 0), (size - corner, corner)):
            image.paste(small.crop((left, top, left + corner, top + corner)), (x, y))
    return image


def _drawn(box: Rounded, width: int, height: int) -> Image.Image:
    s = _OVERSAMPLE
    image = Image.new("RGB", (width * s, height * s), box.surface)
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, width * s - 1, height * s - 1), box.radius * s, fill=box.border)
    inner = (box.width * s, box.width * s, (width - box.width) * s - 1, (height - (box.bottom or box.width)) * s - 1)
    pen.rounded_rectangle(inner, max(box.radius - box.width, 0) * s, fill=box.fill)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def labelled(
    box: Rounded, text: str, colour: str, *, px: int, height: int, pad: int, bold: bool = False, glyph: str = ""
) -> Image.Image:
    """A box with a word in it, and a glyph before it if one is named: a keycap or a chip for a table's row."""
    font = pen_font(px, bold)
    ahead = px + pad // 2 + 2 if glyph else 0
    width = int(font.getlength(text)) + 2 * pad + ahead
    image = _drawn(box, width, height)
    pen = ImageDraw.Draw(image)
    pen.text((pad + ahead, height / 2), text, font=font, fill=colour, anchor="lm")
    if glyph:
        from ttkbootstrap.style.icons import IconRenderer

        icon = IconRenderer.render(glyph, px, colour)
        image.paste(icon, (pad, (height - px) // 2), icon)
    return image


@cache
def pen_font(px: int, bold: bool) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The UI font for words that are drawn into images."""
    path, index = _font_file("Bold" if bold else "Regular")
    return ImageFont.truetype(path, px, index=index) if path else ImageFont.load_default(px)


@cache
def _font_file(weight: str) -> tuple[str, int]:
    if sys.platform == "win32":
        return (_WINDOWS[weight] if Path(_WINDOWS[weight]).is_file() else ""), 0
    if Path(_LINUX.format(weight)).is_file():
        return _LINUX.format(weight), _SIMPLIFIED
    try:
        asked = ["fc-match", "-f", "%{file}", f"sans:lang=zh-cn:weight={200 if weight == 'Bold' else 80}"]
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout, 0
    except (OSError, subprocess.CalledProcessError):
        return "", 0
