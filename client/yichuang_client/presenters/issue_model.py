"""出件所示: the papers with their print state, to whom and how, and what to do next.

Rules kept here: pure; the result leaves the desk only with all of its papers printed and signed for; once delivered
nothing more is printed, only the archive follows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from yichuang_client.presenters.casework import opening_head
from yichuang_client.presenters.issue_seen import IssueSeen, PaperNow
from yichuang_client.presenters.models.common import (
    Act,
    ActKind,
    Banner,
    Bar,
    Chip,
    Confirm,
    Field,
    FieldInput,
    FieldMark,
    Mark,
    Option,
    Progress,
    Sentence,
    Text,
    Tone,
    joined,
    msg,
)
from yichuang_client.presenters.models.queues import IssueAct, IssueModel, ResultPaper
from yichuang_client.presenters.models.scan import PageView
from yichuang_client.presenters.typed_text import first_fault, narrow, sound
from yichuang_domain.actions import DeliveryMethod, PaperKind
from yichuang_domain.case import State
from yichuang_domain.identity import mask_name

SIGNED, UNSIGNED = "yes", "no"
TOGETHER, AHEAD = "together", "ahead"
_BACK = Act(id=IssueAct.BACK, key="Esc", label=msg("common.back"), starts_group=True)
_PRINTED = Chip(text=msg("issue.printed"), tone=Tone.SUCCESS, mark=Mark.OK)
_NOT_PRINTED = Chip(text=msg("issue.not_printed"), tone=Tone.NEUTRAL, mark=Mark.UNKNOWN)
_TO_CONFIRM = Chip(text=msg("issue.to_confirm"), tone=Tone.WARNING, mark=Mark.WAIT)
_OPEN = Chip(text=msg("issue.open"), tone=Tone.WARNING, mark=Mark.WARN)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was chosen and typed on the screen."""

    method: DeliveryMethod | None = None
    serial: str | None = None
    recipient: str | None = None
    signed: str = UNSIGNED
    holder: str = ""
    """Whose identity card was read here and is that of the applicant or the agent; empty for nobody's."""
    ahead: bool = False
    """先领: the applicant wishes what is ready before the rest of the matter is done."""

    def body(self, seen: IssueSeen) -> dict[str, Any]:
        """As plain data; without the signature: who comes back to the screen looks at the paper once more."""
        body = {
            "method": self.method.name if self.method is not None else None,
            "serial": self.serial,
            "following": seen.serial if self.serial is not None else None,
            "recipient": self.recipient,
            "ahead": self.ahead or None,
        }
        return {key: value for key, value in body.items() if value is not None}


def typed_before(seen: IssueSeen) -> Typed:
    """What was kept; a number of the stock only while no sheet was used since."""
    body = seen.typed
    is_next = body.get("following") == seen.serial
    return Typed(
        method=next((m for m in DeliveryMethod if m.name == body.get("method")), None),
        serial=body.get("serial") if is_next else None,
        recipient=body.get("recipient"),
        ahead=body.get("ahead", False),
    )


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Everything that the picture depends on."""

    seen: IssueSeen | None
    typed: Typed
    selected: str
    """Key of the paper; empty before one was chosen."""
    preview: PageView
    progress: Progress | None
    notice: Sentence | None
    asked: str
    """The act that is asked about; empty for none."""
    can_read_card: bool = False

    @property
    def paper(self) -> PaperNow | None:
        """The selected paper."""
        return self.seen.paper(self.selected) if self.seen is not None else None


def may_go_out(seen: IssueSeen, typed: Typed) -> bool:
    """Whether the result is to be handed out now."""
    return seen.is_ready or (seen.is_held_up and typed.ahead)


def method_of(seen: IssueSeen, typed: Typed) -> DeliveryMethod:
    """The way that is chosen; the item's first to begin with."""
    return typed.method if typed.method in seen.methods and typed.method is not None else seen.methods[0]


def recipient_of(seen: IssueSeen, typed: Typed) -> str:
    """Who signs."""
    return (seen.recipient if typed.recipient is None else typed.recipient).strip()


def serial_of(seen: IssueSeen, typed: Typed) -> str:
    """Number of the stock that the certificate goes on."""
    return narrow(seen.serial if typed.serial is None else typed.serial).strip()


def issue_model(now: Standing) -> IssueModel:
    """The model of the screen."""
    seen = now.seen
    if seen is None:
        return IssueModel(head=opening_head(), bar=Bar(sentence=now.notice or Sentence(), acts=(_BACK,)))
    method = method_of(seen, now.typed)
    return IssueModel(
        head=seen.head,
        papers=tuple(_row(paper, is_selected=paper.key == now.selected) for paper in seen.papers),
        methods=tuple(Option(key=m.name, text=msg(f"issue.method_{m.name}")) for m in seen.methods),
        method=method.name,
        fields=_shown_fields(seen, now.typed, method),
        after=seen.after if may_go_out(seen, now.typed) and all(paper.is_printed for paper in seen.papers) else (),
        preview=now.preview,
        progress=now.progress,
        banner=_banner(seen),
        bar=Bar(
            sentence=now.notice or _sentence(now, seen),
            acts=_acts(now, seen),
            confirm=_strip(now, seen) if now.asked else None,
        ),
    )


def blocked(seen: IssueSeen, typed: Typed) -> tuple[str, Text] | None:
    """The field that keeps the result from being handed out, and why; None when nothing does."""
    bad = unsound(seen, typed)
    if bad is not None:
        return bad.key, bad.note
    lacking = next((paper for paper in seen.papers if not paper.is_printed), None)
    if lacking is not None:
        return "papers", msg("issue.lacks_paper", paper=lacking.name)
    if not recipient_of(seen, typed):
        return "recipient", msg("issue.lacks_recipient")
    if typed.signed != SIGNED:
        return "signed", msg(f"issue.lacks_{method_of(seen, typed).name}")
    return None


def _shown_fields(seen: IssueSeen, typed: Typed, method: DeliveryMethod) -> tuple[Field, ...]:
    """The form; of a matter that is not done yet first of all whether the applicant waits for the rest."""
    fields = _fields(seen, typed, method) if may_go_out(seen, typed) else ()
    if not seen.is_held_up:
        return fields
    options = (
        Option(key=TOGETHER, text=msg("issue.wait_together")),
        Option(key=AHEAD, text=msg("issue.take_ahead")),
    )
    now = AHEAD if typed.ahead else TOGETHER
    label = msg("issue.rest")
    return (Field(key="ahead", label=label, text=now, input=FieldInput.CHOICE, options=options), *fields)


def unsound(seen: IssueSeen, typed: Typed) -> Field | None:
    """What was typed and cannot stay: nothing is printed with it and nothing handed out."""
    return first_fault(_fields(seen, typed, method_of(seen, typed)))


def _row(paper: PaperNow, *, is_selected: bool) -> ResultPaper:
    serial = paper.run.serial if paper.run is not None else ""
    detail: Text = msg("issue.serial_detail", serial=serial) if serial else paper.docno
    if paper.voided:
        detail = joined(detail, msg("issue.voided", n=paper.voided))
    if paper.kind is PaperKind.DELIVERY:
        detail = msg("issue.delivery_detail")
    state = _NOT_PRINTED
    if paper.is_printed:
        state = _PRINTED
    elif paper.is_open:
        state = _TO_CONFIRM if serial else _OPEN
    return ResultPaper(key=paper.key, name=paper.name, detail=detail, state=state, is_selected=is_selected)


def _fields(seen: IssueSeen, typed: Typed, method: DeliveryMethod) -> tuple[Field, ...]:
    name = seen.recipient if typed.recipient is None else typed.recipient
    recipient = Field(
        key="recipient",
        label=msg("issue.recipient"),
        text=name,
        masked=mask_name(name.strip()) if name.strip() else None,
        is_half=True,
        max_length=50,
    )
    if typed.holder and recipient_of(seen, typed) == typed.holder:
        recipient = replace(recipient, mark=FieldMark.GOOD, note=msg("issue.card_read"))
    options = (
        Option(key=UNSIGNED, text=msg("issue.signed_no")),
        Option(key=SIGNED, text=msg(f"issue.signed_{method.name}")),
    )
    signed = Field(
        key="signed",
        label=msg("issue.signed"),
        text=typed.signed,
        input=FieldInput.CHOICE,
        options=options,
    )
    if all(paper.run is not None for paper in seen.papers if paper.kind is PaperKind.CERTIFICATE):
        return (sound(recipient), signed)
    serial = Field(
        key="serial",
        label=msg("issue.serial"),
        text=seen.serial if typed.serial is None else typed.serial,
        placeholder=msg("issue.serial_hint"),
        is_half=True,
        max_length=40,
    )
    return (sound(recipient), sound(serial), signed)


def _banner(seen: IssueSeen) -> Banner | None:
    if seen.item is None:
        return Banner(kind="ITEM_MISSING", text=msg("store.ITEM_MISSING"), mark=Mark.WAIT)
    if seen.case.irregular:
        kind = sorted(seen.case.irregular, key=lambda each: each.name)[0]
        return Banner(kind=kind.name, text=msg(f"irregularity.{kind.name}"))
    return None


def _sentence(now: Standing, seen: IssueSeen) -> Sentence:
    if not may_go_out(seen, now.typed):
        return _not_ready(seen)
    bad = unsound(seen, now.typed)
    if bad is not None:
        return Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=bad.label, hint=bad.note)
    open_run = next((paper for paper in seen.papers if paper.is_open), None)
    if open_run is not None:
        hint = msg("issue.say_open_hint") if open_run.run and open_run.run.serial else msg("issue.say_broken_hint")
        lead = msg("issue.say_open")
        return Sentence(mark=Mark.WAIT, tone=Tone.WARNING, lead=lead, subject=open_run.name, hint=hint)
    lacking = next((paper for paper in seen.papers if not paper.is_printed), None)
    if lacking is not None:
        return Sentence(lead=msg("issue.say_print"), subject=lacking.name, hint=msg("issue.say_print_hint"))
    why = blocked(seen, now.typed)
    if why is not None:
        return Sentence(mark=Mark.WAIT, tone=Tone.WARNING, lead=msg("issue.say_printed"), hint=why[1])
    lead = msg("issue.say_deliver")
    return Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=lead, hint=msg("issue.say_deliver_hint"))


def _not_ready(seen: IssueSeen) -> Sentence:
    state = seen.case.state
    if state is State.READY_TO_ISSUE:
        lead = msg("issue.say_others", n=seen.waits_for)
        return Sentence(mark=Mark.WAIT, tone=Tone.WARNING, lead=lead, hint=msg("issue.say_others_hint"))
    if state is State.CONCLUDED:
        hint: Text = msg("issue.say_archive") if seen.archive_barred is None else ""
        return Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg("issue.say_concluded"), hint=hint)
    if state is State.ARCHIVED:
        return Sentence(mark=Mark.OK, tone=Tone.NEUTRAL, lead=msg("issue.say_archived"))
    return Sentence(mark=Mark.WAIT, tone=Tone.WARNING, lead=msg("issue.say_no_result"))


def _acts(now: Standing, seen: IssueSeen) -> tuple[Act, ...]:
    if not may_go_out(seen, now.typed):
        archive = Act(id=IssueAct.ARCHIVE, key="F8", label=msg("issue.act_archive"), kind=ActKind.PRIMARY)
        return (archive, _BACK) if seen.archive_barred is None else (_BACK,)
    why, paper, is_busy = blocked(seen, now.typed), now.paper, now.progress is not None
    is_open = paper is not None and paper.is_open
    has_number = paper is not None and paper.run is not None and bool(paper.run.serial)
    bad = unsound(seen, now.typed)
    may_print = not is_busy and paper is not None and not (is_open and has_number) and bad is None
    next_act = IssueAct.DELIVER if why is None else IssueAct.CONFIRM_PRINT if is_open and has_number else IssueAct.PRINT
    if paper is not None and paper.is_printed and why is not None:
        next_act = IssueAct.PRINT if why[0] == "papers" else IssueAct.DELIVER

    def made(act: IssueAct, key: str, *, can: bool, by: str = "papers") -> Act:
        kind = ActKind.PRIMARY if act is next_act and can else ActKind.NORMAL
        label = msg(f"issue.act_{act.value}")
        reason = "PRINTING" if is_busy else by.upper()
        return Act(id=act, key=key, label=label, kind=kind, is_enabled=can, blocked_by=by, reason=reason)

    card = Act(id=IssueAct.READ_CARD, key="F3", label=msg("issue.act_read_card"), is_enabled=not is_busy)
    return (
        *((card,) if now.can_read_card else ()),
        made(IssueAct.PRINT, "Ctrl+P", can=may_print, by=bad.key if bad is not None else "papers"),
        made(IssueAct.CONFIRM_PRINT, "F9", can=is_open and not is_busy),
        made(IssueAct.VOID_PRINT, "F10", can=is_open and not is_busy),
        made(IssueAct.DELIVER, "F8", can=why is None and not is_busy, by=why[0] if why is not None else "papers"),
        _BACK,
    )


def _strip(now: Standing, seen: IssueSeen) -> Confirm:
    if now.asked == IssueAct.DELIVER:
        method = method_of(seen, now.typed)
        who = mask_name(recipient_of(seen, now.typed) or seen.recipient)
        return Confirm(
            act=IssueAct.DELIVER,
            title=msg("issue.ask_deliver", who=who, way=msg(f"issue.method_{method.name}")),
            lines=(
                msg("issue.deliver_ends"),
                *((msg("issue.deliver_together", n=len(seen.together)),) if len(seen.together) > 1 else ()),
            ),
            confirm_label=msg("issue.do_deliver"),
        )
    if now.asked == IssueAct.ARCHIVE:
        return Confirm(
            act=IssueAct.ARCHIVE,
            title=msg("issue.ask_archive", number=seen.case.number),
            lines=(msg("issue.archive_ends"),),
            confirm_label=msg("issue.do_archive"),
        )
    paper = now.paper
    serial = paper.run.serial if paper is not None and paper.run is not None else ""
    name: Text = paper.name if paper is not None else ""
    title = msg("issue.ask_void_serial", serial=serial, paper=name) if serial else msg("issue.ask_void", paper=name)
    return Confirm(
        act=IssueAct.VOID_PRINT,
        title=title,
        lines=(msg("issue.void_serial_ends") if serial else msg("issue.void_ends"),),
        confirm_label=msg("issue.do_void"),
        kind=ActKind.DANGER,
    )
