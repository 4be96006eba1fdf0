"""页面小样: the thumbnails of an intake and, on wide screens, one page to look at.

Rules kept here: pages are decoded off the Tk thread, once; a picture that comes for another intake is dropped; no
more pages are decoded than are shown.
"""

from __future__ import annotations

from collections.abc import Callable

from yichuang_client.presenters import intake_filing as filing
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.intake_draft import IntakeDraft
from yichuang_client.presenters.intake_materials import THUMBNAILS
from yichuang_client.presenters.models.common import Picture, Text, msg
from yichuang_client.presenters.models.intake import Preview
from yichuang_client.presenters.pictures import picture
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import BlobHash, CaseId
from yichuang_domain.party import Page

PREVIEW = (470, 660)


class Sheets:
    """Pictures of the intake in hand."""

    def __init__(self, desk: Desk, redraw: Callable[[], None]) -> None:
        self._desk = desk
        self._redraw = redraw
        self.thumbnails: dict[BlobHash, Picture] = {}
        self._case: CaseId | None = None
        self._asked: set[BlobHash] = set()
        self._is_wide = False
        self._at = 0
        self._target = ""
        self._shown: tuple[BlobHash, Picture | Text] | None = None

    def open(self, draft: IntakeDraft) -> None:
        """Another intake is in hand."""
        if draft.case != self._case:
            self._case, self.thumbnails, self._asked, self._shown = draft.case, {}, set(), None
        self.show(draft)

    def resize(self, draft: IntakeDraft | None, *, is_wide: bool) -> None:
        """The window became wide, or is so no more."""
        self._is_wide = is_wide
        if draft is not None:
            self.show(draft)

    def turn(self, draft: IntakeDraft, step: int) -> None:
        """PgUp, PgDn."""
        self._at += step
        self.show(draft)

    def show(self, draft: IntakeDraft) -> None:
        """Decode what the draft shows and is not there yet."""
        counts: dict[str, int] = {}
        wanted = []
        for page in draft.pages:
            counts[page.material] = counts.get(page.material, 0) + 1
            if counts[page.material] <= THUMBNAILS and page.page not in self._asked:
                wanted.append(page.page)
        if wanted:
            self._load(draft.case, tuple(wanted))
        if draft.target != self._target:
            self._target, self._at = draft.target, 0
        seen = self._page(draft)
        if self._is_wide and seen is not None and (self._shown is None or self._shown[0] != seen.page):
            self._load_preview(draft.case, seen)

    def preview(self, item: ItemVersion, draft: IntakeDraft) -> Preview | None:
        """预览, where the window is wide enough."""
        if not self._is_wide:
            return None
        names = {material.key: material.name for material in item.materials}
        pages, page = draft.pages_of(draft.target), self._page(draft)
        title = names.get(draft.target, "")
        if page is None:
            return Preview(title=title, count="", waiting=msg("intake.no_page"))
        shown = self._shown[1] if self._shown is not None and self._shown[0] == page.page else ""
        return Preview(
            title=title,
            count=msg("intake.page_of", n=pages.index(page) + 1, total=len(pages)),
            picture=shown if isinstance(shown, Picture) else None,
            waiting="" if isinstance(shown, Picture) else shown,
        )

    def _page(self, draft: IntakeDraft) -> Page | None:
        pages = draft.pages_of(draft.target)
        self._at = max(0, min(self._at, len(pages) - 1))
        return pages[self._at] if pages else None

    def _load(self, case: CaseId, pages: tuple[BlobHash, ...]) -> None:
        self._asked.update(pages)

        def done(made: dict[BlobHash, Picture]) -> None:
            if case == self._case:
                self.thumbnails.update(made)
                self._redraw()

        def failed(error: Exception) -> None:
            sentence(error)  # traced; a row without its small picture still says how many pages it has

        self._desk.background.run(lambda: filing.thumbnails(self._desk.work(), case, pages), done, failed)

    def _load_preview(self, case: CaseId, page: Page) -> None:
        self._shown = (page.page, "")

        def work() -> Picture:
            return picture(page.page, self._desk.work().store.pages.read(case, page.page), *PREVIEW)

        def put(made: Picture | Text) -> None:
            if case == self._case and self._shown is not None and self._shown[0] == page.page:
                self._shown = (page.page, made)
                self._redraw()

        self._desk.background.run(work, put, lambda error: put(sentence(error)))
