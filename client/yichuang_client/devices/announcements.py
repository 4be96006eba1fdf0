"""网络公告: scanners and printers that tell of themselves on the network (DNS-SD over multicast DNS, RFC 6762, 6763).

Rules kept here: this desk only listens and asks, it announces nothing; whatever is announced is a stranger's word, so
it is cleaned, counted and never used before a person has chosen it; one device that announces itself in several ways
(with and without encryption) stands once.
"""

from __future__ import annotations

import contextlib
import enum
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yichuang_client.devices.errors import DeviceError
from yichuang_client.devices.escl_client import read_address

if TYPE_CHECKING:  # loaded when somebody listens: it brings an event loop
    from zeroconf import ServiceInfo, ServiceStateChange, Zeroconf

LISTEN_SECONDS = 1.6
"""After so long everything that is awake has answered; a later answer is shown when it comes."""
_RESOLVE_MILLISECONDS = 1500
_MOST = 200
_MOST_NAME = 60


class Service(enum.Enum):
    """公告类别: what a service is, the better way to the same device first (ipps is not spoken here yet)."""

    SECRET_SCANNER = "_uscans._tcp.local."
    SCANNER = "_uscan._tcp.local."
    PRINTER = "_ipp._tcp.local."
    SECRET_PRINTER = "_ipps._tcp.local."
    RAW_PRINTER = "_pdl-datastream._tcp.local."

    @property
    def is_scanner(self) -> bool:
        """Whether it scans."""
        return self in (Service.SCANNER, Service.SECRET_SCANNER)


@dataclass(frozen=True, kw_only=True)
class Announced:
    """公告的设备: one device as it told of itself."""

    service: Service
    instance: str
    """The name of its announcement, without the kind."""
    key: str
    """Stable when the address changes."""
    name: str
    """Maker and model."""
    address: str
    """http(s)://… of a scanner, ipp(s)://… or socket://… of a printer."""


class Announcements:
    """Listens from its start to its end; safe to use from any thread."""

    def __init__(self, *, interfaces: Sequence[str] | None = None) -> None:
        """``interfaces``: addresses of the interfaces to listen on, None: all of them."""
        self._interfaces = interfaces
        self._lock = threading.Lock()
        self._found: dict[tuple[Service, str], Announced] = {}
        self._zeroconf: Zeroconf | None = None
        self._since = 0.0
        self._changed: Callable[[], None] | None = None
        self.is_deaf = False
        """Whether this machine has no network on which anything could be heard."""

    def start(self) -> None:
        """Listen; a second start changes nothing."""
        since = time.monotonic()
        from zeroconf import InterfaceChoice, IPVersion, ServiceBrowser, Zeroconf

        with self._lock:
            if self._zeroconf is not None:
                return
            self._since = since
            try:
                where = InterfaceChoice.All if self._interfaces is None else list(self._interfaces)
                running = Zeroconf(interfaces=where, ip_version=IPVersion.V4Only)
            except (OSError, RuntimeError):
                self.is_deaf = True
                return
            self.is_deaf, self._zeroconf = False, running
        ServiceBrowser(running, [service.value for service in Service], handlers=[self._told])

    def wait(self, seconds: float = LISTEN_SECONDS) -> None:
        """Return when so much time has passed since the start; at once when it is past, or nothing can be heard."""
        rest = self._since + seconds - time.monotonic()
        if self._zeroconf is not None and rest > 0:
            threading.Event().wait(rest)

    def now(self) -> tuple[Announced, ...]:
        """Every device that is announced now, each once, by name."""
        with self._lock:
            found = list(self._found.values())
        best: dict[tuple[bool, str], Announced] = {}
        for row in sorted(found, key=lambda row: list(Service).index(row.service)):
            best.setdefault((row.service.is_scanner, row.key), row)
        return tuple(sorted(best.values(), key=lambda row: (not row.service.is_scanner, row.name, row.address)))

    def on_change(self, changed: Callable[[], None] | None) -> None:
        """Call this, from another thread, whenever a device appears or vanishes."""
        self._changed = changed

    def close(self) -> None:
        """Stop listening."""
        with self._lock:
            running, self._zeroconf, self._changed = self._zeroconf, None, None
            self._found.clear()
        if running is not None:
            running.close()

    def _told(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        """What the library calls, on its own thread."""
        service = Service(service_type)
        if state_change.name == "Removed":
            self._put(service, name, None)
            return
        info = None
        with contextlib.suppress(Exception):  # the library's errors for a stranger's odd words are many
            info = zeroconf.get_service_info(service_type, name, _RESOLVE_MILLISECONDS)
        found = None if info is None else _read(service, name, info)
        if found is not None:
            self._put(service, name, found)

    def _put(self, service: Service, name: str, found: Announced | None) -> None:
        with self._lock:
            before = self._found.get((service, name))
            if found is None:
                self._found.pop((service, name), None)
            elif len(self._found) < _MOST or before is not None:
                self._found[service, name] = found
            is_new = before != self._found.get((service, name))
        if is_new and (changed := self._changed) is not None:
            changed()


def _read(service: Service, name: str, info: ServiceInfo) -> Announced | None:
    """What an announcement says, None when nothing can be made of it."""
    words = {_clean(key).lower(): _clean(value) for key, value in info.properties.items() if value is not None}
    addresses = info.parsed_scoped_addresses()
    if not addresses or not info.port:
        return None
    host = min(addresses, key=lambda one: (one.startswith(("169.254.", "fe80:")), ":" in one))
    host = f"[{host}]" if ":" in host else host
    instance = _clean(name.removesuffix(f".{service.value}").encode())
    device = words.get("uuid", "").lower().removeprefix("urn:uuid:") or instance
    return _announced(service, instance, device, words, f"{host}:{info.port}")


def _announced(service: Service, instance: str, device: str, words: dict[str, str], place: str) -> Announced | None:
    path = words.get("rs" if service.is_scanner else "rp", "").strip("/")
    heads = {
        Service.SECRET_SCANNER: "https",
        Service.SCANNER: "http",
        Service.SECRET_PRINTER: "ipps",
        Service.PRINTER: "ipp",
        Service.RAW_PRINTER: "socket",
    }
    address = f"{heads[service]}://{place}" + (f"/{path}" if path and service is not Service.RAW_PRINTER else "")
    if service.is_scanner:
        try:
            address = str(read_address(address))
        except DeviceError:
            return None
    elif any(letter <= " " for letter in address):
        return None
    kind = "escl" if service.is_scanner else "printer"
    name = words.get("ty") or words.get("product", "").strip("()") or instance
    return Announced(service=service, instance=instance, key=f"{kind} {device}", name=name, address=address)


def _clean(raw: bytes | None) -> str:
    """A stranger's word: printable, short."""
    text = (raw or b"").decode("utf-8", "replace")
    return "".join(letter for letter in text if letter.isprintable())[:_MOST_NAME].strip()
