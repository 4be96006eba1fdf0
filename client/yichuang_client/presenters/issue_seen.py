"""出件所见: the result of a case, its papers with what is known of each print, and how it may reach the applicant.

Rules kept here: a paper counts as printed when its newest run that was not voided is confirmed, at whatever desk;
spooled is not printed; read off the Tk thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from yichuang_client.actions import matters, papers
from yichuang_client.actions.result_papers import certificate, delivery
from yichuang_client.actions.work import Work
from yichuang_client.documents.paper_data import PaperHead
from yichuang_client.presenters import casework
from yichuang_client.presenters.jotting import jotted
from yichuang_client.presenters.models.common import Text, joined, msg
from yichuang_client.presenters.models.queues import CaseHead
from yichuang_client.store.drafts import DraftKind
from yichuang_domain import actions as a
from yichuang_domain.actions import DeliveryMethod, PaperKind
from yichuang_domain.case import Case, PrintRun, PrintState, State
from yichuang_domain.catalog import ItemVersion, OutcomeKind, Pickup
from yichuang_domain.errors import Reason
from yichuang_domain.ids import CaseId
from yichuang_domain.matters import unfinished

_METHODS = {
    Pickup.COUNTER: DeliveryMethod.COUNTER,
    Pickup.POST: DeliveryMethod.POST,
    Pickup.LOCKER: DeliveryMethod.LOCKER,
}
_LAST_NUMBER = re.compile(r"(\d+)(\D*)$")


@dataclass(frozen=True, kw_only=True)
class PaperNow:
    """One paper of the result."""

    case: CaseId
    """Of which case: of a matter the results go out together."""
    kind: PaperKind
    name: Text
    docno: str
    run: PrintRun | None
    """The newest run that was not voided."""
    ordinal: int = 1
    """Which of several papers of this kind."""
    voided: int = 0
    """How many sheets of it were spoiled."""
    part: int = 0
    """Place of its case in the matter, where it is another than the one that is shown; else 0."""

    @property
    def key(self) -> str:
        """Names the paper among those of the result."""
        name = self.kind.name if self.ordinal == 1 else f"{self.kind.name}.{self.ordinal}"
        return f"{self.part}.{name}" if self.part else name

    @property
    def is_printed(self) -> bool:
        """Whether it came out and somebody or something said so."""
        return self.run is not None and self.run.state is PrintState.CONFIRMED

    @property
    def is_open(self) -> bool:
        """Whether a run of it has no outcome."""
        return self.run is not None and self.run.state is PrintState.STARTED


@dataclass(frozen=True, kw_only=True)
class IssueSeen:
    """The result of one case."""

    case: Case
    item: ItemVersion | None
    head: CaseHead
    papers: tuple[PaperNow, ...]
    methods: tuple[DeliveryMethod, ...]
    recipient: str = field(repr=False)
    """Who would sign: the applicant, or who speaks for a body."""
    serial: str
    """The next number of the numbered stock, after the one used last here; empty before the first."""
    after: tuple[str, ...]
    archive_barred: Reason | None
    together: tuple[CaseId, ...]
    """What is handed out with one signature: the case, or every case of its matter that is ready."""
    typed: Mapping[str, Any] = field(repr=False)
    """What was chosen and typed here before, as it was kept."""
    waits_for: int = 0
    """How many cases of the matter are still being worked on, or are not on this desk."""

    @property
    def known_numbers(self) -> frozenset[str]:
        """Identity numbers of who may receive without a paper more: the applicant, who speaks for a body, the agent."""
        who = (self.case.applicant, *((self.case.agent,) if self.case.agent is not None else ()))
        return frozenset(one.id_number.value for one in who if one.id_number.value)

    @property
    def is_ready(self) -> bool:
        """Whether the result is to be handed out now."""
        return self.case.state is State.READY_TO_ISSUE and not self.waits_for

    @property
    def is_held_up(self) -> bool:
        """Whether only the rest of its matter keeps the result here."""
        return self.case.state is State.READY_TO_ISSUE and self.waits_for > 0

    def paper(self, key: str) -> PaperNow | None:
        """One of the papers."""
        return next((paper for paper in self.papers if paper.key == key), None)


def read(work: Work, name: CaseId) -> IssueSeen:
    """Read the result of a case. Raises StoreError."""
    case = work.store.view(name)
    item = casework.item_or_none(work, case)
    ways = tuple(dict.fromkeys(_METHODS[way] for way in item.pickups if way in _METHODS)) if item is not None else ()
    who = case.applicant.operator or case.applicant.name
    may_end = case.is_ended and case.state is not State.ARCHIVED and item is not None
    is_read_only = work.store.is_read_only(name)
    cases = matters.siblings(work, case)
    ready = [one for one in cases if one.state is State.READY_TO_ISSUE]
    lacking = case.matter.size - len(cases) if case.matter is not None else 0
    return IssueSeen(
        case=case,
        item=item,
        head=casework.case_head(work, case),
        papers=_all_papers(work, case, cases),
        methods=ways or (DeliveryMethod.COUNTER,),
        recipient=who.value or "",
        serial=following_serial(work.store.prints.last_serial(PaperKind.CERTIFICATE)),
        after=item.after if item is not None else (),
        archive_barred=work.refusal((name, a.Archive())) if may_end and not is_read_only else Reason.WRONG_STATE,
        together=tuple(one.case for one in ready) or (name,),
        typed=jotted(work, name, DraftKind.ISSUE),
        waits_for=len(unfinished(cases)) + lacking,
    )


def following_serial(serial: str) -> str:
    """The number after this one, as wide as it; empty for a text without a number."""
    found = _LAST_NUMBER.search(serial)
    if found is None:
        return ""
    digits = str(int(found[1]) + 1).zfill(len(found[1]))
    return serial[: found.start()] + digits + found[2]


def said(work: Work, paper: PaperNow, method: DeliveryMethod, recipient: str) -> PaperHead:
    """What a paper says; the delivery receipt names the way and who signs.

    Raises NothingToPrintError, PaperError, StoreError.
    """
    case = work.store.view(paper.case)
    if paper.kind is PaperKind.DELIVERY:
        return delivery(work, case, work.item_of(case), method, recipient)
    if paper.kind is PaperKind.CERTIFICATE:
        return certificate(work, case, work.item_of(case), paper.ordinal)
    return papers.facts(work, case, paper.kind)


def _all_papers(work: Work, case: Case, cases: tuple[Case, ...]) -> tuple[PaperNow, ...]:
    """The papers of the case, and of the others of its matter that go out with it."""
    found = list(_papers(case, casework.item_or_none(work, case)))
    for other in cases:
        if other.case != case.case and other.state is case.state and other.matter is not None:
            item, part = casework.item_or_none(work, other), other.matter.ordinal(other.item)
            named = casework.item_name(item, other)
            found += [replace(p, part=part, name=joined(p.name, named)) for p in _papers(other, item)]
    return tuple(found)


def _papers(case: Case, item: ItemVersion | None) -> tuple[PaperNow, ...]:
    made = case.decision
    if made is None:
        return ()
    letter = PaperKind.GRANT if made.granted else PaperKind.REFUSAL
    names = {outcome.kind: outcome.name for outcome in item.results} if item is not None and made.granted else {}
    found = [_paper(case, letter, names.get(OutcomeKind.DECISION, ""), made.docno)]
    for ordinal, one in enumerate(case.certificates, 1):
        found.append(_paper(case, PaperKind.CERTIFICATE, one.name, made.docno, ordinal))
    found.append(_paper(case, PaperKind.DELIVERY, "", ""))
    return tuple(found)


def _paper(case: Case, kind: PaperKind, name: str, docno: str, ordinal: int = 1) -> PaperNow:
    runs = [run for run in case.prints if run.paper is kind and run.ordinal == ordinal]
    good = [run for run in runs if run.state is not PrintState.VOIDED]
    named: Text = name or msg(f"case.paper_{kind.name}")
    return PaperNow(
        case=case.case,
        kind=kind,
        name=named,
        docno=docno,
        run=good[-1] if good else None,
        ordinal=ordinal,
        voided=len(runs) - len(good),
    )
