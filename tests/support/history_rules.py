"""The history checker: what must be true of a district and its desks when all is quiet, whatever happened before.

Rules kept here: it judges by the durable texts alone and shares no code with what it judges but the table of acts
and the fold; a rule returns what is wrong, one line each, and a history without a finding is a good one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.history import Answered, DeskHistory, DistrictHistory, Recorded, head_of
from yichuang import codec
from yichuang_domain import actions
from yichuang_domain.act_table import ACTS, Kind
from yichuang_domain.case import Case
from yichuang_domain.deed import Record
from yichuang_domain.folding import apply

FIRST_EVENT = {
    "Receive": "Received",
    "AttachPage": "PageAttached",
    "TellSupplement": "SupplementTold",
    "BringSupplement": "SupplementBrought",
    "BringDeferred": "DeferredBrought",
    "WishWithdraw": "WithdrawalWished",
    "Correct": "Corrected",
    "Withdraw": "Withdrawn",
    "Note": "Noted",
    "Accept": "Accepted",
    "Decline": "Declined",
    "Claim": "Claimed",
    "HandOver": "HandedOver",
    "TakeOver": "TakenOver",
    "Open": "Opened",
    "SignOpinion": "OpinionSigned",
    "Verify": "OpinionSigned",
    "Grant": "Granted",
    "GrantAtCounter": "Granted",
    "Refuse": "PermitRefused",
    "MakeReady": "MadeReady",
    "Suspend": "Suspended",
    "Resume": "Resumed",
    "Extend": "Extended",
    "ReturnInternally": "ReturnedInternally",
    "Enquire": "Enquired",
    "StartPrint": "PrintStarted",
    "ConfirmPrint": "PrintConfirmed",
    "VoidPrint": "PrintVoided",
    "Deliver": "Delivered",
    "Archive": "Archived",
    "Rate": "Rated",
}
"""The one event that every act of a kind leaves in the log; ``Concluded`` only follows another."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A broken rule."""

    rule: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.what}"


def is_fact(name: str) -> bool:
    """Whether acts of that name are facts."""
    return ACTS[getattr(actions, name)].kind is Kind.FACT


def _kind(value: dict[str, Any]) -> str:
    return str(value["type"])


def _acts(deed: Answered, *, facts_alone: bool = False) -> Counter[tuple[str, str]]:
    """(case, event) of what the deed must have left in the log."""
    return Counter(
        (act["case"], FIRST_EVENT[_kind(act["action"])])
        for act in deed.plain["acts"]
        if not facts_alone or is_fact(_kind(act["action"]))
    )


def saved_acts_take_effect_once(district: DistrictHistory, desks: Sequence[DeskHistory]) -> Iterator[str]:
    """What a desk called saved has one answer, and the log has each of its acts once; nothing else is in the log."""
    known = {deed.deed: deed for deed in district.deeds}
    for desk in desks:
        for saved in desk.saved:
            found = known.get(saved.deed)
            if found is None:
                yield f"{saved.deed} of desk {saved.replica} was saved and never reached the district"
            elif (found.replica, found.hash) != (saved.replica, saved.hash):
                yield f"{saved.deed} is another deed at the district"
    written = _written(district)
    for deed in district.deeds:
        expected = _acts(deed, facts_alone=deed.outcome != "RECORDED")
        for name, count in (expected - written[deed.deed]).items():
            if deed.outcome == "RECORDED":
                yield f"{deed.deed} is recorded, {name} lacks {count} times in the log"
        for name, count in (written[deed.deed] - expected).items():
            yield f"{deed.deed} has {name} {count} times too often in the log"
    for stray in written.keys() - known.keys():
        yield f"records of {stray}, which no desk has done"


def _written(district: DistrictHistory) -> dict[str, Counter[tuple[str, str]]]:
    written: dict[str, Counter[tuple[str, str]]] = {deed.deed: Counter() for deed in district.deeds}
    for row in district.records:
        plain, event = row.plain, _kind(row.plain["event"])
        if event not in ("Concluded", "CameLate"):
            written.setdefault(plain["deed"], Counter())[row.case, event] += 1
    return written


def each_desks_acts_are_in_order(district: DistrictHistory, desks: Sequence[DeskHistory]) -> Iterator[str]:
    """The answered deeds of a desk are 1, 2, 3, …, each naming the hash of the one before."""
    for replica in sorted({deed.replica for deed in district.deeds}):
        mine = sorted((deed for deed in district.deeds if deed.replica == replica), key=lambda deed: deed.seq)
        previous = ""
        for number, deed in enumerate(mine, 1):
            if (deed.seq, deed.plain["previous"]) != (number, previous):
                yield f"desk {replica}: deed {deed.seq} does not follow"
            previous = deed.hash


def no_fact_is_refused(district: DistrictHistory, desks: Sequence[DeskHistory]) -> Iterator[str]:
    """Whatever was answered: every fact is in the log; a deed of facts alone is recorded."""
    written = _written(district)
    for deed in district.deeds:
        missing = _acts(deed, facts_alone=True) - written[deed.deed]
        if missing:
            yield f"{deed.deed} ({deed.outcome} {deed.reason}) lost its facts {sorted(missing)}"
        if deed.outcome != "RECORDED" and all(is_fact(_kind(act["action"])) for act in deed.plain["acts"]):
            yield f"{deed.deed} of facts alone was answered {deed.outcome} {deed.reason}"


def cases_are_chains(district: DistrictHistory, desks: Sequence[DeskHistory]) -> Iterator[str]:
    """Records of a case are 1, 2, 3, …, each naming the one before; a desk's acts on it stand in the desk's order."""
    seqs = {deed.deed: deed.seq for deed in district.deeds}
    for case, rows in _by_case(district).items():
        previous, last = "", Counter[str]()
        for number, row in enumerate(rows, 1):
            plain = row.plain
            if (row.n, plain["n"], plain["previous"]) != (number, number, previous):
                yield f"case {case}: record {row.n} does not follow"
            seq = seqs.get(plain["deed"], 0)
            if seq < last[plain["replica"]]:
                yield f"case {case}: deed {seq} of desk {plain['replica']} came after a later one"
            last[plain["replica"]] = max(seq, last[plain["replica"]])
            previous = row.hash


def _by_case(district: DistrictHistory) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = {}
    for row in district.records:
        found.setdefault(row.case, []).append(row)
    return found


def one_desk_holds_an_epoch(district: DistrictHistory, desks: Sequence[DeskHistory]) -> Iterator[str]:
    """In an epoch of a case there is one holder at most, and only it decides, under that epoch."""
    epochs = {
        (deed.deed, act["case"], FIRST_EVENT[_kind(act["action"])]): int(act["epoch"])
        for deed in district.deeds
        for act in deed.plain["acts"]
    }
    deciding = {FIRST_EVENT[kind.__name__] for kind, act in ACTS.items() if act.needs_hold}
    for name, rows in _by_case(district).items():
        case: Case | None = None
        holders: dict[int, str] = {}
        for row in rows:
            record = codec.decode(Record, row.text)
            event = type(record.event).__name__
            if case is not None and event in deciding:
                epoch = epochs.get((record.deed, name, event))
                if (record.replica, epoch) != (case.holder, case.epoch):
                    held = f"held by {case.holder} at {case.epoch}"
                    yield f"case {name}: {event} by {record.replica} under {epoch}, {held}"
            case = apply(case, record)
            if case.holder is not None and holders.setdefault(case.epoch, case.holder) != case.holder:
                yield f"case {name}: epoch {case.epoch} is held by {holders[case.epoch]} and {case.holder}"


def the_log_has_no_gaps(district: DistrictHistory, desks: Sequence[DeskHistory]) -> Iterator[str]:
    """Positions are 1, 2, 3, … up to the head, and the tree over them is the one that the district states."""
    positions = sorted([row.position for row in district.records] + list(district.notices))
    if positions != list(range(1, district.size + 1)):
        yield f"positions of the log are not 1 to {district.size}"
    if head_of(district) != district.root:
        yield "the tree head is another"
    for row in district.records:
        if hashlib.sha256(row.text).hexdigest() != row.hash:
            yield f"record {row.position} is not what was hashed"


def slices_have_no_gaps(district: DistrictHistory, desks: Sequence[DeskHistory]) -> Iterator[str]:
    """Every desk at rest has its cases and no others, each with the log that the district has."""
    logs = {case: tuple((row.n, row.hash) for row in rows) for case, rows in _by_case(district).items()}
    for desk in desks:
        yield from (f"desk {desk.replica}: {problem}" for problem in desk.problems)
        mine = district.slice_of(desk.audiences)
        if desk.shown != mine:
            yield f"desk {desk.replica}: lacks {sorted(mine - desk.shown)}, has {sorted(desk.shown - mine)} too many"
        for case in mine & desk.records.keys():
            if desk.records[case] != logs[case]:
                yield f"desk {desk.replica}: case {case} has {len(desk.records[case])} of {len(logs[case])} records"


def refusals_are_seen(district: DistrictHistory, desks: Sequence[DeskHistory]) -> Iterator[str]:
    """A refused decision lies in the tray of the desk that made it; answers are the district's; nothing waits."""
    known = {deed.deed: deed for deed in district.deeds}
    for desk in desks:
        for deed in district.deeds:
            if deed.replica == desk.replica and deed.outcome == "REFUSED" and deed.deed not in desk.tray:
                yield f"desk {desk.replica}: the refused {deed.deed} ({deed.reason}) is not shown"
        for name, (state, _) in desk.outbox.items():
            outcome = known[name].outcome if name in known else "PENDING"
            if state != outcome and desk.replica not in district.fenced:
                yield f"desk {desk.replica}: {name} is {state} here and {outcome} at the district"
            if state == "PENDING" and desk.replica not in district.fenced:
                yield f"desk {desk.replica}: {name} still waits"


def no_number_is_given_twice(district: DistrictHistory, desks: Sequence[DeskHistory]) -> Iterator[str]:
    """Two cases never bear one number."""
    bearers: dict[str, set[str]] = {}
    for row in district.records:
        event = row.plain["event"]
        if _kind(event) == "Received":
            bearers.setdefault(event["number"], set()).add(row.case)
    yield from (f"{number} is borne by {len(cases)} cases" for number, cases in bearers.items() if len(cases) > 1)


Rule = Callable[[DistrictHistory, Sequence[DeskHistory]], Iterable[str]]
RULES: tuple[Rule, ...] = (
    saved_acts_take_effect_once,
    each_desks_acts_are_in_order,
    no_fact_is_refused,
    cases_are_chains,
    one_desk_holds_an_epoch,
    the_log_has_no_gaps,
    slices_have_no_gaps,
    refusals_are_seen,
    no_number_is_given_twice,
)


def check(district: DistrictHistory, desks: Sequence[DeskHistory]) -> list[Finding]:
    """All that is wrong."""
    return [Finding(rule=rule.__name__, what=what) for rule in RULES for what in rule(district, desks)]
