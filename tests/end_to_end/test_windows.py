"""The client's first hour through its real windows: a wrong slip, enrolment, a wrong password, sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end import windows
from tests.support.district import RunningDistrict


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
        desktop.wait("screen", name="home")
        assert "Traceback" not in desktop.noise


def test_a_wrong_fingerprint_sends_nothing_and_keeps_what_was_typed(district: RunningDistrict, tmp_path: Path) -> None:
    with windows.opened(tmp_path / "desk") as desktop:
        windows.fill_slip(desktop, district, district.code("lianfeng"), "00" * 32)
        assert desktop.wait("error shown")["reason"].startswith("FOREIGN_CERTIFICATE")
