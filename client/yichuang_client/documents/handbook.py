"""手册: the handbook's pages, read from the same files that people read on paper or on the web.

Rules kept here: docs/handbook is the only source, and goes into the bundle as it is; a comment
``<!-- screens: intake scan -->`` says that what follows is the page of these screens, ``<!-- keys: case -->`` which
other screens' keys the chapter names (for its writers: a test reads it); only what the handbook uses of Markdown is
understood (headings, paragraphs, lists, tables, pictures, bold), everything else is shown as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import yichuang_client

_PACKAGE = Path(yichuang_client.__file__).parent
_PLACES = (_PACKAGE / "handbook", _PACKAGE.parents[1] / "docs" / "handbook")
"""In the bundle; in the source tree."""
_MARK = re.compile(r"<!-- (screens|keys): ([a-z_ ]+) -->")
_PICTURE = re.compile(r"!\[([^]]*)\]\(([\w/.-]+)\)")
_ITEM = re.compile(r"(\d+\.|\*|-) +(.*)")
_LINK = re.compile(r"\[([^]]+)\]\([^)]+\)")


class BlockKind(Enum):
    """What a block is."""

    TITLE = "TITLE"
    """Heading of a chapter."""
    HEADING = "HEADING"
    """A heading inside of one."""
    TEXT = "TEXT"
    ITEM = "ITEM"
    ROW = "ROW"
    """A line of a table, its cells behind tabulators; the third, bold as keys are, before the longer second."""
    PICTURE = "PICTURE"


@dataclass(frozen=True, kw_only=True)
class Block:
    """段: one paragraph, item, line of a table or picture."""

    kind: BlockKind
    text: str
    """The words, ``**bold**`` marked as in the source; of a picture, what it shows."""
    bullet: str = ""
    """Of an item: its number, or a dot."""
    picture: str = ""
    """Of a picture: its file below the handbook's folder."""

    @property
    def runs(self) -> tuple[tuple[str, bool], ...]:
        """The words in pieces, each with whether it is bold."""
        pieces = self.text.split("**")
        return tuple((piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece)

    @property
    def plain(self) -> str:
        """The words without marks."""
        return self.text.replace("**", "").replace("\t", " ")


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """章."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Where a screen's page begins: the chapter, and the block in it."""

    chapter: str
    block: int


@dataclass(frozen=True, kw_only=True)
class Handbook:
    """手册: the chapters of one book, and which screen is explained where."""

    title: str
    chapters: tuple[Chapter, ...]
    pages: dict[str, Page]
    """Screen name to page."""
    named: dict[str, frozenset[str]] = field(default_factory=dict)
    """Chapter key to the other screens whose keys it names."""


def folder() -> Path:
    """Where the handbook lies. Raises FileNotFoundError."""
    for place in _PLACES:
        if place.is_dir():
            return place
    raise FileNotFoundError(_PLACES[-1])


def read_handbook(book: str, language: str) -> Handbook:
    """Read ``clerk`` or ``reviewer`` in ``zh`` or ``en``. Raises OSError."""
    name = f"{book}.md" if language == "zh" else f"{book}.{language}.md"
    return parse((folder() / name).read_text(encoding="utf-8"))


def parse(text: str) -> Handbook:
    """Read a book's source."""
    title, chapters = "", list[Chapter]()
    pages, named = dict[str, Page](), dict[str, frozenset[str]]()
    key, head, blocks = "0", "", list[Block]()

    def close() -> None:
        if head:
            chapters.append(Chapter(key=key, title=head, blocks=tuple(blocks)))

    for line in _paragraphs(text):
        if line.startswith("# "):
            title = head = line[2:]
            blocks.append(Block(kind=BlockKind.TITLE, text=head))
        elif line.startswith("## "):
            close()
            key, head = str(len(chapters)), line[3:]
            # what was marked at the end of the chapter before belongs to this one
            moved = [name for name, page in pages.items() if page.chapter == "next"]
            pages.update({name: Page(chapter=key, block=0) for name in moved})
            blocks = [Block(kind=BlockKind.TITLE, text=head)]
        elif (found := _MARK.fullmatch(line)) and found[1] == "keys":
            named[key] = named.get(key, frozenset()) | set(found[2].split())
        elif found:
            pages.update({name: Page(chapter="next", block=0) for name in found[2].split()})
        else:
            waiting = [name for name, page in pages.items() if page.chapter == "next"]
            pages.update({name: Page(chapter=key, block=len(blocks)) for name in waiting})
            blocks.append(_block(line))
    close()
    return Handbook(title=title, chapters=tuple(chapters), pages=pages, named=named)


def _paragraphs(text: str) -> Iterator[str]:
    """One line a block: lines that a paragraph or an item goes on in are joined; rules of tables are left out."""
    held = ""
    for raw in text.split("\n"):
        line = raw.strip()
        starts = line.startswith(("#", "|", "<!--", "![")) or _ITEM.match(line)
        if not line or starts:
            if held:
                yield held
            held = ""
        if line and not set(line) <= set("|-: "):
            held = line if not held else _joined(held, line)
            if line.startswith(("#", "|", "<!--", "![")):
                yield held
                held = ""
    if held:
        yield held


def _joined(first: str, second: str) -> str:
    """Two lines of one paragraph; between words of Latin letters stands a space."""
    gap = " " if first[-1].isascii() and second[0].isascii() else ""
    return f"{first}{gap}{second}"


def _block(line: str) -> Block:
    if found := _PICTURE.fullmatch(line):
        return Block(kind=BlockKind.PICTURE, text=found[1], picture=found[2])
    words = _LINK.sub(r"\1", line)
    if line.startswith("### "):
        return Block(kind=BlockKind.HEADING, text=words[4:])
    if line.startswith("|"):
        cells = [cell.strip() for cell in words.strip("|").split("|")]
        first, second, *keys = cells
        return Block(kind=BlockKind.ROW, text="\t".join((first, *(f"**{key}**" for key in keys), second)))
    if item := _ITEM.fullmatch(words):
        bullet = item[1] if item[1][0].isdigit() else "•"
        return Block(kind=BlockKind.ITEM, text=item[2], bullet=bullet)
    return Block(kind=BlockKind.TEXT, text=words)
