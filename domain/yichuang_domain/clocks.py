"""办件的各项期限: the clocks of one case, read from its fold.

Rules kept here: the five days run from the receipt, both limits from the acceptance, the ten days from the decision;
a suspension stops statutory and promised limit alike, an extension lengthens both; a limit that the catalogue does not
state has no clock. Each clock goes to ``deadline.derive`` for the due date and its explanation.
"""

from __future__ import annotations

from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion, Limit, LimitUnit
from yichuang_domain.deadline import DELIVERY_LIMIT, NOTICE_LIMIT, Clock, Pause

__all__ = ["delivery_clock", "notice_clock", "promised_clock", "statutory_clock"]


def notice_clock(case: Case) -> Clock:
    """补正告知期限: five working days from the receipt."""
    return Clock(start=case.received_on, budget=NOTICE_LIMIT)


def statutory_clock(case: Case, item: ItemVersion) -> Clock | None:
    """法定办理期限; ``None`` before the acceptance or when the catalogue states none."""
    return _limit_clock(case, item.statutory_limit)


def promised_clock(case: Case, item: ItemVersion) -> Clock | None:
    """承诺办理期限: what the window owes; ``None`` before the acceptance or when the catalogue states none."""
    return _limit_clock(case, item.promised_limit)


def delivery_clock(case: Case) -> Clock | None:
    """送达期限: ten working days from the decision; ``None`` before it."""
    return None if case.decision is None else Clock(start=case.decision.decided_on, budget=DELIVERY_LIMIT)


def _limit_clock(case: Case, limit: Limit | None) -> Clock | None:
    if case.acceptance is None or limit is None:
        return None
    pauses = tuple(
        Pause(from_on=suspension.from_on, to_on=suspension.to_on, name=suspension.procedure.value)
        for suspension in case.suspensions
    )
    extension = None
    if case.extension is not None:
        extension = Limit(amount=case.extension.workdays, unit=LimitUnit.WORKDAYS)
    return Clock(start=case.acceptance.accepted_on, budget=limit, pauses=pauses, extension=extension)
