"""读卡器设置: the card readers that an administrator named for a desk, and which one is used.

Rules kept here: a row that is not understood as a whole is left out and said; the first one named is used until another
is chosen; nothing is loaded or asked before a card is to be read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yichuang_client.devices.card_bridge import BridgeReader, read_endpoint
from yichuang_client.devices.card_reader import USB_PORT, LibraryReader
from yichuang_client.devices.card_reading import CardReader

_LIBRARY_KEYS = frozenset({"name", "library", "port"})
_BRIDGE_KEYS = frozenset({"name", "bridge", "token_file"})
_PORTS = range(1, 1017)


@dataclass(frozen=True, kw_only=True)
class NamedCardReader:
    """读卡器条目."""

    key: str
    """Stable over restarts: its library and port, or the bridge's address."""
    name: str
    """What people call it."""
    reader: CardReader = field(compare=False)

    @property
    def is_bridge(self) -> bool:
        """Whether a local service drives it."""
        return isinstance(self.reader, BridgeReader)


def library_reader(library: str, port: int = USB_PORT, name: str = "") -> NamedCardReader:
    """A reader by its maker's library."""
    reader = LibraryReader(library=library, port=port)
    return NamedCardReader(key=f"{library} {port}", name=name or Path(library).name, reader=reader)


def bridge_reader(url: str, token_file: Path, name: str = "") -> NamedCardReader:
    """A reader behind a local bridge. Raises ValueError for an address that is not on this machine."""
    reader = BridgeReader(endpoint=read_endpoint(url), token_file=token_file)
    return NamedCardReader(key=url, name=name or url, reader=reader)


def read_row(row: Any) -> NamedCardReader | None:
    """A reader as config.toml names it, None where any part of it is not understood."""
    if not isinstance(row, dict) or not isinstance(row.get("name", ""), str):
        return None
    name, library, bridge = row.get("name", ""), row.get("library"), row.get("bridge")
    if isinstance(library, str) and library and not row.keys() - _LIBRARY_KEYS:
        port = row.get("port", USB_PORT)
        is_port = isinstance(port, int) and not isinstance(port, bool) and port in _PORTS
        return library_reader(library, port, name) if is_port else None
    token = row.get("token_file")
    if isinstance(bridge, str) and isinstance(token, str) and token and not row.keys() - _BRIDGE_KEYS:
        try:
            return bridge_reader(bridge, Path(token), name)
        except ValueError:
            return None
    return None
