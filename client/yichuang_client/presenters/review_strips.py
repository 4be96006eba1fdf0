"""确认条: what each decision asks before it is done: what follows, for whom, which reasons.

Rules kept here: a reason stands before the button can be pressed; 补正 lists every material of the case, since it can
be told only once; what the applicant will read is shown.
"""

from __future__ import annotations

from yichuang_client.presenters.casework import applicant_name, limit_text, weekday
from yichuang_client.presenters.models.common import ActKind, Confirm, Field, FieldInput, Option, Text, msg
from yichuang_client.presenters.models.review import ReviewAct
from yichuang_client.presenters.review_bar import level_word, next_signer
from yichuang_client.presenters.review_barred import grounds, is_last_level, missing, needed, promised
from yichuang_client.presenters.review_case import CaseSeen
from yichuang_client.presenters.review_procedure import procedure_strip
from yichuang_client.presenters.review_strip_parts import LONGEST, Dates, Typing, blocked, need, reason_field
from yichuang_domain import actions as a
from yichuang_domain.material import Material


def strip(seen: CaseSeen, act: ReviewAct, typed: Typing, dates: Dates) -> Confirm:
    """The question for an act, with what was typed into it so far."""
    made = {
        ReviewAct.ACCEPT: _accept,
        ReviewAct.TELL_SUPPLEMENT: _supplement,
        ReviewAct.DECLINE: _decline,
        ReviewAct.AGREE: _agree,
        ReviewAct.RETURN: _return,
        ReviewAct.PROCEDURE: procedure_strip,
        ReviewAct.REFUSE: _refuse,
        ReviewAct.NOTE: _note,
    }[act]
    return made(seen, typed, dates)


# ---- while the case is only received --------------------------------------------------------------------------


def _accept(seen: CaseSeen, typed: Typing, dates: Dates) -> Confirm:
    told = seen.case.supplement
    lines: list[Text] = []
    if told is not None and told.all_in_on is not None:
        lines.append(msg("review.ask_accept_from", day=weekday(told.all_in_on)))
    limit = seen.item.promised_limit or seen.item.statutory_limit if seen.item is not None else None
    if limit is not None and dates.due_on is not None:
        lines.append(msg("review.ask_accept_due", limit=limit_text(limit), day=weekday(dates.due_on)))
    for key in promised(seen.case, seen.item):
        lines.append(msg("review.ask_accept_deferred", name=seen.names.get(key, key)))
    lines.append(msg("review.ask_accept_paper"))
    return Confirm(
        act=ReviewAct.ACCEPT,
        title=msg("review.ask_accept", who=applicant_name(seen.case.applicant), item=seen.head.item),
        lines=tuple(lines),
        confirm_label=msg("review.do_accept"),
    )


def _supplement(seen: CaseSeen, typed: Typing, dates: Dates) -> Confirm:
    lacks = missing(seen.case, seen.item)
    others = tuple(m for m in needed(seen.case, seen.item) if m not in lacks)
    fields = [field for m in lacks for field in _point(m, typed, is_missing=True)]
    fields += [field for m in others for field in _point(m, typed, is_missing=False)]
    told = points(seen, typed)
    made = Confirm(
        act=ReviewAct.TELL_SUPPLEMENT,
        title=msg("review.ask_supplement", n=len(told)),
        lines=(msg("review.ask_supplement_once"), msg("review.ask_supplement_until", day=weekday(dates.until))),
        fields=tuple(fields),
        confirm_label=msg("review.do_supplement"),
    )
    halves = [m for m in (*lacks, *others) if _is_half_told(m, typed)]
    open_points = [m for m in lacks if not typed.get(f"reason_{m.key}", "").strip()]
    unsaid: Text = msg("review.needs_point") if not told else ""
    for material in (*open_points, *halves):
        unsaid = need(material.name)
        break
    return blocked(made, unsaid)


def _is_half_told(material: Material, typed: Typing) -> bool:
    said = [bool(typed.get(f"{part}_{material.key}", "").strip()) for part in ("reason", "remedy")]
    return any(said) and not all(said)


def _point(material: Material, typed: Typing, *, is_missing: bool) -> tuple[Field, Field]:
    reason, remedy = f"reason_{material.key}", f"remedy_{material.key}"
    form = msg(f"review.remedy_{material.form.name}", n=material.copies)
    return (
        Field(
            key=reason,
            label=material.name,
            text=typed.get(reason, ""),
            suggested=msg("review.reason_missing") if is_missing else "",
            placeholder=msg("review.reason_none"),
            is_half=True,
        ),
        Field(
            key=remedy,
            label=msg("review.remedy"),
            text=typed.get(remedy, ""),
            suggested=form if is_missing else "",
            placeholder=form,
            is_half=True,
        ),
    )


def points(seen: CaseSeen, typed: Typing) -> tuple[tuple[str, str, str], ...]:
    """Material, reason and remedy of everything that would be told."""
    told = []
    for material in needed(seen.case, seen.item):
        reason, remedy = (typed.get(f"{part}_{material.key}", "").strip() for part in ("reason", "remedy"))
        if reason and remedy:
            told.append((material.key, reason, remedy))
    return tuple(told)


def _decline(seen: CaseSeen, typed: Typing, dates: Dates) -> Confirm:
    ground, reason = chosen_ground(seen, typed), typed.get("reason", "").strip()
    fields = [
        Field(
            key="ground",
            label=msg("review.ground"),
            text=ground.name,
            input=FieldInput.CHOICE,
            options=tuple(Option(key=g.name, text=msg(f"review.ground_{g.name}")) for g in grounds(seen.case)),
        ),
        reason_field(typed, msg("review.reason")),
    ]
    is_elsewhere = ground is a.DeclineGround.WRONG_OFFICE
    if is_elsewhere:
        office = typed.get("office", "")
        fields.append(
            Field(key="office", label=msg("review.office"), text=office, placeholder=msg("review.office_hint"))
        )
    made = Confirm(
        act=ReviewAct.DECLINE,
        title=msg("review.ask_decline", who=applicant_name(seen.case.applicant), item=seen.head.item),
        lines=(msg("review.ask_decline_paper"),),
        fields=tuple(fields),
        confirm_label=msg("review.do_decline"),
        kind=ActKind.DANGER,
    )
    lacks = "" if reason else need(msg("review.reason"))
    if is_elsewhere and not typed.get("office", "").strip():
        lacks = lacks or need(msg("review.office"))
    return blocked(made, lacks)


def chosen_ground(seen: CaseSeen, typed: Typing) -> a.DeclineGround:
    """The ground that is chosen; the first one to begin with."""
    return next((g for g in grounds(seen.case) if g.name == typed.get("ground")), grounds(seen.case)[0])


# ---- in review ------------------------------------------------------------------------------------------------


def _agree(seen: CaseSeen, typed: Typing, dates: Dates) -> Confirm:
    who = applicant_name(seen.case.applicant)
    if is_last_level(seen.case, seen.item):
        return Confirm(
            act=ReviewAct.AGREE,
            title=msg("review.ask_grant", who=who, item=seen.head.item),
            lines=(msg("review.ask_signed"), msg("review.ask_grant_then", day=weekday(dates.deliver_by))),
            confirm_label=msg("review.do_grant"),
        )
    word = level_word(seen, 1)
    return Confirm(
        act=ReviewAct.AGREE,
        title=msg("review.ask_pass", who=next_signer(seen, 1), level=word),
        lines=(msg("review.ask_signed"), msg("review.ask_pass_then", level=word)),
        confirm_label=msg("review.do_pass", level=word),
    )


def _return(seen: CaseSeen, typed: Typing, dates: Dates) -> Confirm:
    made = Confirm(
        act=ReviewAct.RETURN,
        title=msg("review.ask_return"),
        lines=(msg("review.ask_return_clock"),),
        fields=(reason_field(typed, msg("review.reason"), msg("review.return_hint")),),
        confirm_label=msg("review.do_return"),
    )
    return blocked(made, "" if typed.get("reason", "").strip() else need(msg("review.reason")))


def _refuse(seen: CaseSeen, typed: Typing, dates: Dates) -> Confirm:
    who = applicant_name(seen.case.applicant)
    if not is_last_level(seen.case, seen.item):
        word = level_word(seen, 1)
        return Confirm(
            act=ReviewAct.REFUSE,
            title=msg("review.ask_propose_refusal", who=next_signer(seen, 1), level=word),
            lines=(msg("review.ask_signed"), msg("review.ask_propose_then", level=word)),
            confirm_label=msg("review.do_pass", level=word),
            kind=ActKind.DANGER,
        )
    articles = _articles(seen, typed)
    made = Confirm(
        act=ReviewAct.REFUSE,
        title=msg("review.ask_refuse", who=who, item=seen.head.item),
        lines=(msg("review.ask_refuse_paper"), msg("review.ask_grant_then", day=weekday(dates.deliver_by))),
        fields=(
            reason_field(typed, msg("review.facts"), msg("review.facts_hint")),
            Field(key="articles", label=msg("review.articles"), text=articles, max_length=LONGEST),
        ),
        confirm_label=msg("review.do_refuse"),
        kind=ActKind.DANGER,
    )
    facts = typed.get("reason", "").strip()
    lacks = msg("review.facts") if not facts else msg("review.articles") if not articles.strip() else ""
    return blocked(made, need(lacks) if lacks != "" else "")


def _articles(seen: CaseSeen, typed: Typing) -> str:
    """What was typed; the item's basis to begin with."""
    return typed.get("articles", (seen.item.basis or "") if seen.item is not None else "")


def articles_of(seen: CaseSeen, typed: Typing) -> tuple[str, ...]:
    """The articles that the refusal names."""
    return lines_of(_articles(seen, typed))


def lines_of(text: str) -> tuple[str, ...]:
    """Facts and articles: one a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _note(seen: CaseSeen, typed: Typing, dates: Dates) -> Confirm:
    made = Confirm(
        act=ReviewAct.NOTE,
        title=msg("review.ask_note"),
        fields=(reason_field(typed, msg("review.note")),),
        confirm_label=msg("review.do_note"),
    )
    return blocked(made, "" if typed.get("reason", "").strip() else need(msg("review.note")))
