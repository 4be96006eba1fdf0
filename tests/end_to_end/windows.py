"""A desk through its real windows: the client as a process on a display of its own, driven by real X events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.end_to_end.window_desk import client_command
from tests.support.desktop import Desktop, Display
from tests.support.district import RunningDistrict


@contextmanager
def opened(folder: Path, bundle: Path | None = None) -> Iterator[Desktop]:
    """The client's window on a display of its own."""
    display = Display()
    try:
        with Desktop(client_command(folder, bundle), display=display.name) as desktop:
            yield desktop
    finally:
        display.close()


def fill_slip(desktop: Desktop, district: RunningDistrict, code: str, fingerprint: str) -> None:
    """Type three lines and press Enter."""
    for field, text in (
        ("address", f"127.0.0.1:{district.ports['enrolment_port']}"),
        ("code", code),
        ("fingerprint", fingerprint),
    ):
        desktop.wait("focus", field=f"enrol.{field}")
        desktop.type(text)
        desktop.key("Return")


def enrol(desktop: Desktop, district: RunningDistrict, place: str) -> None:
    """Type the slip's three lines and enrol; the sign-in follows."""
    slip = district.run("device", "code", "--place", place)
    fill_slip(desktop, district, slip["code"], slip["root_fingerprint"])


def type_login(desktop: Desktop, login: str, password: str) -> None:
    """Type name and password and press Enter."""
    desktop.wait("focus", field="sign_in.account")
    desktop.type(login)
    desktop.key("Tab")
    desktop.wait("focus", field="sign_in.password")
    desktop.type(password)
    desktop.key("Return")


def sign_in(desktop: Desktop, login: str, password: str) -> None:
    """Type name and password and sign in."""
    type_login(desktop, login, password)
    desktop.both("signed in", "screen")
