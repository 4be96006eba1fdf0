"""Why a call to the district did not succeed.

Rules kept here: one error family with one reason enum, in terms of what a person can do; no text of the network or of
the server reaches a person.
"""

from __future__ import annotations

from enum import Enum


class TransportReason(Enum):
    """What stands in the way."""

    OFFLINE = "OFFLINE"
    """No answer: the line or the district is away; everything is kept and tried again."""
    FOREIGN_CERTIFICATE = "FOREIGN_CERTIFICATE"
    """Whoever answers is not this district: nothing was sent."""
    OTHER_WORLD = "OTHER_WORLD"
    """A training district for a real desk, or the other way round: the code was not sent."""
    FOREIGN_DESK = "FOREIGN_DESK"
    """The district does not know this desk."""
    REVOKED = "REVOKED"
    """The desk was shut out by the district."""
    BAD_ANSWER = "BAD_ANSWER"
    """The answer is not signed by the district or breaks a chain: nothing of it was taken in."""
    REFUSED = "REFUSED"
    """The district refuses the call as a whole; ``detail`` has its word for the diagnosis."""
    WRONG_LOGIN = "WRONG_LOGIN"
    LOCKED = "LOCKED"
    """Too many wrong passwords; ``seconds`` says how long to wait."""
    SECOND_FACTOR = "SECOND_FACTOR"
    """The one-time password is missing, wrong or used."""
    WEAK_PASSWORD = "WEAK_PASSWORD"
    NO_SESSION = "NO_SESSION"
    """Sign in again."""
    NO_RIGHT = "NO_RIGHT"
    CODE_UNKNOWN = "CODE_UNKNOWN"
    CODE_USED = "CODE_USED"
    CODE_EXPIRED = "CODE_EXPIRED"
    CODE_ELSEWHERE = "CODE_ELSEWHERE"
    """The code was for a desk of another place or kind."""
    TOO_MANY_TRIES = "TOO_MANY_TRIES"
    BUSY = "BUSY"
    """Too many desks fetch the same at once; ``seconds`` says when to come again."""
    NOT_FOUND = "NOT_FOUND"
    """No such case or page for this desk."""
    NOT_STORED = "NOT_STORED"
    """The page has not reached the district yet."""
    WRONG_OFFSET = "WRONG_OFFSET"
    """``offset`` says where to go on."""
    WRONG_HASH = "WRONG_HASH"
    """The bytes are not those of the page's name."""
    CURSOR_AHEAD = "CURSOR_AHEAD"
    """This desk has seen a later log than the district's: the district was restored."""
    LOG_CHANGED = "LOG_CHANGED"
    """The district has signed a log that contradicts the one it had signed before: nothing was taken in."""
    TOO_LARGE = "TOO_LARGE"


class TransportError(Exception):
    """The district's, or the line's, no."""

    def __init__(self, reason: TransportReason, *, seconds: int = 0, offset: int = 0, detail: str = "") -> None:
        super().__init__(f"{reason.value} {detail}".strip())
        self.reason = reason
        self.seconds = seconds
        self.offset = offset
        self.detail = detail
