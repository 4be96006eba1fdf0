"""字库: where the fonts of the papers lie, and which characters they have.

Rules kept here:

* Only the redistributable fonts named here are used, never what else a machine has: a paper looks the same everywhere.
* A bundle carries them in a folder ``fonts`` beside the package; otherwise they come from the system's packages. What
  is missing is named by its package.
* Every font list of the templates holds the two Noto families and ends with Hanazono, so a character is printable
  exactly when one of these has it. The check is quick enough for data entry: no list of characters is built, only
  merged spans of the fonts' own tables (OpenType ``cmap``, format 12).
"""

from __future__ import annotations

import itertools
import struct
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from yichuang_client.documents.paper import PaperError, PaperTrouble

NOTO = "fonts-noto-cjk"
HANAZONO = "fonts-hanazono"
WENKAI = "fonts-lxgw-wenkai"

_FILES = {
    "NotoSerifCJK-Regular.ttc": NOTO,
    "NotoSerifCJK-Bold.ttc": NOTO,
    "NotoSansCJK-Regular.ttc": NOTO,
    "NotoSansCJK-Bold.ttc": NOTO,
    "LXGWWenKai-Regular.ttf": WENKAI,
    "HanaMinA.ttf": HANAZONO,
    "HanaMinB.ttf": HANAZONO,
}
"""Font files and the Debian packages that bring them."""
_COVERING = ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "HanaMinA.ttf", "HanaMinB.ttf")
"""The fonts that stand in every list of the templates."""
_FORMAT_12 = 12
_INVISIBLE = frozenset({"Cf", "Mn"})
"""Categories that need no glyph of their own: format characters, variation selectors and marks."""


@dataclass(frozen=True, kw_only=True)
class FontSet:
    """字库: the font files found, by name."""

    files: tuple[Path, ...]

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders to give to the typesetter, each once, in a fixed order."""
        return tuple(sorted({file.parent for file in self.files}))

    def covering(self) -> tuple[Path, ...]:
        """The fonts that stand in every list of the templates."""
        return tuple(file for file in self.files if file.name in _COVERING)


def font_roots() -> tuple[Path, ...]:
    """Where to look, best first: beside the package (a bundle), beside the program, then the system."""
    package = Path(__file__).resolve().parents[1]
    roots = [package.parent / "fonts", Path(sys.executable).resolve().parent / "fonts"]
    roots += [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("C:/Windows/Fonts")]
    return tuple(roots)


def find_fonts(roots: Sequence[Path] | None = None) -> FontSet:
    """Find all fonts of the papers.

    Raises PaperError(FONTS_MISSING) naming the packages that bring what is missing.
    """
    found: dict[str, Path] = {}
    for root in font_roots() if roots is None else roots:
        if len(found) == len(_FILES):
            break
        for file in _font_files(root):
            found.setdefault(file.name, file)
    missing = sorted({package for name, package in _FILES.items() if name not in found})
    if missing:
        raise PaperError(PaperTrouble.FONTS_MISSING, " ".join(missing))
    return FontSet(files=tuple(found[name] for name in _FILES))


def _font_files(root: Path) -> Iterator[Path]:
    if root.is_dir():
        yield from sorted(file for file in root.rglob("*.tt[cf]") if file.name in _FILES)


class Coverage:
    """覆盖: which characters the papers can print."""

    def __init__(self, files: Iterable[Path]) -> None:
        """Read the character tables of ``files``; raises OSError for a file that cannot be read."""
        spans = sorted(itertools.chain.from_iterable(_spans(file) for file in files))
        self._first: list[int] = []
        self._last: list[int] = []
        for first, last in spans:
            if self._last and first <= self._last[-1] + 1:
                self._last[-1] = max(self._last[-1], last)
            else:
                self._first.append(first)
                self._last.append(last)

    def has(self, character: str) -> bool:
        """Whether some font has a glyph for the character, or it needs none."""
        if character in "\t\n" or unicodedata.category(character) in _INVISIBLE:
            return True
        code = ord(character)
        at = bisect_right(self._first, code) - 1
        return at >= 0 and code <= self._last[at]

    def missing(self, text: str) -> tuple[str, ...]:
        """缺字: the characters of ``text`` that no font has, each once, in the order of their code points."""
        return tuple(sorted(character for character in set(text) if not self.has(character)))


def _spans(file: Path) -> Iterator[tuple[int, int]]:
    """The spans of code points that a font (the first of a collection) has, from its table of format 12."""
    table = _cmap(file)
    (count,) = struct.unpack_from(">H", table, 2)
    for at in range(4, 4 + 8 * count, 8):
        (offset,) = struct.unpack_from(">I", table, at + 4)
        (kind,) = struct.unpack_from(">H", table, offset)
        if kind == _FORMAT_12:
            (groups,) = struct.unpack_from(">I", table, offset + 12)
            body = table[offset + 16 : offset + 16 + 12 * groups]
            return ((first, last) for first, last, _ in struct.iter_unpack(">III", body))
    return iter(())


def _cmap(file: Path) -> bytes:
    with file.open("rb") as font:
        head = font.read(16)
        if head[:4] == b"ttcf":  # a collection: the offset of its first font follows the head
            (start,) = struct.unpack_from(">I", head, 12)
            font.seek(start)
            head = font.read(16)
            font.seek(start + 12)
        else:
            font.seek(12)
        (tables,) = struct.unpack_from(">H", head, 4)
        for tag, _, offset, length in struct.iter_unpack(">4sIII", font.read(16 * tables)):
            if tag == b"cmap":
                font.seek(offset)
                return font.read(length)
    return struct.pack(">HH", 0, 0)
