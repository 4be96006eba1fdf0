"""练习机器人的主意: which deed follows for a case, as a section's reviewer, verifier or approver would do it.

Rules kept here: pure, no I/O and no clock; the same case always gets the same end; one case in four is told a
supplement, one in eight is refused; what the law leaves to the counter stays there.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from yichuang_domain import actions as a
from yichuang_domain.approval import following_level, levels
from yichuang_domain.case import Case, State
from yichuang_domain.catalog import AcceptBy, ItemVersion, OutcomeKind
from yichuang_domain.deed import local_day
from yichuang_domain.granting import made_certificate
from yichuang_domain.ids import PersonId, SectionId
from yichuang_domain.material import Material, required
from yichuang_domain.organisation import Role, Section
from yichuang_domain.party import SupplementPoint
from yichuang_domain.personal import SALT_BYTES, Personal, seal
from yichuang_domain.workdays import Calendar
from yichuang_server.services.training import robot_person, robot_words

ASKED_ONE_IN = 4
"""One case in so many is told a supplement though all is there."""
REFUSED_ONE_IN = 8
_BRING_WORKDAYS = 15


@dataclass(frozen=True, kw_only=True)
class Move:
    """What the robot does next: who of its people, and the acts of the one deed."""

    person: PersonId
    acts: tuple[a.Action, ...]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a move is chosen by."""

    case: Case
    item: ItemVersion
    section: Section
    calendar: Calendar
    now: datetime
    serial: int
    """Of the deed: numbers its document."""

    @property
    def today(self) -> date:
        """The day of the act."""
        return local_day(self.now)


def is_chosen(case: Case, what: str, one_in: int) -> bool:
    """Whether the case is one of those, by its id alone."""
    return int(hashlib.sha256(f"{what} {case.case}".encode()).hexdigest()[:8], 16) % one_in == 0


def next_move(scene: Scene, replica: str) -> Move | None:
    """The move that follows, None where it is somebody else's turn; ``replica`` is the robot's desk."""
    case = scene.case
    if case.holder is None:
        role = _claims(scene)
        return None if role is None else Move(person=_who(case.section, role), acts=(a.Claim(),))
    if case.holder != replica:
        return None
    if case.withdrawal_wished:
        return Move(person=_who(case.section, Role.REVIEWER), acts=(a.Withdraw(),))
    if case.state is State.RECEIVED:
        first = _first_decision(scene, replica)
        return None if first is None else Move(person=_who(case.section, Role.REVIEWER), acts=(first,))
    return _opinion(scene, replica) if case.state is State.IN_REVIEW else None


def _claims(scene: Scene) -> Role | None:
    """Who of the section takes a free case, None where it lies for the counter."""
    case = scene.case
    if case.state is State.RECEIVED:
        return Role.REVIEWER if scene.item.accept_by is AcceptBy.SECTION else None
    if case.state is State.ACCEPTED:
        return Role.REVIEWER
    return following_level(scene.item.grade, len(case.opinions)) if case.state is State.IN_REVIEW else None


def _first_decision(scene: Scene, replica: str) -> a.Action | None:
    """Accept, or tell once what lacks; None where the five days are over and something lacks."""
    case, words = scene.case, robot_words()
    answers = {answer.question: answer.option for answer in case.answers}
    needed = required(scene.item, answers)
    lacking = tuple(m for m in needed if not case.has(m.key))
    if case.supplement is None and scene.today <= case.notice_due_on:
        asked = lacking or (needed[:1] if is_chosen(case, "supplement", ASKED_ONE_IN) else ())
        if asked:
            why = words.supplement_missing if lacking else words.supplement_reason
            return a.TellSupplement(
                docno=_docno(scene, replica, "SUPPLEMENT"),
                points=tuple(_point(material, why) for material in asked),
                until=scene.calendar.add_workdays(scene.today, _BRING_WORKDAYS).on,
            )
    return None if lacking else a.Accept(docno=_docno(scene, replica, "ACCEPT"))


def _point(material: Material, why: str) -> SupplementPoint:
    remedy = _sealed(robot_words().supplement_remedy)
    return SupplementPoint(material=material.key, reason=_sealed(why), remedy=remedy)


def _opinion(scene: Scene, replica: str) -> Move | None:
    case, item, words = scene.case, scene.item, robot_words()
    signed, chain = len(case.opinions), levels(item.grade)
    role = following_level(item.grade, signed)
    is_refused = is_chosen(case, "refuse", REFUSED_ONE_IN)
    is_last = signed + 1 >= len(chain)
    if role is None or (is_last and not is_refused and case.deferrals):
        return None  # a grant waits for what was deferred
    verdict = a.Verdict.REFUSE if is_refused else a.Verdict.GRANT
    texts = words.refuse if is_refused else words.grant
    text = _sealed(texts[min(signed, len(texts) - 1)])
    step: a.Action = a.Verify(verdict=verdict, text=text) if signed else a.SignOpinion(verdict=verdict, text=text)
    acts: tuple[a.Action, ...] = (step,)
    if is_last and is_refused:
        facts = tuple(_sealed(fact) for fact in words.facts)
        articles = (item.basis or words.basis,)
        refusal = a.Refuse(docno=_docno(scene, replica, "REFUSE"), facts=facts, articles=articles)
        acts = (step, refusal, a.MakeReady())
    elif is_last:
        made = tuple(
            made_certificate(outcome, scene.today, "")
            for outcome in item.results
            if outcome.kind is OutcomeKind.CERTIFICATE
        )
        acts = (step, a.Grant(docno=_docno(scene, replica, "GRANT")), a.MakeReady(certificates=made))
    return Move(person=_who(case.section, role), acts=acts)


def _docno(scene: Scene, replica: str, kind: str) -> str:
    words = robot_words()
    return words.docno.format(
        prefix=scene.section.docno_prefix,
        kind=words.kinds[kind],
        year=scene.today.year,
        device=int(replica),
        serial=scene.serial,
    )


def _who(section: SectionId | None, role: Role) -> PersonId:
    return robot_person(section or SectionId(""), role)


def _sealed(text: str) -> Personal:
    return seal(text, secrets.token_bytes(SALT_BYTES))
