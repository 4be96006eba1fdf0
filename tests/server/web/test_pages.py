"""The pages over HTTP: what they say, what they never say, what every answer carries."""

from __future__ import annotations

import contextlib
import http.client
import logging
import re
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import httpx
import pytest

from tests.server.web.conftest import Serve
from tests.server.web.views import AWAY, IN_REVIEW, KNOWN, Views
from yichuang_server.web import WebServer, digest
from yichuang_server.web.armour import HEADERS
from yichuang_server.web.public import (
    DueDate,
    DueKind,
    MatterView,
    Situation,
    Stage,
    StageKey,
    StageState,
    TrackingView,
)

MADE_UP = "A" * 22
MALFORMED = (
    "",
    "x",
    "A" * 21,
    "A" * 4000,
    "../../etc/passwd",
    "a/b/c",
    "%00",
    "%ff%fe",
    "'; DROP TABLE case_state; --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    KNOWN + "A",
    KNOWN.lower(),
    KNOWN + "/",
    "回执",
)


def get(site: WebServer, path: str, **more: object) -> httpx.Response:
    return httpx.get(site.url + path, trust_env=False, **more)  # type: ignore[arg-type]


def raw(site: WebServer, target: str) -> tuple[int, dict[str, str], bytes]:
    """Ask for exactly this target: httpx would tidy it up first."""
    connection = http.client.HTTPConnection(site.host, site.port)
    with contextlib.closing(connection):
        connection.request("GET", target)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def test_tracking_page_says_stages_times_section_and_due_date(site: WebServer) -> None:
    page = get(site, f"/q/{KNOWN}")
    assert page.status_code == 200
    at = [page.text.index(f">{name} <") for name in ("收件", "受理", "审查", "决定", "出件")]
    assert at == sorted(at)
    for expected in (
        "已受理，正在审查",
        "2026年11月24日 周二 10:26",
        "2026年11月30日 周一 09:05 起",
        "2027年1月6日 周三",
        "暂定",
        "暂按现行放假规则推算，以放假通知公布后为准。",
        "区市场监管局",
        "食品经营许可（新办）",
        "017K",
        "南湖区政务服务",
    ):
        assert expected in page.text
    assert page.text.count('aria-current="step"') == 1


def test_english_on_request_only(site: WebServer) -> None:
    english = get(site, f"/q/{KNOWN}?lang=en")
    assert english.headers["content-language"] == "en"
    assert "In review" in english.text and "provisional" in english.text
    assert "Wed 6 January 2027" in english.text
    assert "正在审查" not in english.text
    for other in ("", "?lang=zh", "?lang=de", "?lang=", "?lang=en&lang=zh"):
        assert "正在审查" in get(site, f"/q/{KNOWN}{other}").text


def test_a_training_districts_pages_say_practice_and_a_real_ones_do_not(serve: Serve, site: WebServer) -> None:
    practice = serve(is_training=True)
    for path in ("/", f"/q/{KNOWN}", f"/v/{KNOWN}", "/q/unknown", "/nothing"):
        assert get(practice, path).text.count("练习") == 3
        assert "练习" not in get(site, path).text


def test_unknown_and_malformed_tokens_get_the_same_bytes(site: WebServer) -> None:
    first = get(site, f"/q/{MADE_UP}")
    assert first.status_code == 200
    assert "回执刚开出，窗口还没联网；凭此回执有效" in first.text
    headers = {name: value for name, value in first.headers.items() if name != "date"}
    for way in ("q", "v"):
        for token in (MADE_UP, "B" * 22, *MALFORMED):
            status, answered, content = raw(site, f"/{way}/{quote(token, safe='/%.')}")
            assert (status, content) == (200, first.content), token
            assert {n: v for n, v in answered.items() if n != "date"} == headers, token


def test_a_token_that_becomes_known_shows_its_case(site: WebServer, views: Views) -> None:
    assert "凭此回执有效" in get(site, f"/q/{MADE_UP}").text
    views.put(MADE_UP, IN_REVIEW)
    assert "正在审查" in get(site, f"/q/{MADE_UP}").text


def test_token_is_looked_up_by_digest_and_stands_in_no_page(site: WebServer, views: Views) -> None:
    for path in (f"/q/{KNOWN}", f"/v/{KNOWN}", f"/q/{MADE_UP}"):
        page = get(site, path)
        assert KNOWN not in page.text and MADE_UP not in page.text
    assert views.asked == [digest(KNOWN), digest(KNOWN), digest(MADE_UP)]


def test_verify_page_is_minimal(site: WebServer) -> None:
    page = get(site, f"/v/{KNOWN}")
    assert page.status_code == 200
    assert "区里有这一件的记录" in page.text and "017K" in page.text and "区市场监管局" in page.text
    assert "2026年11月24日 周二 10:26" in page.text
    assert "2027年1月6日" not in page.text and "办到哪一步了" not in page.text


def test_sensitive_item_and_section_read_district(site: WebServer, views: Views) -> None:
    views.put(MADE_UP, replace(IN_REVIEW, item=None, section_alias=None, number_tail=None))
    page = get(site, f"/q/{MADE_UP}")
    assert "区里事项" in page.text and ">区里<" in page.text and "编号" not in page.text


@pytest.mark.parametrize("situation", Situation)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_situation_has_a_page(site: WebServer, views: Views, situation: Situation, language: str) -> None:
    stages = IN_REVIEW.stages
    if situation in (Situation.DECLINED, Situation.WITHDRAWN):
        stages = (stages[0], Stage(key=StageKey.ACCEPT, state=StageState.STOPPED, time=stages[1].time))
    dues = tuple(DueDate(kind=kind, on=date(2026, 12, 1)) for kind in DueKind)
    views.put(MADE_UP, TrackingView(situation=situation, stages=stages, dues=dues))
    for way in ("q", "v"):
        page = get(site, f"/{way}/{MADE_UP}?lang={language}")
        assert page.status_code == 200
        assert "凭此回执有效" not in page.text


def test_deferred_material_asks_the_citizen(site: WebServer, views: Views) -> None:
    views.put(MADE_UP, replace(IN_REVIEW, dues=(DueDate(kind=DueKind.DEFERRED, on=date(2026, 12, 1)),)))
    page = get(site, f"/q/{MADE_UP}").text
    assert "请您补交材料" in page and "您现在不用做什么" not in page


@pytest.mark.parametrize(
    "method,path,status",
    [
        ("GET", "/", 200),
        ("GET", f"/q/{KNOWN}", 200),
        ("GET", f"/v/{MADE_UP}", 200),
        ("GET", "/healthz", 200),
        ("GET", "/robots.txt", 200),
        ("GET", "/style.css", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/q", 404),
        ("POST", f"/q/{KNOWN}", 405),
        ("DELETE", "/", 405),
        ("OPTIONS", "/", 405),
    ],
)
def test_every_answer_is_armoured(site: WebServer, method: str, path: str, status: int) -> None:
    answer = httpx.request(method, site.url + path, trust_env=False)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "no-referrer"
    assert "server" not in answer.headers and "set-cookie" not in answer.headers


def test_head_gives_the_headers_of_get(site: WebServer) -> None:
    for path in ("/", f"/q/{KNOWN}", f"/q/{MADE_UP}", f"/v/{KNOWN}", "/style.css", "/healthz"):
        head, full = httpx.head(site.url + path, trust_env=False), get(site, path)
        assert head.status_code == full.status_code and head.content == b""
        assert head.headers["content-length"] == full.headers["content-length"]


def test_pages_load_nothing_but_their_style(site: WebServer) -> None:
    for path in ("/", f"/q/{KNOWN}", f"/q/{MADE_UP}", f"/v/{KNOWN}", "/nowhere"):
        html = get(site, path).text
        assert set(re.findall(r'(?:src|href|action|poster|data)="([^"]*)"', html)) <= {"/style.css", "/", "?lang=en"}
        assert not re.search(r"<(script|img|iframe|form|object|base)\b|\bon[a-z]+=|\bstyle=", html)
        assert '<meta name="robots" content="noindex, nofollow">' in html
    assert not re.search(r"url\(|@import", get(site, "/style.css").text)


def test_records_that_cannot_be_read_are_said_so(
    site: WebServer, views: Views, caplog: pytest.LogCaptureFixture
) -> None:
    views.fails = AWAY
    with caplog.at_level(logging.DEBUG):
        for path in (f"/q/{KNOWN}", f"/v/{KNOWN}", "/healthz"):
            answer = get(site, path)
            assert answer.status_code == 503 and "回执一直有效" in answer.text
            assert answer.headers["retry-after"] == "60"
            assert answer.headers["cache-control"] == "no-store"
    assert not [r for r in caplog.records if KNOWN in r.getMessage() and not r.name.startswith("http")]


def test_even_a_fault_of_the_program_gets_a_sentence(site: WebServer, views: Views) -> None:
    views.fails = ZeroDivisionError("secret detail")
    answer = get(site, f"/q/{KNOWN}")
    assert answer.status_code == 503 and "暂时查不到进度" in answer.text and "secret" not in answer.text
    assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_address_stands_in_no_log(site: WebServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        get(site, f"/q/{KNOWN}")
    ours = [r for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    assert not [r for r in ours if KNOWN in r.getMessage()]


def of_matter(*situations: Situation, name: str | None = "开旅馆一件事") -> MatterView:
    """A matter whose cases stand in these situations."""
    done = Stage(key=StageKey.RECEIVE, state=StageState.DONE)
    rest = tuple(Stage(key=key, state=StageState.FUTURE) for key in list(StageKey)[2:])
    here = Stage(key=StageKey.ACCEPT, state=StageState.CURRENT)
    cases = tuple(
        TrackingView(
            situation=situation,
            stages=(done, here, *rest),
            item=f"事项{n}",
            section_alias="区里某局",
            number_tail=f"00{n}X",
        )
        for n, situation in enumerate(situations, 1)
    )
    return MatterView(cases=cases, name=name, number_tail="009K")


@pytest.mark.parametrize(
    ("situations", "headline"),
    [
        ((Situation.UNDER_REVIEW, Situation.READY_TO_ISSUE), "正在办理，2件中已办好1件"),
        ((Situation.SUPPLEMENT_ASKED, Situation.UNDER_REVIEW), "有材料要您补交"),
        ((Situation.READY_TO_ISSUE, Situation.READY_TO_ISSUE), "全部办好，可以领取了"),
        ((Situation.READY_TO_ISSUE, Situation.WITHDRAWN), "全部办好，可以领取了"),
        ((Situation.CONCLUDED, Situation.CONCLUDED), "这件事已办结"),
    ],
)
def test_one_page_tells_where_every_case_of_a_matter_stands(
    site: WebServer, views: Views, situations: tuple[Situation, ...], headline: str
) -> None:
    views.put(MADE_UP, of_matter(*situations))
    page = get(site, f"/q/{MADE_UP}")
    assert page.status_code == 200 and f"<span>{headline}</span>" in page.text
    assert all(word in page.text for word in ("事项1", "事项2", "001X", "002X", "开旅馆一件事", "009K", "2件"))
    assert ("这件已办好，等其他件" in page.text) == (
        set(situations) == {Situation.UNDER_REVIEW, Situation.READY_TO_ISSUE}
    )
    english = get(site, f"/q/{MADE_UP}?lang=en").text
    assert "Handled together" in english and headline not in english


def test_a_matter_without_a_name_says_nothing_of_it_and_its_papers_can_be_checked(
    site: WebServer, views: Views
) -> None:
    views.put(MADE_UP, of_matter(Situation.UNDER_REVIEW, Situation.UNDER_REVIEW, name=None))
    assert "开旅馆" not in get(site, f"/q/{MADE_UP}").text
    checked = get(site, f"/v/{MADE_UP}").text
    assert all(word in checked for word in ("区里有这一件的记录", "009K", "001X · 002X"))
