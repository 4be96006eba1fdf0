"""The cover: only the person's own password takes it off, with growing waits, and what runs goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.counter import WORDS, Immediate, Shown, Waiting
from tests.support.desk import TUESDAY
from yichuang_client.config import DataFolder
from yichuang_client.presenters.lock import LockPresenter, going_on
from yichuang_client.presenters.models.common import Chip
from yichuang_client.store.device_secret import FileVault
from yichuang_client.store.errors import StoreError
from yichuang_client.store.key_slots import Cost, Keys
from yichuang_client.store.unlock import Unlock

SCANNING = Chip(text="正在扫描")


class Cover:
    """A covered desk: real key slots, a clock of its own."""

    def __init__(self, folder: Path, background: Waiting | Immediate) -> None:
        data = DataFolder(root=folder)
        slots = Unlock(data, cost=Cost(memory_kib=1024, passes=1, lanes=1), vaults=[FileVault(data.secret)])
        self.keys: Keys = slots.create()
        slots.admit("limin", "Juzi-Shui-1", self.keys)
        self.slots = slots
        self.seconds = 1_800_000_000.0
        self.login = "limin"
        self.view = Shown()
        self.done: list[str] = []
        self.presenter = LockPresenter(
            self.view,
            background,
            lambda password: slots.check(self.login, password, self.keys, self.seconds),
            lambda: self.done.append("uncovered"),
            lambda: self.done.append("signed out"),
        )
        self.presenter.open("李敏", TUESDAY, (SCANNING,))

    @property
    def says(self) -> str:
        """The sentence."""
        return WORDS.say(self.view.last.error)


@pytest.fixture
def cover(tmp_path: Path) -> Iterator[Cover]:
    yield Cover(tmp_path, Immediate())


def test_it_says_who_since_when_and_what_runs(cover: Cover) -> None:
    model = cover.view.last
    assert (model.person, WORDS.say(model.since), model.running) == ("李敏", "10:26", (SCANNING,))
    cover.presenter.show_running(())
    assert cover.view.last.running == ()
    assert cover.view.last.person == "李敏"


def test_the_persons_password_takes_it_off_and_stays_in_no_model(cover: Cover) -> None:
    cover.presenter.unlock("Juzi-Shui-1")
    assert cover.done == ["uncovered"]
    assert "Juzi-Shui-1" not in repr(cover.view.models)


def test_wrong_passwords_are_said_and_cost_growing_waits(cover: Cover) -> None:
    before = cover.view.last.clear_secrets
    for _ in range(2):
        cover.presenter.unlock("falsch")
    assert cover.says.startswith("密码不对")
    assert cover.view.last.clear_secrets == before + 2
    cover.presenter.unlock("falsch")
    assert "请等 5 秒再输" in cover.says
    cover.seconds += 1
    cover.presenter.unlock("Juzi-Shui-1")
    assert "请等 4 秒再输" in cover.says
    assert cover.done == []
    cover.seconds += 4
    cover.presenter.unlock("Juzi-Shui-1")
    assert cover.done == ["uncovered"]
    assert cover.view.last.error == "" and cover.view.last.is_enabled


def test_a_person_without_a_slot_is_told_to_sign_in_again(cover: Cover) -> None:
    cover.login = "wuhao"
    cover.presenter.unlock("anything")
    assert "换人登录" in cover.says


def test_another_person_takes_over_while_a_password_is_looked_at(tmp_path: Path) -> None:
    waiting = Waiting()
    cover = Cover(tmp_path, waiting)
    cover.presenter.unlock("Juzi-Shui-1")
    assert not cover.view.last.is_enabled
    cover.presenter.unlock("Juzi-Shui-1")
    cover.presenter.sign_out()
    waiting.go()
    assert cover.done == ["signed out"]


def test_what_nobody_foresaw_is_said_plainly(cover: Cover, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("/secret/path")

    monkeypatch.setattr(cover.slots, "check", broken)
    cover.presenter.unlock("Juzi-Shui-1")
    assert cover.says.startswith("没办成") and "secret" not in cover.says
    with pytest.raises(StoreError):
        cover.slots.open("wuhao", "x", cover.seconds)


def test_it_says_what_goes_on_under_it() -> None:
    assert going_on(is_scanning=False, is_printing=False, unsent=0) == ()
    chips = going_on(is_scanning=True, is_printing=True, unsent=2)
    assert [WORDS.say(chip.text) for chip in chips] == ["正在扫描", "正在打印", "2 件未到区里"]
