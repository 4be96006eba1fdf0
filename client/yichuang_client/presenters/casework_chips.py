"""办件的状态签: where a case stands and how much time is left, as an icon, a word and a colour.

Rules kept here: a person's name is masked wherever a list or a head shows it, a body's stands as it trades; time is
counted in working days of the district's calendar, below one day in halves; grey means paused or over, never fine.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from yichuang_client.presenters.models.common import Chip, Mark, Text, Tone, msg
from yichuang_client.store.case_rows import CaseRow
from yichuang_domain.case import State
from yichuang_domain.identity import mask_credit_code, mask_id, mask_name, mask_phone
from yichuang_domain.party import Applicant, ApplicantKind
from yichuang_domain.personal import Personal
from yichuang_domain.workdays import Calendar

FEW_DAYS = 3
"""So many working days or fewer are a warning."""
_STATES = {
    State.DRAFT: (Tone.NEUTRAL, Mark.WAIT),
    State.RECEIVED: (Tone.PRIMARY, Mark.CLOCK),
    State.SUPPLEMENT_ASKED: (Tone.WARNING, Mark.WAIT),
    State.ACCEPTED: (Tone.PRIMARY, Mark.CLOCK),
    State.DECLINED: (Tone.NEUTRAL, Mark.STOP),
    State.WITHDRAWN: (Tone.NEUTRAL, Mark.STOP),
    State.IN_REVIEW: (Tone.PRIMARY, Mark.CLOCK),
    State.SUSPENDED: (Tone.NEUTRAL, Mark.PAUSE),
    State.DECIDED: (Tone.PRIMARY, Mark.CLOCK),
    State.READY_TO_ISSUE: (Tone.SUCCESS, Mark.OK),
    State.CONCLUDED: (Tone.SUCCESS, Mark.OK),
    State.ARCHIVED: (Tone.NEUTRAL, Mark.OK),
}


def state_chip(state: State) -> Chip:
    """到哪一步: the state in one word."""
    tone, mark = _STATES[state]
    return Chip(text=msg(f"case.state_{state.name}"), tone=tone, mark=mark)


def due_chip(due_on: date | None, today: date, calendar: Calendar, is_paused: bool = False) -> Chip:
    """时限: 超 n 日, 剩 0.5 日 on the last day, 剩 n 日, 暂停计时, or a dash where nothing runs."""
    if is_paused:
        return Chip(text=msg("case.paused"), tone=Tone.NEUTRAL, mark=Mark.PAUSE)
    if due_on is None:
        return Chip(text=msg("common.none"), tone=Tone.NEUTRAL)
    if today > due_on:
        over = _workdays(due_on, today, calendar)
        return Chip(text=msg("case.over", n=over or _HALF), tone=Tone.DANGER, mark=Mark.STOP, is_bold=True)
    left = _workdays(today, due_on, calendar)
    if left == 0:
        return Chip(text=msg("case.left", n=_HALF), tone=Tone.DANGER, mark=Mark.WARN, is_bold=True)
    tone = Tone.WARNING if left <= FEW_DAYS else Tone.SUCCESS
    return Chip(text=msg("case.left", n=left), tone=tone, mark=Mark.CLOCK)


_HALF = "0.5"


def _workdays(after: date, last: date, calendar: Calendar) -> int:
    """Working days after one day, up to and with another."""
    return sum(calendar.is_workday(after + timedelta(days=n)) for n in range(1, (last - after).days + 1))


def masked(name: str) -> str:
    """姓名脱敏 as lists show it; empty stays empty."""
    return mask_name(name) if name else ""


def masked_name(value: Personal | None) -> Text:
    """A name of a case."""
    return _shown(value, masked)


def applicant_name(applicant: Applicant) -> Text:
    """Who applies, as heads show it: a body by the name under which it trades, a person masked."""
    is_person = applicant.kind is ApplicantKind.PERSON
    return masked_name(applicant.name) if is_person else personal_text(applicant.name)


def row_name(row: CaseRow) -> str:
    """The same for a line of a list."""
    return masked(row.applicant) if row.applicant_kind is ApplicantKind.PERSON else row.applicant


def masked_id(value: Personal | None) -> Text:
    """An identity number of a case."""
    return _shown(value, mask_id)


def masked_phone(value: Personal | None) -> Text:
    """A telephone number of a case."""
    return _shown(value, mask_phone)


def masked_credit_code(value: Personal | None) -> Text:
    """A credit code of a case: a trader's leads to a person."""
    return _shown(value, mask_credit_code)


def personal_text(value: Personal | None) -> Text:
    """A text of the case that its handler reads in full; hidden or erased values say so."""
    return _shown(value, lambda text: text)


def _shown(value: Personal | None, mask: Callable[[str], str]) -> Text:
    if value is None:
        return ""
    return msg("case.hidden") if value.value is None else mask(value.value)
