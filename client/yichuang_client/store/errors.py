"""Why the store could not do something.

Rules kept here: one error family with one reason enum; the text for the clerk comes from the catalogue of the
user interface; no message carries a person's datum; what was durable before stays durable.
"""

from __future__ import annotations

from enum import Enum
from typing import Any


class StoreReason(Enum):
    """What is wrong, in terms of what can be done about it."""

    NOT_SET_UP = "NOT_SET_UP"
    """The desk is not enrolled: there is no key yet."""
    NO_SLOT = "NO_SLOT"
    """The person never signed in here: somebody who did must open the desk first."""
    WRONG_PASSWORD = "WRONG_PASSWORD"
    LOCKED_FOR = "LOCKED_FOR"
    """Too many wrong passwords; ``seconds`` says how long to wait."""
    SECRET_LOST = "SECRET_LOST"
    """The device secret is gone (another keyring, another machine): the district must recover the data key."""
    NEWER_DATABASE = "NEWER_DATABASE"
    """The database was written by a newer program: update the program."""
    IN_USE = "IN_USE"
    """Another client runs on the same data."""
    DISK_FULL = "DISK_FULL"
    DISK_FAILED = "DISK_FAILED"
    """The disk or its rights say no; ``detail`` has the system's word."""
    DAMAGED = "DAMAGED"
    """A database, slot file or page is not what was written."""
    PAGE_MISSING = "PAGE_MISSING"
    """The page is not on this desk (yet)."""
    ITEM_MISSING = "ITEM_MISSING"
    """The item version is not on this desk (yet)."""
    CASE_MISSING = "CASE_MISSING"
    """No such case in this desk's slice."""
    SERIAL_USED = "SERIAL_USED"
    """The serial of a numbered stock was printed before."""
    UPGRADE_NEEDED = "UPGRADE_NEEDED"
    """The case has a record that this release does not know: read only until the program is updated."""
    SERIAL_BEHIND = "SERIAL_BEHIND"
    """The database is older than the numbers given: speak to the district first."""
    FORKED = "FORKED"
    NOT_FORKED = "NOT_FORKED"
    """The district has not fenced this desk: it keeps its number."""
    """The district has other deeds under this desk's numbers: a restored image; enrol again."""
    OTHER_WORLD = "OTHER_WORLD"
    """A folder of practice holds a real desk, or the other way round: neither is opened."""
    CLOSED = "CLOSED"
    """The store was closed."""


class StoreError(Exception):
    """The store's no."""

    def __init__(self, reason: StoreReason, *, seconds: int = 0, detail: str = "") -> None:
        super().__init__(f"{reason.value} {detail}".strip())
        self.reason = reason
        self.seconds = seconds
        self.detail = detail

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel from a page process."""
        return _made_again, (self.reason, self.seconds, self.detail)


def _made_again(reason: StoreReason, seconds: int, detail: str) -> StoreError:
    return StoreError(reason, seconds=seconds, detail=detail)
