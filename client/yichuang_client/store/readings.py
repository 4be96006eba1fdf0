"""Readings of characters (多音字全部读音) and the folding of what is searched.

Rules kept here: every reading counts (朝阳 is found by zy and by cy); widths and case are folded for the search
alone, never in what is stored or shown; a character without a reading matches itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x3010: 0x5B, 0x3011: 0x5D}


def fold(text: str) -> str:
    """Half-width, lower case, without blanks at the ends."""
    return text.translate(_WIDTHS).casefold().strip()


def readings(characters: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Every reading of each character, in plain letters (ü as v); none for what is not Chinese."""
    # The dictionary of phrases costs 46 MB and 0.2 s, and single characters do not need it.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import Style, pinyin

    found: dict[str, tuple[str, ...]] = {}
    for character in characters:
        if ord(character) < 0x2E80:
            continue
        sounds = pinyin(character, heteronym=True, style=Style.NORMAL, errors="ignore")
        if sounds:
            found[character] = tuple(dict.fromkeys(sound for sound in sounds[0] if sound.isascii()))
    return found
