"""The rate limit: alone, and in front of the pages."""

from __future__ import annotations

import httpx
import pytest

from tests.server.web.conftest import Serve
from tests.server.web.views import KNOWN, Views
from yichuang_server.web import throttle
from yichuang_server.web.armour import HEADERS
from yichuang_server.web.throttle import Rate, Throttle


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    limit = Throttle(Rate(burst=3, per_second=0.5), clock)
    assert [limit.wait("192.0.2.1") for _ in range(4)] == [0, 0, 0, 2]
    assert limit.wait("192.0.2.2") == 0
    clock.seconds = 1.9
    assert limit.wait("192.0.2.1") == 1
    clock.seconds = 2.0
    assert [limit.wait("192.0.2.1"), limit.wait("192.0.2.1")] == [0, 2]
    clock.seconds = 1000.0
    assert [limit.wait("192.0.2.1") for _ in range(4)] == [0, 0, 0, 2]


def test_a_network_of_ipv6_is_one_address() -> None:
    limit = Throttle(Rate(burst=2), Clock())
    assert [limit.wait(f"2001:db8:0:1::{n}") for n in range(3)] == [0, 0, 1]
    assert limit.wait("2001:db8:0:2::1") == 0
    assert [limit.wait("::ffff:192.0.2.9"), limit.wait("192.0.2.9"), limit.wait("192.0.2.9")] == [0, 0, 1]
    assert limit.wait("not an address") == 0


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST_ADDRESSES", 100)
    limit = Throttle(Rate(burst=1), Clock())
    for n in range(1000):
        limit.wait(f"10.0.{n // 256}.{n % 256}")
    assert len(limit) == 100
    assert limit.wait("10.0.3.231") == 1, "the newest are kept"


def test_pages_answer_429_with_a_sentence(serve: Serve, views: Views) -> None:
    clock = Clock()
    site = serve(Rate(burst=3, per_second=1), clock)
    with httpx.Client(base_url=site.url, trust_env=False) as client:
        assert [client.get(f"/q/{KNOWN}").status_code for _ in range(3)] == [200, 200, 200]
        asked = len(views.asked)
        refused = client.get(f"/q/{KNOWN}")
        assert refused.status_code == 429 and refused.headers["retry-after"] == "1"
        assert "查得太快了" in refused.text and "请等一分钟再查" in refused.text
        assert all(refused.headers[name] == value for name, value in HEADERS.items())
        assert len(views.asked) == asked, "a refused request reads nothing"
        assert "Too many requests" in client.get("/?lang=en").text
        assert client.get("/style.css").status_code == 200
        clock.seconds = 1.0
        assert client.get(f"/q/{KNOWN}").status_code == 200


def test_citizens_behind_a_trusted_proxy_have_buckets_of_their_own(serve: Serve) -> None:
    site = serve(Rate(burst=1))
    with httpx.Client(base_url=site.url, trust_env=False) as client:
        codes = [
            client.get("/", headers={"X-Forwarded-For": address}).status_code
            for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2")
        ]
    assert codes == [200, 429, 200]
