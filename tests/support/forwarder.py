"""中转: a line between a program and a printer that notes when the first byte came."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from urllib.parse import urlsplit


class Forwarder:
    """Passes all on to an ipp:// address; use it in a ``with``."""

    def __init__(self, uri: str, secret: ssl.SSLContext | None = None) -> None:
        """Nothing is opened yet; ``secret``: speak TLS to the program."""
        self._target = urlsplit(uri)
        self._secret = secret
        self._server = socket.create_server(("127.0.0.1", 0))
        self.uri = f"ipp{'s' if secret else ''}://127.0.0.1:{self._server.getsockname()[1]}{self._target.path}"
        self.first: float | None = None
        """``time.perf_counter`` of the first byte since this was last None."""

    def __enter__(self) -> Forwarder:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            try:
                near = self._secret.wrap_socket(near, server_side=True) if self._secret else near
                far = socket.create_connection((self._target.hostname or "", self._target.port or 631))
            except OSError:  # the program did not like the certificate, or the printer is gone
                near.close()
                continue
            threading.Thread(target=self._copy, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._copy, args=(far, near, False), daemon=True).start()

    def _copy(self, source: socket.socket, target: socket.socket, is_to_printer: bool) -> None:
        try:
            while data := source.recv(1 << 16):
                if is_to_printer and self.first is None:
                    self.first = time.perf_counter()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            source.close()
            target.close()
