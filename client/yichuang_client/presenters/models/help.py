"""帮助: the page of the handbook that explains the screen one came from, and that screen's keys.

Rules kept here: the words are the handbook's own; nothing of the work is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from yichuang_client.presenters.models.common import Picture, Text


@dataclass(frozen=True, kw_only=True)
class HelpLine:
    """One line of the contents: a chapter, or a place where the searched words stand."""

    key: str
    title: Text
    detail: Text = ""
    """Around the words that were searched."""
    is_selected: bool = False


@dataclass(frozen=True, kw_only=True)
class HelpBlock:
    """段: one paragraph, item, heading, line of a table or picture, ready to be drawn."""

    style: str
    """``title``, ``heading``, ``text``, ``item``, ``row`` or ``picture``."""
    runs: tuple[tuple[str, bool], ...] = ()
    """The words in pieces, each with whether it is bold; in a row, a tabulator parts the cells."""
    bullet: str = ""
    picture: Picture | None = None
    """Not there while it is being read."""


@dataclass(frozen=True, kw_only=True)
class HelpModel:
    """帮助页."""

    title: Text
    contents: tuple[HelpLine, ...] = ()
    empty: Text = ""
    """Below the search where nothing is found, or where the handbook cannot be read."""
    chapter: str = ""
    blocks: tuple[HelpBlock, ...] = ()
    at: int = 0
    """The block that is to be seen first."""
    shown: int = 0
    """When this number changes, the page is scrolled to ``at``."""
    acts: tuple[tuple[str, Text], ...] = ()
    """Keys of the screen one came from."""
    places: tuple[tuple[str, Text], ...] = ()
    """Keys that hold everywhere."""
    more: Text = ""
    """Keys of that screen which have no button."""


class HelpEvents(Protocol):
    """What the help screen tells."""

    def search(self, text: str) -> None:
        """The field above the contents changed."""

    def choose(self, key: str) -> None:
        """A line of the contents."""

    def step(self, step: int) -> None:
        """Up or Down: the line before or after."""

    def close(self) -> None:
        """Esc or F1: back to where one came from."""

    def begin_tour(self) -> None:
        """F2: the first-run guide once more."""
