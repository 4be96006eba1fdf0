"""Icons exist, boxes have their edges, contrast is what the tokens promise."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from yichuang_client.presenters.models.common import Mark, Tone
from yichuang_client.ui import icons, tokens
from yichuang_client.ui.pictures import Rounded, labelled, rounded


def test_every_icon_name_is_a_glyph_of_the_font() -> None:
    glyphs = json.loads((files("ttkbootstrap") / "assets/icons/glyphmap.json").read_text(encoding="utf-8"))
    assert set(icons.ALL) <= set(glyphs)
    assert set(icons.MARKS) == set(Mark)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tone", list(Tone))
def test_state_words_are_readable_on_their_tint(tone: Tone) -> None:
    shades = tokens.TONES[tone]
    assert contrast(shades.text, shades.tint) >= 4.5
    assert contrast(shades.text, tokens.PANEL) >= 4.5


def test_secondary_words_are_readable_on_panel_and_canvas() -> None:
    assert contrast(tokens.MUTED, tokens.PANEL) >= 4.5
    assert contrast(tokens.MUTED, tokens.CANVAS) >= 4.5
    assert contrast(tokens.PLACEHOLDER, tokens.PANEL) >= 4.5


def test_a_box_has_edge_fill_and_flat_corners() -> None:
    image = rounded(Rounded("#FFFFFF", "#0000FF", "#FF0000", 6, 2), 60)
    assert image.size == (60, 60)
    red = image.getpixel((0, 0))
    assert isinstance(red, tuple)
    assert red[0] > 250
    assert red[2] < 5
    assert image.getpixel((30, 0)) == (0, 0, 255)
    assert image.getpixel((30, 30)) == (255, 255, 255)


def test_a_chip_grows_with_its_word() -> None:
    box = Rounded("#FFFFFF", "#0000FF", "#FFFFFF", 4)
    short = labelled(box, "齐", "#000000", px=14, height=24, pad=8)
    long = labelled(box, "要您处理", "#000000", px=14, height=24, pad=8, glyph="check-lg")
    assert long.width > short.width
    assert short.height == long.height == 24
