"""The way to practice and back: when it is open, and what never opens on the wrong side."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.counter import WORDS, Immediate, Shown
from tests.support.desk import open_store
from yichuang_client.config import read_config
from yichuang_client.presenters.enrolment import EnrolPresenter
from yichuang_client.presenters.sign_in import SignInPresenter
from yichuang_client.presenters.worlds import OtherWorld
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.store import Store
from yichuang_client.store.unlock import Unlock
from yichuang_client.sync.desk_session import DeskSession


def test_the_way_is_shut_while_something_is_unsent_and_opens_by_the_key_alone() -> None:
    view, gone, unsent = Shown(), [], [3, 0]
    other = OtherWorld(is_practice=False, unsent=lambda: unsent.pop(0), go=lambda: gone.append(True))
    screen = SignInPresenter(view, Immediate(), lambda *_: pytest.fail("signed in"), print, other=other)
    screen.open()
    assert WORDS.say(view.last.other) == "练习（综合轮训）"
    screen.change_world()
    assert "3 项没有传到区里" in WORDS.say(view.last.error)
    assert not gone
    screen.change_world()
    assert gone == [True]


def test_an_enrolment_of_practice_leads_back() -> None:
    view, gone = Shown(), []
    other = OtherWorld(is_practice=True, unsent=lambda: pytest.fail("asked"), go=lambda: gone.append(True))
    screen = EnrolPresenter(view, Immediate(), lambda _: pytest.fail("enrolled"), print, other)
    screen.open()
    assert WORDS.say(view.last.other) == "回到正式工作"
    screen.change_world()
    assert gone == [True]


def test_practice_has_a_folder_of_its_own_beside_the_real_one(tmp_path: Path) -> None:
    real, practice = (read_config({}, tmp_path / "desk", is_practice=is_practice) for is_practice in (False, True))
    assert (real.data.root, real.real) == (tmp_path / "desk", None)
    assert practice.data.root == tmp_path / "desk-practice"
    assert practice.real == real.data


def test_a_real_desks_folder_does_not_open_as_practice(tmp_path: Path) -> None:
    folder = read_config({}, tmp_path / "desk").data
    unlock = Unlock(folder)
    store = Store.open(folder, unlock.create())
    with_desk = open_store(tmp_path / "other")
    store.desk_store.keep(with_desk.desk)
    store.close()
    with_desk.close()
    session = DeskSession(replace(folder, is_practice=True), lambda: datetime.now(UTC))
    with pytest.raises(StoreError) as refused:
        _ = session.state
    assert refused.value.reason is StoreReason.OTHER_WORLD
