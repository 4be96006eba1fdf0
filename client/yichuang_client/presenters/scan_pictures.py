"""看页: decodes the page that is looked at, and those beside it, for the size of the view.

Rules kept here: one page is decoded at a time, off the Tk thread, the selected one first; at most two on each side of
it are kept; a picture of another size or of a page that was turned meanwhile is never shown.
"""

from __future__ import annotations

from collections.abc import Callable

from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.common import Picture
from yichuang_client.presenters.models.scan import Fit
from yichuang_client.presenters.pictures import picture
from yichuang_client.presenters.scan_pages import Sheet
from yichuang_domain.ids import BlobHash, CaseId

REACH = 2
"""Decoded pages on each side of the selected one."""
_MARGIN = 24
"""Pixels of the desk seen above and below a page that is shown as a whole."""
_Key = tuple[BlobHash, int, int]


def box(width: int, height: int) -> tuple[int, int]:
    """The largest size of a page in a view of this size; height 0: as high as its width makes it."""
    return width, max(1, height - _MARGIN) if height else 0


def rendered(page: str, data: bytes, width: int, height: int) -> Picture:
    """A page for a view of this size; height 0 fits it to the width. Raises OSError."""
    return picture(page, data, *box(width, height))


class PagePictures:
    """The pictures near the selected page; lives on the Tk thread."""

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self._desk, self._changed = desk, changed
        self._area = (0, 0)
        self._fit = Fit.WIDTH
        self._kept: dict[_Key, Picture] = {}
        self._bad: set[BlobHash] = set()
        self._is_busy = False
        self._wanted: list[tuple[CaseId, BlobHash]] = []

    @property
    def fit(self) -> Fit:
        """How pages are fitted."""
        return self._fit

    def resize(self, width: int, height: int) -> None:
        """The view has this size."""
        self._area = (width, height)

    def refit(self, fit: Fit) -> None:
        """Fit pages in this way."""
        self._fit = fit

    def size(self) -> tuple[int, int]:
        """Width and height to render for; (0, 0) before the view has told its size, height 0: to the width."""
        width, height = self._area
        return (width, 0) if self._fit is Fit.WIDTH else (width, height)

    def of(self, sheet: Sheet) -> Picture | None:
        """The picture of a page in the present size, if it is there."""
        return self._kept.get((sheet.page.page, *self.size()))

    def is_unreadable(self, sheet: Sheet) -> bool:
        """Whether the page could not be read."""
        return sheet.page.page in self._bad

    def keep(self, made: Picture, page: BlobHash, size: tuple[int, int]) -> None:
        """A picture made by somebody else, for this size."""
        self._kept[(page, *size)] = made

    def look(self, case: CaseId, sheets: list[Sheet], place: int) -> None:
        """The clerk looks at this page: decode what is missing near it, forget the rest."""
        near = sorted(
            (index for index in range(place - REACH, place + REACH + 1) if 0 <= index < len(sheets)),
            key=lambda index: (abs(index - place), -index),
        )
        pages = [sheets[index].page.page for index in near]
        size = self.size()
        self._kept = {key: made for key, made in self._kept.items() if key[0] in pages and key[1:] == size}
        self._wanted = [(case, page) for page in dict.fromkeys(pages)]
        self._pump()

    def _pump(self) -> None:
        size = self.size()
        missing = [
            (case, page) for case, page in self._wanted if (page, *size) not in self._kept and page not in self._bad
        ]
        if self._is_busy or not missing or size[0] == 0:
            return
        self._is_busy = True
        case, page = missing[0]

        def work() -> Picture:
            return rendered(page, self._desk.work().store.pages.read(case, page), *size)

        def done(made: Picture) -> None:
            self._is_busy = False
            if size == self.size() and (case, page) in self._wanted:
                self._kept[(page, *size)] = made
                self._changed()
            self._pump()

        def failed(_error: Exception) -> None:
            self._is_busy = False
            self._bad.add(page)
            self._changed()
            self._pump()

        self._desk.background.run(work, done, failed)
