"""Choosing a password: rules in words, on line only, and the old one opens nothing afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.counter import WORDS, Immediate, Shown, Waiting
from yichuang_client.presenters.models.common import Mark
from yichuang_client.presenters.models.session import PasswordModel
from yichuang_client.presenters.password import SHORTEST, PasswordPresenter
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_server.config import PasswordPolicy

OLD, NEW = "Juzi-Shui-1", "Pingguo-Zhi-2"


class Screen:
    """The screen of one person."""

    def __init__(self, answer: Exception | None = None, background: Waiting | None = None) -> None:
        self.asked: list[tuple[str, str]] = []
        self.done: list[str] = []
        self.answer = answer
        self.view = Shown()
        self.presenter = PasswordPresenter(
            self.view, background or Immediate(), self._change, self._note("done"), self._note("left")
        )
        self.presenter.open("limin")

    def _note(self, what: str) -> Callable[[], None]:
        return lambda: self.done.append(what)

    def _change(self, old: str, new: str) -> None:
        self.asked.append((old, new))
        if self.answer is not None:
            raise self.answer

    @property
    def model(self) -> PasswordModel:
        """What is shown."""
        model: PasswordModel = self.view.last
        return model

    @property
    def marks(self) -> list[Mark | None]:
        """The rules' marks."""
        return [rule.mark for rule in self.model.rules]


def test_the_rules_are_those_of_the_district() -> None:
    assert PasswordPolicy().shortest == SHORTEST


@pytest.mark.parametrize(
    ("typed", "marks"),
    [
        (("", "", ""), [Mark.NEXT_STEP, Mark.NEXT_STEP, Mark.NEXT_STEP]),
        ((OLD, "short", ""), [Mark.MISSING, Mark.OK, Mark.NEXT_STEP]),
        ((OLD, OLD, OLD), [Mark.OK, Mark.MISSING, Mark.OK]),
        ((OLD, "limin-2026-x", "limin"), [Mark.OK, Mark.MISSING, Mark.MISSING]),
        ((OLD, NEW, NEW), [Mark.OK, Mark.OK, Mark.OK]),
    ],
)
def test_each_rule_is_marked_while_it_is_typed(typed: tuple[str, str, str], marks: list[Mark]) -> None:
    screen = Screen()
    screen.presenter.type_in(*typed)
    assert screen.marks == marks
    assert screen.model.can_change is (typed == (OLD, NEW, NEW))
    screen.presenter.change(*typed)
    assert screen.asked == ([(OLD, NEW)] if screen.done else [])


def test_a_changed_password_goes_on_to_the_work_and_stays_in_no_model() -> None:
    screen = Screen()
    screen.presenter.change(OLD, NEW, NEW)
    assert screen.asked == [(OLD, NEW)] and screen.done == ["done"]
    assert not screen.model.can_change
    for password in (OLD, NEW):
        assert password not in repr(screen.view.models)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (TransportError(TransportReason.WRONG_LOGIN), "现在的密码不对"),
        (TransportError(TransportReason.WEAK_PASSWORD), "太容易猜"),
        (TransportError(TransportReason.WEAK_PASSWORD, detail="SHORT 14"), "至少 14 位"),
        (TransportError(TransportReason.WEAK_PASSWORD, detail="KINDS 3"), "要用 3 种"),
        (TransportError(TransportReason.WEAK_PASSWORD, detail="BANNED 0"), "禁用的词"),
        (TransportError(TransportReason.WEAK_PASSWORD, detail="FORMER 5"), "最近 5 个"),
        (TransportError(TransportReason.OFFLINE), "离线，改不了密码"),
        (TransportError(TransportReason.NO_SESSION), "请重新联网登录"),
        (TransportError(TransportReason.LOCKED, seconds=8), "请等 8 秒"),
        (StoreError(StoreReason.DISK_FULL), "区里已经改好。本机没改上：磁盘满了"),
    ],
)
def test_each_no_is_one_sentence_and_what_was_typed_stays(error: Exception, says: str) -> None:
    screen = Screen(error)
    before = screen.model.clear_secrets
    screen.presenter.change(OLD, NEW, NEW)
    assert says in WORDS.say(screen.model.error)
    assert screen.model.clear_secrets == before and screen.model.is_enabled and screen.model.can_change
    assert screen.done == []


def test_without_a_line_nothing_can_be_typed_and_it_says_so() -> None:
    screen = Screen()
    screen.presenter.open("limin", is_online=False)
    assert not screen.model.is_enabled
    assert "离线" in WORDS.say(screen.model.note)
    screen.presenter.change(OLD, NEW, NEW)
    assert screen.asked == []


def test_who_must_choose_can_only_choose_or_sign_out() -> None:
    screen = Screen()
    screen.presenter.open("limin", is_forced=True)
    assert WORDS.say(screen.model.note).startswith("这个密码是机器给的")
    assert WORDS.say(screen.model.leave) == "退出登录"
    screen.presenter.cancel()
    assert screen.done == ["left"]


def test_nothing_can_be_pressed_while_the_district_is_asked() -> None:
    waiting = Waiting()
    screen = Screen(background=waiting)
    screen.presenter.change(OLD, NEW, NEW)
    assert screen.model.progress is not None and not screen.model.is_enabled
    screen.presenter.change(OLD, NEW, NEW)
    screen.presenter.cancel()
    waiting.go()
    assert screen.asked == [(OLD, NEW)] and screen.done == ["done"]
