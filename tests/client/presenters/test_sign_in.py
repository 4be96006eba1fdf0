"""Enrolment and sign-in: who can sit down here, what the door says, the second factor of a real district; bad input."""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from tests.client.sync.seats import PASSWORD, Seat, now
from tests.support.counter import WORDS, Immediate, Shown, Waiting, both
from tests.support.desk import REVIEWER, TUESDAY
from tests.support.district import RunningDistrict
from yichuang_client.presenters.enrolment import EnrolPresenter
from yichuang_client.presenters.models.session import SignInModel
from yichuang_client.presenters.sign_in import SHOWN_PEOPLE, SignInPresenter
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.sync.desk_session import SignedIn
from yichuang_client.sync.door import Door, SignInError, SignInReason, Visitor
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.status import Line
from yichuang_domain.organisation import Role

ZHOU = SignedIn(person=REVIEWER, lease="l", lease_ends=TUESDAY, is_online=True, login="zhouhang")
OFFICE = ("凤桥镇便民服务中心", "0137")


class Screen:
    """The sign-in screen of one desk."""

    def __init__(
        self, *answers: SignedIn | Exception, door: Door | StoreError | None = None, background: Waiting | None = None
    ) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.came: list[SignedIn] = []
        self._answers = iter(answers)
        self._door = door or Door(office=OFFICE)
        self.view = Shown()
        self.presenter = SignInPresenter(
            self.view, background or Immediate(), self._sign_in, self.came.append, self._read, lambda: TUESDAY
        )
        self.presenter.open()

    def _sign_in(self, account: str, password: str, code: str) -> SignedIn:
        self.asked.append((account, password, code))
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _read(self) -> Door:
        if isinstance(self._door, StoreError):
            raise self._door
        return self._door

    @property
    def model(self) -> SignInModel:
        """What is shown."""
        model: SignInModel = self.view.last
        return model

    @property
    def says(self) -> str:
        """The sentence."""
        return WORDS.say(self.model.error)

    @property
    def note(self) -> str:
        """The quiet line."""
        return WORDS.say(self.model.note)


def visitor(login: str, name: str, days: float | None = None) -> Visitor:
    """Somebody with a slot whose lease ends in so many days."""
    return Visitor(login=login, name=name, lease_ends=None if days is None else TUESDAY + timedelta(days=days))


def test_the_door_names_office_people_and_what_to_know() -> None:
    people = (visitor("limin", "李敏", 2.5), visitor("wuhao", "吴昊", 9))
    screen = Screen(door=Door(office=OFFICE, people=people, line=Line.OFFLINE))
    assert WORDS.say(screen.model.office) == "凤桥镇便民服务中心 · 0137"
    assert [(person.key, person.text) for person in screen.model.people] == [("limin", "李敏"), ("wuhao", "吴昊")]
    assert "离线" in WORDS.say(screen.model.line.text)
    assert screen.note == ""
    screen.presenter.choose_account(" LiMin")
    assert screen.note == "离线登录到 11-26 22:26 为止，之前请连一次网。"
    screen.presenter.choose_account("wuhao")
    assert screen.note == ""


def test_a_machine_without_a_protected_place_and_a_first_sign_in_are_said() -> None:
    screen = Screen(door=Door(is_first=True, is_protected=False))
    assert screen.note == "这台电脑第一次登录要连着网。这台电脑没有受保护的钥匙库，请管好硬盘。"


def test_no_more_people_than_find_room_and_a_lost_secret_is_said() -> None:
    many = tuple(visitor(f"p{n}", f"某{n}") for n in range(12))
    assert len(Screen(door=Door(people=many)).model.people) == SHOWN_PEOPLE
    assert Screen(door=StoreError(StoreReason.SECRET_LOST)).says.startswith("这台电脑的钥匙不见了")


def test_only_the_six_digits_are_typed_when_the_district_asks_for_them() -> None:
    asks = TransportError(TransportReason.SECOND_FACTOR)
    screen = Screen(asks, asks, ZHOU)
    before = screen.model
    screen.presenter.sign_in("zhouhang", PASSWORD, "")
    assert screen.model.needs_code and screen.says == ""
    assert WORDS.say(screen.model.code_note) == "密码对了，请输 6 位数字"
    assert screen.model.clear_secrets == before.clear_secrets
    assert screen.model.clear_code == before.clear_code + 1
    screen.presenter.sign_in("zhouhang", PASSWORD, " 000000 ")
    assert "用过了" in screen.says and screen.model.clear_code == before.clear_code + 2
    screen.presenter.sign_in("zhouhang", PASSWORD, "123456")
    assert screen.came == [ZHOU]
    assert [code for _, _, code in screen.asked] == ["", "000000", "123456"]
    assert not screen.model.needs_code and screen.model.clear_secrets == before.clear_secrets + 1
    assert PASSWORD not in repr(screen.view.models)


def test_another_person_is_not_asked_for_the_first_ones_code() -> None:
    screen = Screen(TransportError(TransportReason.SECOND_FACTOR), ZHOU)
    screen.presenter.sign_in("zhouhang", PASSWORD, "")
    screen.presenter.choose_account("limin")
    assert not screen.model.needs_code
    screen.presenter.sign_in("limin", PASSWORD, "999999")
    assert screen.asked[-1] == ("limin", PASSWORD, "")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (SignInError(SignInReason.NEEDS_COLLEAGUE, ("李敏", "吴昊")), "请先让李敏、吴昊登录"),
        (SignInError(SignInReason.NEEDS_COLLEAGUE), "请登录过的同事先登录"),
        (SignInError(SignInReason.PASSWORD_CHANGED), "改过的请输新密码"),
        (SignInError(SignInReason.LEASE_EXPIRED), "离线期限到了"),
        (SignInError(SignInReason.CLOCK_BEHIND), "电脑时间不对"),
        (StoreError(StoreReason.WRONG_PASSWORD), "在别处改过密码的，这里先输旧的"),
        (StoreError(StoreReason.WRONG_PASSWORD, seconds=15), "请等 15 秒再输"),
        (StoreError(StoreReason.LOCKED_FOR, seconds=9), "请等 9 秒再输"),
        (TransportError(TransportReason.LOCKED, seconds=4), "请等 4 秒再试"),
        (RuntimeError("/home/x"), "没办成"),
    ],
)
def test_each_no_is_one_sentence_and_the_secrets_are_emptied(error: Exception, says: str) -> None:
    screen = Screen(error)
    before = screen.model.clear_secrets
    screen.presenter.sign_in("limin", "falsch", "")
    assert says in screen.says
    assert screen.model.clear_secrets == before + 1
    assert screen.model.is_enabled and screen.model.account == "limin" and screen.came == []


def test_one_sign_in_at_a_time_and_none_where_nobody_can_work() -> None:
    waiting = Waiting()
    screen = Screen(ZHOU, background=waiting)
    waiting.go()
    screen.presenter.sign_in("limin", "", "")
    screen.presenter.sign_in("limin", PASSWORD, "")
    screen.presenter.sign_in("limin", PASSWORD, "")
    waiting.go()
    assert len(screen.asked) == 1
    screen.presenter.stop(StoreError(StoreReason.NEWER_DATABASE))
    screen.presenter.sign_in("limin", PASSWORD, "")
    assert len(screen.asked) == 1 and "新版程序" in screen.says


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDistrict]:
    """A district that asks deciders for the second factor."""
    running = RunningDistrict(tmp_path_factory.mktemp("district") / "data", items=False)
    running.start()
    yield running
    running.stop()


class RealScreen(Screen):
    """The sign-in screen of a desk of a real district."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.presenter = SignInPresenter(
            self.view, Immediate(), seat.session.sign_in, self.came.append, seat.session.door
        )
        self.presenter.open()


def code_at(district: RunningDistrict, login: str, moment: datetime) -> str:
    """The one-time password of a moment."""
    return pyotp.TOTP(district.secret(login)["totp_secret"]).at(moment)


def test_a_reviewer_signs_in_at_the_sections_desk_with_both_factors(district: RunningDistrict, tmp_path: Path) -> None:
    seat = Seat(tmp_path / "desk", district)
    seat.enrol("hall", "market")
    password = district.secret("zhoujing")["password"]
    screen = RealScreen(seat)
    assert "第一次登录" in screen.note
    screen.presenter.sign_in("zhoujing", password, "")
    assert screen.model.needs_code and screen.came == []
    right = code_at(district, "zhoujing", now())
    others = {code_at(district, "zhoujing", now() + timedelta(seconds=30 * step)) for step in (-1, 0, 1, 2)}
    wrong = next(code for code in map("{:06}".format, itertools.count()) if code not in others)
    screen.presenter.sign_in("zhoujing", password, wrong)
    assert "动态码不对" in screen.says
    screen.presenter.sign_in("zhoujing", password, right)
    (signed_in,) = screen.came
    assert signed_in.has_second_factor and signed_in.is_online and not signed_in.must_change_password
    assert signed_in.person.roles == {Role.REVIEWER}
    end = time.monotonic() + 20
    while seat.session.store.people.district is None and time.monotonic() < end:
        seat.session.sync.events.get(timeout=20)
    again = RealScreen(seat)
    assert WORDS.say(again.model.office) == f"市场准入科 · {seat.session.store.desk.replica}"
    assert [person.text for person in again.model.people] == ["周静"]
    again.presenter.sign_in("zhoujing", password, "")
    again.presenter.sign_in("zhoujing", password, right)
    assert "用过了" in again.says, "a one-time password is used once"
    seat.session.close()


def test_a_new_clerk_must_choose_a_password_before_the_work(district: RunningDistrict, tmp_path: Path) -> None:
    member = tmp_path / "new.json"
    member.write_text(
        '{"login":"xinren","person":{"$":"Person","name":"新人","person":"1999","place":"fengqiao","roles":["CLERK"]}}'
    )
    given = district.run("people", "add", str(member))
    seat = Seat(tmp_path / "desk", district)
    seat.enrol("fengqiao")
    screen = RealScreen(seat)
    screen.presenter.sign_in("xinren", given["password"], "")
    (signed_in,) = screen.came
    assert signed_in.must_change_password
    with pytest.raises(StoreError) as unchosen:
        seat.session.check_password(signed_in, given["password"])
    assert unchosen.value.reason is StoreReason.NO_SLOT
    seat.session.change_password(signed_in, given["password"], PASSWORD)
    seat.session.check_password(signed_in, PASSWORD)
    seat.session.close()
    locked = Seat(tmp_path / "desk", district)
    screen = RealScreen(locked)
    screen.presenter.sign_in("wuminmin", PASSWORD, "")
    assert screen.says == "这台电脑锁着，您没在这里登录过。请先让新人登录。"
    screen.presenter.sign_in("xinren", PASSWORD, "")
    assert len(screen.came) == 1
    locked.session.close()


_LET_THE_LAST_CODE_EXPIRE = """
    UPDATE enrolment_code SET not_after = '2026-01-01T00:00:00.000Z'
    WHERE rowid = (SELECT max(rowid) FROM enrolment_code)
"""


class Enrolling:
    """The slip's three lines, typed at a fresh machine."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._view = seat, Shown()
        self.enrolled = 0
        self._screen = EnrolPresenter(self._view, Immediate(), seat.session.enrol, self._done)
        self._screen.open()

    def _done(self) -> None:
        self.enrolled += 1

    def type(self, code: str, *, port: int = 0, fingerprint: str = "") -> tuple[str, str]:
        """Type and press Enter; the sentence, after a look at what stands in the fields."""
        slip = self._seat.slip(code)
        typed = {
            "address": f"127.0.0.1:{port or slip.port}",
            "code": code,
            "fingerprint": fingerprint or slip.root_fingerprint,
        }
        for key, text in typed.items():
            self._screen.type_in(key, text)
        self._screen.enrol()
        model = self._view.last
        assert {key: getattr(model, key).text for key in typed} == typed
        return both(model.error)


def test_a_slip_that_does_not_work(district: RunningDistrict, tmp_path: Path) -> None:
    seat, code, old = Seat(tmp_path / "desk", district), district.code("fengqiao"), district.code("fengqiao")
    with sqlite3.connect(district.folder / "district.sqlite") as connection:
        connection.execute(_LET_THE_LAST_CODE_EXPIRE)
    screen = Enrolling(seat)
    assert screen.type(code, fingerprint="00" * 32) == (
        "对方不是登记单上的区里，什么都没发出。请核对地址和指纹。",
        "Whoever answers is not the district of the slip; nothing was sent. Check address and fingerprint.",
    )
    assert screen.type(code, port=1) == (
        "连不上区里。核对地址和网线，再按 Enter。",
        "No answer from the district. Check the address and the cable, press Enter.",
    )
    assert screen.type("AAAAA-BBBBB") == (
        "登记码不对。请照登记单再输一次。",
        "The code is wrong. Type it again from the slip.",
    )
    assert screen.type(old) == (
        "登记码过期了。请向区里再要一张登记单。",
        "The code has expired. Ask the district for another slip.",
    )
    assert screen.type(code) == ("", "") and screen.enrolled == 1
    assert Enrolling(Seat(tmp_path / "other", district)).type(code) == (
        "登记码用过了。请向区里再要一张登记单。",
        "The code was used. Ask the district for another slip.",
    )
    seat.session.close()


def test_a_wrong_password(district: RunningDistrict, tmp_path: Path) -> None:
    seat, came, view = Seat(tmp_path / "desk", district), [], Shown()
    seat.enrol("fengqiao")
    screen = SignInPresenter(view, Immediate(), seat.session.sign_in, came.append, seat.session.door, now)
    screen.open()
    screen.sign_in("wuminmin", PASSWORD, "")
    assert both(view.last.error) == (
        "姓名或密码不对。数据都在，请再输一次。",
        "Name or password is wrong. All data is safe; try again.",
    )
    assert view.last.account == "wuminmin" and view.last.is_enabled
    screen.sign_in("wuminmin", district.secret("wuminmin")["password"], "")
    assert len(came) == 1
    seat.session.close()
