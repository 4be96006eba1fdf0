"""进纸: pages from a scanner or a file to the disk, one after the other, off the Tk thread.

Rules kept here: a page is told only when it is durable; pages that are ready together are made durable together, and
none waits for one that is not ready; the first page that cannot be kept ends the batch, so that none is missing in the
middle; little room on the disk stops the feeder before the next sheet; blanks are kept.
"""

from __future__ import annotations

import contextlib
import queue
import secrets
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from yichuang_client.actions.receiving import keep_written
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.scanning import Lent, PageScanned, PageStarted, TroubleMet
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.common import Picture
from yichuang_client.presenters.pictures import drawn
from yichuang_client.presenters.scan_coming import Coming, OnItsWay
from yichuang_client.presenters.scan_pictures import box
from yichuang_client.presenters.scan_speed import Spent
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.pages import Pages, WrittenPage
from yichuang_client.store.scan_journal import Journalled, Place
from yichuang_client.trace import trace
from yichuang_domain.ids import BlobHash, CaseId
from yichuang_domain.party import Page

if TYPE_CHECKING:  # image libraries are loaded by the first page, not by the first window
    from yichuang_client.documents.pages import LentPixels, PreparedPage, RawPage

    _Raws = Generator["RawPage", None, None]

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
    """一批: made on the Tk thread, run on the scanner's thread, stopped from any.

    A thread of the batch takes pages from the scanner and has them prepared, as many at a time as there are page
    processes; the scanner's thread keeps them in their order. Whoever is slower is waited for, back to the feeder.
    """

    def __init__(self, desk: Desk, case: CaseId, arrived: Callable[[Kept], None]) -> None:
        """``arrived`` is called on the Tk thread for each page that is safe."""
        self._desk, self._case, self._arrived = desk, case, arrived
        self._stopped = threading.Event()
        self._batch = secrets.token_hex(16)
        self._count = 0
        self._store: Pages | None = None
        """Read here once: the batch's own thread shall not open the database."""
        self.view_size = (0, 0)
        """Size of the view while it follows the newest page, set from the Tk thread; no picture is made without."""

    def stop(self) -> None:
        """Stop after the page that is kept now; half a page is dropped."""
        self._stopped.set()
        self._desk.equipment.scanner.cancel()

    def scan(self, pages: int | None) -> Ended:
        """Feed until the feeder is empty or ``pages`` are taken; never raises for what went wrong on the way."""
        return self._ended(lambda: self._keep_all(self._scanned(pages)))

    def take_file(self, file: Path) -> Ended:
        """Take the pages of an image or PDF file; those before a broken one are kept."""
        return self._ended(lambda: self._keep_all(self._read(file)))

    def _ended(self, run: Callable[[], None]) -> Ended:
        error: Exception | None = None
        try:
            run()
        except Exception as caught:  # told to the clerk in one sentence, whatever it was
            error = caught
        trouble = error.trouble if isinstance(error, DeviceError) else None
        if error is not None and trouble is not Trouble.CANCELLED:
            kind = trouble.name if trouble else str(getattr(error, "reason", type(error).__name__))
            trace("scan trouble", kind=kind)
        return Ended(count=self._count, error=error, at=self._desk.work().clock())

    # ---- taking: on the batch's own thread --------------------------------------------------------------------

    def _scanned(self, pages: int | None) -> _Raws:
        from yichuang_client.documents.pages import RawPage

        self._check()
        settings = self._desk.equipment.scan_settings()
        if pages is not None:
            settings = replace(settings, pages=pages)
        for event in self._desk.equipment.scanner.scan_pages(settings, lend=True):
            if isinstance(event, PageStarted):
                self._check()
            elif isinstance(event, PageScanned):
                trace("page scanned", n=event.number)
                yield RawPage(pixels=event.pixels, dpi=event.dpi, lent=_lent(event.lent) if event.lent else None)
            elif isinstance(event, TroubleMet):
                raise DeviceError(event.trouble, event.detail)

    def _read(self, file: Path) -> _Raws:
        from yichuang_client.documents.page_import import import_file

        for raw in import_file(file):
            self._check()
            yield raw

    def _check(self) -> None:
        if self._stopped.is_set():
            raise DeviceError(Trouble.CANCELLED, "between pages")
        if self._pages().free_bytes() < LEAST_ROOM:
            raise StoreError(StoreReason.DISK_FULL, detail="little room")

    def _pages(self) -> Pages:
        """The store's pages. Raises StoreError."""
        if self._store is None:
            raise StoreError(StoreReason.CLOSED)
        return self._store

    def _take(self, raws: _Raws, taken: queue.Queue[OnItsWay | Exception | None]) -> None:
        pipeline, end = self._desk.pages(), None
        try:
            vault = self._pages().vault(self._case)
            since = time.monotonic()
            with contextlib.closing(raws):
                for raw in raws:
                    waited, size = time.monotonic() - since, self.view_size
                    future = pipeline.submit(raw, box(*size), vault)
                    taken.put(OnItsWay(future=future, waited=waited, view_size=size))
                    since = time.monotonic()
        except Exception as caught:
            end = caught
        taken.put(end)

    # ---- keeping: on the scanner's thread ---------------------------------------------------------------------

    def _keep_all(self, raws: _Raws) -> None:
        """Keep what is taken, in order; the first page that cannot be kept is the last one. Raises what went wrong."""
        self._store = self._desk.work().store.pages
        pipeline = self._desk.pages()
        pipeline.warm()
        taken: queue.Queue[OnItsWay | Exception | None] = queue.Queue(maxsize=pipeline.count)
        taking = threading.Thread(target=self._take, args=(raws, taken), name="taking", daemon=True)
        taking.start()
        since, error = time.monotonic(), None
        coming = Coming(taken)
        while group := coming.next_group():
            if error is not None:
                for page in group:
                    self._forget(page)
                continue
            try:
                since = self._keep(group, since, pipeline.count)
            except Exception as caught:
                error = caught
                self.stop()
        taking.join()
        pipeline.rest()
        error = error or coming.end
        if error is not None:
            raise error

    def _forget(self, coming: OnItsWay) -> None:
        """A page behind one that could not be kept: what was written of it goes now, or at the next start."""
        with contextlib.suppress(Exception):
            self._pages().drop_written(written(coming.future.result()))

    def _keep(self, group: list[OnItsWay], since: float, processes: int) -> float:
        """Make pages durable together, then tell of each; returns when they were. Raises what went wrong."""
        prepared = [coming.future.result() for coming in group]
        ready = time.monotonic()
        entries = [(written(page), self._entry(number, page)) for number, page in enumerate(prepared, self._count + 1)]
        pages = keep_written(self._desk.work(), self._case, entries)
        end = time.monotonic()
        for coming, made, page in zip(group, prepared, pages, strict=True):
            self._count += 1
            trace("page kept", n=self._count)
            spent = Spent(
                at=end,
                interval=(end - since) / len(group),
                waited=coming.waited,
                prepared=made.seconds / processes,
                stored=(end - ready) / len(group),
            )
            self._tell(_kept(page, made, coming.view_size, spent))
        return end

    def _entry(self, number: int, page: PreparedPage) -> Journalled:
        place = Place(batch=self._batch, number=number)
        return Journalled(place=place, width=page.width, height=page.height, is_blank=page.is_blank)

    def _tell(self, kept: Kept) -> None:
        self._desk.later.post(lambda: self._arrived(kept))


def _kept(page: Page, prepared: PreparedPage, view_size: tuple[int, int], spent: Spent) -> Kept:
    from yichuang_client.documents.qr import read_separator

    return Kept(
        page=page,
        thumbnail=drawn(page.page, prepared.thumbnail),
        picture=drawn(page.page, prepared.view) if prepared.view is not None else None,
        view_size=view_size,
        dpi=prepared.dpi,
        skew=prepared.skew_degrees,
        is_straightened=prepared.is_straightened,
        flaws=tuple(flaw.name for flaw in prepared.flaws),
        separator=next(filter(None, (read_separator(code.text) for code in prepared.codes)), None),
        spent=spent,
    )


def _lent(by_scanner: Lent) -> LentPixels:
    from yichuang_client.documents.pages import LentPixels

    return LentPixels(memory=by_scanner.memory, offset=by_scanner.offset, give_back=by_scanner.give_back)


def written(prepared: PreparedPage) -> WrittenPage:
    """What the store is told of a page whose file its process has written."""
    return WrittenPage(page=BlobHash(prepared.sha256), size=prepared.size, file=prepared.file)
