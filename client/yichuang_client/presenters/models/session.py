"""Before and around the work: enrolment, sign-in, the lock cover, the frame of the workbench.

Rules kept here: no secret stays in a model (a password travels once, as an argument of an event); office and
person are shown, never a citizen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from yichuang_client.presenters.models.common import Banner, Bar, Chip, Field, Mark, Option, Progress, Text, Tone


@dataclass(frozen=True, kw_only=True)
class EnrolModel:
    """首次登记: the district's address, the one-time code and the root's fingerprint, all from the printed slip."""

    address: Field
    code: Field
    fingerprint: Field
    progress: Progress | None = None
    """While the district is asked; the fields are disabled then."""
    error: Text = ""
    """What happened, what is safe, what to do."""
    can_enrol: bool = False
    other: Text = ""
    """The way to the other world: to practice, or back to the real work."""


class EnrolEvents(Protocol):
    """What the enrolment screen tells."""

    def type_in(self, key: str, text: str) -> None:
        """``address``, ``code`` or ``fingerprint`` changed."""

    def enrol(self) -> None:
        """Enter in the last field or the button; only when ``can_enrol``."""

    def cancel(self) -> None:
        """Stop asking the district."""

    def change_world(self) -> None:
        """F8 or its button: to practice, or back to the real work."""


@dataclass(frozen=True, kw_only=True)
class SignInModel:
    """登录: who, with which password, and the second factor where the role asks for it."""

    office: Text
    """Place and desk of this machine."""
    people: tuple[Option, ...] = ()
    """Those who signed in here before, the last one first; the name may also be typed."""
    account: str = ""
    needs_code: bool = False
    """Whether the field for the six digits is shown."""
    code_note: Text = ""
    """Beside its name: why it is asked for."""
    line: Chip = field(default_factory=lambda: Chip(text=""))
    """在线 or 离线, with what can be done without a line."""
    note: Text = ""
    """E.g. the offline lease's end, from three days before."""
    progress: Progress | None = None
    """The key is being derived, the database opened."""
    error: Text = ""
    is_enabled: bool = True
    """False while waiting (growing delay, work under way); the error or the progress says why."""
    clear_secrets: int = 0
    """When this number changes, password and code are emptied and the password gets the focus."""
    other: Text = ""
    """The way to the other world: to practice, or back to the real work."""
    clear_code: int = 0
    """When this number changes, only the code is emptied and gets the focus: the password stays in its field."""


class SignInEvents(Protocol):
    """What the sign-in screen tells."""

    def choose_account(self, account: str) -> None:
        """A person was chosen or typed."""

    def sign_in(self, account: str, password: str, code: str) -> None:
        """Enter in the last field or the button."""

    def change_world(self) -> None:
        """F8 or its button: to practice, or back to the real work."""


@dataclass(frozen=True, kw_only=True)
class LockModel:
    """锁屏: covers everything; sync, scans and prints go on."""

    person: Text
    since: Text
    """The moment; the view says 起."""
    running: tuple[Chip, ...] = ()
    """What goes on meanwhile: 正在扫描, 2 件未到区里…"""
    error: Text = ""
    is_enabled: bool = True
    clear_secrets: int = 0


class LockEvents(Protocol):
    """What the lock cover tells."""

    def unlock(self, password: str) -> None:
        """Enter or the button."""

    def sign_out(self) -> None:
        """Another person takes over: back to the sign-in."""


@dataclass(frozen=True, kw_only=True)
class PasswordModel:
    """改密码: old, new, again; none of them is in the model."""

    note: Text = ""
    """Why one must choose, or why one cannot now."""
    rules: tuple[Chip, ...] = ()
    """What a password must be; the mark says whether what is typed is so."""
    leave: Text = ""
    """返回, or 退出登录 where one must choose."""
    can_change: bool = False
    progress: Progress | None = None
    error: Text = ""
    is_enabled: bool = True
    """False without a line, and while the district is asked."""
    clear_secrets: int = 0
    """When this number changes, all three fields are emptied and the first gets the focus."""


class PasswordEvents(Protocol):
    """What the password screen tells."""

    def type_in(self, old: str, new: str, again: str) -> None:
        """A field changed (each keystroke)."""

    def change(self, old: str, new: str, again: str) -> None:
        """Enter in the last field or the button; only when ``can_change``."""

    def cancel(self) -> None:
        """Esc or the other button."""


class ScreenName(StrEnum):
    """Name of each screen of the workbench, as traced in ``screen`` lines."""

    ENROL = "enrol"
    SIGN_IN = "sign_in"
    LOCK = "lock"
    PASSWORD = "password"
    HOME = "home"
    INTAKE = "intake"
    BRIEFING = "briefing"
    SCAN = "scan"
    CASES = "cases"
    SUPPLEMENTS = "supplements"
    ISSUES = "issues"
    SEARCH = "search"
    HANDOVER = "handover"
    SHIFT = "shift"
    CASE = "case"
    SUPPLEMENT = "supplement"
    ISSUE = "issue"
    SYNC = "sync"
    DEVICES = "devices"
    REVIEW = "review"
    HELP = "help"


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """导航项: one place of the rail, with its key and its count."""

    screen: str
    """A ``ScreenName``; ``go(screen)`` is told."""
    label: Text
    icon: str
    """A name of ``ui.icons.NAV``."""
    key: str
    """Shown in the keycap: ``F2`` or the digit n of Ctrl+n."""
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class DeviceLine:
    """外设行: one device's state at the rail's foot."""

    label: Text
    state: Text
    tone: Tone = Tone.SUCCESS
    mark: Mark = Mark.OK


@dataclass(frozen=True, kw_only=True)
class ShellModel:
    """工作台外框: top bar, rail, device lines."""

    office: Text
    person: Text
    clock: Text
    online: Chip
    unsent: Chip | None = None
    """Hidden at zero; the number equals the sync page's and the rail's."""
    nav: tuple[NavItem, ...] = ()
    active: str = ""
    """Which place of the rail is lit; a screen below it (scan below intake) lights its parent."""
    devices: tuple[DeviceLine, ...] = ()
    is_slim: bool = False
    """The review desk's rail of 64."""
    banner: Banner | None = None
    """Above every screen: a lease about to end, a forked replica, a database that cannot be read."""


class ShellEvents(Protocol):
    """What the frame tells."""

    def go(self, screen: str) -> None:
        """A place of the rail, by mouse, F2 or Ctrl+digit."""

    def lock(self) -> None:
        """Ctrl+L."""

    def help(self) -> None:
        """F1: the handbook's page of this screen, and its keys."""

    def open_sync(self) -> None:
        """The chips of the top bar were pressed."""

    def choose_password(self) -> None:
        """Ctrl+U, or the name in the top bar."""


@dataclass(frozen=True, kw_only=True)
class HomeModel:
    """空工作台: nothing to do here yet; says what comes next."""

    title: Text
    lines: tuple[Text, ...] = ()
    progress: Progress | None = None
    bar: Bar = field(default_factory=Bar)
