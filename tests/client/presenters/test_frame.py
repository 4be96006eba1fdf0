"""The frame: places by role, numbers that are read once, the line, and the one banner that matters most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.support.counter import WORDS, at_counter, whole
from tests.support.desk import CLERK, REVIEWER, SECTION, TUESDAY, at_work, open_store
from yichuang_client.actions import deciding, receiving
from yichuang_client.presenters.frame import Seen, frame_model, gather, home_model
from yichuang_client.presenters.models.common import Chip, Tone
from yichuang_client.presenters.models.session import DeviceLine, ScreenName, ShellModel
from yichuang_client.store.desk import DeskKind
from yichuang_client.store.people import LeaseState
from yichuang_client.sync.desk_session import DeskSession
from yichuang_client.sync.errors import TransportReason
from yichuang_client.sync.status import Line, SyncStatus
from yichuang_client.ui.icons import NAV
from yichuang_domain.organisation import Person, Role

ONLINE = SyncStatus(line=Line.ONLINE, since=TUESDAY, is_complete=True)
OFFLINE = SyncStatus(line=Line.OFFLINE, since=TUESDAY, is_complete=True)
FOOD = "食品经营许可（新办）"


def a_session(status: SyncStatus) -> DeskSession:
    """A session whose loop says this."""
    return cast(DeskSession, SimpleNamespace(sync=SimpleNamespace(status=status)))


def seen(person: Person = CLERK, kind: DeskKind = DeskKind.COUNTER, **changes: Any) -> Seen:
    """Plain values for the frame."""
    plain = Seen(
        office=("凤桥镇便民服务中心", "0137"),
        person=person,
        kind=kind,
        status=ONLINE,
        counts={},
        refused=0,
        items=40,
        has_session=True,
        lease_ends=TUESDAY + timedelta(days=14),
        lease_state=LeaseState.VALID,
        skew=timedelta(0),
    )
    return replace(plain, **changes)


def frame(shown: Seen, now: datetime = TUESDAY) -> ShellModel:
    """The frame of these values."""
    return frame_model(shown, now, ScreenName.DEVICES)


def said(chip: Chip) -> str:
    """The words of a chip."""
    return WORDS.say(chip.text)


def places(model: ShellModel) -> list[tuple[str, str, int]]:
    """Words, key and number of each place."""
    return [(WORDS.say(place.label), place.key, place.count) for place in model.nav]


def test_a_counter_has_its_lists_with_the_numbers_of_the_store(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    work = at_counter(store)
    for accept in (False, False, True):
        case = receiving.receive(work, whole(work, FOOD))
        if accept:
            deciding.accept(work, case)
    status = replace(OFFLINE, unsent=store.outbox.unsent())
    read = gather(work, a_session(status))
    model = frame_model(read, TUESDAY, ScreenName.CASES)
    assert places(model) == [
        ("受理", "F2", 0),
        ("我的办件", "2", 2),
        ("待补正", "3", 0),
        ("待出件", "4", 0),
        ("查询", "5", 0),
        ("班次", "6", 0),
        ("同步", "7", 4),
        ("设备", "8", 0),
    ]
    assert WORDS.say(model.office) == "凤桥镇便民服务中心 · 0137"
    assert WORDS.say(model.person) == "李敏（窗口）"
    assert model.unsent is not None and said(model.unsent) == "4 件未到区里"
    assert (model.active, model.is_slim, read.first_place) == (ScreenName.CASES, False, ScreenName.INTAKE)
    store.close()


def test_a_section_has_the_slim_rail_and_its_queue(tmp_path: Path) -> None:
    store = open_store(tmp_path, replica="0201", section=SECTION.section)
    read = gather(at_work(store, REVIEWER), a_session(ONLINE))
    model = frame(read)
    assert [label for label, _, _ in places(model)] == ["审批", "签收", "查询", "同步", "设备"]
    assert WORDS.say(model.office) == f"{SECTION.name} · 0201"
    assert WORDS.say(model.person) == "周航（审核）"
    assert model.is_slim and model.unsent is None and read.first_place is ScreenName.REVIEW
    store.close()


@pytest.mark.parametrize(
    ("person", "kind"),
    [
        (replace(CLERK, roles=frozenset({Role.SYSTEM_ADMINISTRATOR})), DeskKind.COUNTER),
        (replace(CLERK, roles=frozenset({Role.KEEPER})), DeskKind.SECTION),
        (REVIEWER, DeskKind.COUNTER),
        (CLERK, DeskKind.SECTION),
    ],
)
def test_whose_role_has_nothing_to_do_here_sees_sync_and_devices_and_is_told(person: Person, kind: DeskKind) -> None:
    shown = seen(person, kind)
    assert [place.screen for place in frame(shown).nav] == [ScreenName.SYNC, ScreenName.DEVICES]
    assert shown.first_place is ScreenName.HOME
    assert WORDS.say(home_model(shown).title) == "您在这台电脑上没有要办的事"


def test_every_place_has_its_glyph_and_words() -> None:
    for shown in (seen(), seen(REVIEWER, DeskKind.SECTION)):
        assert {place.icon for place in frame(shown).nav} <= NAV.keys()
    for role in Role:
        assert WORDS.has(f"shell.role_{role.name}")


@pytest.mark.parametrize(
    ("status", "has_session", "words", "tone"),
    [
        (ONLINE, True, "在线", Tone.SUCCESS),
        (ONLINE, False, "在线，办决定要重新登录", Tone.WARNING),
        (OFFLINE, False, "离线 24 分钟", Tone.DANGER),
        (replace(OFFLINE, line=Line.BLOCKED), False, "要您处理", Tone.DANGER),
        (replace(OFFLINE, line=Line.STARTING), False, "正在连区里", Tone.NEUTRAL),
    ],
)
def test_the_line_is_said_with_its_time(status: SyncStatus, has_session: bool, words: str, tone: Tone) -> None:
    model = frame(seen(status=status, has_session=has_session), TUESDAY + timedelta(minutes=24))
    assert (said(model.online), model.online.tone) == (words, tone)


@pytest.mark.parametrize(
    ("change", "kind", "words", "is_solid"),
    [
        (lambda s: replace(s, status=replace(ONLINE, is_forked=True), refused=2), "forked", "旧盘", True),
        (lambda s: replace(s, lease_state=LeaseState.CLOCK_BEHIND), "clock", "请校时", True),
        (lambda s: replace(s, lease_state=LeaseState.EXPIRED, has_session=False), "lease", "离线期限到了", True),
        (lambda s: replace(s, skew=timedelta(minutes=7)), "clock", "快了 7 分钟", False),
        (lambda s: replace(s, skew=timedelta(minutes=-7, seconds=-1)), "clock", "慢了 7 分钟", False),
        (lambda s: replace(s, refused=2), "refused", "有 2 件区里没有记上", False),
        (
            lambda s: replace(s, status=OFFLINE, lease_ends=TUESDAY + timedelta(days=2)),
            "lease",
            "11-26 10:26 为止",
            False,
        ),
        (
            lambda s: replace(s, status=replace(OFFLINE, line=Line.BLOCKED, problem=TransportReason.REVOKED)),
            "blocked",
            "已被区里停用",
            False,
        ),
    ],
)
def test_what_must_be_read_first_stands_above_every_screen(
    change: Callable[[Seen], Seen], kind: str, words: str, is_solid: bool
) -> None:
    banner = frame(change(seen())).banner
    assert banner is not None
    assert (banner.kind, banner.is_solid) == (kind, is_solid)
    assert words in WORDS.say(banner.text)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s,
        lambda s: replace(s, lease_ends=TUESDAY + timedelta(days=2)),
        lambda s: replace(s, status=OFFLINE),
        lambda s: replace(s, skew=timedelta(minutes=4)),
        lambda s: replace(s, lease_ends=None),
    ],
)
def test_an_ordinary_day_has_no_banner(change: Callable[[Seen], Seen]) -> None:
    assert frame(change(seen())).banner is None


def test_the_sync_page_says_itself_what_was_refused() -> None:
    assert frame_model(seen(refused=2), TUESDAY, ScreenName.SYNC).banner is None


def test_devices_are_shown_as_they_are_given() -> None:
    line = DeviceLine(label="打印机", state="缺纸", tone=Tone.WARNING)
    assert frame_model(seen(), TUESDAY, ScreenName.SYNC, (line,)).devices == (line,)


def test_the_first_page_says_whether_the_catalogue_is_on_its_way() -> None:
    coming = home_model(seen(items=0, status=replace(ONLINE, is_complete=False)))
    assert coming.progress is not None and WORDS.say(coming.title) == "事项目录正在下载"
    assert WORDS.say(home_model(seen()).lines[0]) == "目录里有 40 项。"
