"""网页内容: what each public page says, as values that a template only sets out.

Rules kept here: a page is made of a ``TrackingView`` and the words of one language, of nothing else; the page for an
unknown token is made of the words alone, so that it cannot differ from one token to the next.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from yichuang_domain.deed import local_day
from yichuang_server.web.public import (
    DueDate,
    DueKind,
    Situation,
    Stage,
    StageKey,
    StageState,
    TrackingView,
)
from yichuang_server.web.texts import Language, Texts


class Tone(enum.StrEnum):
    """语气: colour and icon of the headline; the word says the same."""

    WAIT = "wait"
    """Nothing to do."""
    ACT = "act"
    """The citizen's turn, with a date."""
    READY = "ready"
    """Something lies ready for the citizen."""
    DONE = "done"
    PAUSE = "pause"
    STOP = "stop"


TONES = {
    Situation.SUPPLEMENT_ASKED: Tone.ACT,
    Situation.READY_TO_ISSUE: Tone.READY,
    Situation.CONCLUDED: Tone.DONE,
    Situation.SUSPENDED: Tone.PAUSE,
    Situation.DECLINED: Tone.STOP,
    Situation.WITHDRAWN: Tone.STOP,
}
"""By situation; all others wait."""
_CITIZENS = (DueKind.SUPPLEMENT, DueKind.DEFERRED)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A label and what stands beside it."""

    label: str
    text: str
    is_chinese: bool = False
    """Text of the district's own, Chinese whatever the page's language."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class DueLine:
    """A date that is owed, ready to read."""

    label: str
    date: str
    iso: str
    is_citizens: bool
    mark: str = ""
    """暂定, or nothing."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class StageLine:
    """One row of the timeline."""

    name: str
    state: str
    """Value of StageState in small letters: the row's class."""
    word: str
    """The state as a word, for who does not see the icon."""
    text: str
    time: str
    tone: Tone


@dataclass(frozen=True, kw_only=True)
class Page:
    """Any page: heading, headline and what to do next."""

    title: str
    headline: str
    next: str
    tone: Tone = Tone.WAIT
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TrackPage(Page):
    """办件进度."""

    stages: tuple[StageLine, ...]
    dues: tuple[DueLine, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class VerifyPage(Page):
    """核对凭证."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class HomePage(Page):
    """查办件进度: the front page."""

    see: tuple[str, ...]
    not_see: tuple[str, ...]


def track(view: TrackingView, texts: Texts) -> TrackPage:
    """The tracking page of a case."""
    tone = TONES.get(view.situation, Tone.WAIT)
    headline, todo = f"situation.{view.situation}.headline", f"situation.{view.situation}.next"
    if view.situation is Situation.UNDER_REVIEW and any(due.kind is DueKind.DEFERRED for due in view.dues):
        tone, headline, todo = Tone.ACT, "track.headline_deferred", "track.next_deferred"
    return TrackPage(
        title=texts("track.title"),
        headline=texts(headline),
        next=texts(todo),
        tone=tone,
        stages=tuple(_stage(stage, view, texts) for stage in view.stages),
        dues=tuple(due_line(due, texts) for due in view.dues),
        facts=_facts(view, texts),
    )


def verify(view: TrackingView, texts: Texts) -> VerifyPage:
    """The page for somebody who holds a paper and asks whether it is one of ours."""
    received = next(stage for stage in view.stages if stage.key is StageKey.RECEIVE)
    facts = [Fact(label=texts("verify.state"), text=texts(f"situation.{view.situation}.headline"))]
    if received.time is not None:
        facts.append(Fact(label=texts("verify.received"), text=texts.moment(received.time)))
    tail = view.number_tail
    return VerifyPage(
        title=texts("verify.title"),
        headline=texts("verify.headline"),
        next=texts("verify.next", n=len(tail)) if tail else texts("verify.next_without_tail"),
        tone=Tone.DONE,
        facts=(*reversed(_facts(view, texts)), *facts),
    )


def unknown(texts: Texts) -> Page:
    """The one page for a token that the district does not know, yet or ever, whatever its shape."""
    return Page(
        title=texts("unknown.title"),
        headline=texts("unknown.headline"),
        next=texts("unknown.next"),
        notes=(texts("unknown.address"), texts("unknown.other_paper")),
    )


def home(texts: Texts) -> HomePage:
    """The front page: how to follow a case, and what is never shown."""
    return HomePage(
        title=texts("home.title"),
        headline=texts("home.headline"),
        next=texts("home.next"),
        see=tuple(texts(f"home.see_{n}") for n in (1, 2, 3)),
        not_see=tuple(texts(f"home.not_see_{n}") for n in (1, 2, 3)),
    )


def message(kind: str, texts: Texts) -> Page:
    """A page of one sentence: ``not_found``, ``method``, ``too_many`` or ``unavailable``."""
    return Page(
        title=texts(f"{kind}.title"),
        headline=texts(f"{kind}.headline"),
        next=texts(f"{kind}.next"),
        tone=Tone.PAUSE,
    )


def _stage(stage: Stage, view: TrackingView, texts: Texts) -> StageLine:
    is_here = stage is view.current
    time = ""
    if stage.on is not None and (stage.time is None or local_day(stage.time) != stage.on):
        time = texts.day(stage.on)
    elif stage.time is not None:
        time = texts.moment(stage.time)
        if stage.state is StageState.CURRENT:
            time = texts("track.since", time=time)
    here = texts(f"situation.{view.situation}.stage")
    return StageLine(
        name=texts(f"stage.{stage.key}.name"),
        state=stage.state.lower(),
        word=texts(f"stage_state.{stage.state}"),
        text=here if is_here else texts(f"stage.{stage.key}.{stage.state}"),
        time=time,
        tone=TONES.get(view.situation, Tone.WAIT) if is_here else Tone.WAIT,
    )


def due_line(due: DueDate, texts: Texts) -> DueLine:
    """A date that is owed, in words."""
    return DueLine(
        label=texts(f"due.{due.kind}"),
        date=texts.day(due.on),
        iso=due.on.isoformat(),
        is_citizens=due.kind in _CITIZENS,
        mark=texts("track.provisional") if due.is_provisional else "",
        note=texts("track.provisional_note") if due.is_provisional else "",
    )


def _facts(view: TrackingView, texts: Texts) -> tuple[Fact, ...]:
    """Service, section and the end of the number; what is hidden reads 区里."""
    english = texts.language is Language.ENGLISH
    facts = [
        Fact(
            label=texts("track.item"),
            text=view.item or texts("track.hidden_item"),
            is_chinese=english and bool(view.item),
        ),
        Fact(
            label=texts("track.section"),
            text=view.section_alias or texts("track.hidden_section"),
            is_chinese=english and bool(view.section_alias),
        ),
    ]
    if view.number_tail:
        facts.append(Fact(label=texts("track.tail", n=len(view.number_tail)), text=view.number_tail))
    return tuple(facts)
