"""The act table as data: which act is a fact, which a decision, who may do it, in which states, without a line?

Rules kept here: one row an action type, total over the actions; the table is the domain document's table of acts
and nothing else decides these questions. For a fact, ``states`` says where it is regular: elsewhere it is
recorded and flagged.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from yichuang_domain import actions as a
from yichuang_domain.case import State
from yichuang_domain.organisation import Role


class Kind(Enum):
    """What an act is."""

    FACT = "FACT"
    """It has happened in the world; the district always records it."""
    DECISION = "DECISION"
    """It may be refused."""
    ONLINE = "ONLINE"
    """It changes who may decide; it needs the district."""


class Line(Enum):
    """Whether an act works without a network."""

    WORKS = "WORKS"
    ITEM_SAYS = "ITEM_SAYS"
    """Works if the item version says so."""
    NEEDED = "NEEDED"


@dataclass(frozen=True, kw_only=True)
class Act:
    """One row of the table."""

    kind: Kind
    roles: frozenset[Role]
    states: frozenset[State]
    needs_hold: bool
    line: Line
    in_section: bool = False
    """Whether the person must be of the item's section."""


_CLERK = frozenset({Role.CLERK})
_COUNTER = frozenset({Role.CLERK, Role.SUPERVISOR})
_REVIEW = frozenset({Role.REVIEWER, Role.VERIFIER, Role.APPROVER})
_ANYONE = _COUNTER | _REVIEW
_OPEN = frozenset({State.RECEIVED, State.SUPPLEMENT_ASKED, State.ACCEPTED, State.IN_REVIEW, State.SUSPENDED})
_ALIVE = _OPEN | {State.DECIDED, State.READY_TO_ISSUE}
_ANY = frozenset(State) - {State.DRAFT}


def _fact(roles: frozenset[Role], states: frozenset[State]) -> Act:
    return Act(kind=Kind.FACT, roles=roles, states=states, needs_hold=False, line=Line.WORKS)


def _decision(roles: frozenset[Role], *states: State, line: Line = Line.NEEDED, in_section: bool = True) -> Act:
    return Act(
        kind=Kind.DECISION,
        roles=roles,
        states=frozenset(states),
        needs_hold=True,
        line=line,
        in_section=in_section,
    )


def _online(roles: frozenset[Role], states: frozenset[State], *, needs_hold: bool = False) -> Act:
    return Act(kind=Kind.ONLINE, roles=roles, states=states, needs_hold=needs_hold, line=Line.NEEDED)


ACTS: dict[type, Act] = {
    a.Receive: _fact(_CLERK, frozenset()),
    a.AttachPage: _fact(_ANYONE, _ALIVE),
    a.Correct: _fact(_CLERK, frozenset({State.RECEIVED, State.SUPPLEMENT_ASKED})),
    a.BringSupplement: _fact(_CLERK, frozenset({State.SUPPLEMENT_ASKED})),
    a.BringDeferred: _fact(_CLERK, frozenset({State.ACCEPTED, State.IN_REVIEW, State.SUSPENDED})),
    a.WishWithdraw: _fact(_CLERK, _OPEN),
    a.Note: _fact(_ANYONE, _ANY),
    a.StartPrint: _fact(_ANYONE, _ANY),
    a.ConfirmPrint: _fact(_ANYONE, _ANY),
    a.VoidPrint: _fact(_ANYONE, _ANY),
    a.Deliver: _fact(_COUNTER, frozenset({State.READY_TO_ISSUE})),
    a.Rate: _fact(_CLERK, _ANY),
    a.TellSupplement: _decision(_CLERK | _REVIEW, State.RECEIVED, line=Line.WORKS, in_section=False),
    a.Accept: _decision(_CLERK | _REVIEW, State.RECEIVED, line=Line.ITEM_SAYS, in_section=False),
    a.Decline: _decision(
        _CLERK | _REVIEW, State.RECEIVED, State.SUPPLEMENT_ASKED, line=Line.ITEM_SAYS, in_section=False
    ),
    a.Withdraw: _decision(_ANYONE, *_OPEN, in_section=False),
    a.SignOpinion: _decision(frozenset({Role.REVIEWER}), State.IN_REVIEW),
    a.Verify: _decision(frozenset({Role.VERIFIER, Role.APPROVER}), State.IN_REVIEW),
    a.Grant: _decision(_REVIEW, State.IN_REVIEW),
    a.GrantAtCounter: _decision(_CLERK, State.ACCEPTED, line=Line.ITEM_SAYS, in_section=False),
    a.Refuse: _decision(_REVIEW, State.IN_REVIEW),
    a.MakeReady: _decision(_REVIEW, State.DECIDED),
    a.Suspend: _decision(_REVIEW, State.IN_REVIEW),
    a.Resume: _decision(_REVIEW, State.SUSPENDED),
    a.Extend: _decision(_REVIEW, State.IN_REVIEW, State.SUSPENDED),
    a.ReturnInternally: _decision(_REVIEW, State.IN_REVIEW),
    a.Enquire: _decision(_REVIEW, State.IN_REVIEW),
    a.HandOver: _decision(_ANYONE, *_ALIVE, in_section=False),
    a.Archive: Act(
        kind=Kind.DECISION,
        roles=_COUNTER,
        states=frozenset({State.CONCLUDED, State.DECLINED, State.WITHDRAWN}),
        needs_hold=False,
        line=Line.WORKS,
    ),
    a.Claim: _online(_ANYONE, _ALIVE),
    a.TakeOver: _online(frozenset({Role.SUPERVISOR}), _ALIVE),
    a.Open: _online(_COUNTER, _ANY),
}
"""One row an action type."""
