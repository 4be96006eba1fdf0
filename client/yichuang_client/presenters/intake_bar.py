"""受理操作栏: the one sentence that says what is still missing and the next key, and the six acts.

Rules kept here: at most one primary act, the next valid step; a blocked act names the field that blocks it and a
stable reason; an act that the item leaves to its section is blocked and the sentence says who does it.
"""

from __future__ import annotations

from dataclasses import dataclass

from yichuang_client.presenters.intake_lacks import Lack, LackKind
from yichuang_client.presenters.models.common import Act, ActKind, Mark, Sentence, Text, Tone, msg
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_domain.catalog import AcceptBy, ItemVersion


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """What the bar is made from."""

    item: ItemVersion
    lacks: tuple[Lack, ...]
    deferred: int
    """How many materials are promised for later."""
    told: int
    """How many materials a supplement would name."""
    has_session: bool
    is_busy: bool = False

    @property
    def counter_accepts(self) -> bool:
        """Whether this counter may decide on the papers at all."""
        return self.item.accept_by is AcceptBy.COUNTER

    @property
    def has_line_enough(self) -> bool:
        """Whether the item may be decided now, with the line as it is."""
        return self.has_session or self.item.accepts_offline

    @property
    def bars(self) -> tuple[Lack, ...]:
        """What keeps the papers from being taken in."""
        return tuple(lack for lack in self.lacks if lack.is_bar_to_intake)

    @property
    def papers(self) -> tuple[Lack, ...]:
        """The materials that are missing."""
        return tuple(lack for lack in self.lacks if not lack.is_bar_to_intake)

    @property
    def is_refused(self) -> bool:
        """Whether the item itself cannot be taken in."""
        return any(lack.kind in (LackKind.CANCELLED, LackKind.SECTION) for lack in self.lacks)


@dataclass(frozen=True, kw_only=True)
class _Block:
    """Why an act is blocked and where to go."""

    reason: str
    focus: str | None = None


_KEYS = {
    IntakeAct.SCAN: ("F5", "intake.act_scan"),
    IntakeAct.CHECK: ("F6", "intake.act_check"),
    IntakeAct.RECEIVE: ("F8", "intake.act_receive"),
    IntakeAct.ACCEPT: ("F9", "intake.act_accept"),
    IntakeAct.TELL_SUPPLEMENT: ("F10", "intake.act_supplement"),
    IntakeAct.DECLINE: ("F12", "intake.act_decline"),
}


def acts(ready: Readiness) -> tuple[Act, ...]:
    """扫描, 核验, 收件, 受理, 补正告知, 不予受理."""
    blocks = {
        IntakeAct.SCAN: _first(ready.lacks) if ready.is_refused else None,
        IntakeAct.RECEIVE: _first(ready.bars),
        IntakeAct.ACCEPT: _first(ready.lacks) or _decision_block(ready),
        IntakeAct.TELL_SUPPLEMENT: _supplement_block(ready),
        IntakeAct.DECLINE: _first(ready.bars) or _decision_block(ready),
    }
    step = next_step(ready)
    busy = _Block(reason="busy") if ready.is_busy else None
    return tuple(_act(act, busy or blocks.get(act), is_next=act is step) for act in _KEYS)


def start_acts() -> tuple[Act, ...]:
    """The same while no item is chosen."""
    return tuple(_act(act, _Block(reason="item", focus="search"), is_next=False) for act in _KEYS)


def _first(lacks: tuple[Lack, ...]) -> _Block | None:
    return _Block(reason=lacks[0].kind.value, focus=lacks[0].focus) if lacks else None


def _decision_block(ready: Readiness) -> _Block | None:
    if not ready.counter_accepts:
        return _Block(reason="section_accepts")
    return None if ready.has_line_enough else _Block(reason="line")


def _supplement_block(ready: Readiness) -> _Block | None:
    if ready.bars:
        return _first(ready.bars)
    if not ready.counter_accepts:
        return _Block(reason="section_accepts")
    return None if ready.told else _Block(reason="nothing_to_tell", focus="materials")


def next_step(ready: Readiness) -> IntakeAct | None:
    """The next valid step: F5 while a paper is missing, then F9, or F8 where somebody else accepts."""
    if ready.is_refused:
        return None
    if ready.papers:
        return IntakeAct.SCAN
    if ready.lacks:
        return None
    return IntakeAct.RECEIVE if _decision_block(ready) else IntakeAct.ACCEPT


def _act(act: IntakeAct, block: _Block | None, *, is_next: bool) -> Act:
    key, label = _KEYS[act]
    is_next = is_next and block is None
    return Act(
        id=act,
        key=key,
        label=msg(label),
        kind=ActKind.DANGER if act is IntakeAct.DECLINE else ActKind.PRIMARY if is_next else ActKind.NORMAL,
        is_enabled=block is None,
        blocked_by=block.focus if block else None,
        reason=block.reason if block else "",
        starts_group=act is IntakeAct.TELL_SUPPLEMENT,
    )


def sentence(ready: Readiness) -> Sentence:
    """What is still missing, the first of it, what to do; or what can be done now."""
    if ready.is_busy:
        return Sentence(mark=Mark.WAIT, lead=msg("intake.saving"))
    if ready.is_refused:
        first = ready.lacks[0]
        return Sentence(mark=Mark.STOP, tone=Tone.DANGER, lead=first.subject, hint=first.hint)
    if ready.lacks:
        return _missing(ready)
    hint = _ready_hint(ready)
    lead = "intake.can_receive" if _decision_block(ready) else "intake.can_accept"
    return Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg(lead), hint=hint)


def _missing(ready: Readiness) -> Sentence:
    first = ready.lacks[0]
    only_papers = first.kind is LackKind.MATERIAL
    lead = msg("intake.missing_papers" if only_papers else "intake.missing_things", n=len(ready.lacks))
    return Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=lead, subject=first.subject, hint=first.hint)


def _ready_hint(ready: Readiness) -> Text:
    if not ready.counter_accepts:
        return msg("intake.section_accepts")
    if not ready.has_line_enough:
        return msg("intake.accept_needs_line")
    return msg("intake.deferred_count", n=ready.deferred) if ready.deferred else msg("intake.press_accept")
