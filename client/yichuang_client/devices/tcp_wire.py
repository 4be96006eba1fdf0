"""网络线路: raw bytes to a printer's port (9100, "JetDirect")."""

from __future__ import annotations

import contextlib
import errno
import socket
from types import TracebackType
from urllib.parse import urlsplit

from yichuang_client.devices.errors import DeviceError, Trouble

RAW_PORT = 9100
CONNECT_SECONDS = 4.0
WRITE_SECONDS = 1.0
_SCHEMES = ("tcp", "socket")
_PIECE = 1 << 16


def read_tcp_address(address: str) -> tuple[str, int]:
    """Host and port of tcp://host[:9100]; raises DeviceError(BAD_SETTING) for any other."""
    parts = urlsplit(address)
    with contextlib.suppress(ValueError):
        if parts.scheme in _SCHEMES and parts.hostname and parts.port != 0 and parts.path in ("", "/"):
            return parts.hostname, parts.port or RAW_PORT
    raise DeviceError(Trouble.BAD_SETTING, "printer address")


class TCPWire:
    """A connection to a printer's raw port."""

    def __init__(self, address: str) -> None:
        """Connect. Raises DeviceError: BAD_SETTING for the address, OFFLINE when nobody answers."""
        try:
            self._socket = socket.create_connection(read_tcp_address(address), timeout=CONNECT_SECONDS)
        except OSError as error:
            raise DeviceError(Trouble.OFFLINE, type(error).__name__) from error
        self._is_broken = False

    def __enter__(self) -> TCPWire:
        """The wire itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say that all is sent, and wait until the printer has it: a plain close may drop the last bytes."""
        with contextlib.suppress(OSError):
            if kind is None:
                self._socket.shutdown(socket.SHUT_WR)
                self._socket.settimeout(WRITE_SECONDS)
                while self._socket.recv(256):
                    pass
        self._socket.close()

    def write(self, data: bytes | memoryview) -> int:
        """As `Wire.write`."""
        self._socket.settimeout(WRITE_SECONDS)
        try:
            return self._socket.send(data[:_PIECE])
        except TimeoutError:
            return 0
        except OSError as error:
            raise _broken(error) from error

    def read(self, count: int, seconds: float) -> bytes:
        """As `Wire.read`."""
        self._socket.settimeout(seconds)
        got = b""
        try:
            while len(got) < count and (more := self._socket.recv(count - len(got))):
                got += more
        except TimeoutError:
            pass
        except OSError as error:
            raise _broken(error) from error
        return got

    def port_troubles(self) -> tuple[Trouble, ...]:
        """A network line tells nothing."""
        return ()


def _broken(error: OSError) -> DeviceError:
    is_gone = error.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH)
    return DeviceError(Trouble.OFFLINE if is_gone else Trouble.COMMUNICATION, type(error).__name__)
