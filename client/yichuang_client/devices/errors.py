"""外设故障: what can go wrong with a scanner or a printer, in the operator's terms.

Every driver, whatever it speaks (SANE, IPP, a socket), tells its troubles as one member of `Trouble`.
What a screen says and offers for each member is text of the user interface and lives in its catalogue;
the English line of each member is for logs and for developers.
"""

from __future__ import annotations

import enum


class Trouble(enum.Enum):
    """故障类别: one kind of trouble, by what a person at the counter can do about it."""

    FEEDER_EMPTY = "feeder-empty"
    JAM = "jam"
    COVER_OPEN = "cover-open"
    MULTI_FEED = "multi-feed"
    SUPPLY_EMPTY = "supply-empty"
    BUSY = "busy"
    OFFLINE = "offline"
    COMMUNICATION = "communication"
    TIMEOUT = "timeout"
    ACCESS = "access"
    CANCELLED = "cancelled"
    ABORTED = "aborted"
    BAD_SETTING = "bad-setting"
    BROKEN_FILE = "broken-file"
    DRIVER_CRASH = "driver-crash"

    @property
    def meaning(self) -> str:
        """One English line: what happened and what helps."""
        return _MEANINGS[self]


_MEANINGS = {
    Trouble.FEEDER_EMPTY: "No paper in the feeder or tray: load some and continue the same batch or job.",
    Trouble.JAM: "Paper is stuck: clear it and resume after the last good page.",
    Trouble.COVER_OPEN: "A cover is open: close it and resume.",
    Trouble.MULTI_FEED: "Two sheets went in at once: look at the page and scan it again.",
    Trouble.SUPPLY_EMPTY: "Toner or ink is used up: replace it, the job goes on by itself.",
    Trouble.BUSY: "Another program or person is using the device: wait and try again.",
    Trouble.OFFLINE: "The device cannot be reached: check power and cable; pages already taken are kept.",
    Trouble.COMMUNICATION: "The connection broke in the middle: try this page or job again.",
    Trouble.TIMEOUT: "The device gave no sign of life for too long: its driver was stopped, try again.",
    Trouble.ACCESS: "This user may not use the device: its permissions must be set up.",
    Trouble.CANCELLED: "Stopped on request: the unfinished page was dropped.",
    Trouble.ABORTED: "The device gave the job up by itself: look at its panel, then send it again.",
    Trouble.BAD_SETTING: "The device does not offer this setting.",
    Trouble.BROKEN_FILE: "A file was not a whole page: it was set aside with its reason, the others were taken.",
    Trouble.DRIVER_CRASH: "The device's driver died: it is started again, pages already taken are kept.",
}


class DeviceError(Exception):
    """外设错误: a device or its driver could not do what was asked.

    Attributes:
        trouble: the kind of trouble.
        detail: a technical word for logs (an option's name, a status); never shown alone, never personal data.
    """

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble.value}: {detail}" if detail else trouble.value)
        self.trouble = trouble
        self.detail = detail

    def __reduce__(self) -> tuple[type[DeviceError], tuple[Trouble, str]]:
        """Let the error travel from a driver's process."""
        return type(self), (self.trouble, self.detail)
