"""The clocks of one case, read from its fold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.domain.test_workdays import CALENDAR
from tests.support.cases import CLERK, ITEM, act, receive, secret
from yichuang_domain.actions import Procedure
from yichuang_domain.case import Acceptance, DecisionMade, Extension, Suspension
from yichuang_domain.clocks import delivery_clock, notice_clock, promised_clock, statutory_clock
from yichuang_domain.deadline import derive

RECEIVED = act(None, receive("form", "lease", "health"))
ACCEPTED = replace(
    RECEIVED,
    acceptance=Acceptance(
        docno="1", accepted_on=date(2026, 11, 24), statutory_due_on=None, promised_due_on=None, is_provisional=False
    ),
)


def test_before_acceptance_only_the_five_days_run() -> None:
    """24 November is the receipt; no limit runs and nothing is to be delivered."""
    assert derive(notice_clock(RECEIVED), CALENDAR).on == date(2026, 12, 1)
    assert statutory_clock(RECEIVED, ITEM) is None
    assert promised_clock(RECEIVED, ITEM) is None
    assert delivery_clock(RECEIVED) is None


def test_both_limits_run_from_the_acceptance() -> None:
    """Twenty and five working days; a limit that the catalogue does not state has no clock."""
    statutory, promised = statutory_clock(ACCEPTED, ITEM), promised_clock(ACCEPTED, ITEM)
    assert statutory is not None and promised is not None
    assert derive(statutory, CALENDAR).on == date(2026, 12, 22)
    assert derive(promised, CALENDAR).on == date(2026, 12, 1)
    assert promised_clock(ACCEPTED, replace(ITEM, promised_limit=None)) is None


def test_suspension_and_extension_move_them() -> None:
    """A suspension from Wednesday to Friday costs two days, an extension adds its own."""
    procedure = next(iter(Procedure))
    pause = Suspension(
        procedure=procedure, by="", docno="2", workdays=2, from_on=date(2026, 11, 25), to_on=date(2026, 11, 27)
    )
    case = replace(
        ACCEPTED,
        suspensions=(pause,),
        extension=Extension(docno="3", workdays=3, reason=secret("材料多"), approved_by=CLERK.person),
    )
    clock = promised_clock(case, ITEM)
    assert clock is not None
    due = derive(clock, CALENDAR)
    assert due.on == date(2026, 12, 8)
    assert [(span.first, span.last, span.name) for span in due.suspended] == [
        (date(2026, 11, 26), date(2026, 11, 27), procedure.value)
    ]
    lasting = promised_clock(replace(case, suspensions=(replace(pause, to_on=None),)), ITEM)
    assert lasting is not None and derive(lasting, CALENDAR).on is None


def test_ten_days_from_the_decision() -> None:
    """行政许可法 art. 44."""
    decision = DecisionMade(
        granted=True, docno="4", person=CLERK.person, decided_on=date(2026, 11, 24), deliver_by=date(2026, 12, 8)
    )
    clock = delivery_clock(replace(ACCEPTED, decision=decision))
    assert clock is not None
    assert derive(clock, CALENDAR).on == date(2026, 12, 8)
