"""Windows 打印后台: winspool and gdi32 by ctypes, every failure as a `Trouble`.

Written by Microsoft's documents (winspool.h, wingdi.h); nothing is loaded before the first call, so that the module can
be read, and its layouts tested, anywhere. Runs in a printer's process only: a device context loads the maker's driver.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterator
from ctypes import POINTER, byref, c_int, c_int16, c_int32, c_uint16, c_uint32, c_void_p, c_wchar_p, sizeof
from typing import Any

from yichuang_client.devices.errors import DeviceError, Trouble

_LOCAL_AND_CONNECTED = 2 | 4
_OUT_BUFFER, _IN_BUFFER = 2, 8
_HORZRES, _VERTRES, _DOTS_X, _DOTS_Y = 8, 10, 88, 90
_COPY, _PLAIN_COLOURS = 0x00CC0020, 0
DELETE_JOB = 5
_ERRORS = {
    5: Trouble.ACCESS,  # ERROR_ACCESS_DENIED
    50: Trouble.BAD_SETTING,  # ERROR_NOT_SUPPORTED
    63: Trouble.CANCELLED,  # ERROR_PRINT_CANCELLED
    87: Trouble.BAD_SETTING,  # ERROR_INVALID_PARAMETER
    1223: Trouble.CANCELLED,  # ERROR_CANCELLED: a driver's own window was closed
    1460: Trouble.TIMEOUT,  # ERROR_TIMEOUT
    1722: Trouble.OFFLINE,  # RPC_S_SERVER_UNAVAILABLE: the spooler's service is stopped
    1801: Trouble.OFFLINE,  # ERROR_INVALID_PRINTER_NAME
    1804: Trouble.BAD_SETTING,  # ERROR_INVALID_DATATYPE
    1906: Trouble.OFFLINE,  # ERROR_INVALID_PRINTER_STATE
    3012: Trouble.OFFLINE,  # ERROR_NO_PRINTERS_FOUND
}
NO_SUCH_JOB = 87


class PrinterInfo4(ctypes.Structure):
    """PRINTER_INFO_4W."""

    _fields_ = (("name", c_void_p), ("server", c_void_p), ("attributes", c_uint32))


class PrinterInfo2(ctypes.Structure):
    """PRINTER_INFO_2W."""

    _fields_ = (
        *((name, c_void_p) for name in ("server", "name", "share", "port", "driver", "comment", "location", "mode")),
        *((name, c_void_p) for name in ("separator", "processor", "datatype", "parameters", "security")),
        *((name, c_uint32) for name in ("attributes", "priority", "default_priority", "start", "until")),
        *((name, c_uint32) for name in ("status", "jobs", "pages_per_minute")),
    )


class JobInfo1(ctypes.Structure):
    """JOB_INFO_1W; the time is a SYSTEMTIME."""

    _fields_ = (
        ("number", c_uint32),
        *((name, c_void_p) for name in ("printer", "machine", "user", "document", "datatype", "text")),
        *((name, c_uint32) for name in ("status", "priority", "position", "pages", "printed")),
        ("submitted", c_uint16 * 8),
    )


class DocInfo1(ctypes.Structure):
    """DOC_INFO_1W."""

    _fields_ = (("document", c_wchar_p), ("output", c_wchar_p), ("datatype", c_wchar_p))


class DocInfo(ctypes.Structure):
    """DOCINFOW."""

    _fields_ = (
        ("size", c_int32),
        ("document", c_wchar_p),
        ("output", c_wchar_p),
        ("datatype", c_wchar_p),
        ("kind", c_uint32),
    )


class DevMode(ctypes.Structure):
    """DEVMODEW up to the maker's own part."""

    _fields_ = (
        ("device", c_uint16 * 32),
        *((name, c_uint16) for name in ("spec_version", "driver_version", "size", "extra")),
        ("fields", c_uint32),
        *((name, c_int16) for name in ("orientation", "paper", "length", "width", "scale", "copies", "source")),
        *((name, c_int16) for name in ("quality", "colour", "duplex", "y_dpi", "true_type", "collate")),
        ("form", c_uint16 * 32),
        ("pixels", c_uint16),
        ("rest", c_uint32 * 13),
    )


class BitmapHeader(ctypes.Structure):
    """BITMAPINFOHEADER."""

    _fields_ = (
        ("size", c_uint32),
        ("width", c_int32),
        ("height", c_int32),
        ("planes", c_uint16),
        ("bits", c_uint16),
        *((name, c_uint32) for name in ("compression", "image_size")),
        ("x_dots", c_int32),
        ("y_dots", c_int32),
        *((name, c_uint32) for name in ("used", "important")),
    )


def trouble_of(code: int) -> Trouble:
    """The trouble of an error code of Windows."""
    return _ERRORS.get(code, Trouble.COMMUNICATION)


class SpoolerLibrary:
    """winspool.drv and gdi32.dll; every call raises DeviceError."""

    def __init__(self) -> None:
        """Load them; raises DeviceError(OFFLINE) where there are none."""
        load: Any = getattr(ctypes, "WinDLL", None)
        if load is None:
            raise DeviceError(Trouble.OFFLINE, "no Windows spooler")
        self._spool = load("winspool.drv", use_last_error=True)
        self._gdi = load("gdi32.dll", use_last_error=True)
        self._gdi.CreateDCW.restype = c_void_p
        self._gdi.CreateDCW.argtypes = (c_wchar_p, c_wchar_p, c_wchar_p, c_void_p)
        for name in ("StartPage", "EndPage", "EndDoc", "AbortDoc", "DeleteDC"):
            getattr(self._gdi, name).argtypes = (c_void_p,)
        self._gdi.StartDocW.argtypes = (c_void_p, POINTER(DocInfo))
        self._gdi.GetDeviceCaps.argtypes = (c_void_p, c_int)
        self._gdi.StretchDIBits.argtypes = (c_void_p, *(c_int,) * 8, c_void_p, c_void_p, c_uint32, c_uint32)
        for name in ("ClosePrinter", "EndDocPrinter", "StartPagePrinter", "EndPagePrinter", "AbortPrinter"):
            getattr(self._spool, name).argtypes = (c_void_p,)
        self._spool.OpenPrinterW.argtypes = (c_wchar_p, POINTER(c_void_p), c_void_p)
        self._spool.WritePrinter.argtypes = (c_void_p, c_void_p, c_uint32, POINTER(c_uint32))
        self._spool.StartDocPrinterW.argtypes = (c_void_p, c_uint32, c_void_p)
        self._spool.SetJobW.argtypes = (c_void_p, c_uint32, c_uint32, c_void_p, c_uint32)
        self._spool.DocumentPropertiesW.argtypes = (c_void_p, c_void_p, c_wchar_p, c_void_p, c_void_p, c_uint32)
        self._spool.GetPrinterW.argtypes = (c_void_p, c_uint32, c_void_p, c_uint32, POINTER(c_uint32))
        self._spool.GetJobW.argtypes = (c_void_p, c_uint32, c_uint32, c_void_p, c_uint32, POINTER(c_uint32))

    def _check(self, value: int | None, what: str) -> int:
        if value is None or value <= 0:
            code = int(getattr(ctypes, "get_last_error")())  # noqa: B009 - Windows only, unknown to other platforms
            raise DeviceError(trouble_of(code), f"{what}: {code}")
        return value

    def names(self) -> tuple[str, ...]:
        """The printers that this user sees."""
        needed, count = c_uint32(), c_uint32()
        ask = self._spool.EnumPrintersW
        ask.argtypes = (c_uint32, c_wchar_p, c_uint32, c_void_p, c_uint32, POINTER(c_uint32), POINTER(c_uint32))
        ask(_LOCAL_AND_CONNECTED, None, 4, None, 0, byref(needed), byref(count))
        if not needed.value:
            return ()
        room = ctypes.create_string_buffer(needed.value)
        is_done = ask(_LOCAL_AND_CONNECTED, None, 4, room, needed.value, byref(needed), byref(count))
        self._check(is_done, "EnumPrinters")
        rows = (PrinterInfo4 * count.value).from_buffer(room)
        return tuple(ctypes.wstring_at(row.name) for row in rows if row.name)

    @contextlib.contextmanager
    def opened(self, name: str) -> Iterator[c_void_p]:
        """A printer's handle."""
        handle = c_void_p()
        self._check(self._spool.OpenPrinterW(name, byref(handle), None), "OpenPrinter")
        try:
            yield handle
        finally:
            self._spool.ClosePrinter(handle)

    def printer(self, name: str) -> tuple[str, int, int]:
        """Driver, status bits and attribute bits of a printer."""
        with self.opened(name) as handle:
            needed = c_uint32()
            self._spool.GetPrinterW(handle, 2, None, 0, byref(needed))
            room = ctypes.create_string_buffer(max(needed.value, sizeof(PrinterInfo2)))
            is_done = self._spool.GetPrinterW(handle, 2, room, len(room), byref(needed))
            self._check(is_done, "GetPrinter")
            row = PrinterInfo2.from_buffer(room)
            return (ctypes.wstring_at(row.driver) if row.driver else "", int(row.status), int(row.attributes))

    def job(self, name: str, number: int) -> tuple[int, int, int] | None:
        """Status bits, pages and printed pages of a job; None when it is not in the queue any more."""
        with self.opened(name) as handle:
            needed = c_uint32()
            self._spool.GetJobW(handle, number, 1, None, 0, byref(needed))
            room = ctypes.create_string_buffer(max(needed.value, sizeof(JobInfo1)))
            if not self._spool.GetJobW(handle, number, 1, room, len(room), byref(needed)):
                code = int(getattr(ctypes, "get_last_error")())  # noqa: B009 - Windows only
                if code == NO_SUCH_JOB:
                    return None
                raise DeviceError(trouble_of(code), f"GetJob: {code}")
            row = JobInfo1.from_buffer(room)
            return int(row.status), int(row.pages), int(row.printed)

    def delete_job(self, name: str, number: int) -> None:
        """Take a job out of the queue."""
        with self.opened(name) as handle:
            self._check(self._spool.SetJobW(handle, number, 0, None, DELETE_JOB), "SetJob")

    def send_raw(self, name: str, title: str, data: bytes) -> int:
        """Hand bytes over as they are (type RAW); the job's number."""
        with self.opened(name) as handle:
            info = DocInfo1(document=title, output=None, datatype="RAW")
            number = self._check(self._spool.StartDocPrinterW(handle, 1, byref(info)), "StartDocPrinter")
            try:
                self._check(self._spool.StartPagePrinter(handle), "StartPagePrinter")
                left, taken = data, c_uint32()
                while left:
                    is_done = self._spool.WritePrinter(handle, left, len(left), byref(taken))
                    self._check(is_done and taken.value, "WritePrinter")
                    left = left[taken.value :]
                self._check(self._spool.EndPagePrinter(handle), "EndPagePrinter")
                self._check(self._spool.EndDocPrinter(handle), "EndDocPrinter")
            except DeviceError:
                self._spool.AbortPrinter(handle)
                raise
            return number

    def mode(self, name: str, wanted: dict[str, int], fields: int) -> Any:
        """The printer's DEVMODE with our wishes in it, as its driver allows them."""
        with self.opened(name) as handle:
            ask = self._spool.DocumentPropertiesW
            size = self._check(ask(None, handle, name, None, None, 0), "DocumentProperties")
            room = ctypes.create_string_buffer(max(size, sizeof(DevMode)))
            self._check(ask(None, handle, name, room, None, _OUT_BUFFER), "DocumentProperties")
            mode = DevMode.from_buffer(room)
            for key, value in wanted.items():
                setattr(mode, key, value)
            mode.fields |= fields
            self._check(ask(None, handle, name, room, room, _IN_BUFFER | _OUT_BUFFER), "DocumentProperties")
            return room

    @contextlib.contextmanager
    def canvas(self, name: str, mode: Any) -> Iterator[c_void_p]:
        """A device context of the printer."""
        handle = c_void_p(self._check(self._gdi.CreateDCW("WINSPOOL", name, None, mode), "CreateDC"))
        try:
            yield handle
        finally:
            self._gdi.DeleteDC(handle)

    def extent(self, canvas: c_void_p) -> tuple[int, int, int, int]:
        """Printable width and height in dots, and dots per inch across and down."""
        ask = self._gdi.GetDeviceCaps
        return (ask(canvas, _HORZRES), ask(canvas, _VERTRES), ask(canvas, _DOTS_X), ask(canvas, _DOTS_Y))

    def begin(self, canvas: c_void_p, title: str) -> int:
        """Begin a document; the job's number."""
        info = DocInfo(size=sizeof(DocInfo), document=title, output=None, datatype=None, kind=0)
        return self._check(self._gdi.StartDocW(canvas, byref(info)), "StartDoc")

    def end(self, canvas: c_void_p) -> None:
        """The document is whole."""
        self._check(self._gdi.EndDoc(canvas), "EndDoc")

    def abort(self, canvas: c_void_p) -> None:
        """The document is not to be printed."""
        self._gdi.AbortDoc(canvas)

    def start_page(self, canvas: c_void_p) -> None:
        """Begin a sheet's side."""
        self._check(self._gdi.StartPage(canvas), "StartPage")

    def end_page(self, canvas: c_void_p) -> None:
        """It is whole."""
        self._check(self._gdi.EndPage(canvas), "EndPage")

    def draw(self, canvas: c_void_p, box: tuple[int, int, int, int], size: tuple[int, int], rows: bytes) -> None:
        """Draw rows of blue-green-red pixels, each row padded to four bytes, into left, top, width, height."""
        width, height = size
        header = BitmapHeader(size=sizeof(BitmapHeader), width=width, height=-height, planes=1, bits=24)
        put = self._gdi.StretchDIBits
        source = (0, 0, width, height)
        self._check(put(canvas, *box, *source, rows, byref(header), _PLAIN_COLOURS, _COPY), "StretchDIBits")
