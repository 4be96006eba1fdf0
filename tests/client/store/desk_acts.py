"""What may be done at desks that share three cases, for the properties: who, where, which acts are possible now."""

from __future__ import annotations

import contextlib
from datetime import date, datetime

from tests.client.store.shadow import Shadow, Shown
from tests.client.store.truth import context_of
from tests.support.cases import CLERK, REVIEWER, SECTION_ITEM, handed_in, page, receive, secret
from yichuang_domain import actions as a
from yichuang_domain.decide import decide
from yichuang_domain.deed import CaseAct, Deed
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.ids import CaseId, DeedId, PlaceId, ReplicaId
from yichuang_domain.organisation import Person
from yichuang_domain.party import SupplementPoint

CASES = A, B, C = tuple(CaseId(letter * 32) for letter in "abc")
COUNTER, OTHER, DESK = "0137", "0138", "0201"
PLACES = {COUNTER: "town", OTHER: "other", DESK: "hall", "0139": "town", "0202": "hall"}
ALL = ("form", "lease", "health")
_POINT = SupplementPoint(material="lease", reason=secret("缺"), remedy=secret("带来"))
OPEN = a.Open(means=a.OpenMeans.TOKEN)
FACTS: tuple[a.Action, ...] = (
    a.Note(text=secret("备注")),
    a.AttachPage(page=page()),
    a.Correct(phone=secret("13800000000")),
    a.WishWithdraw(reason=secret("不办了")),
    a.BringSupplement(materials=(handed_in("lease"),)),
    a.Deliver(method=a.DeliveryMethod.COUNTER, recipient=secret("本人")),
)
DECISIONS: tuple[a.Action, ...] = (
    a.Accept(docno="1"),
    a.Claim(),
    a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("符合")),
    a.Verify(verdict=a.Verdict.GRANT, text=secret("同意")),
    a.Grant(docno="1"),
    a.MakeReady(),
    a.Archive(),
    a.TellSupplement(docno="1", points=(_POINT,), until=date(2026, 12, 15)),
    a.TakeOver(reason=secret("坏了")),
    *(a.HandOver(to=ReplicaId(replica)) for replica in PLACES),
    a.Withdraw(),
    OPEN,
    a.Decline(docno="1", ground=a.DeclineGround.WRONG_OFFICE, reason=secret("不归我们")),
)
_Beginning = tuple[tuple[str, Person, a.Action], ...]
_A, _B, _C = (receive(*ALL), receive(*ALL, item=SECTION_ITEM), receive("form", "health"))
BEGINNINGS: dict[CaseId, tuple[_Beginning, ...]] = {
    A: (
        ((COUNTER, CLERK, _A),),
        ((COUNTER, CLERK, _A), (COUNTER, CLERK, a.Accept(docno="1")), (DESK, REVIEWER, a.Claim())),
        ((COUNTER, CLERK, _A), (COUNTER, CLERK, a.HandOver(to=ReplicaId(OTHER)))),
    ),
    B: (
        ((COUNTER, CLERK, _B),),
        ((COUNTER, CLERK, _B), (DESK, REVIEWER, a.Claim()), (DESK, REVIEWER, a.HandOver(to=ReplicaId(COUNTER)))),
        ((COUNTER, CLERK, _B), (DESK, REVIEWER, a.Claim()), (DESK, REVIEWER, a.HandOver(to=ReplicaId(OTHER)))),
    ),
    C: (
        ((OTHER, CLERK, _C),),
        ((OTHER, CLERK, _C), (OTHER, CLERK, a.HandOver(to=ReplicaId(COUNTER)))),
        ((OTHER, CLERK, _C), (OTHER, CLERK, a.HandOver(to=ReplicaId(DESK)))),
    ),
}
"""How far each case may have come, and where it lies, before the first episode."""


def deed_of(replica: str, person: Person, moment: datetime) -> Deed:
    """A deed of a desk without an act."""
    return Deed(
        deed=DeedId(""),
        replica=ReplicaId(replica),
        seq=0,
        previous="",
        person=person.person,
        lease="lease",
        place=PlaceId(PLACES[replica]),
        occurred_time=moment,
        seen_time=None,
        skew_ms=0,
        acts=(),
    )


def judged(
    desk: str, acts: list[tuple[CaseId, a.Action]], cases: Shown, person: Person, on_line: bool, moment: datetime
) -> Shown | Reason:
    """The cases with a new deed done at a desk that sees them so, or why it may not be done."""
    now, deed = dict(cases), deed_of(desk, person, moment)
    for name, action in acts:
        case = now.get(name)
        if case is None and isinstance(action, a.Open):
            if not on_line:
                return Reason.NEEDS_LINE
            continue
        act = CaseAct(case=name, epoch=case.epoch if case else 1, action=action)
        try:
            now = Shadow.after(now, deed, [act], person, on_line)
        except Refused as no:
            return no.reason
    return now


def decisions(case: CaseId, cases: Shown, desk: str, person: Person, on_line: bool, moment: datetime) -> list[a.Action]:
    """What the person may decide on the case."""
    known = cases.get(case)
    found: list[a.Action] = []
    if known is not None:
        deed = deed_of(desk, person, moment)
        for action in DECISIONS:
            act = CaseAct(case=case, epoch=known.epoch, action=action)
            with contextlib.suppress(Refused):
                decide(known, action, context_of(deed, act, known, person, on_line))
                found.append(action)
    return found


def possible(case: CaseId, cases: Shown, desk: str, person: Person, on_line: bool, moment: datetime) -> list[a.Action]:
    """What the person may do on the case; facts make up a third of it at most."""
    found = decisions(case, cases, desk, person, on_line, moment)
    return [*found, *FACTS[: max(1, len(found) // 2)]] if cases.get(case) is not None else []
