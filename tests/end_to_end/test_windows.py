"""The client's first hour through its real windows: a wrong slip, enrolment, a wrong password, sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end import windows
from tests.support.district import RunningDistrict
from yichuang_client.config import DataFolder
from yichuang_client.store.database import encrypted
from yichuang_client.store.store import Store
from yichuang_client.store.unlock import Unlock


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDistrict]:
    running = RunningDistrict(tmp_path_factory.mktemp("house") / "district")
    running.start()
    yield running
    running.stop()


def test_a_machine_becomes_a_desk_and_a_clerk_signs_in(district: RunningDistrict, tmp_path: Path) -> None:
    with windows.opened(tmp_path / "desk") as desktop:
        windows.enrol(desktop, district, "lianfeng")
        windows.type_login(desktop, "yaolan", "not the password")
        assert desktop.wait("error shown")["reason"].startswith("WRONG_LOGIN")
        for key, field in (("shift+Tab", "sign_in.account"), ("Tab", "sign_in.password")):
            desktop.key(key)
            desktop.wait("focus", field=field)
        desktop.type(district.secret("yaolan")["password"])
        desktop.key("Return")
        assert desktop.wait("signed in")["online"] is True
        desktop.now("screen", name="intake")
        assert "Traceback" not in desktop.noise


def test_keys_close_behind_the_choice_of_an_item_stay_on_its_form(district: RunningDistrict, tmp_path: Path) -> None:
    with windows.opened(tmp_path / "desk") as desktop:
        windows.enrol(desktop, district, "lianfeng")
        windows.sign_in(desktop, "yaolan", district.secret("yaolan")["password"])
        desktop.now("catalogue arrived")
        desktop.at("intake.search")
        desktop.type("spjyxk")
        desktop.wait("hits shown")
        desktop.settle()
        desktop.mark()
        desktop.burst(30, "Return", "Tab", "space")
        desktop.wait("item chosen")
        assert desktop.wait("answered")["question"] == "place"


def test_a_wrong_fingerprint_sends_nothing_and_keeps_what_was_typed(district: RunningDistrict, tmp_path: Path) -> None:
    with windows.opened(tmp_path / "desk") as desktop:
        windows.fill_slip(desktop, district, district.code("lianfeng"), "00" * 32)
        assert desktop.wait("error shown")["reason"].startswith("FOREIGN_CERTIFICATE")


def test_a_revoked_desk_loses_its_keys_and_says_so(district: RunningDistrict, tmp_path: Path) -> None:
    with windows.opened(tmp_path / "desk") as desktop:
        windows.enrol(desktop, district, "lianfeng")
        windows.sign_in(desktop, "yaolan", district.secret("yaolan")["password"])
        (enrolled,) = desktop.seen("enrolled")
        district.run("device", "revoke", enrolled["replica"])
        desktop.wait("shut out", timeout=60)
        assert desktop.wait("error shown")["reason"].startswith("REVOKED")
        desktop.wait("screen", name="sign_in")
    assert not (tmp_path / "desk" / "slots.json").exists()


def test_a_database_newer_than_the_program_says_so(district: RunningDistrict, tmp_path: Path) -> None:
    folder = DataFolder(root=tmp_path / "desk")
    keys = Unlock(folder).create()
    Store.open(folder, keys).close()
    connection = encrypted(keys.database)(folder.database)
    connection.execute("PRAGMA user_version = 9999")
    connection.execute("UPDATE schema_info SET oldest_program = 9999")
    connection.close()
    with windows.opened(folder.root) as desktop:
        assert desktop.wait("error shown")["reason"].startswith("NEWER_DATABASE")
        desktop.wait("screen", name="sign_in")
        assert "Traceback" not in desktop.noise
