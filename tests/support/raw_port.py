"""端口 9100: a listener on loopback that takes a printer's bytes, answers as told, or hangs up."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable


class RawPort:
    """打印机端口; use it in a ``with``."""

    def __init__(self, answer: Callable[[bytes], bytes] = lambda data: b"", *, hang_up_after: int = 0) -> None:
        """``answer`` gets each piece as it comes; ``hang_up_after``: close after so many bytes."""
        self._answer = answer
        self._hang_up_after = hang_up_after
        self.got = bytearray()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> RawPort:
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line:
                line.settimeout(5)
                while data := line.recv(1 << 16):
                    self.got += data
                    if self._hang_up_after and len(self.got) >= self._hang_up_after:
                        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                        break
                    line.sendall(self._answer(data))
