"""Why a deed is refused, and what is strange about a fact.

Rules kept here: every refusal is a member of one enum; a fact that is well formed, signed and new is never
refused, a broken rule becomes an ``Irregularity`` and a task for a person.
"""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """Why ``decide`` said no."""

    UNKNOWN_CASE = "UNKNOWN_CASE"
    CASE_EXISTS = "CASE_EXISTS"
    OTHER_STOCK = "OTHER_STOCK"
    WRONG_STATE = "WRONG_STATE"
    NOT_HOLDER = "NOT_HOLDER"
    STALE_EPOCH = "STALE_EPOCH"
    ALREADY_HELD = "ALREADY_HELD"
    NEEDS_ROLE = "NEEDS_ROLE"
    NEEDS_LINE = "NEEDS_LINE"
    OTHER_SECTION = "OTHER_SECTION"
    OTHER_PLACE = "OTHER_PLACE"
    SAME_PERSON = "SAME_PERSON"
    NOT_ACCEPTED_HERE = "NOT_ACCEPTED_HERE"
    NOT_GRANTED_HERE = "NOT_GRANTED_HERE"
    MATERIAL_MISSING = "MATERIAL_MISSING"
    NOT_DEFERRABLE = "NOT_DEFERRABLE"
    SUPPLEMENT_TOLD_ALREADY = "SUPPLEMENT_TOLD_ALREADY"
    SUPPLEMENT_TOO_LATE = "SUPPLEMENT_TOO_LATE"
    SUPPLEMENT_INCOMPLETE = "SUPPLEMENT_INCOMPLETE"
    NOTHING_TO_TELL = "NOTHING_TO_TELL"
    TEXT_MISSING = "TEXT_MISSING"
    OPINION_MISSING = "OPINION_MISSING"
    OPINION_DISAGREES = "OPINION_DISAGREES"
    DEFERRED_OUTSTANDING = "DEFERRED_OUTSTANDING"
    EXTENDED_ALREADY = "EXTENDED_ALREADY"
    EXTENSION_TOO_LONG = "EXTENSION_TOO_LONG"
    PAGES_MISSING = "PAGES_MISSING"
    WITHDRAWAL_NOT_WISHED = "WITHDRAWAL_NOT_WISHED"
    UNKNOWN_PRINT = "UNKNOWN_PRINT"
    MATTER_INCOMPLETE = "MATTER_INCOMPLETE"
    MATTER_APART = "MATTER_APART"


class Irregularity(Enum):
    """What a person must look at in a fact that was recorded all the same."""

    ITEM_CANCELLED = "ITEM_CANCELLED"
    WRONG_STATE = "WRONG_STATE"
    NO_RIGHT = "NO_RIGHT"
    UNKNOWN_MATERIAL = "UNKNOWN_MATERIAL"
    NOTHING_TO_DELIVER = "NOTHING_TO_DELIVER"
    CLOCK = "CLOCK"
    DUPLICATE_NUMBER = "DUPLICATE_NUMBER"
    MATTER_APART = "MATTER_APART"
    """A result of a matter went out without what belongs to it."""
    OTHER_STOCK = "OTHER_STOCK"
    """Practice on a sheet of real numbered stock, or the other way round."""


class Refused(Exception):
    """The state machine's no; ``reason`` says why, the screen says what to do next."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
