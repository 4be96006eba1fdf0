"""What an act chooses from: verdicts, grounds, procedures, papers, ways of delivery, degrees of satisfaction.

Rules kept here: a value that was released never changes its meaning, for it stands in logs for ever.
"""

from __future__ import annotations

from enum import Enum


class Verdict(Enum):
    """What an opinion proposes."""

    GRANT = "GRANT"
    REFUSE = "REFUSE"


class DeclineGround(Enum):
    """Why a case is not accepted (行政许可法 32)."""

    NOT_REQUIRED = "NOT_REQUIRED"
    """32(1)(1): the matter needs no permit."""
    WRONG_OFFICE = "WRONG_OFFICE"
    """32(1)(2): another office decides."""
    NOT_SUPPLEMENTED = "NOT_SUPPLEMENTED"
    """What was told did not come."""


class Procedure(Enum):
    """特别程序 of art. 45, which stop the clock."""

    HEARING = "HEARING"
    TENDER = "TENDER"
    AUCTION = "AUCTION"
    INSPECTION = "INSPECTION"
    TESTING = "TESTING"
    QUARANTINE = "QUARANTINE"
    APPRAISAL = "APPRAISAL"
    EXPERT_REVIEW = "EXPERT_REVIEW"


class OpenMeans(Enum):
    """How a counter opened a case of another place."""

    TOKEN = "TOKEN"
    CARD = "CARD"
    NUMBER_AND_ID = "NUMBER_AND_ID"


class PaperKind(Enum):
    """The papers of DB4406/T 14-2021 that this desk prints."""

    RECEIPT = "RECEIPT"
    MATERIAL_SLIP = "MATERIAL_SLIP"
    ACCEPTANCE = "ACCEPTANCE"
    SUPPLEMENT = "SUPPLEMENT"
    NON_ACCEPTANCE = "NON_ACCEPTANCE"
    SPECIAL_PROCEDURE = "SPECIAL_PROCEDURE"
    EXTENSION = "EXTENSION"
    WITHDRAWAL = "WITHDRAWAL"
    GRANT = "GRANT"
    REFUSAL = "REFUSAL"
    CERTIFICATE = "CERTIFICATE"
    DELIVERY = "DELIVERY"
    HANDOVER = "HANDOVER"
    BRIEFING = "BRIEFING"


class PrintReason(Enum):
    """Why a paper goes through the printer."""

    FIRST = "FIRST"
    """For the first time."""
    SPOILED = "SPOILED"
    """The sheet before was spoiled."""
    LOST = "LOST"
    """The paper was lost after it was handed over."""
    COPY = "COPY"
    """A further copy was asked for."""


class DeliveryMethod(Enum):
    """送达 or 出件: how the result reached the applicant."""

    COUNTER = "COUNTER"
    POST = "POST"
    LOCKER = "LOCKER"
    ELECTRONIC = "ELECTRONIC"


class Satisfaction(Enum):
    """好差评, in the words of GB/T 39046; a star count is mapped at the border only."""

    VERY_SATISFIED = "VERY_SATISFIED"
    SATISFIED = "SATISFIED"
    FAIR = "FAIR"
    DISSATISFIED = "DISSATISFIED"
    VERY_DISSATISFIED = "VERY_DISSATISFIED"
