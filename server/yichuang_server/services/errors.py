"""The one catalogue of what the district says no to, translated once at the edge (api.errors)."""

from __future__ import annotations

from enum import Enum


class Fault(Enum):
    """Why a call failed."""

    FOREIGN_DESK = "FOREIGN_DESK"
    REVOKED_DESK = "REVOKED_DESK"
    BAD_SIGNATURE = "BAD_SIGNATURE"
    BAD_CHAIN = "BAD_CHAIN"
    MALFORMED = "MALFORMED"
    WRONG_LOGIN = "WRONG_LOGIN"
    LOCKED = "LOCKED"
    SECOND_FACTOR = "SECOND_FACTOR"
    NO_SESSION = "NO_SESSION"
    NO_RIGHT = "NO_RIGHT"
    CODE_UNKNOWN = "CODE_UNKNOWN"
    CODE_USED = "CODE_USED"
    CODE_EXPIRED = "CODE_EXPIRED"
    UNKNOWN = "UNKNOWN"
    CURSOR_EXPIRED = "CURSOR_EXPIRED"
    TOO_LARGE = "TOO_LARGE"


class DistrictError(Exception):
    """A call that the district refuses as a whole; ``detail`` holds ids and numbers only."""

    def __init__(self, fault: Fault, **detail: str) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.detail = detail
