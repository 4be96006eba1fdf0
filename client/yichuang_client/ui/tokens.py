"""设计记号: the colours and sizes of ``screens.md`` as plain values.

Rules kept here: one accent (primary); sizes are logical pixels at 96 dpi; 14 px is the floor of type.
"""

from __future__ import annotations

from dataclasses import dataclass

from yichuang_client.presenters.models.common import Tone

PRIMARY, SUCCESS, WARNING, DANGER = "#1B5FAA", "#1B7A48", "#9A5B00", "#B3261E"
PRACTICE = "#7A1F6E"
"""Colour of practice: of no other thing."""
INFO, DARK = "#3A6A8C", "#22303F"
FG, MUTED, PLACEHOLDER, DISABLED = "#1A2430", "#566273", "#6B7684", "#7A8593"
BORDER, LINE, CANVAS, PANEL = "#C9D1DA", "#DDE3EA", "#F1F4F7", "#FFFFFF"
SELECTED, HOVER, HEAD, PAGE_DESK = "#D5E5F6", "#EAF1F9", "#F6F8FA", "#7F8A96"


@dataclass(frozen=True)
class Shades:
    """One tone: text, tint behind it, hairline around it."""

    text: str
    tint: str
    line: str


TONES: dict[Tone, Shades] = {
    Tone.PRIMARY: Shades(PRIMARY, "#E7F0FA", "#B7D0EC"),
    Tone.SUCCESS: Shades(SUCCESS, "#E5F3EB", "#B5DCC6"),
    Tone.WARNING: Shades(WARNING, "#FFF2D9", "#EFD29A"),
    Tone.DANGER: Shades(DANGER, "#FCE9E7", "#EFBDB8"),
    Tone.NEUTRAL: Shades(MUTED, "#EDF1F5", "#CFD7E0"),
}
"""Shades of each tone."""

TOP_BAR, RAIL, SLIM_RAIL, ACTION_BAR, GUTTER = 48, 168, 64, 64, 12
LOW, NARROW, WIDE = 740, 1200, 1600
"""A window lower than LOW or narrower than NARROW is compact, one of WIDE or more has a third column."""
