"""扫描页的读与转: thumbnails of pages that were kept before, quarter turns, and what is thrown away at the end.

Rules kept here: all of it off the Tk thread; a turned page is a new page, kept before the old one may go; quick
presses of the key are added up; a page that the case's log names is never removed.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from PIL import Image

from yichuang_client.actions.receiving import keep_page
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.common import Picture
from yichuang_client.presenters.pictures import drawn, thumbnail
from yichuang_client.presenters.scan_pages import UNSORTED, Sheet
from yichuang_client.presenters.scan_state import ScanState
from yichuang_client.store.store import Store
from yichuang_domain.ids import BlobHash, CaseId
from yichuang_domain.party import Page

if TYPE_CHECKING:  # image libraries are loaded by the first page, not by the first window
    from yichuang_client.documents.pages import PreparedPage


def load_sheet(store: Store, case: CaseId, page: BlobHash) -> tuple[Picture, int]:
    """Thumbnail and dots per inch (0 when unknown) of a kept page. Raises StoreError, OSError."""
    data = store.pages.read(case, page)
    with Image.open(io.BytesIO(data)) as image:
        dpi = round(float(image.info.get("dpi", (0, 0))[0]))
    return thumbnail(page, data), dpi


def remove_unused(store: Store, case: CaseId, pages: Collection[BlobHash]) -> None:
    """Remove pages that were dropped, replaced or turned. Raises StoreError."""
    named = {page.page for found in store.cases_with_pages_of(case) for page in found.pages}
    for page in pages:
        if page not in named:
            store.pages.drop(case, page)


def pages_behind_a_crash(store: Store, case: CaseId, tray: Collection[BlobHash]) -> tuple[Page, ...]:
    """找回: pages that were safe when the program died, and that neither tray nor case has. Raises StoreError."""
    named = [page.page for found in store.cases_with_pages_of(case) for page in found.pages]
    return store.scan_journal.missing(case, [*tray, *named])


class Turning:
    """转页 of the pages of a case."""

    def __init__(
        self,
        desk: Desk,
        turned: Callable[[ScanState, int, Sheet], None],
        failed: Callable[[ScanState, Exception], None],
    ) -> None:
        """Both are called on the Tk thread, ``turned`` with the id of the page and what is to take its place."""
        self._desk, self._turned, self._failed = desk, turned, failed

    def turn(self, state: ScanState, wanted: int, quarter_turns: int) -> None:
        """Turn a page, clockwise when positive."""
        state.turns[wanted] = state.turns.get(wanted, 0) + quarter_turns
        self._next(state, wanted)

    def _next(self, state: ScanState, wanted: int) -> None:
        sheet, turns = state.stack.find(wanted), state.turns.get(wanted, 0) % 4
        if wanted in state.turning or sheet is None or not turns:
            return
        state.turning.add(wanted)
        state.turns[wanted] = 0

        def done(made: Sheet) -> None:
            state.turning.discard(wanted)
            self._turned(state, wanted, made)
            self._next(state, wanted)

        def failed(error: Exception) -> None:
            state.turning.discard(wanted)
            self._failed(state, error)

        self._desk.background.run(lambda: self._made(state.tray.case, sheet, turns), done, failed)

    def _made(self, case: CaseId, sheet: Sheet, turns: int) -> Sheet:
        from yichuang_client.documents.page_turning import turn_page

        data = self._desk.work().store.pages.read(case, sheet.page.page)
        return kept_anew(self._desk, case, sheet, turn_page(data, turns, is_blank=sheet.page.is_blank))


def kept_anew(desk: Desk, case: CaseId, sheet: Sheet, prepared: PreparedPage) -> Sheet:
    """Keep a page that the clerk has changed, of no material yet; what takes the old one's place. Raises StoreError."""
    page = keep_page(
        desk.work(),
        case,
        prepared.data,
        material=UNSORTED,
        ordinal=0,
        size=(prepared.width, prepared.height),
        is_blank=prepared.is_blank,
    )
    small = drawn(page.page, prepared.thumbnail)
    return replace(sheet, page=page, thumbnail=small, dpi=prepared.dpi, is_straightened=False)
