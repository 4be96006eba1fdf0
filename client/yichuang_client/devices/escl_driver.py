"""eSCL 扫描驱动: driverless scanners on the network, and on a cable through ipp-usb, as a `ScannerDriver`.

Rules kept here:

* no end is believed before ScannerStatus was asked: a 200 may be empty (jam) or cut (cancel), a 404, 409 or 410 may be
  the end of the feeder, a trouble, or a page that is not ready yet;
* the state of the feeder before a batch is not believed at all: some scanners call every idle feeder empty;
* whatever ends a batch before its end, the scanner's job is taken back, so that the next batch finds it free;
* waiting can be stopped at any moment.
"""

from __future__ import annotations

import contextlib
import email.utils
import enum
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.escl_client import Answer, Caller, ESCLClient, read_address
from yichuang_client.devices.escl_messages import (
    FORMAT_OPTION,
    JPEG,
    Offer,
    Request,
    SourceOffer,
    Status,
    read_offer,
    read_status,
    reason_trouble,
    region,
)
from yichuang_client.devices.escl_xml import MOST_XML_BYTES
from yichuang_client.devices.page_images import check_whole, put_pages
from yichuang_client.devices.scanning import (
    ColourMode,
    PageSink,
    ScannerCapabilities,
    ScannerDevice,
    ScanSettings,
    Source,
)

_MOST_PAGE_BYTES = 256 << 20
_NO_DOCUMENT = (204, 404, 409, 410)
_GOODBYE_SECONDS = 1.0
"""Longest wait for a job to be taken back: whoever cancels waits for it."""
_STATUS_LOOKS = 4
_USUAL_DPI = 300
_ACCESS = (401, 403, 407)


class End(enum.Enum):
    """一页的结局: what an answer without a page means."""

    OVER = enum.auto()
    """All pages were taken."""
    WAIT = enum.auto()
    """The next page is not ready yet."""


def judge(status: Status, job_path: str, source: Source, count: int, *, is_cut: bool, is_empty: bool) -> End | Trouble:
    """What it means that no whole page came, after `count` good ones.

    ``is_cut``: part of a page came; ``is_empty``: a page without bytes; neither: the scanner said that there is none.
    """
    if source.is_feeder and status.feeder_trouble is not None:
        return status.feeder_trouble
    job = status.job(job_path)
    state = job.state if job is not None else ""
    if "cancel" in state:
        return Trouble.CANCELLED
    if job is not None and state == "aborted":
        return _aborted(reason_trouble(job), status, source, count, is_empty=is_empty)
    if job.state in ("processing", "pending") if job is not None else status.state == "processing":
        return End.WAIT
    if is_cut:
        return Trouble.COMMUNICATION
    if count:
        return End.OVER
    return Trouble.FEEDER_EMPTY if source.is_feeder else Trouble.COMMUNICATION


def _aborted(reason: Trouble | None, status: Status, source: Source, count: int, *, is_empty: bool) -> Trouble:
    if reason is not None:
        return reason
    if source.is_feeder and is_empty:
        return Trouble.JAM
    is_bare = source.is_feeder and not count and not status.is_feeder_at_work
    return Trouble.FEEDER_EMPTY if is_bare else Trouble.ABORTED


@dataclass(kw_only=True)
class ESCLDriver:
    """eSCL 驱动: a device's name is its address."""

    stall_seconds: float = 40.0
    """Longest silence in a batch: a lamp may need half a minute."""
    busy_seconds: float = 20.0
    """How long a busy scanner is waited for."""
    settle_seconds: float = 6.0
    """How long a scanner that says that it is at work may say that there is no page."""
    retry_seconds: float = 0.5
    """Between two looks."""

    def list(self) -> tuple[ScannerDevice, ...]:
        """None: eSCL scanners are announced or named, they are not looked for here."""
        return ()

    def capabilities(self, device: str) -> ScannerCapabilities:
        """What the scanner at this address offers; raises DeviceError."""
        return _offer(ESCLClient(address=read_address(device)), Caller()).capabilities()

    def scan(self, settings: ScanSettings, sink: PageSink, cancel: Callable[[], bool]) -> int:
        """Take a batch; see `ScannerDriver.scan`."""
        client = ESCLClient(address=read_address(settings.device))
        patience = {"stall_seconds": self.stall_seconds, "retry_seconds": self.retry_seconds}
        caller = Caller(cancel=cancel, heard=sink.advanced, **patience)
        offer = _offer(client, caller)
        source = settings.source or next(iter(offer.sources))
        if source not in offer.sources:
            raise DeviceError(Trouble.BAD_SETTING, "source")
        request = _request(offer, source, settings)
        job = self._start(client, caller, request)
        limit = settings.pages if settings.source is not None and source.is_feeder else 1
        batch = _Batch(client=client, caller=caller, request=request, job=job, sink=sink, limits=self)
        is_over = False
        try:
            while limit is None or batch.count < limit:
                if cancel():
                    raise DeviceError(Trouble.CANCELLED, "between pages")
                is_over = not batch.take(None if limit is None else limit - batch.count)
                if is_over:
                    break
            sink.ending(None)
            return batch.count
        except DeviceError as error:
            sink.ending(error)
            raise
        finally:
            if not is_over:
                goodbye = Caller(stall_seconds=_GOODBYE_SECONDS)
                with contextlib.suppress(DeviceError):
                    client.ask("DELETE", job, caller=goodbye)

    def _start(self, client: ESCLClient, caller: Caller, request: Request) -> str:
        """Ask for a batch, waiting for a busy scanner; return the path of its job."""
        body, until = request.to_xml(), time.monotonic() + self.busy_seconds
        while True:
            path = f"{client.address.root}/ScanJobs"
            answer = client.ask("POST", path, caller=caller, body=body, most_bytes=MOST_XML_BYTES)
            if 200 <= answer.status < 300:
                return client.own_path(answer.headers.get("Location", ""))
            trouble = _refusal(client, caller, answer, request.source)
            rest = until - time.monotonic()
            if trouble is not Trouble.BUSY or rest <= 0:
                raise DeviceError(trouble, f"ScanJobs: HTTP {answer.status}")
            pause(min(_retry_seconds(answer), rest), caller)


@dataclass(kw_only=True)
class _Batch:
    """一批: the job that runs, page by page."""

    client: ESCLClient
    caller: Caller
    request: Request
    job: str
    sink: PageSink
    limits: ESCLDriver
    count: int = 0
    """Good pages so far."""

    def take(self, most: int | None) -> bool:
        """Take the next page; a file may hold several. False: there is none any more. Raises DeviceError."""
        since = time.monotonic()
        while True:
            answer = self._next()
            if answer is not None and answer.status == 200 and answer.body and _is_whole(answer):
                self._put(answer.body, most)
                return True
            waited = time.monotonic() - since
            if answer is not None and answer.status in _ACCESS:
                raise DeviceError(Trouble.ACCESS, f"NextDocument: HTTP {answer.status}")
            if answer is not None and answer.status == 503:
                self._wait_for_busy(answer, waited)
            elif self._end(answer) is End.OVER:
                return False
            elif waited > self.limits.settle_seconds:
                return self._unsettled()
            else:
                pause(self.caller.retry_seconds, self.caller)

    def _next(self) -> Answer | None:
        """The next answer, None for a line that broke."""
        try:
            return self.client.ask("GET", f"{self.job}/NextDocument", caller=self.caller, most_bytes=_MOST_PAGE_BYTES)
        except DeviceError as error:
            if error.trouble is Trouble.COMMUNICATION:
                return None
            raise

    def _put(self, raw: bytes, most: int | None) -> None:
        request = self.request
        try:
            self.count += put_pages(raw, request.mode, request.resolution, self.sink, most=most)
        except DeviceError as error:
            if error.trouble is Trouble.COMMUNICATION:
                self._end(None)
            raise

    def _end(self, answer: Answer | None) -> End:
        """Why no whole page came (None: a broken one); raises DeviceError for a trouble."""
        is_empty = answer is not None and answer.status == 200 and not answer.body
        is_cut = answer is None or (answer.is_cut and bool(answer.body))
        what = "NextDocument: " + (f"HTTP {answer.status}, {len(answer.body)} bytes" if answer else "broken")
        is_none = answer is not None and answer.status in _NO_DOCUMENT
        for _ in range(_STATUS_LOOKS):
            status = _status(self.client, self.caller)
            if status is None:
                break
            end = judge(status, self.job, self.request.source, self.count, is_cut=is_cut, is_empty=is_empty)
            if isinstance(end, Trouble):
                raise DeviceError(end, what)
            if is_none or (is_empty and end is End.OVER):
                return end
            pause(self.caller.retry_seconds, self.caller)  # a scanner may tell of its trouble a moment later
        if is_none and self.count:
            return End.OVER
        is_bare = is_none and self.request.source.is_feeder
        raise DeviceError(Trouble.FEEDER_EMPTY if is_bare else Trouble.COMMUNICATION, what)

    def _wait_for_busy(self, answer: Answer, waited: float) -> None:
        status = _status(self.client, self.caller)
        if status is not None:
            end = judge(status, self.job, self.request.source, self.count, is_cut=False, is_empty=False)
            if isinstance(end, Trouble) and end not in (Trouble.FEEDER_EMPTY, Trouble.COMMUNICATION):
                raise DeviceError(end, "NextDocument: HTTP 503")
        if waited > self.limits.stall_seconds:
            raise DeviceError(Trouble.BUSY, "NextDocument: HTTP 503")
        pause(_retry_seconds(answer), self.caller)

    def _unsettled(self) -> bool:
        """The scanner says for too long that it works and has no page: what its feeder says decides."""
        status = _status(self.client, self.caller)
        if status is not None and (not self.request.source.is_feeder or status.is_feeder_at_work):
            raise DeviceError(Trouble.TIMEOUT, "NextDocument: no page from a scanner at work")
        if not self.count:
            raise DeviceError(Trouble.FEEDER_EMPTY, "NextDocument: no page")
        return False


def _is_whole(answer: Answer) -> bool:
    """Whether all came that was promised, or what came is a whole file all the same: some promise too much."""
    if not answer.is_cut:
        return True
    try:
        check_whole(answer.body)
    except DeviceError:
        return False
    return True


def _offer(client: ESCLClient, caller: Caller) -> Offer:
    path = f"{client.address.root}/ScannerCapabilities"
    answer = client.ask("GET", path, caller=caller, most_bytes=MOST_XML_BYTES)
    if answer.status in _ACCESS:
        raise DeviceError(Trouble.ACCESS, f"ScannerCapabilities: HTTP {answer.status}")
    if answer.status == 503:
        raise DeviceError(Trouble.BUSY, "ScannerCapabilities: HTTP 503")
    if answer.status != 200:
        raise DeviceError(Trouble.OFFLINE, f"no eSCL at this address: HTTP {answer.status}")
    return read_offer(answer.body)


def _status(client: ESCLClient, caller: Caller) -> Status | None:
    """How the scanner stands, None when it does not tell; raises DeviceError(CANCELLED)."""
    short = replace(caller, stall_seconds=min(5.0, caller.stall_seconds))
    for _ in range(3):
        try:
            answer = client.ask("GET", f"{client.address.root}/ScannerStatus", caller=short, most_bytes=MOST_XML_BYTES)
            if answer.status == 200:
                return read_status(answer.body)
        except DeviceError as error:
            if error.trouble in (Trouble.CANCELLED, Trouble.OFFLINE):
                raise
        pause(caller.retry_seconds, caller)
    return None


def _refusal(client: ESCLClient, caller: Caller, answer: Answer, source: Source) -> Trouble:
    """Why a batch was refused."""
    if answer.status in _ACCESS:
        return Trouble.ACCESS
    if answer.status == 503:
        trouble = (status := _status(client, caller)) and status.feeder_trouble
        return trouble if trouble and source.is_feeder else Trouble.BUSY
    if answer.status in (404, 405):
        return Trouble.OFFLINE
    if answer.status in (400, 415, 422):
        return Trouble.BAD_SETTING
    status = _status(client, caller)
    if status is not None and source.is_feeder and status.feeder_trouble is not None:
        return status.feeder_trouble
    if answer.status == 409:
        is_bare = status is not None and source.is_feeder and "empty" in status.feeder
        return Trouble.FEEDER_EMPTY if is_bare else Trouble.BUSY
    return Trouble.COMMUNICATION


def _request(offer: Offer, source: Source, settings: ScanSettings) -> Request:
    """What the settings mean for this source; raises DeviceError(BAD_SETTING) for what it does not offer."""
    row: SourceOffer = offer.sources[source]
    mode = settings.mode or next((m for m in (ColourMode.GRAY, ColourMode.COLOUR) if m in row.modes), row.modes[0])
    if mode not in row.modes:
        raise DeviceError(Trouble.BAD_SETTING, "mode")
    resolution = settings.resolution or min(row.resolutions, key=lambda dpi: abs(dpi - _USUAL_DPI), default=_USUAL_DPI)
    if row.resolutions and resolution not in row.resolutions:
        raise DeviceError(Trouble.BAD_SETTING, "resolution")
    wanted = dict(settings.options)
    kind = str(wanted.pop(FORMAT_OPTION, next(iter(row.formats), JPEG)))
    if wanted or settings.depth not in (None, 1, 8) or (row.formats and kind not in row.formats):
        raise DeviceError(Trouble.BAD_SETTING, next(iter(wanted), FORMAT_OPTION))
    return Request(
        version=offer.version if offer.version.startswith("2.") else "2.0",
        source=source,
        mode=mode,
        resolution=resolution,
        format=kind,
        region=region(row, settings.area),
    )


def _retry_seconds(answer: Answer) -> float:
    """How long the scanner asks to be left alone: seconds or a date; a moment when it does not say."""
    said = answer.headers.get("Retry-After", "").strip()
    seconds = 1.0
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        seconds = float(said) if said.isdigit() else email.utils.parsedate_to_datetime(said).timestamp() - time.time()
    return min(max(seconds, 0.1), 30.0)


def pause(seconds: float, caller: Caller) -> None:
    """Wait; raises DeviceError(CANCELLED) as soon as the caller wants to stop."""
    until, never = time.monotonic() + seconds, threading.Event()
    while (rest := until - time.monotonic()) > 0:
        if caller.cancel():
            raise DeviceError(Trouble.CANCELLED, "while waiting")
        never.wait(min(rest, 0.05))
