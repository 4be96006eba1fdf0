"""The sync page: the same number everywhere, the truth about each hop, a next step for each row, answers in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any, cast

import pytest

from tests.support.counter import APPLICANT, WORDS, Immediate, Shown, Waiting, a_desk, at_counter, steps, whole
from tests.support.desk import TUESDAY, open_store
from yichuang_client.actions import deciding, receiving
from yichuang_client.config import DataFolder
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.frame import frame_model, gather
from yichuang_client.presenters.models.common import Mark, Tone
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.models.sync import SyncAct, SyncModel
from yichuang_client.presenters.sync import ANSWER_MS, SyncPresenter
from yichuang_client.presenters.sync_carry import PLACE
from yichuang_client.presenters.sync_reading import RowState
from yichuang_client.presenters.sync_rows import DELIVERED_HEAD
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.exchange_values import DeedResult, Outcome
from yichuang_client.store.store import Store
from yichuang_client.sync.desk_session import DeskSession
from yichuang_client.sync.errors import TransportReason
from yichuang_client.sync.mirror import Mirror
from yichuang_client.sync.sessions import Sessions
from yichuang_client.sync.status import Line, SyncStatus
from yichuang_domain.actions import Accept, Action, Receive
from yichuang_domain.errors import Reason
from yichuang_domain.ids import DeedId

FOOD = "食品经营许可（新办）"
NOW = TUESDAY + timedelta(minutes=24)


class Road:
    """The sync loop of a test: its status is what the test says, a try ends how the test says."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = DataFolder(root=folder)
        self.sessions = Sessions()
        self.status = SyncStatus(line=Line.STARTING, since=TUESDAY)
        self.woken = 0
        self.answer: Callable[[], None] = lambda: None
        self.mirror = Mirror(store, lambda: NOW, lambda: None)
        self.events: SimpleQueue[object] = SimpleQueue()

    @property
    def sync(self) -> Road:
        """As ``DeskSession.sync``."""
        return self

    def wake(self) -> None:
        """As ``SyncLoop.wake``."""
        self.woken += 1
        self.answer()

    def now(self, line: Line, **changes: Any) -> None:
        """The line is so; the numbers are the store's."""
        waiting = self.store.waiting()
        self.status = SyncStatus(
            line=line,
            since=TUESDAY,
            unsent=waiting.deeds,
            pages_to_send=waiting.pages,
            oldest_time=waiting.oldest_time,
            receipt_time=waiting.receipt_time,
            is_complete=True,
            is_forked=self.store.is_forked,
            **changes,
        )


class Clock(Immediate):
    """A later that counts the milliseconds that it was asked to wait."""

    def __init__(self) -> None:
        self.waited = 0
        self.during: Callable[[int], None] = lambda _waited: None

    def after(self, milliseconds: int, call: Callable[[], None]) -> Callable[[], None]:
        """As ``Later.after``, without the wait."""
        self.waited += milliseconds
        self.during(self.waited)
        call()
        return lambda: None


class Page:
    """The sync page of one counter."""

    def __init__(self, folder: Path, background: Waiting | None = None) -> None:
        self.store = open_store(folder)
        self.road = Road(self.store, folder)
        self.clock = Clock()
        desk = a_desk(self.store, now=lambda: NOW, background=background)
        self.desk: Desk = replace(desk, session=cast(DeskSession, self.road), later=self.clock)
        self.view = Shown()
        self.presenter = SyncPresenter(self.view, self.desk, lambda: NOW)
        self.work = at_counter(self.store)

    @property
    def model(self) -> SyncModel:
        """What is shown."""
        model: SyncModel = self.view.last
        return model

    def cells(self, key: str) -> list[str]:
        """What a row says."""
        row = next(row for row in self.model.table.rows if row.key == key)
        return [WORDS.say(cell) for cell in row.cells]

    @property
    def keys(self) -> list[str]:
        """The rows in their order."""
        return [row.key for row in self.model.table.rows]

    @property
    def headline(self) -> str:
        """The number."""
        return WORDS.say(self.model.headline)

    @property
    def hops(self) -> list[tuple[str, Mark]]:
        """What each hop says."""
        return [(WORDS.say(hop.state), hop.mark) for hop in self.model.hops]

    @property
    def facts(self) -> dict[str, str]:
        """Label to value."""
        return {WORDS.say(fact.label): WORDS.say(fact.value) for fact in self.model.facts}

    @property
    def says(self) -> str:
        """The bar's sentence."""
        sentence = self.model.bar.sentence
        return "｜".join(WORDS.say(part) for part in (sentence.lead, sentence.subject, sentence.hint) if part != "")

    def acts(self) -> list[str]:
        """What can be pressed."""
        return [act.id for act in self.model.bar.acts if act.is_enabled]

    def take_in(self, *, accept: bool = False) -> str:
        """A case taken in at this counter; returns the key of its row."""
        case = receiving.receive(self.work, whole(self.work, FOOD))
        if accept:
            deciding.accept(self.work, case)
        deed = next(row for row in self.store.outbox.list() if row.deed.acts[0].case == case.case)
        return f"{deed.deed.deed}:{case.case}"

    def answer(self, key: str, outcome: Outcome, reason: str = "", moment: datetime = NOW) -> None:
        """The district's answer to the deed of a row."""
        deed = DeedId(key.partition(":")[0])
        self.store.outbox.answer(DeedResult(deed=deed, outcome=outcome, reason=reason), moment)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    made = Page(tmp_path)
    yield made
    made.store.close()


def test_nothing_to_send_says_so(page: Page) -> None:
    page.road.now(Line.ONLINE, exchange_time=NOW)
    page.presenter.open()
    assert page.headline == "全部已到区里"
    assert page.keys == [] and WORDS.say(page.model.table.empty) == "今天还没有办件。"
    assert [mark for _, mark in page.hops] == [Mark.OK, Mark.OK, Mark.OK]


def test_without_a_line_the_number_is_the_frames_and_what_lies_behind_is_unknown(page: Page) -> None:
    key = page.take_in(accept=True)
    page.road.now(Line.OFFLINE, problem=TransportReason.OFFLINE, next_try_time=NOW + timedelta(seconds=50))
    page.presenter.open()
    seen = gather(page.desk.work(), page.desk.session)
    frame = frame_model(seen, NOW, ScreenName.SYNC)
    sync_place = next(place for place in frame.nav if place.screen is ScreenName.SYNC)
    assert frame.unsent is not None
    numbers = {sync_place.count, page.road.status.unsent}
    assert numbers == {2} and page.headline == "有 2 件还没到区里" and "2" in WORDS.say(frame.unsent.text)
    assert "断电也不会丢" in WORDS.say(page.model.safe)
    assert page.hops == [("已存 2 件", Mark.OK), ("10:26 起不通", Mark.MISSING), ("连不到，未知", Mark.UNKNOWN)]
    assert page.model.hops[2].tone is Tone.NEUTRAL
    assert page.facts == {
        "从何时": "10:26 起，24 分钟",
        "为什么": "连不上区里",
        "最早一件": "10:26 收件",
        "办事人影响": "时限从本机收件时起算",
    }
    assert page.keys == [key], "one row a case"
    assert page.cells(key) == ["收件 +1 步在后", f"{FOOD} · 顾*", "24 分钟", "连不上区里", "自动重试，10:50:50"]
    assert page.model.table.rows[0].chip is not None
    assert WORDS.say(page.model.table.rows[0].chip.text) == "等线路"


def test_a_refusal_comes_first_with_its_reason_and_goes_when_it_was_seen(page: Page) -> None:
    waiting, refused = page.take_in(), page.take_in()
    page.answer(refused, Outcome.REFUSED, Reason.NEEDS_LINE.value)
    page.road.now(Line.OFFLINE, problem=TransportReason.OFFLINE)
    page.presenter.open()
    assert page.keys == [refused, waiting]
    assert page.model.table.selected == refused
    row = page.model.table.rows[0]
    assert row.tone is Tone.DANGER
    reason = WORDS.say(page.model.bar.sentence.hint)
    assert reason == page.cells(refused)[3] == WORDS.key(f"reason.{Reason.NEEDS_LINE.value}")
    assert page.cells(refused)[4] == "Enter 打开看"
    assert SyncAct.PUT_AWAY in page.acts()
    page.presenter.act(SyncAct.DO)
    assert steps(page.desk) == [("case", refused.partition(":")[2])]
    page.presenter.act(SyncAct.PUT_AWAY)
    assert page.keys == [waiting] and page.model.table.selected == waiting
    assert SyncAct.PUT_AWAY not in page.acts()
    page.presenter.act(SyncAct.PUT_AWAY)
    assert page.headline == "有 1 件还没到区里"


def test_delivered_means_a_receipt_and_stands_below_under_its_heading(page: Page) -> None:
    first, second, waiting = page.take_in(), page.take_in(), page.take_in()
    page.answer(first, Outcome.RECORDED, moment=NOW - timedelta(minutes=3))
    page.answer(second, Outcome.RECORDED, moment=NOW - timedelta(minutes=2))
    page.answer(page.take_in(), Outcome.RECORDED, moment=NOW - timedelta(days=1))
    page.road.now(Line.ONLINE, exchange_time=NOW)
    page.presenter.open()
    assert page.keys == [waiting, DELIVERED_HEAD, second, first]
    assert page.cells(second)[3:] == ["区里回执 10:48:00", "—"]
    assert page.cells(DELIVERED_HEAD)[0] == "今天已送达 2 件"
    assert page.model.table.rows[1].is_group and page.model.table.rows[2].is_muted
    assert page.cells(waiting)[4] == "正在送"
    labels = [WORDS.say(one.text) for one in page.model.filters]
    assert labels == ["全部 3", "没送达 1", "要我处理 0", "今天已送达 2"]
    page.presenter.filter("sent")
    assert page.keys == [DELIVERED_HEAD, second, first] and page.model.table.selected == second
    page.presenter.filter("mine")
    assert page.keys == [] and page.model.table.selected is None


def test_a_district_that_says_no_is_no_broken_line(page: Page) -> None:
    key = page.take_in()
    page.road.now(Line.BLOCKED, problem=TransportReason.FOREIGN_DESK)
    page.presenter.open()
    assert page.hops[1:3] == [("通", Mark.OK), ("区里不认识这台电脑", Mark.MISSING)]
    assert page.cells(key)[3] == "区里没有收"
    page.answer(key, Outcome.NOT_YET)
    page.presenter.told(())
    assert page.cells(key)[3:] == ["区里的程序还不认识这一步", "区里升级后自动收"]


def test_a_forked_desk_is_told_to_stop(page: Page) -> None:
    key = page.take_in()
    page.store.meta.keep("forked", "1")
    page.road.now(Line.ONLINE, exchange_time=NOW)
    page.presenter.open()
    assert page.model.safe_tone is Tone.DANGER and "已停用" in WORDS.say(page.model.safe)
    assert page.cells(key)[3:] == ["本机已停用", "按 F9 重新登记后再送"]
    page.presenter.act(SyncAct.RENEW)
    assert page.model.bar.confirm is not None and not page.model.bar.confirm.can_confirm
    page.presenter.type_in(PLACE, "AAAAA-BBBBB")
    assert page.model.bar.confirm.can_confirm


@pytest.mark.parametrize(
    ("skew_ms", "says", "mark"),
    [(400, "和区里一致", Mark.OK), (-3_000, "慢 3 秒", Mark.OK), (360_000, "快 6 分钟", Mark.WARN)],
)
def test_the_clocks_are_compared_once_they_were_measured(page: Page, skew_ms: int, says: str, mark: Mark) -> None:
    page.road.now(Line.ONLINE, exchange_time=NOW)
    page.presenter.open()
    assert len(page.hops) == 3
    page.store.meta.keep("skew_ms", str(skew_ms))
    page.presenter.told(())
    assert page.hops[3] == (says, mark)


def test_a_try_that_gets_through_says_so(page: Page) -> None:
    page.take_in()
    page.road.now(Line.OFFLINE, problem=TransportReason.OFFLINE)
    page.presenter.open()

    def through(waited: int) -> None:
        if waited >= 1000:
            page.road.now(Line.ONLINE, exchange_time=NOW)

    page.clock.during = through
    page.presenter.act(SyncAct.RETRY)
    assert page.road.woken == 1
    assert page.says.startswith("通了") and page.clock.waited == 1000
    assert page.model.progress is None


def test_a_try_that_fails_says_whether_anything_has_changed(page: Page) -> None:
    page.road.now(Line.OFFLINE, problem=TransportReason.OFFLINE)
    page.presenter.open()
    page.road.answer = lambda: page.road.now(Line.OFFLINE, problem=TransportReason.OFFLINE)
    page.presenter.act(SyncAct.RETRY)
    assert page.says == "仍不通，和上次一样。"
    page.road.answer = lambda: page.road.now(Line.BLOCKED, problem=TransportReason.REFUSED)
    page.presenter.act(SyncAct.RETRY)
    assert page.says.startswith("还是不行")
    page.presenter.filter("all")
    assert "还是不行" not in page.says


def test_a_try_without_an_answer_is_answered_after_five_seconds(page: Page) -> None:
    page.road.now(Line.OFFLINE, problem=TransportReason.OFFLINE)
    page.presenter.open()
    shown = len(page.view.models)
    page.presenter.act(SyncAct.RETRY)
    trying = page.view.models[shown]
    assert trying.progress is not None
    assert not next(act for act in trying.bar.acts if act.id == SyncAct.RETRY).is_enabled
    assert page.says.startswith("还没有回音")
    assert page.clock.waited <= ANSWER_MS


def test_the_copied_diagnosis_tells_codes_and_nobodys_data(page: Page) -> None:
    key = page.take_in(accept=True)
    refused = page.take_in()
    page.answer(refused, Outcome.REFUSED, Reason.NEEDS_LINE.value)
    page.road.now(Line.OFFLINE, problem=TransportReason.OFFLINE, detail="UNAVAILABLE")
    page.presenter.open()
    page.presenter.act(SyncAct.COPY_DIAGNOSIS)
    text = page.model.clipboard
    assert page.model.copied == 1 and page.says.startswith("诊断已复制")
    for told in ("0137", "problem: OFFLINE UNAVAILABLE", key[:8], "NEEDS_LINE", Receive.__name__, Accept.__name__):
        assert told in text
    case = page.store.rows.find(page.work.store.outbox.list()[0].deed.acts[0].case)
    assert case is not None
    for datum in (APPLICANT.name, APPLICANT.id_number, APPLICANT.phone, case.number, page.work.person.name):
        assert datum not in text
    assert text not in repr(page.model)


def test_space_says_the_whole_reason_of_a_row(page: Page) -> None:
    key = page.take_in()
    page.road.now(Line.OFFLINE, problem=TransportReason.OFFLINE)
    page.presenter.open()
    assert page.says == "线路通了自动送达，不用您做什么"
    page.presenter.expand(key)
    assert page.says == f"收件 {FOOD} · 顾*｜连不上区里"
    page.presenter.expand(key)
    assert page.says == "线路通了自动送达，不用您做什么"


def test_a_store_that_cannot_be_read_is_said_and_the_old_rows_stay(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    key = page.take_in()
    page.road.now(Line.ONLINE, exchange_time=NOW)
    page.presenter.open()

    def broken(*_: object) -> None:
        raise StoreError(StoreReason.DISK_FAILED)

    monkeypatch.setattr(page.store.outbox, "list", broken)
    page.presenter.told(())
    assert page.model.banner is not None and page.model.banner.tone is Tone.DANGER
    assert page.keys == [key]
    page.presenter.cancel()
    assert steps(page.desk)[-1] == ("back", None)


def test_what_is_told_during_a_reading_is_read_once_more(tmp_path: Path) -> None:
    waiting = Waiting()
    page = Page(tmp_path, waiting)
    page.presenter.open()
    for _ in range(5):
        page.presenter.told(())
    page.take_in()
    page.road.now(Line.OFFLINE)
    readings = len([model for model in page.view.models if model.headline != page.model.headline])
    waiting.go()
    assert page.headline == "有 1 件还没到区里" and readings == 0
    page.store.close()


def test_every_act_has_a_name_and_every_state_a_place() -> None:
    for action in Action.__args__:
        assert WORDS.has(f"sync.act_{action.__name__}"), action
    assert [state.value for state in RowState] == ["NEEDS_YOU", "WAITING", "SENDING", "DELIVERED"]
