"""Serving: ports, ends, and a process of its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.server.web.views import Views
from yichuang_server.web import WebServer, create_app

ROOT = Path(__file__).parents[3]
PROCESS = """
import sys
from tests.server.web.views import Views
from yichuang_server.web import create_app, serve_web
serve_web(create_app(Views(), district_name="南湖区"), port=int(sys.argv[1]))
"""


def test_a_taken_port_is_said_at_once(views: Views) -> None:
    app = create_app(views, district_name="南湖区")
    with WebServer(app) as first, pytest.raises(OSError, match="in use"):
        WebServer(app, port=first.port)


def test_the_port_is_free_after_the_end(views: Views) -> None:
    app = create_app(views, district_name="南湖区")
    with WebServer(app) as first:
        assert httpx.get(first.url + "/healthz", trust_env=False).text == "ok\n"
    with WebServer(app, port=first.port) as again:
        assert httpx.get(again.url + "/healthz", trust_env=False).status_code == 200


def test_a_server_that_never_started_closes(views: Views) -> None:
    WebServer(create_app(views, district_name="南湖区")).close()


def test_ipv6(views: Views) -> None:
    with WebServer(create_app(views, district_name="南湖区"), host="::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert httpx.get(server.url + "/healthz", trust_env=False).status_code == 200


@pytest.mark.parametrize("name,code", [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_process_of_its_own_ends_by_signal(name: signal.Signals, code: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", PROCESS, str(port)], cwd=ROOT)
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
            assert client.get(f"http://127.0.0.1:{port}/").status_code == 200
        process.send_signal(name)
        assert process.wait(timeout=30) == code
    finally:
        process.kill()
        process.wait()
