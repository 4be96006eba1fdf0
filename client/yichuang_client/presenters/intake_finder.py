"""找事项: the search of the intake, from the first key to the chosen item.

Rules kept here: an answer to an older query is dropped; a choice made before the answer is there means the rank that
was pressed, never the hits of the query before; a search that led nowhere is noted for the keeper of the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from yichuang_client.actions.work import Work
from yichuang_client.presenters import intake_start as start
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.intake_start import Search
from yichuang_client.trace import trace
from yichuang_domain.ids import ItemCode


class Finder:
    """The search as it is typed."""

    def __init__(
        self,
        desk: Desk,
        redraw: Callable[[], None],
        chosen: Callable[[ItemCode], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._desk = desk
        self._redraw = redraw
        self._chosen = chosen
        self._failed = failed
        self._wanted: int | None = None
        """Rank of the hit that is to be chosen once the search is answered."""
        self._sought = ""
        """The longest query since the field was empty: what was meant when it is wiped out key by key."""
        self.search = Search()

    @property
    def is_searching(self) -> bool:
        """Whether anything is typed."""
        return bool(self.search.query.strip())

    def clear(self) -> None:
        """Begin anew."""
        self.search = Search()
        self._wanted = None
        self._sought = ""

    def type_in(self, query: str) -> None:
        """The query changed."""
        if not query.strip():
            self.gave_up()
        elif len(query) > len(self._sought):
            self._sought = query
        self._wanted = None
        self.search = replace(self.search, query=query, is_answered=False)
        self._redraw()
        self._desk.background.run(lambda: start.find(self._desk.work(), query), self._found, self._failed)

    def _found(self, found: Search) -> None:
        if found.query != self.search.query:
            return
        self.search = found
        trace("hits shown", n=len(found.hits), first=found.hits[0].code if found.hits else "")
        self._redraw()
        wanted, self._wanted = self._wanted, None
        if wanted is not None and found.hits:
            self._chosen(found.hits[min(wanted, len(found.hits) - 1)].code)

    def move(self, step: int, shown: int) -> None:
        """Another hit of those shown is selected."""
        last = min(shown, len(self.search.hits)) - 1
        self.search = replace(self.search, selected=max(0, min(self.search.selected + step, last)))
        self._redraw()

    def choose(self, code: str) -> None:
        """Enter, a digit or a click; empty: Enter without a hit."""
        codes = [hit.code for hit in self.search.hits]
        if not self.search.is_answered and (code in codes or not code):
            self._wanted = codes.index(ItemCode(code)) if code else 0
        elif code:
            self._chosen(ItemCode(code))
        else:
            self.gave_up()

    def gave_up(self) -> None:
        """What was typed led nowhere; noted once."""
        query, self._sought = self._sought, ""
        if start.is_worth_noting(query):

            def done(_none: None) -> None:
                trace("search given up")

            self._desk.background.run(lambda: _note(self._desk.work(), query), done, self._failed)


def _note(work: Work, query: str) -> None:
    work.store.search.note_miss(query, work.today)
