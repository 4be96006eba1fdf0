"""One desk of the story: the real client in its window, driven by keys and followed by its trace.

Rules kept here: only what a person can press or type; waiting is for a trace line; every screen that was gone to is
photographed once.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.desktop import Desktop, Display
from tests.support.district import RunningDistrict

_TOO_EARLY_S = 4.0
"""How long a key that came a moment too early is waited for before it is pressed again."""


def client_command(folder: Path, bundle: Path | None = None) -> list[str]:
    """How the client is started: from the source, or the packaged program."""
    program = [str(bundle)] if bundle else [sys.executable, "-m", "yichuang_client"]
    return [*program, "--data", str(folder)]


class WindowDesk:
    """A machine at a counter or in an office."""

    def __init__(
        self,
        folder: Path,
        pictures: Path,
        *,
        environment: Mapping[str, str] | None = None,
        bundle: Path | None = None,
        display: str = "",
    ) -> None:
        """``display``: where windows are shown; empty for a display of its own that nobody sees."""
        self.folder = folder
        self._pictures = pictures
        self._bundle = bundle
        self._environment = dict(environment or {})
        self._own = None if display else Display()
        self._display = display or (self._own.name if self._own else "")
        self.desktop = self._start()

    def _start(self) -> Desktop:
        return Desktop(
            client_command(self.folder, self._bundle),
            display=self._display,
            environment=self._environment,
            is_shared=self._own is None,
        )

    # ---- what a person does -----------------------------------------------------------------------------------

    def key(self, *keys: str) -> None:
        """Press keys."""
        self.desktop.key(*keys)

    def type(self, text: str) -> None:
        """Type into the field that has the focus."""
        self.desktop.type(text)

    def wait(self, event: str, *, timeout: float = 30, **fields: object) -> Mapping[str, Any]:
        """The next such trace line."""
        return self.desktop.wait(event, timeout=timeout, **fields)

    def go(self, key: str, screen: str) -> None:
        """A place of the rail by its key."""
        self.key(key)
        self.wait("screen", name=screen)

    def visit(self, key: str, event: str = "queue shown") -> None:
        """A place by its key, until what it lists stands there."""
        self.desktop.mark()
        self.key(key)
        self.desktop.both(event, "screen")
        self.desktop.settle()

    def to(self, field: str, key: str = "Tab") -> None:
        """Go to a field by Tab (or another key), as somebody without a mouse does."""
        self.desktop.settle()  # a move that is under way must not be taken for the next one
        for _ in range(40):
            if self.desktop.focus == field:
                return
            self.desktop.mark()
            self.key(key)
            self.desktop.wait("focus")
        raise AssertionError(f"{field} cannot be reached by {key}; the focus is at {self.desktop.focus}")

    def until(self, key: str, event: str) -> Mapping[str, Any]:
        """Press a key, and again where nothing follows, as somebody does who was a moment too early."""
        self.desktop.mark()
        for _ in range(3):
            self.key(key)
            try:
                return self.desktop.wait(event, timeout=_TOO_EARLY_S)
            except TimeoutError:
                continue
        return self.wait(event)

    def enter(self, field: str, text: str) -> None:
        """Go to a field and type."""
        self.to(field)
        self.type(text)

    def enrol(self, district: RunningDistrict, place: str, section: str = "") -> str:
        """The slip's three lines. Returns the desk's number."""
        kind = ("--kind", "SECTION", "--section", section) if section else ("--kind", "COUNTER")
        slip = district.run("device", "code", "--place", place, *kind)
        self.wait("screen", name="enrol")
        for field, text in (
            ("address", f"127.0.0.1:{district.ports['enrolment_port']}"),
            ("code", slip["code"]),
            ("fingerprint", slip["root_fingerprint"]),
        ):
            self.desktop.at(f"enrol.{field}")
            self.type(text)
            if field == "fingerprint":
                self.shot("enrol")
            self.key("Return")
        return str(self.wait("enrolled")["replica"])

    def sign_in(self, district: RunningDistrict, login: str) -> None:
        """Name and password, and the six digits where the district asks for them."""
        secret = district.secret(login)
        self.desktop.at("sign_in.account")
        self.type(login)
        self.to("sign_in.password")
        self.type(secret["password"])
        self.shot("sign_in")
        self.desktop.mark()
        self.key("Return")
        if secret["totp_secret"]:
            self.desktop.at("sign_in.code")
            self.type(district.one_time_password(login))
            self.shot("sign_in_code")
            self.key("Return")
        self.desktop.both("signed in", "screen")

    def change_person(self, district: RunningDistrict, login: str) -> None:
        """Cover the screen; another person takes over."""
        self.key("ctrl+l")
        self.wait("screen", name="lock")
        self.shot("lock")
        self.change_person_of_lock(district, login)

    def change_person_of_lock(self, district: RunningDistrict, login: str) -> None:
        """The screen is covered: another person takes over."""
        self.to("lock.sign_out")
        self.key("space")
        self.wait("screen", name="sign_in")
        self.sign_in(district, login)

    def uncover(self, district: RunningDistrict, login: str, screen: str) -> None:
        """Take the cover off: the same person goes on where they were."""
        self.desktop.at("lock.password")
        self.type(district.secret(login)["password"])
        self.desktop.mark()
        self.key("Return")
        self.wait("screen", name=screen)

    def hits(self) -> Mapping[str, Any]:
        """What the item search shows once all that was typed has been looked for."""
        self.wait("hits shown")
        self.desktop.settle()
        return self.desktop.seen("hits shown")[-1]

    def shot(self, name: str) -> Path:
        """A picture of the screen as it is."""
        path = self._pictures / f"{name}.png"
        self.desktop.screenshot(path)
        return path

    # ---- what happens to a machine ----------------------------------------------------------------------------

    def kill(self) -> None:
        """SIGKILL: as a power cut, for the program."""
        self.desktop.kill()

    def close_window(self) -> None:
        """The window's cross: the program ends in order."""
        assert self.desktop.close_window() == 0
        self.desktop.seen("closed")

    def restart(self) -> None:
        """Start the program again on the same data."""
        self.desktop.close()
        self.desktop = self._start()

    def close(self) -> None:
        """Close the window, and the display nobody sees."""
        self.desktop.close()
        if self._own is not None:
            self._own.close()
