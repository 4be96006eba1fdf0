"""Writing rows: as JSON lines for programs, as an aligned table for people.

Rules kept here: a row is written as soon as it is known; the keys of JSON are the same in every language; a reader
that goes away (``| head``) ends the command quietly.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence

from yichuang_client.config import read_config
from yichuang_client.ui.i18n.catalogue import Catalogue

_WIDE = ("W", "F")


def words() -> Catalogue:
    """The words of the language that YICHUANG_LANG asks for."""
    return Catalogue(read_config().language)


def print_json(row: Mapping[str, object]) -> None:
    """Write one object on one line."""
    print(json.dumps(row, ensure_ascii=False), flush=True)


def print_cells(cells: Sequence[str], widths: Sequence[int]) -> None:
    """Write one line of a table; a cell that is too long moves the rest of its line."""
    padded = [cell + " " * max(0, width - _columns(cell)) for cell, width in zip(cells, widths, strict=True)]
    print("  ".join(padded).rstrip(), flush=True)


def _columns(text: str) -> int:
    """Columns that a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in _WIDE else 1 for character in text)
