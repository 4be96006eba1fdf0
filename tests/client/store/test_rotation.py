"""A new data key: nothing lies under the former one afterwards, and ``kill -9`` at any write loses nothing."""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.client.store.test_keys import NOW, unlock
from tests.support.cases import NOON
from yichuang.escrow import Answer, answer_purpose, seal
from yichuang_client.config import DataFolder
from yichuang_client.store import escrow, files, rotation
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.key_slots import Keys
from yichuang_client.store.store import Store
from yichuang_domain.ids import BlobHash, CaseId

CASE = CaseId("c" * 32)
PAGES = tuple(bytes([number]) * 100_000 for number in range(3))


@pytest.fixture
def desk(tmp_path: Path) -> DataFolder:
    """A desk with two clerks and three pages."""
    folder = DataFolder(root=tmp_path / "desk")
    fresh = unlock(folder)
    keys = fresh.create()
    store = Store.open(folder, keys)
    for page in PAGES:
        store.pages.keep(CASE, page)
    store.meta.keep("kept", "before")
    store.close()
    for login in ("limin", "zhouhang"):
        fresh.admit(login, f"{login}-2026", keys)
    return folder


def rotate(folder: DataFolder) -> Keys:
    """What the command does, with a cheap slot."""
    opened = unlock(folder)
    new = opened.rotate(opened.open("limin", "limin-2026", NOW))
    rotation.finish(folder, new)
    opened.settle("limin", "limin-2026", new, is_escrowed=True)
    return new


def whole(folder: DataFolder, keys: Keys) -> None:
    """Open the desk and look whether everything is there."""
    store = Store.open(folder, keys)
    try:
        for page in PAGES:
            assert store.pages.read(CASE, BlobHash(hashlib.sha256(page).hexdigest())) == page
        assert store.meta.text("kept") == "before"
        assert len(list(folder.pages.glob("*/*"))) == len(PAGES)
    finally:
        store.close()


def test_everything_is_under_the_new_key_and_each_slot_follows(desk: DataFolder) -> None:
    former = unlock(desk).open("limin", "limin-2026", NOW)
    new = rotate(desk)
    assert new.data != former.data and not rotation.opens(desk, former) and rotation.opens(desk, new)
    with pytest.raises(StoreError) as closed:
        Store.open(desk, former)
    assert closed.value.reason is StoreReason.DAMAGED
    whole(desk, Keys(data=new.data))
    assert unlock(desk).open("limin", "limin-2026", NOW) == Keys(data=new.data)
    assert (unlock(desk).behind(new), desk.links.exists()) == (1, True)

    behind = unlock(desk).open("zhouhang", "zhouhang-2026", NOW)
    assert (behind.data, behind.former) == (new.data, (former.data,))
    whole(desk, behind)
    unlock(desk).settle("zhouhang", "zhouhang-2026", behind, is_escrowed=True)
    assert (unlock(desk).behind(new), desk.links.exists()) == (0, False)
    again = rotate(desk)
    assert unlock(desk).open("zhouhang", "zhouhang-2026", NOW).data == again.data


@pytest.mark.parametrize("stride", [5, pytest.param(1, marks=pytest.mark.long)])
def test_a_kill_at_any_write_loses_nothing(desk: DataFolder, tmp_path: Path, stride: int) -> None:
    for step in itertools.count(1, stride):
        copy = DataFolder(root=tmp_path / f"copy{step}")
        shutil.copytree(desk.root, copy.root)
        ended = _killed_at(step, copy)
        for login in ("limin", "zhouhang"):
            whole(copy, unlock(copy).open(login, f"{login}-2026", NOW))
        if ended:
            break
    assert step > 20


def _killed_at(step: int, folder: DataFolder) -> bool:
    """Rotate in a child that dies at its n-th write; whether it came to its end before."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert status in (0, signal.SIGKILL)
        return status == 0
    try:
        count = itertools.count(1)
        for owner, name in ((os, "fsync"), (Path, "replace"), (Path, "unlink"), (files, "sync_folder")):
            setattr(owner, name, _counted(getattr(owner, name), count, step))
        rotate(folder)
        os._exit(0)
    finally:
        os._exit(1)


def _counted(call: Callable[..., Any], count: itertools.count[int], step: int) -> Callable[..., Any]:
    def counted(*given: Any, **named: Any) -> Any:
        if next(count) == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*given, **named)

    return counted


def test_an_escrow_of_before_still_leads_to_the_key_of_now(desk: DataFolder) -> None:
    former = unlock(desk).open("limin", "limin-2026", NOW)
    new = rotate(desk)
    unlock(desk).destroy()
    request = escrow.ask(desk, "330402", "0137", NOON)
    sealed = seal(bytes.fromhex(request.key), former.data, answer_purpose(request)).hex()
    found = escrow.answered(desk, Answer(request=request, sealed=("00", sealed)))
    assert found.data == new.data
    whole(desk, found)
    unlock(desk).recover("limin", "limin-2027", found)
    assert unlock(desk).open("limin", "limin-2027", NOW).data == new.data
