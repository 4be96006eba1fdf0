"""网页服务: uvicorn around the public pages.

Rules kept here: no access log, for an address is a token; no server name; the address of the citizen is taken from a
proxy only where the proxy is trusted.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from types import TracebackType

import uvicorn
from starlette.types import ASGIApp

_BACKLOG = 512
_MOST_AT_ONCE = 512
_LONGEST_HEAD = 16 * 1024
_LAST_WORDS_S = 3


class WebServer:
    """The pages beside something else (``serve --web-port``): a thread that ends with ``close``.

    Use as a context manager, or ``start`` and ``close``.
    """

    def __init__(
        self, app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0, trusted_proxies: tuple[str, ...] = ("127.0.0.1",)
    ) -> None:
        """Take the port; 0 for any free one. Raises OSError when it is taken."""
        self._socket = _listen(host, port)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self._server = _Server(_config(app, trusted_proxies))
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="web", daemon=True)

    @property
    def url(self) -> str:
        """Where the pages are, without a slash at the end."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    def start(self) -> None:
        """Serve from now on; returns when the first page can be asked for."""
        self._thread.start()
        self._server.ready.wait()

    def close(self) -> None:
        """Let running answers end, then stop."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def __enter__(self) -> WebServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve_web(
    app: ASGIApp, *, host: str = "127.0.0.1", port: int, trusted_proxies: tuple[str, ...] = ("127.0.0.1",)
) -> None:
    """Serve until SIGINT or SIGTERM (``yichuang-server web``); running answers end first.

    SIGINT returns; SIGTERM then takes its usual course, which ends the process unless the caller handles it.
    Raises OSError when the port is taken.
    """
    with _listen(host, port) as listening, contextlib.suppress(KeyboardInterrupt):
        _Server(_config(app, trusted_proxies)).run([listening])


class _Server(uvicorn.Server):
    """Says when it is ready, or that it will never be."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()


def _config(app: ASGIApp, trusted_proxies: tuple[str, ...]) -> uvicorn.Config:
    # Below, uvicorn only takes the handlers away: a program that gives the logger one would log tokens.
    logging.getLogger("uvicorn.access").disabled = True
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=_LAST_WORDS_S,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)
