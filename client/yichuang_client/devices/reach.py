"""可达: which devices with an address of their own answer now.

SANE tells of its devices itself; a scanner on the network is asked, a folder is looked at. All are asked at once, and
nobody waits long.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from yichuang_client.devices.errors import DeviceError
from yichuang_client.devices.escl_client import Caller, ESCLClient, is_address, read_address
from yichuang_client.devices.folder_driver import PREFIX, folder_of

ANSWER_SECONDS = 2.0
"""A scanner that sleeps answers within a second or so."""


def reachable(devices: Iterable[str]) -> frozenset[str]:
    """Those of the devices that have an address and answer at it."""
    asked = [device for device in dict.fromkeys(devices) if is_address(device) or device.startswith(PREFIX)]
    if not asked:
        return frozenset()
    with ThreadPoolExecutor(max_workers=len(asked), thread_name_prefix="reach") as pool:
        return frozenset(device for device, is_there in zip(asked, pool.map(_answers, asked), strict=True) if is_there)


def _answers(device: str) -> bool:
    if device.startswith(PREFIX):
        return folder_of(device).is_dir()
    try:
        address = read_address(device)
        path = f"{address.root}/ScannerStatus"
        ESCLClient(address=address).ask("GET", path, caller=Caller(stall_seconds=ANSWER_SECONDS))
    except DeviceError:
        return False
    return True
