"""帮助: opens the handbook at the page of a screen, finds words in it, leads back.

Rules kept here: the book of the person's desk comes first, the other one where it knows the screen better; what is
searched is searched in every chapter, whatever the letters' case; pictures are read off the Tk thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PIL import Image

from yichuang_client.documents.handbook import Block, BlockKind, Chapter, Handbook, folder, read_handbook
from yichuang_client.presenters.models.common import Background, Picture, PixelFormat, Text, View, msg
from yichuang_client.presenters.models.help import HelpBlock, HelpLine, HelpModel
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.trace import trace

PICTURE_WIDTH = 690
"""Logical points across, as wide as the page of a window of 1366."""
_AROUND, _MOST = 12, 40
"""Characters beside a found word; lines of hits."""
Keys = Sequence[tuple[str, Text]]


class HelpPresenter:
    """The help screen."""

    def __init__(
        self,
        view: View[HelpModel],
        background: Background,
        language: str,
        closed: Callable[[], None],
        *,
        scale: float = 1.0,
        tour: Callable[[], None] = lambda: None,
    ) -> None:
        """``closed`` leads back; ``scale`` is device pixels a logical point; ``tour`` begins the first-run guide."""
        self._view, self._background = view, background
        self._language, self._closed, self._tour = language, closed, tour
        self._width = round(PICTURE_WIDTH * scale)
        self._books: dict[str, Handbook] = {}
        self._book = Handbook(title="", chapters=(), pages={})
        self._query = ""
        self._hits: tuple[tuple[str, int], ...] = ()
        """Chapter and block of each line of hits."""
        self._model = HelpModel(title="")

    def open(
        self, screen: ScreenName, *, is_section: bool, acts: Keys = (), places: Keys = (), more: Text = ""
    ) -> None:
        """Show the page of a screen. A handbook that cannot be read is said, the keys are there all the same."""
        self._query = ""
        books = ("reviewer", "clerk") if is_section else ("clerk", "reviewer")
        model = HelpModel(
            title=msg("help.title"), acts=tuple(acts), places=tuple(places), more=more, shown=self._model.shown
        )
        try:
            read = [self._read(book) for book in books]
        except OSError:
            self._book = Handbook(title="", chapters=(), pages={})
            self._show(replace(model, empty=msg("help.missing")))
            return
        self._book = next((book for book in read if screen in book.pages), read[0])
        page = self._book.pages.get(screen)
        self._model = replace(model, title=self._book.title)
        self._turn_to(page.chapter if page else self._book.chapters[0].key, page.block if page else 0)
        trace("help shown", screen=screen, chapter=self._model.chapter)

    def search(self, text: str) -> None:
        """As ``HelpEvents.search``."""
        self._query = " ".join(text.split()).casefold()
        self._hits = tuple(self._found())[:_MOST]
        empty = msg("help.not_found") if self._query and not self._hits else ""
        self._show(replace(self._model, contents=self._contents(""), empty=empty))

    def choose(self, key: str) -> None:
        """As ``HelpEvents.choose``."""
        if self._query:
            chapter, block = self._hits[int(key)]
            self._turn_to(chapter, block, line=key)
        else:
            self._turn_to(key, 0)

    def step(self, step: int) -> None:
        """As ``HelpEvents.step``."""
        lines = self._model.contents
        now = next((index for index, line in enumerate(lines) if line.is_selected), -1 if step > 0 else len(lines))
        if 0 <= now + step < len(lines):
            self.choose(lines[now + step].key)

    def close(self) -> None:
        """As ``HelpEvents.close``."""
        self._closed()

    def begin_tour(self) -> None:
        """As ``HelpEvents.begin_tour``."""
        self._closed()
        self._tour()

    def _read(self, book: str) -> Handbook:
        if book not in self._books:
            self._books[book] = read_handbook(book, self._language)
        return self._books[book]

    def _turn_to(self, key: str, block: int, line: str = "") -> None:
        chapter = next(chapter for chapter in self._book.chapters if chapter.key == key)
        model = replace(self._model, chapter=key, at=block, shown=self._model.shown + 1)
        self._show(replace(model, blocks=tuple(map(_drawn, chapter.blocks)), contents=self._contents(line or key)))
        self._fetch_pictures(chapter)

    def _contents(self, selected: str) -> tuple[HelpLine, ...]:
        if not self._query:
            current = selected or self._model.chapter
            return tuple(
                HelpLine(key=chapter.key, title=chapter.title, is_selected=chapter.key == current)
                for chapter in self._book.chapters
            )
        titles = {chapter.key: chapter for chapter in self._book.chapters}
        return tuple(
            HelpLine(
                key=str(index),
                title=titles[chapter].title,
                detail=_around(titles[chapter].blocks[block].plain, self._query),
                is_selected=str(index) == selected,
            )
            for index, (chapter, block) in enumerate(self._hits)
        )

    def _found(self) -> list[tuple[str, int]]:
        if not self._query:
            return []
        return [
            (chapter.key, index)
            for chapter in self._book.chapters
            for index, block in enumerate(chapter.blocks)
            if self._query in block.plain.casefold()
        ]

    def _fetch_pictures(self, chapter: Chapter) -> None:
        names = [block.picture for block in chapter.blocks if block.kind is BlockKind.PICTURE]
        if not names:
            return

        def come(pictures: dict[str, Picture]) -> None:
            if self._model.chapter == chapter.key:
                blocks = tuple(_drawn(block, pictures.get(block.picture)) for block in chapter.blocks)
                self._show(replace(self._model, blocks=blocks, shown=self._model.shown + 1))

        self._background.run(lambda: {name: read_picture(name, self._width) for name in names}, come, lambda _: None)

    def _show(self, model: HelpModel) -> None:
        self._model = model
        self._view.show(model)


def read_picture(name: str, width: int) -> Picture:
    """A picture of the handbook, so wide. Raises OSError."""
    with Image.open(folder() / name) as image:
        width = min(width, image.width)
        size = (width, round(image.height * width / image.width))
        pixels = image.convert("RGB").resize(size, Image.Resampling.LANCZOS).tobytes()
    return Picture(key=f"{name}-{width}", width=size[0], height=size[1], format=PixelFormat.RGB, pixels=pixels)


def _drawn(block: Block, picture: Picture | None = None) -> HelpBlock:
    return HelpBlock(style=block.kind.value.lower(), runs=block.runs, bullet=block.bullet, picture=picture)


def _around(words: str, query: str) -> str:
    at = words.casefold().find(query)
    first, last = max(0, at - _AROUND), at + len(query) + _AROUND * 2
    return ("…" if first else "") + words[first:last] + ("…" if last < len(words) else "")
