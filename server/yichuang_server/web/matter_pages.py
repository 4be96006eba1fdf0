"""一件事的网页内容: one page for a matter, with where each of its cases stands.

Rules kept here: as of ``pages``: made of the public view and the words of one language alone; a case that is ready is
not called to be fetched while another of the matter is still being worked on, for they are handed out together.
"""

from __future__ import annotations

from dataclasses import dataclass

from yichuang_server.web.pages import TONES, DueLine, Fact, Page, Tone, due_line
from yichuang_server.web.public import DueKind, MatterView, Situation, StageState, TrackingView
from yichuang_server.web.texts import Language, Texts

_ENDED = frozenset({Situation.CONCLUDED, Situation.DECLINED, Situation.WITHDRAWN})


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """One case of the matter."""

    name: str
    is_chinese: bool
    state: str
    """Value of StageState in small letters: the row's class."""
    tone: Tone
    text: str
    """Where it stands."""
    time: str
    note: str
    """Section and end of its number."""
    dues: tuple[DueLine, ...]


@dataclass(frozen=True, kw_only=True)
class MatterPage(Page):
    """一件事进度."""

    cases: tuple[CaseLine, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class VerifyMatterPage(Page):
    """核对一件事的凭证."""

    facts: tuple[Fact, ...]


def track_matter(view: MatterView, texts: Texts) -> MatterPage:
    """The tracking page of a matter."""
    kind, tone = _standing(view)
    done = sum(case.situation in _ENDED or case.situation is Situation.READY_TO_ISSUE for case in view.cases)
    return MatterPage(
        title=texts("matter.title"),
        headline=texts(f"matter.{kind}.headline", n=len(view.cases), done=done),
        next=texts(f"matter.{kind}.next"),
        tone=tone,
        cases=tuple(_line(case, texts, waits=kind != "ready") for case in view.cases),
        facts=_facts(view, texts),
    )


def verify_matter(view: MatterView, texts: Texts) -> VerifyMatterPage:
    """The page for somebody who holds the receipt of a matter, or a paper of one of its cases."""
    tails = tuple(case.number_tail for case in view.cases if case.number_tail)
    facts = [*_facts(view, texts)]
    if tails:
        facts.append(Fact(label=texts("matter.case_tails"), text=" · ".join(tails)))
    return VerifyMatterPage(
        title=texts("verify.title"),
        headline=texts("verify.headline"),
        next=texts("matter.compare"),
        tone=Tone.DONE,
        facts=tuple(facts),
    )


def _standing(view: MatterView) -> tuple[str, Tone]:
    """What the applicant is told of the whole, and its tone."""
    now = {case.situation for case in view.cases}
    if Situation.SUPPLEMENT_ASKED in now or any(d.kind is DueKind.DEFERRED for c in view.cases for d in c.dues):
        return "act", Tone.ACT
    if now <= _ENDED:
        return "ended", Tone.DONE
    if now <= _ENDED | {Situation.READY_TO_ISSUE}:
        return "ready", Tone.READY
    return "going_on", Tone.WAIT


def _line(case: TrackingView, texts: Texts, *, waits: bool) -> CaseLine:
    stage, english = case.current, texts.language is Language.ENGLISH
    is_ready = case.situation is Situation.READY_TO_ISSUE
    text = texts("matter.waits" if is_ready and waits else f"situation.{case.situation}.headline")
    section = case.section_alias or texts("track.hidden_section")
    tail = texts("matter.tail", tail=case.number_tail) if case.number_tail else ""
    state = StageState.DONE if is_ready or case.situation is Situation.CONCLUDED else stage.state
    return CaseLine(
        name=case.item or texts("track.hidden_item"),
        is_chinese=english and bool(case.item),
        state=state.lower(),
        tone=TONES.get(case.situation, Tone.WAIT),
        text=text,
        time=texts.moment(stage.time) if stage.time is not None else "",
        note=" · ".join(part for part in (section, tail) if part),
        dues=tuple(due_line(due, texts) for due in case.dues),
    )


def _facts(view: MatterView, texts: Texts) -> tuple[Fact, ...]:
    english = texts.language is Language.ENGLISH
    name = view.name or texts("track.hidden_item")
    facts = [Fact(label=texts("matter.name"), text=name, is_chinese=english and bool(view.name))]
    facts.append(Fact(label=texts("matter.size"), text=texts("matter.cases", n=len(view.cases))))
    if view.number_tail:
        facts.append(Fact(label=texts("matter.number_tail", n=len(view.number_tail)), text=view.number_tail))
    return tuple(facts)
