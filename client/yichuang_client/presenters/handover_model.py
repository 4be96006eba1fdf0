"""交接所示: what lies here for the sections, what is on its way, and the strips that send it and take the slip back.

Rules kept here: pure; one slip goes to one section; nothing counts as handed over before both sides have signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from yichuang_client.actions.handover import MOST, Papers, Sent
from yichuang_client.presenters.casework import due_chip, row_name
from yichuang_client.presenters.casework_prints import paper_name
from yichuang_client.presenters.models.common import (
    Act,
    ActKind,
    Bar,
    Column,
    Confirm,
    Field,
    Mark,
    Progress,
    Row,
    Sentence,
    Table,
    Text,
    Tone,
    msg,
)
from yichuang_client.presenters.models.queues import Filter, HandoverAct, QueueModel
from yichuang_client.presenters.typed_text import sound_strip
from yichuang_domain.actions import PaperKind
from yichuang_domain.ids import SectionId
from yichuang_domain.workdays import Calendar

HERE, SENT, COMING = "HERE", "SENT", "COMING"
PERSON, BAG, CONTAINER, TEXT = "person", "bag", "container", "text"
_BACK = Act(id=HandoverAct.BACK, key="Esc", label=msg("common.back"), starts_group=True)
HANDOVER_COLUMNS = (
    Column(key="item", title=msg("queue.item"), width=220, stretches=True),
    Column(key="who", title=msg("queue.who"), width=130),
    Column(key="to", title=msg("handover.to"), width=190, stretches=True),
    Column(key="papers", title=msg("handover.papers"), width=190),
    Column(key="number", title=msg("queue.number"), width=246),
)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was read."""

    here: tuple[Papers, ...]
    sent: tuple[Sent, ...]
    sections: Mapping[SectionId, str]
    today: date
    calendar: Calendar
    is_section: bool = False
    """Whether this desk takes the papers; ``sent`` is then what comes."""
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What was being typed here before."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Everything that the picture depends on."""

    seen: Seen | None
    shown: str
    """HERE or SENT."""
    selected: str | None
    asked: str
    typed: Mapping[str, str] = field(repr=False)
    notice: Sentence | None
    is_busy: bool

    @property
    def chosen(self) -> Papers | None:
        """The selected case, among what lies here."""
        here = self.seen.here if self.seen is not None and self.shown == HERE else ()
        return next((one for one in here if one.row.case_id == self.selected), None)

    @property
    def batch(self) -> tuple[Papers, ...]:
        """What goes with the selected case: everything for its section."""
        chosen = self.chosen
        if chosen is None or self.seen is None:
            return ()
        same = [one for one in self.seen.here if one.section == chosen.section]
        first = [chosen, *(one for one in same if one is not chosen)][:MOST]
        return tuple(one for one in same if one in first)

    @property
    def chosen_sent(self) -> Sent | None:
        """The selected case, among what is on its way."""
        sent = self.seen.sent if self.seen is not None and self.shown != HERE else ()
        return next((one for one in sent if one.papers.row.case_id == self.selected), None)

    @property
    def same_batch(self) -> tuple[Sent, ...]:
        """The batch of the selected case."""
        chosen = self.chosen_sent
        sent = self.seen.sent if self.seen is not None else ()
        return tuple(one for one in sent if chosen is not None and one.batch == chosen.batch)


def difference_key(case: str | None) -> str:
    """Under which name the difference of one case is kept: what is typed for one is never said of another."""
    return f"{TEXT}.{case}"


def handover_model(now: Standing) -> QueueModel:
    """The model of the screen."""
    seen = now.seen
    counts = {HERE: len(seen.here), SENT: len(seen.sent)} if seen is not None else {HERE: 0, SENT: 0}
    if seen is not None and seen.is_section:
        counts = {COMING: len(seen.sent)}
    return QueueModel(
        title=msg("handover.title_section" if seen is not None and seen.is_section else "handover.title"),
        hint=msg("queue.keys"),
        filters=tuple(Filter(key=key, text=msg(f"handover.filter_{key}", n=n)) for key, n in counts.items()),
        filter=now.shown,
        table=Table(
            chip_title=msg("queue.chip"),
            chip_width=120,
            columns=HANDOVER_COLUMNS,
            rows=_rows(now),
            selected=now.selected,
            empty=msg(f"handover.empty_{now.shown}") if seen is not None else "",
        ),
        progress=Progress(text=msg("case.printing", paper=paper_name(PaperKind.HANDOVER))) if now.is_busy else None,
        bar=Bar(sentence=now.notice or _sentence(now), acts=_acts(now), confirm=_strip(now)),
    )


def _rows(now: Standing) -> tuple[Row, ...]:
    seen = now.seen
    if seen is None:
        return ()
    lines = [(one, "") for one in seen.here] if now.shown == HERE else [(one.papers, one.batch) for one in seen.sent]
    return tuple(_row(seen, papers, batch) for papers, batch in lines)


def _row(seen: Seen, papers: Papers, batch: str) -> Row:
    row = papers.row
    section: Text = seen.sections.get(papers.section, "") or msg("step.section")
    count = msg("handover.count", pieces=papers.pieces, pages=papers.pages, originals=papers.originals)
    item: Text = row.item_name or msg("case.item_coming", code=row.item_code)
    if papers.came_back:
        section = msg("handover.again", to=section)
    return Row(
        key=row.case_id,
        chip=due_chip(papers.due_on, seen.today, seen.calendar),
        cells=(item, row_name(row), batch or section, count, row.number),
    )


def _sentence(now: Standing) -> Sentence:
    seen = now.seen
    if seen is None:
        return Sentence()
    if now.shown == HERE and now.batch:
        to: Text = seen.sections.get(now.batch[0].section, "") or msg("step.section")
        return Sentence(lead=msg("handover.say_here", n=len(now.batch)), subject=to, hint=msg("handover.say_here_hint"))
    if seen.is_section and now.same_batch:
        lead, hint = msg("handover.say_coming", n=len(now.same_batch)), msg("handover.say_coming_hint")
        return Sentence(mark=Mark.WAIT, tone=Tone.WARNING, lead=lead, hint=hint)
    if now.shown == SENT and now.same_batch:
        lead, hint = msg("handover.say_sent", n=len(now.same_batch)), msg("handover.say_sent_hint")
        return Sentence(mark=Mark.WAIT, tone=Tone.WARNING, lead=lead, hint=hint)
    return Sentence(lead=msg("handover.say_nothing"))


def _acts(now: Standing) -> tuple[Act, ...]:
    acts = []
    if now.is_busy:
        return (_BACK,)
    if now.batch:
        acts.append(Act(id=HandoverAct.SEND, key="F8", label=msg("handover.act_send"), kind=ActKind.PRIMARY))
    is_section = now.seen is not None and now.seen.is_section
    if now.chosen_sent is not None and is_section:
        acts.append(Act(id=HandoverAct.TAKE, key="F8", label=msg("handover.act_take")))
    if now.chosen_sent is not None:
        acts.append(Act(id=HandoverAct.AGREE, key="F9", label=msg("handover.act_agree"), kind=ActKind.PRIMARY))
        acts.append(Act(id=HandoverAct.DIFFER, key="F10", label=msg("handover.act_differ")))
    if now.chosen_sent is not None and not is_section:
        acts.append(Act(id=HandoverAct.PRINT, key="Ctrl+P", label=msg("handover.act_print")))
    if now.batch or now.chosen_sent is not None:
        acts.append(Act(id=HandoverAct.OPEN, key="Enter", label=msg("handover.act_open")))
    return (*acts, _BACK)


def _strip(now: Standing) -> Confirm | None:
    strip = _asking(now)
    return sound_strip(strip) if strip is not None else None


def _asking(now: Standing) -> Confirm | None:
    if now.asked == HandoverAct.SEND and now.batch and now.seen is not None:
        return _sending(now, now.seen)
    if now.asked == HandoverAct.AGREE and now.same_batch:
        batch = now.same_batch[0].batch
        return Confirm(
            act=HandoverAct.AGREE,
            title=msg("handover.ask_agree", batch=batch, n=len(now.same_batch)),
            lines=(msg("handover.agree_ends"),),
            confirm_label=msg("handover.do_agree"),
        )
    if now.asked == HandoverAct.TAKE and now.chosen_sent is not None:
        return Confirm(
            act=HandoverAct.TAKE,
            title=msg("handover.ask_take", number=now.chosen_sent.papers.row.number),
            lines=(msg("handover.agree_ends"),),
            confirm_label=msg("handover.do_take"),
        )
    if now.asked == HandoverAct.DIFFER and now.chosen_sent is not None:
        text = now.typed.get(difference_key(now.selected), "")
        hint = msg("handover.difference_hint")
        return Confirm(
            act=HandoverAct.DIFFER,
            title=msg("handover.ask_differ", number=now.chosen_sent.papers.row.number),
            lines=(msg("handover.differ_ends"),),
            fields=(Field(key=TEXT, label=msg("handover.difference"), text=text, placeholder=hint),),
            confirm_label=msg("handover.do_differ"),
            kind=ActKind.DANGER,
            can_confirm=bool(text.strip()),
            blocked_text=msg("handover.lacks_difference"),
        )
    return None


def _sending(now: Standing, seen: Seen) -> Confirm:
    batch = now.batch
    to: Text = seen.sections.get(batch[0].section, "") or msg("step.section")
    total = msg(
        "handover.count",
        pieces=sum(one.pieces for one in batch),
        pages=sum(one.pages for one in batch),
        originals=sum(one.originals for one in batch),
    )
    names = ((PERSON, 20), (BAG, 40), (CONTAINER, 40))
    return Confirm(
        act=HandoverAct.SEND,
        title=msg("handover.ask_send", n=len(batch), to=to),
        lines=(total, msg("handover.send_prints")),
        fields=tuple(
            Field(
                key=key,
                label=msg(f"handover.{key}"),
                text=now.typed.get(key, ""),
                placeholder=msg("handover.by_hand"),
                is_half=True,
                max_length=length,
            )
            for key, length in names
        ),
        confirm_label=msg("handover.do_send"),
    )
