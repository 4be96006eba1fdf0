"""Windows 的 USB 总线: what is plugged in there, by the instance ids of Windows, so that `hot_plug` sees a change.

Written by the documents of the configuration manager (CM_Get_Device_ID_ListW); **never run on Windows**. Rules kept
here: asking opens no device; a list that grows while it is asked for is left to the next look.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import byref, c_ulong
from typing import Any

_LIBRARY = "cfgmgr32.dll"
_BUS = "USB"
_OF_BUS, _PRESENT = 0x1, 0x100
"""CM_GETIDLIST_FILTER_ENUMERATOR, CM_GETIDLIST_FILTER_PRESENT."""
_DONE = 0
"""CR_SUCCESS."""


def plugged_in() -> frozenset[str]:
    """The instance ids of what is on the USB bus now; none elsewhere than on Windows."""
    if sys.platform != "win32":
        return frozenset()
    return read_ids(ctypes.WinDLL(_LIBRARY))


def read_ids(library: Any) -> frozenset[str]:
    """The instance ids that a library with the configuration manager's calls tells; none when it fails."""
    flags, length = c_ulong(_OF_BUS | _PRESENT), c_ulong()
    if library.CM_Get_Device_ID_List_SizeW(byref(length), _BUS, flags) != _DONE or not length.value:
        return frozenset()
    ids = ctypes.create_unicode_buffer(length.value)
    if library.CM_Get_Device_ID_ListW(_BUS, ids, length, flags) != _DONE:
        return frozenset()
    # strings one after the other, each with its zero, one more zero at the end
    return frozenset(filter(None, "".join(ids[: length.value]).split("\0")))
