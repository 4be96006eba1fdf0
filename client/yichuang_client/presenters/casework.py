"""办件画面的共同部分: what every screen about one case says of it, from the case and the catalogue.

Rules kept here: no screen computes a clock or masks a name by itself; an item version that is not on this desk yet
hides nothing that the case itself tells; a fact that the catalogue does not state reads 目录未载, never blank.
"""

from __future__ import annotations

from yichuang_client.actions.work import Work
from yichuang_client.presenters.casework_chips import (
    applicant_name,
    due_chip,
    masked,
    masked_credit_code,
    masked_id,
    masked_name,
    masked_phone,
    personal_text,
    row_name,
    state_chip,
)
from yichuang_client.presenters.casework_clock import Explained, explain, limit_text, month_day, weekday
from yichuang_client.presenters.casework_matter import matter_facts
from yichuang_client.presenters.casework_pages import (
    CasePages,
    material_names,
    material_pages,
    ordered_pages,
    page_id,
)
from yichuang_client.presenters.casework_story import event_lines
from yichuang_client.presenters.models.common import Chip, Fact, Mark, Text, Tone, joined, msg
from yichuang_client.presenters.models.queues import CaseHead
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.party import ApplicantKind, IdSource

__all__ = [
    "CasePages",
    "Explained",
    "applicant_name",
    "case_facts",
    "case_head",
    "due_chip",
    "event_lines",
    "explain",
    "item_name",
    "item_or_none",
    "limit_text",
    "masked",
    "masked_name",
    "material_names",
    "material_pages",
    "month_day",
    "opening_head",
    "ordered_pages",
    "page_id",
    "row_name",
    "state_chip",
    "weekday",
]

_IRREGULAR = Chip(text=msg("case.irregular"), tone=Tone.WARNING, mark=Mark.WARN)
_UNSENT = Chip(text=msg("case.unsent"), tone=Tone.WARNING, mark=Mark.UNSENT)
_READ_ONLY = Chip(text=msg("case.read_only"), tone=Tone.NEUTRAL, mark=Mark.LOCK)
_RETURNED = Chip(text=msg("case.returned"), tone=Tone.WARNING, mark=Mark.WARN)


def item_or_none(work: Work, case: Case) -> ItemVersion | None:
    """The case's item version, None while it is not on this desk. Raises StoreError."""
    return work.store.catalogue.find(case.item, case.item_version)


def item_name(item: ItemVersion | None, case: Case) -> Text:
    """The item's name; its code while the version is on its way."""
    return item.name if item is not None else msg("case.item_coming", code=case.item)


def opening_head() -> CaseHead:
    """What stands there until a case was read."""
    return CaseHead(item=msg("case.opening"), applicant="", number="")


def case_head(work: Work, case: Case) -> CaseHead:
    """办件头: item, masked applicant, chips, number, the clock in one sentence. Raises StoreError."""
    item, calendar = item_or_none(work, case), work.store.people.calendar
    now = explain(case, item, calendar, work.today)
    chips = []
    if now.due != "":
        chips.append(due_chip(now.on, work.today, calendar, now.is_paused))
    if item is not None:
        grade = f"case.grade_{item.grade.name}" if item.grade is not None else "case.grade_not_stated"
        chips.append(Chip(text=msg(grade), tone=Tone.PRIMARY))
    if case.deferrals:
        chips.append(Chip(text=msg("case.deferring", n=len(case.deferrals)), tone=Tone.WARNING, mark=Mark.WAIT))
    chips += [_RETURNED] if case.returned is not None else []
    chips += [_IRREGULAR] if case.irregular else []
    chips += [_UNSENT] if work.store.outbox.unsent_of(case.case) else []
    chips += [_READ_ONLY] if work.store.is_read_only(case.case) else []
    if case.matter is not None:
        n, of = case.matter.ordinal(case.item), case.matter.size
        chips.append(Chip(text=msg("case.part", n=n, of=of), tone=Tone.PRIMARY))
    return CaseHead(
        item=item_name(item, case),
        applicant=applicant_name(case.applicant),
        number=case.number,
        state=state_chip(case.state),
        chips=tuple(chips),
        due=now.due,
        clock=now.clock,
    )


def case_facts(work: Work, case: Case) -> tuple[Fact, ...]:
    """要点: who applies, for whom, what was typed, what is owed; persons masked. Raises StoreError."""
    item = item_or_none(work, case)
    matter = matter_facts(work, case)
    return (
        *matter,
        *_corrected(work, case),
        *_people(case),
        *_situation(case, item),
        *_form(case, item),
        *_deferrals(case, item),
        *_limits(case, item),
    )


def _corrected(work: Work, case: Case) -> tuple[Fact, ...]:
    """更正: the case that this one corrects, by its number where it lies on this desk."""
    if case.corrects is None:
        return ()
    row = work.store.rows.find(case.corrects)
    return (Fact(label=msg("case.corrects"), value=row.number if row is not None else msg("case.not_here")),)


def _people(case: Case) -> tuple[Fact, ...]:
    who, agent = case.applicant, case.agent
    kind = msg(f"case.kind_{who.kind.name}")
    is_person = who.kind is ApplicantKind.PERSON
    facts = [Fact(label=msg("case.applicant"), value=joined(applicant_name(who), kind, separator="common.space"))]
    if who.credit_code is not None:
        facts.append(Fact(label=msg("case.credit_code"), value=masked_credit_code(who.credit_code)))
    number = masked_id(who.id_number)
    if is_person:
        facts.append(Fact(label=msg("case.id_number"), value=number, chip=_source_chip(who.id_source)))
    else:
        operator = joined(masked_name(who.operator), number, separator="common.space")
        facts.append(Fact(label=msg("case.operator"), value=operator, chip=_source_chip(who.id_source)))
    facts.append(Fact(label=msg("case.phone"), value=masked_phone(who.phone)))
    if agent is not None:
        value = joined(masked_name(agent.name), masked_id(agent.id_number), separator="common.space")
        facts.append(Fact(label=msg("case.agent"), value=value, chip=_source_chip(agent.id_source)))
        mandate = joined(personal_text(agent.scope), msg("case.until", day=weekday(agent.until)))
        facts.append(Fact(label=msg("case.mandate"), value=mandate))
    return tuple(facts)


def _source_chip(source: IdSource | None) -> Chip | None:
    """读卡 or 手输: how the number came in; nothing where an older program did not note it."""
    if source is None:
        return None
    is_read = source is IdSource.CARD
    tone, mark = (Tone.SUCCESS, Mark.OK) if is_read else (Tone.WARNING, None)
    return Chip(text=msg(f"case.id_{source.name}"), tone=tone, mark=mark)


def _situation(case: Case, item: ItemVersion | None) -> tuple[Fact, ...]:
    if item is None or not case.answers:
        return ()
    options = {(q.key, o.key): o.text for q in item.questions for o in q.options}
    chosen = [options.get((a.question, a.option), a.option) for a in case.answers]
    return (Fact(label=msg("case.situation"), value=joined(*chosen)),)


def _form(case: Case, item: ItemVersion | None) -> tuple[Fact, ...]:
    typed = {f.key: f.value for f in case.fields}
    if item is None:
        return tuple(Fact(label=key, value=personal_text(value)) for key, value in typed.items())
    facts = []
    for form_field in item.fields:
        value = typed.pop(form_field.key, None)
        text: Text = msg("case.not_filled") if value is None else personal_text(value)
        if value is not None and form_field.unit:
            text = joined(text, form_field.unit, separator="step.space")
        facts.append(Fact(label=form_field.label, value=text))
    facts += [Fact(label=key, value=personal_text(value)) for key, value in typed.items()]
    return tuple(facts)


def _deferrals(case: Case, item: ItemVersion | None) -> tuple[Fact, ...]:
    names = material_names(item)
    return tuple(
        Fact(
            label=names.get(d.material, d.material),
            value=msg("case.deferred_until", day=month_day(d.due_on)),
            is_strong=True,
            tone=Tone.WARNING,
            chip=Chip(text="", tone=Tone.WARNING, mark=Mark.WAIT),
        )
        for d in case.deferrals
    )


def _limits(case: Case, item: ItemVersion | None) -> tuple[Fact, ...]:
    facts = []
    if item is not None:
        for key, limit in (("case.promised", item.promised_limit), ("case.statutory", item.statutory_limit)):
            value = limit_text(limit) if limit is not None else msg("common.not_stated")
            facts.append(Fact(label=msg(key), value=value))
        pickups = [msg(f"case.pickup_{way.name}") for way in item.pickups]
        facts.append(Fact(label=msg("case.pickup"), value=joined(*pickups) if pickups else msg("common.not_stated")))
    if case.decision is not None:
        verdict = msg("case.granted") if case.decision.granted else msg("case.refused")
        facts.append(Fact(label=msg("case.decision"), value=joined(verdict, case.decision.docno), is_strong=True))
    return tuple(facts)
