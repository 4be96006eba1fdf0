"""键盘口读卡器: what a reader types that stands for a keyboard, told from what a person types.

Rules kept here: only a run of keys faster than anybody types, ended by Enter, with one right number in it, counts;
everything else is a person's typing. A reader's keys cannot be told from another program's, so what they bring is
checked and marked like a typed number. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from yichuang_domain.identity import CodeFault, read_citizen_id

GAP_MS = 50
"""Longest pause between two keys of a reader; a fast typist needs about 100 ms."""
_SHORTEST = 18
_LONGEST = 400
_SEPARATORS = re.compile(r"[\s,;|:\uff0c\uff1b\uff1a\u3001]+")
_NAME = re.compile(
    r"[\u3400-\u9fff\U00020000-\U000323af]{1,15}(?:[\u00b7.][\u3400-\u9fff\U00020000-\U000323af]{1,15})*"
)


@dataclass(frozen=True, kw_only=True)
class TypedCard:
    """What a reader typed."""

    number: str = field(repr=False)
    name: str = field(default="", repr=False)
    """Empty where the reader types the number alone."""


class KeyRun:
    """连击: one run of fast keys."""

    def __init__(self) -> None:
        self._characters: list[str] = []
        self._last_ms = -GAP_MS - 1

    def add(self, character: str, at_ms: int) -> bool:
        """A character was typed; True where it begins a new run."""
        begins = not 0 <= at_ms - self._last_ms <= GAP_MS
        if begins or len(self._characters) >= _LONGEST:
            self._characters.clear()
        self._characters.append(character)
        self._last_ms = at_ms
        return begins

    def end(self, at_ms: int) -> TypedCard | None:
        """Enter: the card that the run was, if it was one."""
        is_run = 0 <= at_ms - self._last_ms <= GAP_MS and len(self._characters) >= _SHORTEST
        text = "".join(self._characters) if is_run else ""
        self.clear()
        return read_typed(text)

    def clear(self) -> None:
        """Another key: no run."""
        self._characters.clear()
        self._last_ms = -GAP_MS - 1


def read_typed(text: str) -> TypedCard | None:
    """The one right number among the words, and a name where one stands; whether its day is over is not asked."""
    words = [word for word in _SEPARATORS.split(text) if word]
    numbers = [found.number for word in words if not isinstance(found := read_citizen_id(word, date.max), CodeFault)]
    if len(numbers) != 1:
        return None
    names = [word for word in words if len(word) > 1 and _NAME.fullmatch(word)]
    return TypedCard(number=numbers[0], name=names[0] if names else "")
