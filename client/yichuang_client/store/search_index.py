"""The index behind the item search: every name, alias and code as one row of character numbers.

Rules kept here: a query is read as any mix of characters, whole syllables and initials, in every reading, at every
place of a name; the reading is found by narrowing places step by step, so that no list of spellings is ever built;
pure, no database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from yichuang_client.store.readings import fold, readings

Positions = npt.NDArray[np.int32]
_SYLLABLE = 6
"""Letters of the longest syllable (zhuang)."""


_DIGITS = 4
"""From so many digits on a code is also looked for by its middle: fewer stand in almost every code."""


class EntryKind(IntEnum):
    """What of an item was matched."""

    NAME = 0
    ALIAS = 1
    """俗称."""
    CODE = 2
    FORMER_NAME = 3
    """曾用名: the answer says 现名."""
    FORMER_CODE = 4
    MAIN_NAME = 5


_WHOLE, _START, _INSIDE = 6, 4, 2
_SECONDARY = 1
"""What a former or main name counts less than the name itself."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """An item that a query meets."""

    item: int
    """Position of the item in the index."""
    entry: int
    """Number of the entry inside the item."""
    score: int
    """6 the whole entry, 4 its start, 2 inside; one less for former and main names; summed over the words."""


@dataclass(frozen=True, kw_only=True)
class SearchIndex:
    """The index, as it lies in memory and (through ``parts``) in the database."""

    characters: str
    """Every character that occurs; number n + 1 in ``flat``."""
    sounds: Mapping[str, tuple[str, ...]]
    flat: npt.NDArray[np.uint16]
    """All entries after each other, 0 between."""
    starts: npt.NDArray[np.int32]
    """Where each entry begins."""
    items: npt.NDArray[np.int32]
    """The item of each entry, rising."""
    kinds: npt.NDArray[np.uint8]

    def parts(self) -> dict[str, bytes]:
        """The index as named bytes."""
        text = json.dumps({"characters": self.characters, "sounds": self.sounds}, ensure_ascii=False)
        arrays: dict[str, npt.NDArray[Any]] = {
            "flat": self.flat,
            "starts": self.starts,
            "items": self.items,
            "kinds": self.kinds,
        }
        return {"text": text.encode(), **{name: array.tobytes() for name, array in arrays.items()}}

    @classmethod
    def from_parts(cls, parts: Mapping[str, bytes]) -> SearchIndex:
        """Read ``parts``. Raises KeyError or ValueError for others."""
        text = json.loads(parts["text"])
        return cls(
            characters=text["characters"],
            sounds={character: tuple(sounds) for character, sounds in text["sounds"].items()},
            flat=np.frombuffer(parts["flat"], np.uint16),
            starts=np.frombuffer(parts["starts"], np.int32),
            items=np.frombuffer(parts["items"], np.int32),
            kinds=np.frombuffer(parts["kinds"], np.uint8),
        )

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Number of each character."""
        return {character: number for number, character in enumerate(self.characters, 1)}

    @cached_property
    def by_sound(self) -> dict[str, list[int]]:
        """Numbers of the characters that have a reading."""
        found: dict[str, list[int]] = {}
        for character, sounds in self.sounds.items():
            for sound in sounds:
                found.setdefault(sound, []).append(self.numbers[character])
        return found

    @cached_property
    def by_start(self) -> dict[str, list[int]]:
        """Numbers of the characters with a reading that begins so."""
        found: dict[str, list[int]] = {}
        for sound, numbers in self.by_sound.items():
            for length in range(1, len(sound) + 1):
                found.setdefault(sound[:length], []).extend(numbers)
        return found

    @cached_property
    def _order(self) -> tuple[Positions, npt.NDArray[np.int64]]:
        """All places sorted by their character, and where each character's begin."""
        order = np.argsort(self.flat, kind="stable").astype(np.int32)
        return order, np.searchsorted(self.flat[order], np.arange(len(self.characters) + 2))

    @cached_property
    def entry_of(self) -> npt.NDArray[np.int32]:
        """The entry at each place."""
        return (np.searchsorted(self.starts, np.arange(len(self.flat)), "right") - 1).astype(np.int32)

    @cached_property
    def _inside(self) -> npt.NDArray[np.int64]:
        """What a match inside each entry is worth."""
        scores = _INSIDE - _SECONDARY * (self.kinds >= EntryKind.FORMER_NAME).astype(np.int64)
        return (scores << 32) + (len(self.starts) - np.arange(len(self.starts)))

    def places(self, numbers: Iterable[int]) -> Positions:
        """Where characters stand."""
        order, offsets = self._order
        found = [order[offsets[number] : offsets[number + 1]] for number in numbers if number]
        return np.concatenate(found) if found else order[:0]

    def warm(self) -> None:
        """Work out what the first search would have to."""
        _ = self._order, self.entry_of, self.by_start, self._inside

    def table(self, numbers: Sequence[int]) -> npt.NDArray[np.bool_]:
        """For each number whether it is one of these; never for the gap between entries."""
        table = np.zeros(len(self.characters) + 1, np.bool_)
        table[list(numbers)] = True
        table[0] = False
        return table

    def search(self, query: str, uses: npt.NDArray[np.int32], limit: int) -> list[Match]:
        """The best matches: by quality, then by ``uses`` of the item, then in the catalogue's order."""
        best: npt.NDArray[np.int64] | None = None
        for word in fold(query).split():
            found = self._word(word, len(uses))
            best = found if best is None else np.where((best > 0) & (found > 0), best + (found >> 32 << 32), 0)
        if best is None:
            return []
        items = np.nonzero(best)[0]
        ranks = ((best[items] >> 32) << 40) + (np.minimum(uses[items].astype(np.int64), 65535) << 24)
        ranks += len(uses) - items
        if len(items) > limit:
            chosen = np.argpartition(ranks, -limit)[-limit:]
            items, ranks = items[chosen], ranks[chosen]
        firsts = np.searchsorted(self.items, items)
        entries = (len(self.starts) - (best[items] & 0xFFFFFFFF)) - firsts
        order = np.argsort(-ranks)
        return [
            Match(item=int(items[i]), entry=int(entries[i]), score=int(best[items[i]] >> 32)) for i in order.tolist()
        ]

    def _word(self, word: str, count: int) -> npt.NDArray[np.int64]:
        """For every item its best score in the upper half, the entry (from the end) in the lower; 0 for none."""
        best = np.zeros(count, np.int64)
        for starts, ends in _Reader(self, word).read():
            entries = self.entry_of[starts]
            values = self._inside[entries]
            first = self.starts[entries] == starts
            values[first] += (_START - _INSIDE) << 32
            values[first & (self.flat[ends] == 0)] += (_WHOLE - _START) << 32
            np.maximum.at(best, self.items[entries], values)
        return best


class _Reader:
    """Reads one word against the index in every way that occurs there."""

    def __init__(self, index: SearchIndex, word: str) -> None:
        self._index = index
        self._word = word
        self._found: list[tuple[Positions, Positions]] = []

    def read(self) -> list[tuple[Positions, Positions]]:
        """(starts, ends) of the places where the word stands."""
        self._step(0, None, None)
        return self._found

    def _step(self, at: int, starts: Positions | None, here: Positions | None) -> None:
        if at == len(self._word):
            if starts is not None and here is not None:
                self._found.append((starts, here))
            return
        for length, numbers in self._units(at):
            if starts is None or here is None:
                hits = self._first(numbers)
                if len(hits):
                    self._step(at + length, hits, hits + 1)
                continue
            mask = self._index.table(numbers)[self._index.flat[here]]
            if mask.any():
                self._step(at + length, starts[mask], here[mask] + 1)

    def _first(self, numbers: Sequence[int]) -> Positions:
        """Where the first unit stands; one key, or a few digits, count at the start of an entry only."""
        index = self._index
        if self._word.isascii() and (len(self._word) == 1 or (self._word.isdigit() and len(self._word) < _DIGITS)):
            return index.starts[index.table(numbers)[index.flat[index.starts]]]
        return index.places(numbers)

    def _units(self, at: int) -> list[tuple[int, list[int]]]:
        """What may stand for the next letters: the character, an initial, a syllable, the start of the last one."""
        index, character = self._index, self._word[at]
        units = [(1, [index.numbers.get(character, 0), *index.by_start.get(character, ())])]
        for length in range(2, min(_SYLLABLE, len(self._word) - at) + 1):
            letters = self._word[at : at + length]
            is_open = at + length == len(self._word) or letters in ("zh", "ch", "sh")
            numbers = (index.by_start if is_open else index.by_sound).get(letters)
            if numbers:
                units.append((length, numbers))
        return units


def build(items: Iterable[Sequence[tuple[EntryKind, str]]]) -> SearchIndex:
    """Index the entries of items, given in the order of their positions."""
    numbers: dict[str, int] = {}
    flat, starts, owners, kinds = [0], [], [], []
    for position, entries in enumerate(items):
        for kind, text in entries:
            starts.append(len(flat))
            owners.append(position)
            kinds.append(int(kind))
            flat.extend(numbers.setdefault(character, len(numbers) + 1) for character in fold(text))
            flat.append(0)
    return SearchIndex(
        characters="".join(numbers),
        sounds=readings(numbers),
        flat=np.array(flat, np.uint16),
        starts=np.array(starts, np.int32),
        items=np.array(owners, np.int32),
        kinds=np.array(kinds, np.uint8),
    )
