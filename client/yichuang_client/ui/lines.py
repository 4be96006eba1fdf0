"""断行: where a sentence may be broken, which Tk does not know for Chinese.

Rules kept here: a Latin word or a number is never torn; a line never starts with a closing mark nor ends with an
opening one; a space at a break is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_CLOSING = "，。；：！？、）》〉」』】〕”’…％,.;:!?)]}"
_OPENING = "（《〈「『【〔“‘([{"
_UNIT = re.compile(r"[A-Za-z0-9*/.,:_\-+²³°%–]+|\s+|.", re.DOTALL)


def broken(text: str, width: int, measure: Callable[[str], int]) -> str:
    """The text with a newline at each break, so that no line is wider than ``width`` where that is possible."""
    if width <= 0:
        return text
    return "\n".join(line for part in text.split("\n") for line in _lines(part, width, measure))


def shortened(text: str, width: int, measure: Callable[[str], int]) -> str:
    """The text, or as much of it as fits into ``width`` with an ellipsis behind; one character at least."""
    if measure(text) <= width:
        return text
    end = len(text) - 1
    while end > 1 and measure(text[:end] + "…") > width:
        end -= 1
    return text[:end].rstrip() + "…"


def _lines(text: str, width: int, measure: Callable[[str], int]) -> Iterator[str]:
    if measure(text) <= width:
        yield text
        return
    line = ""
    for piece in _pieces(text):
        if line and measure(line + piece.rstrip()) > width:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    if line:
        yield line


def _pieces(text: str) -> Iterator[str]:
    """What must stay together: a unit with the opening marks before it and the closing marks after it."""
    piece = ""
    for match in _UNIT.finditer(text):
        unit = match[0]
        joins = not piece or piece[-1] in _OPENING or unit[0] in _CLOSING or unit.isspace()
        if joins:
            piece += unit
        else:
            yield piece
            piece = unit
    if piece:
        yield piece
