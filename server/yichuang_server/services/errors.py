"""The one catalogue of what the district says no to, translated once at the edge (api.errors)."""

from __future__ import annotations

from enum import Enum


class Fault(Enum):
    """Why a call failed; the caller's screen has a sentence for each."""

    FOREIGN_DESK = "FOREIGN_DESK"
    """The certificate, device number or deed is another desk's, or none of this district."""
    REVOKED_DESK = "REVOKED_DESK"
    BAD_SIGNATURE = "BAD_SIGNATURE"
    MALFORMED = "MALFORMED"
    WRONG_LOGIN = "WRONG_LOGIN"
    """Unknown login, wrong password, disabled, or a person of another place: told apart nowhere."""
    LOCKED = "LOCKED"
    """Too many wrong passwords: ``retry_s`` says how long to wait."""
    SECOND_FACTOR = "SECOND_FACTOR"
    """The one-time password is missing, wrong or used."""
    WEAK_PASSWORD = "WEAK_PASSWORD"
    NO_SESSION = "NO_SESSION"
    """The session has ended: sign in again."""
    NO_RIGHT = "NO_RIGHT"
    CODE_UNKNOWN = "CODE_UNKNOWN"
    CODE_USED = "CODE_USED"
    CODE_EXPIRED = "CODE_EXPIRED"
    TOO_MANY_TRIES = "TOO_MANY_TRIES"
    UNKNOWN = "UNKNOWN"
    """No such case or page for this desk."""
    NOT_STORED = "NOT_STORED"
    """The page is announced and has not come yet."""
    PAGES_AWAY = "PAGES_AWAY"
    """The place of the pages does not answer: call again in ``retry_s``."""
    PAGE_DAMAGED = "PAGE_DAMAGED"
    """The page lies there and is not what was put there."""
    WRONG_OFFSET = "WRONG_OFFSET"
    """``committed`` says where to go on."""
    WRONG_HASH = "WRONG_HASH"
    """The bytes are not those of the page's name: send it again from 0."""
    CURSOR_AHEAD = "CURSOR_AHEAD"
    """The cursor is ahead of the log: the district was restored."""
    TOO_LARGE = "TOO_LARGE"
    BUSY = "BUSY"
    """Too many desks fetch the same at once: come again in ``retry_s``; what was fetched before is not lost."""
    DRAINING = "DRAINING"
    """This server is about to stop: call again in ``retry_s``, here or at another one."""
    STORE_AWAY = "STORE_AWAY"
    """The database cannot be reached, or another one is taking its place: call again in ``retry_s``."""
    INTERNAL = "INTERNAL"


class DistrictError(Exception):
    """A call that the district refuses as a whole; ``detail`` holds ids and numbers only."""

    def __init__(self, fault: Fault, **detail: str) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.detail = detail
