"""特别程序 and 延长审批: what F11 asks.

Rules kept here: both are told in writing, with their length; an extension is possible once, at most the ten working
days of the law, with its reason and who approved it.
"""

from __future__ import annotations

import re

from yichuang_client.presenters.models.common import Confirm, Field, FieldInput, Option, Text, msg
from yichuang_client.presenters.models.review import ReviewAct
from yichuang_client.presenters.review_case import CaseSeen
from yichuang_client.presenters.review_strip_parts import Dates, Typing, blocked, need, reason_field
from yichuang_domain import actions as a
from yichuang_domain.case import State
from yichuang_domain.organisation import Role
from yichuang_domain.rulings import EXTENSION_WORKDAYS

EXTEND, RESUME = "EXTEND", "RESUME"
"""Besides the members of ``Procedure``, what F11 can lead to."""


def chosen_procedure(seen: CaseSeen, typed: Typing) -> str:
    """A member of ``Procedure``, EXTEND or RESUME."""
    options = procedures(seen)
    return typed["procedure"] if typed.get("procedure") in options else options[0]


def procedures(seen: CaseSeen) -> tuple[str, ...]:
    """What F11 can lead to now."""
    extend = () if seen.case.extension is not None else (EXTEND,)
    if seen.case.state is State.SUSPENDED:
        return (RESUME, *extend)
    return (*(procedure.name for procedure in a.Procedure), *extend)


def approvers(seen: CaseSeen) -> tuple[tuple[str, str], ...]:
    """Who may approve an extension: id and name."""
    return tuple((p.person, p.name) for p in seen.colleagues if Role.APPROVER in p.roles)


def workdays_of(typed: Typing) -> int:
    """The number of working days that was typed; 0 for what is none."""
    text = typed.get("workdays", "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) else 0


def procedure_strip(seen: CaseSeen, typed: Typing, dates: Dates) -> Confirm:
    """What F11 asks: which procedure, by whom, how long; or how much longer, why, approved by whom."""
    chosen = chosen_procedure(seen, typed)
    options = tuple(Option(key=key, text=_procedure_name(key)) for key in procedures(seen))
    choice = Field(
        key="procedure", label=msg("review.procedure"), text=chosen, input=FieldInput.CHOICE, options=options
    )
    made = _extend if chosen == EXTEND else _resume if chosen == RESUME else _suspend
    confirm, lacks = made(seen, typed, choice)
    return blocked(confirm, lacks)


def _procedure_name(key: str) -> Text:
    return msg(f"review.procedure_{key}") if key in (EXTEND, RESUME) else msg(f"case.procedure_{key}")


def _resume(seen: CaseSeen, typed: Typing, choice: Field) -> tuple[Confirm, Text]:
    made = Confirm(
        act=ReviewAct.PROCEDURE,
        title=msg("review.ask_resume"),
        lines=(msg("review.ask_resume_then"),),
        fields=(choice,),
        confirm_label=msg("review.do_resume"),
    )
    return made, ""


def _suspend(seen: CaseSeen, typed: Typing, choice: Field) -> tuple[Confirm, Text]:
    by, days = typed.get("by", ""), workdays_of(typed)
    fields = (
        choice,
        Field(key="by", label=msg("review.by"), text=by, placeholder=msg("review.by_hint"), is_half=True),
        _workdays(typed, msg("review.workdays_told")),
    )
    made = Confirm(
        act=ReviewAct.PROCEDURE,
        title=msg("review.ask_suspend", name=_procedure_name(choice.text)),
        lines=(msg("review.ask_suspend_told"), msg("review.ask_time_paper")),
        fields=fields,
        confirm_label=msg("review.do_suspend"),
    )
    lacks = msg("review.by") if not by.strip() else msg("review.workdays_told") if days < 1 else ""
    return made, need(lacks) if lacks != "" else ""


def _extend(seen: CaseSeen, typed: Typing, choice: Field) -> tuple[Confirm, Text]:
    days, reason = workdays_of(typed), typed.get("reason", "").strip()
    heads = approvers(seen)
    head = chosen_approver(seen, typed)
    fields = (
        choice,
        _workdays(typed, msg("review.workdays_more", n=EXTENSION_WORKDAYS)),
        Field(
            key="approver",
            label=msg("review.approver"),
            text=head,
            input=FieldInput.CHOICE,
            options=tuple(Option(key=key, text=name) for key, name in heads),
            is_half=True,
        ),
        reason_field(typed, msg("review.reason"), msg("review.extend_hint")),
    )
    made = Confirm(
        act=ReviewAct.PROCEDURE,
        title=msg("review.ask_extend"),
        lines=(msg("review.ask_extend_once", n=EXTENSION_WORKDAYS), msg("review.ask_time_paper")),
        fields=fields,
        confirm_label=msg("review.do_extend"),
    )
    if not 1 <= days <= EXTENSION_WORKDAYS:
        return made, need(msg("review.workdays_more", n=EXTENSION_WORKDAYS))
    return made, need(msg("review.approver")) if not head else "" if reason else need(msg("review.reason"))


def chosen_approver(seen: CaseSeen, typed: Typing) -> str:
    """Who is named as having approved the extension; the only one where there is one."""
    heads = dict(approvers(seen))
    chosen = typed.get("approver", "")
    return chosen if chosen in heads else next(iter(heads), "") if len(heads) == 1 else ""


def _workdays(typed: Typing, label: Text) -> Field:
    return Field(key="workdays", label=label, text=typed.get("workdays", ""), is_half=True, max_length=3, unit="")
