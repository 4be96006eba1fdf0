"""The handbook behind F1: every screen has its page in both languages, every picture is there, every key is one."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TypeGuard

import pytest

from yichuang_client.documents.handbook import BlockKind, Chapter, read_handbook
from yichuang_client.presenters.models.session import ScreenName

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "handbook"
BOOKS = ("clerk", "reviewer")
KEY = re.compile(
    r"(?<![\w+])(F[1-9][0-2]?|(?:Ctrl|Alt)\+(?:[A-Z0-9]|PgUp|PgDn|Enter|[←→])|Esc|PgUp|PgDn|Ins|Del)(?![A-Za-z0-9])"
)
SIZE = 3_000_000
"""Bytes that all pictures may have."""


FRAME = frozenset({"F1", "F2", "Ctrl+L", "Ctrl+U", "Ctrl+N", "Ctrl+Enter", "Esc"}) | {f"Ctrl+{n}" for n in range(1, 10)}
"""Keys of the window around every screen."""
DRAFTS = frozenset({"Alt+Q", "Alt+W"})
"""Of the intake's first page, put together from letters."""
SOURCES: dict[ScreenName, tuple[str, ...]] = {
    ScreenName.SIGN_IN: ("sign_in", "door"),
    ScreenName.ENROL: ("enrol", "door"),
    **dict.fromkeys(
        (ScreenName.CASES, ScreenName.SUPPLEMENTS, ScreenName.ISSUES, ScreenName.SEARCH), ("queue.", "queues")
    ),
    ScreenName.SHIFT: ("shift", "queue."),
    ScreenName.HANDOVER: ("handover", "queue."),
    ScreenName.CASE: ("case.", "case_"),
    ScreenName.ISSUE: ("issue.", "issue_"),
    ScreenName.SUPPLEMENT: ("supplement.", "supplement_"),
    ScreenName.REVIEW: ("review",),
    ScreenName.PASSWORD: ("password.",),
    ScreenName.LOCK: ("lock.",),
}
"""How the modules of a screen, presenter and view, begin; else with its name."""


def keys_of(screen: ScreenName) -> frozenset[str]:
    """Every key that a screen answers to: constants of its source, and digits put together."""
    found = set(DRAFTS if screen is ScreenName.INTAKE else ())
    for part in ("presenters", "ui/screens"):
        for file in (ROOT / "client" / "yichuang_client" / part).glob("*.py"):
            if file.name.startswith(SOURCES.get(screen, (str(screen),))):
                text = file.read_text(encoding="utf-8")
                found |= {
                    n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant) and _is_key(n.value)
                }
                found |= {f"Alt+{digit}" for digit in range(1, 10)} if 'f"Alt+{' in text else set()
    return frozenset(found)


def _is_key(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and KEY.fullmatch(value.replace("Left", "←").replace("Right", "→")) is not None


def named_in(chapter: Chapter) -> set[str]:
    """The keys that a chapter names."""
    text = "\n".join(block.plain for block in chapter.blocks)
    return {key.replace("←", "Left").replace("→", "Right") for key in KEY.findall(text)}


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


@pytest.mark.parametrize("book", BOOKS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_chapter_names_the_keys_of_its_screens_and_every_function_key(book: str, language: str) -> None:
    read = read_handbook(book, language)
    assert len(set().union(*map(named_in, read.chapters))) > 5
    for chapter in read.chapters:
        screens = {name for name, page in read.pages.items() if page.chapter == chapter.key}
        own = [keys_of(ScreenName(name)) for name in sorted(screens)]
        others = [keys_of(ScreenName(name)) for name in read.named.get(chapter.key, ())]
        named = named_in(chapter)
        assert named - FRAME.union(*own, *others) == set(), f"{book} {language}, {chapter.title}: no keys of {screens}"
        wanted = {key for keys in own for key in keys if key.startswith("F")} - {"F1", "F2"}
        assert wanted - named == set(), f"{book} {language}, {chapter.title}: not told"
