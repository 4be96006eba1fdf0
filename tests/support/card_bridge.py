"""测试用读卡桥: a local bridge of ours, no maker's: it behaves as docs/device-guide.md asks, and says whose it is."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.support.cards import NAME, NUMBER

TOKEN = "only-for-tests-0001"
CARD = {
    "name": NAME,
    "sex": "1",
    "born": "1980-01-01",
    "address": "凤桥镇禾清路 1 号",
    "number": NUMBER,
    "issuer": "凤桥镇公安分局",
    "valid_until": "2036-01-01",
}


class CardBridge:
    """A bridge on a port of its own; ``answer`` is what it says next."""

    def __init__(self, folder: Path) -> None:
        self.answer: Any = {"version": 1, "card": CARD}
        self.raw: bytes | None = None
        """Instead of an answer these very bytes."""
        self.holds = threading.Event()
        """Set: answers are let go; a bridge that keeps one waiting clears it."""
        self.holds.set()
        self.asked: list[Any] = []
        self.token_file = folder / "bridge-token"
        self.token_file.write_text(TOKEN + "\n", encoding="ascii")
        self.token_file.chmod(0o600)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> CardBridge:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.holds.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        bridge = self

        class Handler(BaseHTTPRequestHandler):
            server_version = "YichuangTestBridge/1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                bridge.asked.append((self.path, body))
                bridge.holds.wait()
                if bridge.raw is not None:
                    self.wfile.write(bridge.raw)
                    return
                is_known = self.headers["Authorization"] == f"Bearer {TOKEN}"
                said = json.dumps(bridge.answer, ensure_ascii=False).encode()
                self.send_response(200 if is_known else 401)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said if is_known else b"")

            def log_message(self, format: str, *args: object) -> None:
                """A bridge names nobody in a log."""

        return Handler
