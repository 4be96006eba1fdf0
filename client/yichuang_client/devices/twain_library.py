"""TWAIN 数据源管理器: the words of TWAIN 2.x and its manager (TWAINDSM.dll) by ctypes.

Written by the TWAIN Working Group's specification and its twain.h: every structure is packed to two bytes, numbers have
the width that they have on Windows (where a long has 32 bits). The manager is never loaded before the first call, so
that the layouts can be tested anywhere. Runs in a scanner's process only: a data source is the maker's code.
"""

from __future__ import annotations

import ctypes
import enum
import sys
from ctypes import POINTER, byref, c_char, c_int16, c_int32, c_uint16, c_uint32, c_void_p
from typing import Any, ClassVar

from yichuang_client.devices.errors import DeviceError, Trouble

MANAGER = "TWAINDSM.dll"
_CODEC = "mbcs" if sys.platform == "win32" else "utf-8"
CONTROL, IMAGE = 1, 2
"""Data groups."""
_MANAGER_2, _PREFERS_MANAGER_2 = 0x10000000, 0x20000000
_CHINESE_PRC, _CHINA = 39, 86


class Data(enum.IntEnum):
    """Data argument types (DAT_…)."""

    NULL = 0
    CAPABILITY = 0x0001
    EVENT = 0x0002
    IDENTITY = 0x0003
    PARENT = 0x0004
    PENDING_TRANSFERS = 0x0005
    MEMORY_SETUP = 0x0006
    STATUS = 0x0008
    USER_INTERFACE = 0x0009
    CALLBACK = 0x0010
    IMAGE_INFO = 0x0101
    IMAGE_LAYOUT = 0x0102
    MEMORY_TRANSFER = 0x0103
    ENTRY_POINT = 0x0403


class Message(enum.IntEnum):
    """Messages (MSG_…)."""

    GET = 0x0001
    GET_CURRENT = 0x0002
    GET_FIRST = 0x0004
    GET_NEXT = 0x0005
    SET = 0x0006
    RESET = 0x0007
    TRANSFER_READY = 0x0101
    CLOSE_REQUEST = 0x0102
    OPEN_MANAGER = 0x0301
    CLOSE_MANAGER = 0x0302
    OPEN_SOURCE = 0x0401
    CLOSE_SOURCE = 0x0402
    DISABLE = 0x0501
    ENABLE = 0x0502
    PROCESS_EVENT = 0x0601
    END_TRANSFER = 0x0701
    STOP_FEEDER = 0x0702
    REGISTER_CALLBACK = 0x0902


class Return(enum.IntEnum):
    """Return codes (TWRC_…)."""

    SUCCESS = 0
    FAILURE = 1
    CHECK_STATUS = 2
    CANCEL = 3
    SOURCE_EVENT = 4
    NOT_SOURCE_EVENT = 5
    TRANSFER_DONE = 6
    END_OF_LIST = 7


class Condition(enum.IntEnum):
    """Condition codes (TWCC_…)."""

    SUCCESS = 0
    BUMMER = 1
    LOW_MEMORY = 2
    NO_SOURCE = 3
    MAX_CONNECTIONS = 4
    OPERATION_ERROR = 5
    BAD_CAPABILITY = 6
    BAD_PROTOCOL = 9
    BAD_VALUE = 10
    SEQUENCE_ERROR = 11
    BAD_DESTINATION = 12
    CAPABILITY_UNSUPPORTED = 13
    CAPABILITY_BAD_OPERATION = 14
    CAPABILITY_SEQUENCE_ERROR = 15
    DENIED = 16
    PAPER_JAM = 20
    DOUBLE_FEED = 21
    DEVICE_OFFLINE = 23
    INTERLOCK = 24
    DAMAGED_CORNER = 25
    FOCUS_ERROR = 26
    TOO_LIGHT = 27
    TOO_DARK = 28
    NO_MEDIA = 29


_TROUBLES = {
    Condition.LOW_MEMORY: Trouble.ABORTED,
    Condition.NO_SOURCE: Trouble.OFFLINE,
    Condition.MAX_CONNECTIONS: Trouble.BUSY,
    Condition.OPERATION_ERROR: Trouble.ABORTED,  # the source has told its user by itself
    Condition.BAD_CAPABILITY: Trouble.BAD_SETTING,
    Condition.BAD_PROTOCOL: Trouble.BAD_SETTING,
    Condition.BAD_VALUE: Trouble.BAD_SETTING,
    Condition.CAPABILITY_UNSUPPORTED: Trouble.BAD_SETTING,
    Condition.CAPABILITY_BAD_OPERATION: Trouble.BAD_SETTING,
    Condition.CAPABILITY_SEQUENCE_ERROR: Trouble.BAD_SETTING,
    Condition.DENIED: Trouble.ACCESS,
    Condition.PAPER_JAM: Trouble.JAM,
    Condition.DOUBLE_FEED: Trouble.MULTI_FEED,
    Condition.DEVICE_OFFLINE: Trouble.OFFLINE,
    Condition.INTERLOCK: Trouble.COVER_OPEN,
    Condition.DAMAGED_CORNER: Trouble.JAM,
    Condition.TOO_LIGHT: Trouble.ABORTED,
    Condition.TOO_DARK: Trouble.ABORTED,
    Condition.NO_MEDIA: Trouble.FEEDER_EMPTY,
}


def trouble_of(condition: int) -> Trouble:
    """The trouble of a condition code; one that is not known, or a maker's own, broke the connection."""
    return _TROUBLES.get(condition, Trouble.COMMUNICATION)  # type: ignore[call-overload, no-any-return]


class Packed(ctypes.Structure):
    """A structure of twain.h."""

    _pack_ = 2


class Fix32(Packed):
    """TW_FIX32: a number with sixteen bits after the point."""

    _fields_ = (("whole", c_int16), ("part", c_uint16))

    @classmethod
    def of(cls, value: float) -> Fix32:
        """The nearest one."""
        scaled = round(value * 65536)
        return cls(scaled >> 16, scaled & 0xFFFF)

    @property
    def value(self) -> float:
        """As a number."""
        return float(self.whole) + float(self.part) / 65536


class Version(Packed):
    """TW_VERSION."""

    _fields_ = (*((name, c_uint16) for name in ("major", "minor", "language", "country")), ("info", c_char * 34))


class Identity(Packed):
    """TW_IDENTITY: this program, or a source."""

    _fields_ = (
        ("id", c_uint32),
        ("version", Version),
        ("protocol_major", c_uint16),
        ("protocol_minor", c_uint16),
        ("groups", c_uint32),
        *((name, c_char * 34) for name in ("manufacturer", "family", "product")),
    )

    def text(self, name: str) -> str:
        """One of its texts."""
        raw: bytes = getattr(self, name)
        return raw.decode(_CODEC, "replace").strip()


class Capability(Packed):
    """TW_CAPABILITY."""

    _fields_ = (("number", c_uint16), ("container", c_uint16), ("handle", c_void_p))


class Status(Packed):
    """TW_STATUS."""

    _fields_ = (("condition", c_uint16), ("data", c_uint16))


class UserInterface(Packed):
    """TW_USERINTERFACE."""

    _fields_ = (("shows", c_uint16), ("is_modal", c_uint16), ("parent", c_void_p))


class Event(Packed):
    """TW_EVENT."""

    _fields_ = (("event", c_void_p), ("message", c_uint16))


class PendingTransfers(Packed):
    """TW_PENDINGXFERS."""

    _fields_ = (("count", c_uint16), ("end_of_job", c_uint32))


class ImageInfo(Packed):
    """TW_IMAGEINFO."""

    _fields_ = (
        ("x_dpi", Fix32),
        ("y_dpi", Fix32),
        ("width", c_int32),
        ("height", c_int32),
        ("samples", c_int16),
        ("bits_a_sample", c_int16 * 8),
        ("bits", c_int16),
        ("is_planar", c_uint16),
        ("pixel_type", c_int16),
        ("compression", c_uint16),
    )


class ImageLayout(Packed):
    """TW_IMAGELAYOUT."""

    _fields_ = (
        *((name, Fix32) for name in ("left", "top", "right", "bottom")),
        *((name, c_uint32) for name in ("document", "page", "frame")),
    )


class MemorySetup(Packed):
    """TW_SETUPMEMXFER."""

    _fields_ = (("least", c_uint32), ("most", c_uint32), ("preferred", c_uint32))


class MemoryTransfer(Packed):
    """TW_IMAGEMEMXFER with its TW_MEMORY."""

    _fields_ = (
        ("compression", c_uint16),
        *((name, c_uint32) for name in ("row_bytes", "columns", "rows", "x", "y", "written")),
        ("flags", c_uint32),
        ("length", c_uint32),
        ("memory", c_void_p),
    )


MEMORY_IS_OURS = 0x1 | 0x8
"""TWMF_APPOWNS and TWMF_POINTER."""
_call: Any = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)
CallbackType = _call(c_uint16, c_void_p, c_void_p, c_uint32, c_uint16, c_uint16, c_void_p)


class Callback(Packed):
    """TW_CALLBACK."""

    _fields_ = (("function", CallbackType), ("reference", c_uint32), ("message", c_int16))


_Allocate, _Free = _call(c_void_p, c_uint32), _call(None, c_void_p)
_Lock, _Unlock = _call(c_void_p, c_void_p), _call(None, c_void_p)


class EntryPoint(Packed):
    """TW_ENTRYPOINT: the manager's functions for memory."""

    _fields_: ClassVar = (
        ("size", c_uint32),
        ("entry", c_void_p),
        ("allocate", _Allocate),
        ("free", _Free),
        ("lock", _Lock),
        ("unlock", _Unlock),
    )


def this_program() -> Identity:
    """Who asks."""
    return Identity(
        version=Version(major=1, language=_CHINESE_PRC, country=_CHINA, info=b"1"),
        protocol_major=2,
        protocol_minor=4,
        groups=CONTROL | IMAGE | _PREFERS_MANAGER_2,
        manufacturer=b"Yichuang",
        family=b"Yichuang",
        product=b"Yichuang",
    )


class Manager:
    """The manager's one function; every call names the source, or None for the manager itself."""

    def __init__(self, name: str = MANAGER) -> None:
        """Load it; raises DeviceError(OFFLINE) where there is none."""
        try:
            library: Any = getattr(ctypes, "WinDLL", ctypes.CDLL)(name)
            self._entry = library.DSM_Entry
        except (OSError, AttributeError) as error:
            raise DeviceError(Trouble.OFFLINE, "no TWAIN manager") from error
        self._entry.restype = c_uint16
        self._entry.argtypes = (POINTER(Identity), POINTER(Identity), c_uint32, c_uint16, c_uint16, c_void_p)
        self.program = this_program()

    def call(self, source: Identity | None, group: int, data: Data, message: Message, value: Any = None) -> int:
        """The return code. `value`: a structure, or None."""
        place = None if value is None else byref(value)
        target = None if source is None else byref(source)
        return int(self._entry(byref(self.program), target, group, data, message, place))

    def check(self, source: Identity | None, group: int, data: Data, message: Message, value: Any = None) -> int:
        """As `call`; raises DeviceError with what the condition code tells when it failed."""
        code = self.call(source, group, data, message, value)
        if code == Return.FAILURE:
            raise self.error(source, f"{data.name} {message.name}")
        return code

    def error(self, source: Identity | None, what: str) -> DeviceError:
        """Why the last call failed."""
        status = Status()
        self.call(source, CONTROL, Data.STATUS, Message.GET, status)
        return DeviceError(trouble_of(status.condition), f"{what}: condition {status.condition}")

    def memory(self) -> EntryPoint:
        """The functions for memory, once the manager is open; raises DeviceError(OFFLINE) for one older than 2.0."""
        if not self.program.groups & _MANAGER_2:
            raise DeviceError(Trouble.OFFLINE, "a TWAIN manager older than 2.0")
        found = EntryPoint(size=ctypes.sizeof(EntryPoint))
        self.check(None, CONTROL, Data.ENTRY_POINT, Message.GET, found)
        return found
