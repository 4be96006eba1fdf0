"""How far a newer program is, as the screen says it, and why there is none. Light: every start loads it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from importlib.metadata import PackageNotFoundError, version


class UpdateReason(Enum):
    """Why there is no update now."""

    OFFLINE = "OFFLINE"
    NOT_FOUND = "NOT_FOUND"
    """The district hands out no releases."""
    UNTRUSTED = "UNTRUSTED"
    """A signature, a number or a hash is not what it must be: nothing was taken."""
    OUT_OF_DATE = "OUT_OF_DATE"
    """What says that nothing newer is held back has expired."""
    DISK = "DISK"
    DOES_NOT_START = "DOES_NOT_START"
    """The new program failed its own check."""


class UpdateError(Exception):
    """No update was taken."""

    def __init__(self, reason: UpdateReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class UpdateState(Enum):
    """How far it is."""

    OFF = "OFF"
    """No root of releases was installed with the program."""
    NEWEST = "NEWEST"
    COMING = "COMING"
    READY = "READY"
    """It starts next time."""
    FAILED = "FAILED"


@dataclass(frozen=True, kw_only=True)
class UpdateStatus:
    """What the screen says of it."""

    running: str
    """Version of this program."""
    state: UpdateState = UpdateState.OFF
    version: str = ""
    """The one that comes or is ready."""
    percent: int = 0
    reason: UpdateReason | None = None
    given_up: str = ""
    """A version that did not start here and was left for the one before."""


def running_version() -> str:
    """Of this program."""
    try:
        return version("yichuang")
    except PackageNotFoundError:
        return ""
