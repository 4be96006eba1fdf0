"""The handbook behind F1: every screen has its page in both languages, every picture is there, every key is one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from yichuang_client.documents.handbook import BlockKind, read_handbook
from yichuang_client.presenters.models.session import ScreenName

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "handbook"
BOOKS = ("clerk", "reviewer")
KEY = re.compile(
    r"(?<![\w+])(F[1-9][0-2]?|(?:Ctrl|Alt)\+(?:[A-Z0-9]|PgUp|PgDn|Enter|[←→])|Esc|PgUp|PgDn|Ins|Del)(?![A-Za-z0-9])"
)
SIZE = 3_000_000
"""Bytes that all pictures may have."""


def bound() -> set[str]:
    """Every key that some screen answers to: constants of the client's source, and digits put together."""
    found = set()
    for file in (ROOT / "client").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    digits = {f"{part}+{digit}" for part in ("Ctrl", "Alt") for digit in range(1, 10)}
    return found | digits | {"Alt+Q", "Alt+W"}  # drafts on the first page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_has_its_page_and_every_page_its_screen(language: str) -> None:
    pages = [name for book in BOOKS for name in read_handbook(book, language).pages]
    assert set(pages) == set(ScreenName)
    # a section's desk has its own page of the hand-over
    assert sorted(name for name in set(pages) if pages.count(name) > 1) == [ScreenName.HANDOVER]


def test_both_languages_have_the_same_chapters_and_pictures() -> None:
    for book in BOOKS:
        chinese, english = (read_handbook(book, language) for language in ("zh", "en"))
        assert len(chinese.chapters) == len(english.chapters)
        assert chinese.pages == english.pages
        pictures = [
            [block.picture.rpartition("/")[2] for chapter in read.chapters for block in chapter.blocks if block.picture]
            for read in (chinese, english)
        ]
        assert pictures[0] == pictures[1]


@pytest.mark.parametrize(("language", "place"), [("zh", "pictures"), ("en", "pictures/en")])
def test_every_picture_is_there_and_is_shown(language: str, place: str) -> None:
    shown = {
        block.picture
        for book in BOOKS
        for chapter in read_handbook(book, language).chapters
        for block in chapter.blocks
        if block.kind is BlockKind.PICTURE
    }
    assert shown == {f"{place}/{file.name}" for file in (FOLDER / place).glob("*.png")}
    assert sum(file.stat().st_size for file in FOLDER.rglob("*.png")) < SIZE


@pytest.mark.parametrize("name", ["clerk.md", "clerk.en.md", "reviewer.md", "reviewer.en.md"])
def test_every_key_of_the_handbook_is_a_key(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    named = {key.replace("←", "Left").replace("→", "Right") for key in KEY.findall(text)}
    assert len(named) > 5
    assert named - bound() == set()
