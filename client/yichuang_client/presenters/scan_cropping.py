"""裁剪 by keys: a frame over the selected page, moved edge by edge, then cut; Ctrl+Z brings the whole page back.

Rules kept here: the cutting is done off the Tk thread; the cut page is a new page, kept before the old one may go; the
frame belongs to one page and ends with any other key.
"""

from __future__ import annotations

from collections.abc import Callable

from yichuang_client.documents.crop_frame import CropFrame
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.scan_pages import Sheet
from yichuang_client.presenters.scan_state import ScanState
from yichuang_client.presenters.scan_turning import kept_anew

STEP = 2
"""Hundredths of the page that one key press moves an edge by."""


class Cropping:
    """裁剪 of the pages of a case."""

    def __init__(
        self,
        desk: Desk,
        cut: Callable[[ScanState, int, Sheet], None],
        failed: Callable[[ScanState, Exception], None],
    ) -> None:
        """Both are called on the Tk thread, ``cut`` with the id of the page and what is to take its place."""
        self._desk, self._cut, self._failed = desk, cut, failed

    def begin(self, state: ScanState) -> None:
        """Lay the frame around the whole selected page, or take it off again."""
        is_possible = state.stack.selected is not None and not state.is_feeding
        state.crop = CropFrame() if is_possible and state.crop is None else None

    def edge(self, state: ScanState, edge: str, step: int) -> None:
        """Move an edge inwards (positive) or outwards."""
        if state.crop is not None:
            state.crop = state.crop.moved(edge, step * STEP)

    def cut(self, state: ScanState) -> None:
        """Cut the selected page down to the frame."""
        frame, sheet = state.crop, state.stack.selected
        state.crop = None
        if frame is None or frame.is_whole or sheet is None or sheet.id in state.turning:
            return
        state.turning.add(sheet.id)

        def done(made: Sheet) -> None:
            state.turning.discard(sheet.id)
            self._cut(state, sheet.id, made)

        def failed(error: Exception) -> None:
            state.turning.discard(sheet.id)
            self._failed(state, error)

        self._desk.background.run(lambda: self._made(state, sheet, frame), done, failed)

    def _made(self, state: ScanState, sheet: Sheet, frame: CropFrame) -> Sheet:
        from yichuang_client.documents.page_cropping import crop_page

        case = state.tray.case
        data = self._desk.work().store.pages.read(case, sheet.page.page)
        return kept_anew(self._desk, case, sheet, crop_page(data, frame, is_blank=sheet.page.is_blank))
