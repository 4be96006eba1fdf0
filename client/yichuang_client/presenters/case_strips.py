"""办件画面的确认条: what will happen, to whom, which paper prints, and what the clerk must write for it.

Rules kept here: 补正 is told once, so every material of the case stands in the strip, what is missing with its words
begun; a strip says what is still lacking before its button can be pressed; pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from yichuang_client.actions.deciding import Point
from yichuang_client.presenters.case_seen import CaseSeen
from yichuang_client.presenters.casework import limit_text, month_day, weekday
from yichuang_client.presenters.casework_prints import paper_name
from yichuang_client.presenters.models.common import (
    ActKind,
    Confirm,
    Field,
    FieldInput,
    Option,
    Text,
    joined,
    msg,
)
from yichuang_client.presenters.models.queues import CaseAct
from yichuang_client.presenters.typed_text import narrow, sound_strip
from yichuang_domain.actions import DeclineGround, PaperKind, PrintReason
from yichuang_domain.case import PrintRun, PrintState, State

Typed = Mapping[str, str]
GROUND, REASON, OFFICE, PAPER, WHY, SERIAL = "ground", "reason", "office", "paper", "why", "serial"
_TOLD = frozenset(
    {
        PaperKind.ACCEPTANCE,
        PaperKind.SUPPLEMENT,
        PaperKind.SPECIAL_PROCEDURE,
        PaperKind.EXTENSION,
        PaperKind.NON_ACCEPTANCE,
    }
)
"""Letters to which the applicant has a right as soon as somebody has decided, here or at the section."""
PHONE = "applicant_phone"
_AGAIN = (PrintReason.COPY, PrintReason.LOST, PrintReason.SPOILED)


def strip(seen: CaseSeen, act: CaseAct, typed: Typed) -> Confirm:
    """The strip of an act with what was typed into it so far."""
    return sound_strip(_STRIPS[act](seen, typed))


def _accept(seen: CaseSeen, typed: Typed) -> Confirm:
    limit = seen.item.promised_limit or seen.item.statutory_limit if seen.item is not None else None
    lines: list[Text] = []
    if limit is not None:
        lines.append(msg("case.accept_limit", limit=limit_text(limit)))
    told = seen.case.supplement
    if told is not None and told.all_in_on is not None:
        lines.append(msg("case.accept_from", day=month_day(told.all_in_on)))
    lines += [msg("case.accept_deferring", name=m.name, day=month_day(day)) for m, day in seen.deferred]
    lines.append(msg("case.will_print", paper=paper_name(PaperKind.ACCEPTANCE)))
    return Confirm(
        act=CaseAct.ACCEPT,
        title=msg("case.ask_accept", who=seen.head.applicant, item=seen.head.item),
        lines=tuple(lines),
        confirm_label=msg("case.do_accept"),
    )


# ---- 补正告知 ---------------------------------------------------------------------------------------------------


def reason_key(material: str) -> str:
    """Field with the reason of one material."""
    return f"reason_{material}"


def remedy_key(material: str) -> str:
    """Field with what the applicant can do about it."""
    return f"remedy_{material}"


def points(seen: CaseSeen, typed: Typed) -> tuple[Point, ...]:
    """What would be told: every material with a reason."""
    told = []
    for row in seen.materials:
        reason, remedy = typed.get(reason_key(row.key), "").strip(), typed.get(remedy_key(row.key), "").strip()
        if reason:
            told.append(Point(material=row.key, reason=reason, remedy=remedy))
    return tuple(told)


def _tell(seen: CaseSeen, typed: Typed) -> Confirm:
    missing = {m.key for m in seen.missing}
    rows = sorted(seen.materials, key=lambda row: row.key not in missing)
    told = points(seen, typed)
    unsaid = next((p.material for p in told if not p.remedy), None)
    lacks: Text = ""
    if not told:
        lacks = msg("case.lacks_point")
    elif unsaid is not None:
        lacks = msg("case.lacks_remedy", name=seen.names.get(unsaid, unsaid))
    fields = [part for row in rows for part in _point(row.key, row.name, typed, is_missing=row.key in missing)]
    return Confirm(
        act=CaseAct.TELL_SUPPLEMENT,
        title=msg("case.ask_tell", who=seen.head.applicant, n=len(told)) if told else msg("case.ask_tell_what"),
        lines=(
            msg("case.tell_once", day=weekday(seen.until)),
            msg("case.will_print", paper=paper_name(PaperKind.SUPPLEMENT)),
        ),
        fields=tuple(fields),
        confirm_label=msg("case.do_tell"),
        can_confirm=lacks == "",
        blocked_text=lacks,
    )


def _point(key: str, name: str, typed: Typed, *, is_missing: bool) -> tuple[Field, Field]:
    reason = Field(
        key=reason_key(key),
        label=name,
        text=typed.get(reason_key(key), ""),
        placeholder=msg("case.reason_hint"),
        is_half=True,
    )
    remedy = Field(
        key=remedy_key(key),
        label=msg("case.remedy"),
        text=typed.get(remedy_key(key), ""),
        placeholder=msg("case.remedy_hint"),
        is_half=True,
    )
    if is_missing:
        reason = replace(reason, suggested=msg("case.reason_missing"))
        remedy = replace(remedy, suggested=msg("case.remedy_missing"))
    return reason, remedy


# ---- 不予受理, 撤回, 补打, 归档 ------------------------------------------------------------------------------------


def grounds(seen: CaseSeen) -> tuple[DeclineGround, ...]:
    """The grounds that the state allows."""
    if seen.case.state is State.SUPPLEMENT_ASKED:
        return (DeclineGround.NOT_SUPPLEMENTED,)
    return (DeclineGround.NOT_REQUIRED, DeclineGround.WRONG_OFFICE)


def chosen_ground(seen: CaseSeen, typed: Typed) -> DeclineGround:
    """The ground that is chosen; the first to begin with."""
    return next((g for g in grounds(seen) if g.name == typed.get(GROUND)), grounds(seen)[0])


def _decline(seen: CaseSeen, typed: Typed) -> Confirm:
    ground = chosen_ground(seen, typed)
    options = tuple(Option(key=g.name, text=msg(f"case.ground_{g.name}")) for g in grounds(seen))
    fields = [
        Field(key=GROUND, label=msg("case.ground"), text=ground.name, input=FieldInput.CHOICE, options=options),
        Field(
            key=REASON, label=msg("case.reason"), text=typed.get(REASON, ""), input=FieldInput.LONG_TEXT, max_length=500
        ),
    ]
    needs_office = ground is DeclineGround.WRONG_OFFICE
    if needs_office:
        office = typed.get(OFFICE, "")
        fields.append(Field(key=OFFICE, label=msg("case.office"), text=office, placeholder=msg("case.office_hint")))
    lacks: Text = "" if typed.get(REASON, "").strip() else msg("case.lacks_reason")
    if needs_office and not typed.get(OFFICE, "").strip():
        lacks = lacks or msg("case.lacks_office")
    return Confirm(
        act=CaseAct.DECLINE,
        title=msg("case.ask_decline", who=seen.head.applicant, item=seen.head.item),
        lines=(msg("case.will_print", paper=paper_name(PaperKind.NON_ACCEPTANCE)),),
        fields=tuple(fields),
        confirm_label=msg("case.do_decline"),
        kind=ActKind.DANGER,
        can_confirm=lacks == "",
        blocked_text=lacks,
    )


def correction(seen: CaseSeen, typed: Typed) -> tuple[dict[str, str], str | None]:
    """What would be put right: the fields that are another now, and the telephone where it is."""
    before = _written(seen)
    now = {key: text.strip() for key, text in typed.items() if key in before and text.strip() != before[key]}
    phone = now.pop(PHONE, None)
    return now, phone


def _written(seen: CaseSeen) -> dict[str, str]:
    """The form as it stands, and the telephone."""
    values = {f.key: (f.value.value or "") for f in seen.case.fields}
    fields = {f.key: values.get(f.key, "") for f in seen.item.fields} if seen.item is not None else values
    return {PHONE: seen.case.applicant.phone.value or "", **fields}


def _correct(seen: CaseSeen, typed: Typed) -> Confirm:
    before = _written(seen)
    known = {f.key: f for f in seen.item.fields} if seen.item is not None else {}
    fields = []
    for key, text in before.items():
        form = known.get(key)
        choices = tuple(Option(key=choice, text=choice) for choice in form.choices) if form is not None else ()
        label: Text = msg("case.phone") if key == PHONE else form.label if form is not None else key
        way = FieldInput.CHOICE if choices else FieldInput.TEXT
        longest = form.max_length if form is not None else 200
        text = typed.get(key, text)
        fields.append(
            Field(key=key, label=label, text=text, input=way, options=choices, is_half=True, max_length=longest)
        )
    now, phone = correction(seen, typed)
    emptied = [key for key, text in now.items() if not text and key in known and known[key].required]
    lacks: Text = "" if now or phone is not None else msg("case.lacks_correction")
    if emptied or phone == "":
        lacks = msg("case.lacks_value", name=known[emptied[0]].label if emptied else msg("case.phone"))
    return Confirm(
        act=CaseAct.CORRECT,
        title=msg("case.ask_correct", who=seen.head.applicant),
        lines=(msg("case.correct_signs"),),
        fields=tuple(fields),
        confirm_label=msg("case.do_correct"),
        can_confirm=lacks == "",
        blocked_text=lacks,
    )


def _withdraw(seen: CaseSeen, typed: Typed) -> Confirm:
    wished = seen.case.withdrawal_wished
    fields = (Field(key=REASON, label=msg("case.wish"), text=typed.get(REASON, ""), placeholder=msg("case.wish_hint")),)
    lacks: Text = "" if wished or typed.get(REASON, "").strip() else msg("case.lacks_reason")
    then = msg("case.withdraw_ends") if seen.ends else msg("case.withdraw_noted", section=seen.section)
    return Confirm(
        act=CaseAct.WITHDRAW,
        title=msg("case.ask_withdraw", who=seen.head.applicant, item=seen.head.item),
        lines=(then, msg("case.will_print", paper=paper_name(PaperKind.WITHDRAWAL))),
        fields=() if wished else fields,
        confirm_label=msg("case.do_withdraw") if seen.ends else msg("case.do_wish"),
        kind=ActKind.DANGER,
        can_confirm=lacks == "",
        blocked_text=lacks,
    )


def _take_over(seen: CaseSeen, typed: Typed) -> Confirm:
    reason = typed.get(REASON, "")
    return Confirm(
        act=CaseAct.TAKE_OVER,
        title=msg("case.ask_take_over", number=seen.case.number, desk=seen.case.holder or ""),
        lines=(msg("case.take_over_sure"), msg("case.take_over_late")),
        fields=(Field(key=REASON, label=msg("case.reason"), text=reason, placeholder=msg("case.take_over_hint")),),
        confirm_label=msg("case.do_take_over"),
        kind=ActKind.DANGER,
        can_confirm=bool(reason.strip()),
        blocked_text=msg("case.lacks_reason"),
    )


def papers_again(seen: CaseSeen) -> tuple[PaperKind, ...]:
    """The papers that can be printed once more."""
    case = seen.case
    if seen.item is None:
        return ()
    found = [PaperKind.RECEIPT, PaperKind.MATERIAL_SLIP]
    found += [PaperKind.SUPPLEMENT] if case.supplement is not None else []
    found += [PaperKind.ACCEPTANCE] if case.acceptance is not None else []
    found += [PaperKind.SPECIAL_PROCEDURE] if case.suspensions else []
    found += [PaperKind.EXTENSION] if case.extension is not None else []
    found += [PaperKind.NON_ACCEPTANCE] if case.declination is not None else []
    found += [PaperKind.WITHDRAWAL] if case.withdrawal_wished else []
    if case.decision is not None and case.deliveries:  # before the delivery the issue screen prints it
        found.append(PaperKind.GRANT if case.decision.granted else PaperKind.REFUSAL)
    return tuple(found)


def _offered(seen: CaseSeen) -> dict[str, tuple[PaperKind, int]]:
    """The same by the names of their options, and the certificates that were handed out: which of them, from 1."""
    found = {paper.name: (paper, 1) for paper in papers_again(seen)}
    if seen.case.deliveries and found:
        kind = PaperKind.CERTIFICATE
        found |= {f"{kind.name}_{n}": (kind, n) for n in range(1, len(seen.case.certificates) + 1)}
    return found


def not_printed(seen: CaseSeen) -> tuple[PaperKind, ...]:
    """What was decided on the case and must be told in writing, and never came out of a printer."""
    offered = [paper for paper in papers_again(seen) if paper in _TOLD]
    return tuple(paper for paper in offered if not printed_before(seen, paper))


def chosen_paper(seen: CaseSeen, typed: Typed) -> tuple[PaperKind, int]:
    """The paper that is chosen and which of its kind: to begin with what was never printed, else what was told last."""
    offered, waiting = papers_again(seen), not_printed(seen)
    first = waiting[0] if waiting else offered[-1] if len(offered) > 2 else offered[0]
    return _offered(seen).get(typed.get(PAPER, ""), (first, 1))


def printed_before(seen: CaseSeen, paper: PaperKind, ordinal: int = 1) -> tuple[PrintRun, ...]:
    """Its runs that were not voided."""
    runs = (run for run in seen.case.prints if run.paper is paper and run.ordinal == ordinal)
    return tuple(run for run in runs if run.state is not PrintState.VOIDED)


def chosen_serial(seen: CaseSeen, typed: Typed) -> str:
    """Number of the stock that a certificate goes on; empty for plain paper, and for every other paper."""
    is_certificate = chosen_paper(seen, typed)[0] is PaperKind.CERTIFICATE
    return narrow(typed.get(SERIAL, seen.serial)).strip() if is_certificate else ""


def chosen_reason(seen: CaseSeen, typed: Typed) -> PrintReason:
    """Why the chosen paper is printed once more; a further copy to begin with."""
    if not printed_before(seen, *chosen_paper(seen, typed)):
        return PrintReason.FIRST
    return next((why for why in _AGAIN if why.name == typed.get(WHY)), PrintReason.COPY)


def _print(seen: CaseSeen, typed: Typed) -> Confirm:
    names = {key: _name(seen, *one) for key, one in _offered(seen).items()}
    options = tuple(Option(key=key, text=name) for key, name in names.items())
    kind, ordinal = chosen_paper(seen, typed)
    key = f"{kind.name}_{ordinal}" if kind is PaperKind.CERTIFICATE else kind.name
    printed = printed_before(seen, kind, ordinal)
    lines: tuple[Text, ...] = (msg("case.printed_times", n=len(printed)),) if printed else ()
    paper = Field(key=PAPER, label=msg("case.paper"), text=key, input=FieldInput.CHOICE, options=options)
    reasons = tuple(Option(key=why.name, text=msg(f"case.again_{why.name}")) for why in _AGAIN)
    now = chosen_reason(seen, typed).name
    why = Field(key=WHY, label=msg("case.why_again"), text=now, input=FieldInput.CHOICE, options=reasons)
    return Confirm(
        act=CaseAct.PRINT_RECEIPT,
        title=msg("case.ask_print"),
        lines=lines,
        fields=(paper, *([why] if printed else []), *_stock(seen, typed, kind)),
        confirm_label=joined(msg("case.do_print"), names[key], separator="step.space"),
    )


def _name(seen: CaseSeen, paper: PaperKind, ordinal: int) -> Text:
    return seen.case.certificates[ordinal - 1].name if paper is PaperKind.CERTIFICATE else paper_name(paper)


def _stock(seen: CaseSeen, typed: Typed, paper: PaperKind) -> tuple[Field, ...]:
    """The number of the stock, for a certificate."""
    if paper is not PaperKind.CERTIFICATE:
        return ()
    number = typed.get(SERIAL, seen.serial)
    hint = msg("issue.serial_hint")
    return (Field(key=SERIAL, label=msg("issue.serial"), text=number, placeholder=hint, max_length=40),)


def _archive(seen: CaseSeen, typed: Typed) -> Confirm:
    return Confirm(
        act=CaseAct.ARCHIVE,
        title=msg("case.ask_archive", number=seen.case.number),
        lines=(msg("case.archive_ends"),),
        confirm_label=msg("case.do_archive"),
    )


def _reopen(seen: CaseSeen, typed: Typed) -> Confirm:
    return Confirm(
        act=CaseAct.REOPEN,
        title=msg("case.ask_reopen", number=seen.case.number),
        lines=(msg("case.reopen_new"),),
        confirm_label=msg("case.do_reopen"),
    )


_STRIPS: Mapping[CaseAct, Callable[[CaseSeen, Typed], Confirm]] = {
    CaseAct.ACCEPT: _accept,
    CaseAct.TELL_SUPPLEMENT: _tell,
    CaseAct.DECLINE: _decline,
    CaseAct.CORRECT: _correct,
    CaseAct.WITHDRAW: _withdraw,
    CaseAct.TAKE_OVER: _take_over,
    CaseAct.PRINT_RECEIPT: _print,
    CaseAct.REOPEN: _reopen,
    CaseAct.ARCHIVE: _archive,
}
"""The acts that are asked about before they are done."""
ASKED = frozenset(_STRIPS)
