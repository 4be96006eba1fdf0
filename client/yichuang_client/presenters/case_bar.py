"""办件画面的操作栏: what stands, what to do next, and only the acts that are possible now.

Rules kept here: one primary act, the next valid step; where nothing can be done here the sentence says who is at it and
that the counter need do nothing; what stands against the next step is said in words; pure.
"""

from __future__ import annotations

from yichuang_client.presenters.case_seen import CaseSeen, why
from yichuang_client.presenters.case_strips import not_printed, papers_again
from yichuang_client.presenters.casework import month_day
from yichuang_client.presenters.casework_prints import paper_name
from yichuang_client.presenters.models.common import Act, ActKind, Banner, Mark, Sentence, Text, Tone, msg
from yichuang_client.presenters.models.queues import CaseAct
from yichuang_domain.case import State
from yichuang_domain.errors import Reason

_KEYS = {
    CaseAct.ACCEPT: "F9",
    CaseAct.TELL_SUPPLEMENT: "F10",
    CaseAct.BRING: "F8",
    CaseAct.ISSUE: "F8",
    CaseAct.CLAIM: "F8",
    CaseAct.TAKE_OVER: "F11",
    CaseAct.ARCHIVE: "F8",
    CaseAct.ADOPT: "F11",
    CaseAct.CORRECT: "Ctrl+G",
    CaseAct.REOPEN: "Ctrl+G",
    CaseAct.WITHDRAW: "Ctrl+W",
    CaseAct.DECLINE: "F12",
}
BACK = Act(id=CaseAct.BACK, key="Esc", label=msg("common.back"), starts_group=True)
_DANGEROUS = frozenset({CaseAct.DECLINE})
_NEXT = (CaseAct.ACCEPT, CaseAct.ISSUE, CaseAct.CLAIM, CaseAct.BRING, CaseAct.ARCHIVE)
"""The next valid step is the first of these that is possible."""


def acts(seen: CaseSeen, *, is_printing: bool) -> tuple[Act, ...]:
    """The buttons."""
    if is_printing:
        stop = Act(id=CaseAct.STOP_PRINT, key="", label=msg("case.act_stop_print"))
        return (stop, BACK)
    following = next((act for act in _NEXT if seen.may(act)), None)
    found = [_act(act, is_next=act is following) for act in _KEYS if seen.may(act) and act not in _DANGEROUS]
    if papers_again(seen):
        found.append(Act(id=CaseAct.PRINT_RECEIPT, key="Ctrl+P", label=msg("case.act_print_receipt")))
    found.append(BACK)
    found += [_act(act, is_next=False) for act in _KEYS if act in _DANGEROUS and seen.may(act)]
    return tuple(found)


def _act(act: CaseAct, *, is_next: bool) -> Act:
    kind = ActKind.PRIMARY if is_next else ActKind.DANGER if act in _DANGEROUS else ActKind.NORMAL
    return Act(
        id=act, key=_KEYS[act], label=msg(f"case.act_{act.value}"), kind=kind, starts_group=kind is ActKind.DANGER
    )


def sentence(seen: CaseSeen) -> Sentence:
    """What stands and what to do."""
    case = seen.case
    if case.state is State.RECEIVED:
        return _received(seen)
    if case.state is State.SUPPLEMENT_ASKED and case.supplement is not None:
        lead = msg("case.say_waiting", n=len(case.supplement.outstanding))
        return Sentence(mark=Mark.WAIT, tone=Tone.WARNING, lead=lead, hint=msg("case.say_waiting_hint"))
    if case.deferrals and seen.may(CaseAct.BRING):
        first = min(case.deferrals, key=lambda d: d.due_on)
        name = seen.names.get(first.material, first.material)
        lead, hint = msg("case.say_deferred"), msg("case.say_deferred_hint", day=month_day(first.due_on))
        return Sentence(mark=Mark.WAIT, tone=Tone.WARNING, lead=lead, subject=name, hint=hint)
    if case.state in (State.ACCEPTED, State.IN_REVIEW, State.SUSPENDED, State.DECIDED):
        section: Text = seen.section or msg("step.section")
        lead, waiting = msg("case.say_at_section", section=section), not_printed(seen)
        if waiting:
            hint = msg("case.say_not_printed", paper=paper_name(waiting[0]))
            return Sentence(mark=Mark.WAIT, tone=Tone.WARNING, lead=lead, hint=hint)
        return Sentence(lead=lead, hint=msg("case.say_at_section_hint"))
    if case.state is State.READY_TO_ISSUE:
        lead = msg("case.say_ready")
        return Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=lead, hint=msg("case.say_ready_hint"))
    ended = msg("case.say_ended", state=msg(f"case.state_{case.state.name}"))
    rest: Text = msg("case.say_archive") if seen.may(CaseAct.ARCHIVE) else ""
    return Sentence(mark=Mark.OK, tone=Tone.NEUTRAL, lead=ended, hint=rest)


def _received(seen: CaseSeen) -> Sentence:
    if seen.may(CaseAct.ACCEPT):
        hint = msg("case.say_accept_deferring", n=len(seen.deferred)) if seen.deferred else msg("case.say_accept_hint")
        return Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg("case.say_accept"), hint=hint)
    bar = seen.barred[CaseAct.ACCEPT]
    if bar is Reason.MATERIAL_MISSING or bar is Reason.NOT_DEFERRABLE:
        needed = [m for m in seen.missing if not m.deferrable]
        lead, hint = msg("case.say_missing", n=len(needed)), msg("case.say_missing_hint")
        subject = needed[0].name if needed else ""
        return Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=lead, subject=subject, hint=hint)
    if bar is Reason.NOT_ACCEPTED_HERE:
        section: Text = seen.section or msg("step.section")
        return Sentence(lead=msg("case.say_section", section=section), hint=msg("case.say_section_hint"))
    if seen.may(CaseAct.CLAIM):
        return Sentence(lead=msg("case.say_free"), hint=msg("case.say_free_hint"))
    if seen.may(CaseAct.TAKE_OVER):
        lead = msg("case.say_elsewhere", desk=seen.case.holder or "")
        return Sentence(mark=Mark.LOCK, lead=lead, hint=msg("case.say_elsewhere_hint"))
    words = why(bar) if bar is not None else ""
    return Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=msg("case.say_barred"), hint=words)


def banner(seen: CaseSeen) -> Banner | None:
    """The one thing that must be read before going on: what was refused, what is strange, what came back."""
    if seen.is_read_only:
        return Banner(kind="UPGRADE_NEEDED", text=msg("store.UPGRADE_NEEDED"), mark=Mark.LOCK)
    if seen.refused is not None:
        text = _refused(seen.refused.reason)
        hint = msg("case.refused_hint")
        return Banner(kind=seen.refused.reason, text=text, tone=Tone.DANGER, hint=hint)
    if seen.case.late is not None and seen.may(CaseAct.ADOPT):
        what = msg(f"sync.act_{type(seen.case.late.action).__name__}")
        text = msg("case.came_late", person=seen.late_by, what=what)
        return Banner(kind="CAME_LATE", text=text, hint=msg("case.came_late_hint"))
    if seen.case.returned is not None:
        reason = seen.case.returned.value or ""
        return Banner(kind="RETURNED", text=msg("case.returned_because", reason=reason), hint=msg("case.returned_hint"))
    if seen.case.irregular:
        kind = sorted(seen.case.irregular, key=lambda each: each.name)[0]
        return Banner(kind=kind.name, text=msg(f"irregularity.{kind.name}"))
    if seen.item is None:
        return Banner(kind="ITEM_MISSING", text=msg("store.ITEM_MISSING"), mark=Mark.WAIT)
    return None


def _refused(reason: str) -> Text:
    known = reason in Reason.__members__
    return msg(f"reason.{reason}") if known else msg("case.refused_otherwise")
