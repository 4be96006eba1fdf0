"""A served site over a tracking that a test fills; real uvicorn on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.server.web.views import Views
from yichuang_server.web import WebServer, create_app
from yichuang_server.web.throttle import Rate

Serve = Callable[..., WebServer]


@pytest.fixture
def views() -> Views:
    return Views()


@pytest.fixture
def serve(views: Views) -> Iterator[Serve]:
    """Start a site; it ends with the test."""
    running: list[WebServer] = []

    def start(
        rate: Rate | None = None, now: Callable[[], float] = lambda: 0.0, *, is_training: bool = False
    ) -> WebServer:
        much = rate or Rate(burst=10_000)
        app = create_app(views, district_name="南湖区政务服务", is_training=is_training, rate=much, now=now)
        server = WebServer(app)
        server.start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.close()


@pytest.fixture
def site(serve: Serve) -> WebServer:
    return serve()
