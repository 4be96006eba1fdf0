"""SANE 接口: the system's libsane by ctypes, as thin as possible.

Structures, constants and signatures are those of the SANE standard 1.06 (sane-project.org, "Scanner Access
Now Easy"). The library is the SYSTEM's, loaded on first use and only in a driver's own process; it is never
bundled, because its backends belong to the machine (they match its USB rules and its vendor packages).
"""

from __future__ import annotations

import ctypes
import enum
import os
from ctypes import POINTER, Structure, Union, byref, c_char_p, c_int, c_uint8, c_void_p
from dataclasses import dataclass

from yichuang_client.devices.errors import DeviceError, Trouble


class Status(enum.IntEnum):
    """SANE 状态码: SANE_Status."""

    GOOD = 0
    UNSUPPORTED = 1
    CANCELLED = 2
    DEVICE_BUSY = 3
    INVAL = 4
    EOF = 5
    JAMMED = 6
    NO_DOCS = 7
    COVER_OPEN = 8
    IO_ERROR = 9
    NO_MEM = 10
    ACCESS_DENIED = 11


TROUBLES = {
    Status.UNSUPPORTED: Trouble.BAD_SETTING,
    Status.CANCELLED: Trouble.CANCELLED,
    Status.DEVICE_BUSY: Trouble.BUSY,
    Status.INVAL: Trouble.BAD_SETTING,
    Status.EOF: Trouble.COMMUNICATION,
    Status.JAMMED: Trouble.JAM,
    Status.NO_DOCS: Trouble.FEEDER_EMPTY,
    Status.COVER_OPEN: Trouble.COVER_OPEN,
    Status.IO_ERROR: Trouble.COMMUNICATION,
    Status.NO_MEM: Trouble.COMMUNICATION,
    Status.ACCESS_DENIED: Trouble.ACCESS,
}
"""What each status means to the person at the counter."""


class ValueType(enum.IntEnum):
    """选项类型: SANE_Value_Type."""

    BOOL = 0
    INT = 1
    FIXED = 2
    STRING = 3
    BUTTON = 4
    GROUP = 5


UNITS = ("none", "pixel", "bit", "mm", "dpi", "percent", "microsecond")
CAP_SOFT_SELECT = 1
CAP_SOFT_DETECT = 4
CAP_INACTIVE = 32
ACTION_GET = 0
ACTION_SET = 1
INFO_RELOAD_OPTIONS = 2
CONSTRAINT_RANGE = 1
CONSTRAINT_WORD_LIST = 2
CONSTRAINT_STRING_LIST = 3
FIXED_ONE = 1 << 16
FRAME_GRAY = 0
FRAME_RGB = 1
FRAME_RED = 2
FRAME_GREEN = 3
FRAME_BLUE = 4


class _Device(Structure):
    _fields_ = (("name", c_char_p), ("vendor", c_char_p), ("model", c_char_p), ("type", c_char_p))


class _Range(Structure):
    _fields_ = (("min", c_int), ("max", c_int), ("quant", c_int))


class _Constraint(Union):
    _fields_ = (("strings", POINTER(c_char_p)), ("words", POINTER(c_int)), ("range", POINTER(_Range)))


class Descriptor(Structure):
    """选项描述: SANE_Option_Descriptor; valid until options are loaded again or the device is closed."""

    _fields_ = (
        ("name", c_char_p),
        ("title", c_char_p),
        ("desc", c_char_p),
        ("type", c_int),
        ("unit", c_int),
        ("size", c_int),
        ("cap", c_int),
        ("constraint_type", c_int),
        ("constraint", _Constraint),
    )


class Parameters(Structure):
    """扫描参数: SANE_Parameters, exact only after a start; `lines` is -1 when the height is not known."""

    _fields_ = (
        ("format", c_int),
        ("last_frame", c_int),
        ("bytes_per_line", c_int),
        ("pixels_per_line", c_int),
        ("lines", c_int),
        ("depth", c_int),
    )


@dataclass(frozen=True, kw_only=True)
class Listed:
    """列出的设备: one row of sane_get_devices."""

    name: str
    vendor: str
    model: str


def text(value: bytes | None) -> str:
    """Decode a string of libsane; names are ASCII, values are whatever the backend's author typed."""
    return (value or b"").decode("utf-8", "replace")


def check(status: int, detail: str) -> None:
    """Raise the trouble that a status means, unless it is GOOD."""
    if status == Status.GOOD:
        return
    try:
        known = Status(status)
    except ValueError:
        raise DeviceError(Trouble.COMMUNICATION, f"{detail}: status {status}") from None
    raise DeviceError(TROUBLES[known], f"{detail}: {known.name}")


class Library:
    """libsane 会话: the loaded and initialised library of this process."""

    def __init__(self, name: str = "libsane.so.1", config_dir: str | None = None) -> None:
        """Load and initialise; raises DeviceError(DRIVER_CRASH) when there is no usable libsane.

        `config_dir` goes into SANE_CONFIG_DIR, which libsane reads once, when it is initialised.
        """
        if config_dir is not None:
            os.environ["SANE_CONFIG_DIR"] = config_dir
        try:
            self.raw = ctypes.CDLL(name)
        except OSError as error:
            raise DeviceError(Trouble.DRIVER_CRASH, f"{name} is not installed") from error
        self._declare()
        version = c_int()
        check(self.raw.sane_init(byref(version), None), "sane_init")

    def _declare(self) -> None:
        raw, handle = self.raw, c_void_p
        raw.sane_init.argtypes = (POINTER(c_int), c_void_p)
        raw.sane_get_devices.argtypes = (POINTER(POINTER(POINTER(_Device))), c_int)
        raw.sane_open.argtypes = (c_char_p, POINTER(handle))
        raw.sane_close.argtypes = (handle,)
        raw.sane_close.restype = None
        raw.sane_get_option_descriptor.argtypes = (handle, c_int)
        raw.sane_get_option_descriptor.restype = POINTER(Descriptor)
        raw.sane_control_option.argtypes = (handle, c_int, c_int, c_void_p, POINTER(c_int))
        raw.sane_get_parameters.argtypes = (handle, POINTER(Parameters))
        raw.sane_start.argtypes = (handle,)
        raw.sane_read.argtypes = (handle, POINTER(c_uint8), c_int, POINTER(c_int))
        raw.sane_cancel.argtypes = (handle,)
        raw.sane_cancel.restype = None
        raw.sane_exit.argtypes = ()
        raw.sane_exit.restype = None

    def devices(self) -> tuple[Listed, ...]:
        """Ask every backend for its devices, network ones too."""
        rows = POINTER(POINTER(_Device))()
        check(self.raw.sane_get_devices(byref(rows), 0), "sane_get_devices")
        found = []
        index = 0
        while rows and rows[index]:
            row = rows[index].contents
            found.append(Listed(name=text(row.name), vendor=text(row.vendor), model=text(row.model)))
            index += 1
        return tuple(found)

    def open(self, name: str) -> c_void_p:
        """Open a device; a name that cannot be opened is OFFLINE unless the backend tells why."""
        handle = c_void_p()
        status = self.raw.sane_open(name.encode(), byref(handle))
        if status in (Status.INVAL, Status.IO_ERROR):
            raise DeviceError(Trouble.OFFLINE, f"sane_open: {Status(status).name}")
        check(status, "sane_open")
        return handle

    def close(self, handle: c_void_p) -> None:
        """Close a device."""
        self.raw.sane_close(handle)

    def exit(self) -> None:
        """Let the backends go; nothing of the library may be used afterwards."""
        self.raw.sane_exit()
