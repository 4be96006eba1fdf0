"""进纸: pages from a scanner or a file to the disk, one after the other, off the Tk thread.

Rules kept here: a page is told only when it is durable; the first page that cannot be kept ends the batch, so that
none is missing in the middle; little room on the disk stops the feeder before the next sheet; blanks are kept.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from yichuang_client.actions.receiving import keep_page
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.scanning import PageScanned, PageStarted, ScanEvent, TroubleMet
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.common import Picture
from yichuang_client.presenters.pictures import thumbnail
from yichuang_client.presenters.scan_pictures import rendered
from yichuang_client.presenters.scan_speed import Spent
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.trace import trace
from yichuang_domain.ids import CaseId
from yichuang_domain.party import Page

if TYPE_CHECKING:  # image libraries are loaded by the first page, not by the first window
    from yichuang_client.documents.pages import PreparedPage, RawPage

LEAST_ROOM = 500 << 20
"""Bytes that must stay free on the disk: the database and the papers of other cases need room too."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """存好的一页: what came of one sheet."""

    page: Page
    """Of no material yet."""
    thumbnail: Picture
    picture: Picture | None
    """For a view of ``view_size``, when it was asked for."""
    view_size: tuple[int, int]
    dpi: int
    skew: float
    is_straightened: bool
    flaws: tuple[str, ...]
    """质量问题: names of `PageFlaw`."""
    separator: tuple[int, int] | None
    """分隔页: which material of how many it begins."""
    spent: Spent


@dataclass(frozen=True, kw_only=True)
class Ended:
    """一批结束."""

    count: int
    """Pages kept."""
    error: Exception | None
    """What ended it before the feeder was empty."""
    at: datetime


class Feed:
    """一批: made on the Tk thread, run on the scanner's thread, stopped from any."""

    def __init__(self, desk: Desk, case: CaseId, arrived: Callable[[Kept], None]) -> None:
        """``arrived`` is called on the Tk thread for each page that is safe."""
        self._desk, self._case, self._arrived = desk, case, arrived
        self._stopped = threading.Event()
        self._count = 0
        self._since = 0.0
        self.view_size = (0, 0)
        """Size of the view while it follows the newest page, set from the Tk thread; no picture is made without."""

    def stop(self) -> None:
        """Stop after the page that is kept now; half a page is dropped."""
        self._stopped.set()
        self._desk.equipment.scanner.cancel()

    def scan(self, pages: int | None) -> Ended:
        """Feed until the feeder is empty or ``pages`` are taken; never raises for what went wrong on the way."""
        return self._ended(lambda: self._scanned(pages))

    def take_file(self, file: Path) -> Ended:
        """Take the pages of an image or PDF file; those before a broken one are kept."""
        return self._ended(lambda: self._read(file))

    def _ended(self, run: Callable[[], None]) -> Ended:
        error: Exception | None = None
        self._since = time.monotonic()
        try:
            run()
        except Exception as caught:  # told to the clerk in one sentence, whatever it was
            error = caught
        trouble = error.trouble if isinstance(error, DeviceError) else None
        if error is not None and trouble is not Trouble.CANCELLED:
            kind = trouble.name if trouble else str(getattr(error, "reason", type(error).__name__))
            trace("scan trouble", kind=kind)
        return Ended(count=self._count, error=error, at=self._desk.work().clock())

    def _scanned(self, pages: int | None) -> None:
        self._check()
        settings = self._desk.equipment.scan_settings()
        if pages is not None:
            settings = replace(settings, pages=pages)
        for event in self._desk.equipment.scanner.scan_pages(settings):
            self._take(event)

    def _take(self, event: ScanEvent) -> None:
        from yichuang_client.documents.pages import RawPage

        if isinstance(event, PageStarted):
            self._check()
        elif isinstance(event, PageScanned):
            trace("page scanned", n=event.number)
            self._keep(RawPage(pixels=event.pixels, dpi=event.dpi))
        elif isinstance(event, TroubleMet):
            raise DeviceError(event.trouble, event.detail)

    def _read(self, file: Path) -> None:
        from yichuang_client.documents.page_import import import_file

        pages: Iterator[RawPage] = import_file(file)
        for raw in pages:
            self._check()
            self._keep(raw)

    def _check(self) -> None:
        if self._stopped.is_set():
            raise DeviceError(Trouble.CANCELLED, "between pages")
        if self._desk.work().store.pages.free_bytes() < LEAST_ROOM:
            raise StoreError(StoreReason.DISK_FULL, detail="little room")

    def _keep(self, raw: RawPage) -> None:
        from yichuang_client.documents.page_pipeline import prepare_page
        from yichuang_client.documents.qr import read_separator

        come = time.monotonic()
        prepared = prepare_page(raw)
        ready = time.monotonic()
        page = keep_prepared(self._desk, self._case, prepared)
        done = time.monotonic()
        self._count += 1
        trace("page kept", n=self._count)
        size = self.view_size
        small = thumbnail(page.page, prepared.thumbnail)
        picture = rendered(page.page, prepared.jpeg, *size) if size[0] else None
        end = time.monotonic()
        spent = Spent(at=end, waited=come - self._since, prepared=ready - come + end - done, stored=done - ready)
        self._since = end
        kept = Kept(
            page=page,
            thumbnail=small,
            picture=picture,
            view_size=size,
            dpi=prepared.dpi,
            skew=prepared.skew_degrees,
            is_straightened=prepared.is_straightened,
            flaws=tuple(flaw.name for flaw in prepared.flaws),
            separator=next(filter(None, (read_separator(code.text) for code in prepared.codes)), None),
            spent=spent,
        )
        self._desk.later.post(lambda: self._arrived(kept))


def keep_prepared(desk: Desk, case: CaseId, prepared: PreparedPage) -> Page:
    """Keep a page of no material yet, durable when this returns. Raises StoreError."""
    return keep_page(
        desk.work(),
        case,
        prepared.jpeg,
        material="",
        ordinal=0,
        size=(prepared.width, prepared.height),
        is_blank=prepared.is_blank,
    )
