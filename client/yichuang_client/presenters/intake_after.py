"""收件以后: the papers on their way, and the banner that says what is safe and where it is.

Rules kept here: 已存本机 is said only of what is durable; a paper counts as out when the printer says so; a trouble
says which paper is missing and where it can be printed again; delivered is what the district has recorded, never
what was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from yichuang_client.presenters.casework_prints import Order, Outcome, Prints, paper_name
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.common import Banner, Mark, Text, Tone, joined, msg
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_domain.actions import PaperKind
from yichuang_domain.case import Case
from yichuang_domain.ids import CaseId

PAPERS = {
    IntakeAct.RECEIVE: (PaperKind.RECEIPT, PaperKind.MATERIAL_SLIP),
    IntakeAct.ACCEPT: (PaperKind.RECEIPT, PaperKind.MATERIAL_SLIP, PaperKind.ACCEPTANCE),
    IntakeAct.TELL_SUPPLEMENT: (PaperKind.RECEIPT, PaperKind.SUPPLEMENT),
    IntakeAct.DECLINE: (PaperKind.NON_ACCEPTANCE,),
}
"""What each act prints, in the order in which it comes out."""


@dataclass(frozen=True, kw_only=True)
class After:
    """The intake that was handed in last."""

    case: CaseId
    number: str
    act: IntakeAct
    outcome: Outcome | None = None
    """What became of its papers; None while they are on their way."""
    is_delivered: bool = False
    has_session: bool = False
    is_granted: bool = False


class LastIntake:
    """What was handed in last: its papers go out, its banner follows them."""

    def __init__(self, desk: Desk, redraw: Callable[[], None]) -> None:
        self._desk = desk
        self._redraw = redraw
        self._after: After | None = None
        self._prints: Prints | None = None

    @property
    def case(self) -> CaseId | None:
        """Its case."""
        return self._after.case if self._after is not None else None

    def begin(self, act: IntakeAct, cases: Sequence[Case], *, has_session: bool) -> None:
        """The deed is durable: print the papers of the case, or of a matter's; those before go on by themselves."""
        case = cases[0]
        is_granted = case.decision is not None and case.decision.granted
        number = case.matter.number if case.matter is not None else case.number
        self._after = After(case=case.case, number=number, act=act, has_session=has_session, is_granted=is_granted)
        self._prints = Prints(self._desk, self._redraw)

        def ended(outcome: Outcome) -> None:
            if self._after is not None and self._after.case == case.case:
                self._after = replace(self._after, outcome=outcome)
                self._redraw()

        self._prints.start(case.case, _orders(act, cases), ended)

    def forget(self, *, also_trouble: bool) -> None:
        """Its banner has been read; one that tells a trouble stays until it is put away."""
        outcome = self._after.outcome if self._after is not None else None
        if also_trouble or (outcome is not None and outcome.missing is None):
            self._after = None

    def seen(self, case: CaseId | None, *, is_delivered: bool, has_session: bool) -> None:
        """How far it is on its way to the district."""
        if self._after is not None and self._after.case == case:
            self._after = replace(self._after, is_delivered=is_delivered, has_session=has_session)

    def banner(self) -> Banner | None:
        """横幅: done, durable, printed, delivered; each only when it is so."""
        after = self._after
        if after is None:
            return None
        done = msg("intake.done_granted" if after.is_granted else f"intake.done_{after.act.value}", number=after.number)
        if after.outcome is not None and after.outcome.missing is not None:
            missing = msg("case.not_printed", paper=paper_name(after.outcome.missing))
            hint = joined(missing, after.outcome.trouble, msg("intake.print_again"), separator="common.space")
            return Banner(kind="papers_trouble", text=done, tone=Tone.WARNING, mark=Mark.WARN, hint=hint)
        hint = joined(_where(after), self._papers(after.outcome))
        return Banner(kind=after.act.value, text=done, tone=Tone.SUCCESS, mark=Mark.OK, hint=hint)

    def _papers(self, outcome: Outcome | None) -> Text:
        if outcome is not None:
            return msg("intake.printed", n=len(outcome.printed))
        progress = self._prints.progress if self._prints is not None else None
        return joined(progress.text, progress.detail) if progress is not None else msg("intake.printing")


def _orders(act: IntakeAct, cases: Sequence[Case]) -> list[Order]:
    """One receipt, and the other papers of each case."""
    first = [Order(paper=paper) for paper in PAPERS[act] if paper is PaperKind.RECEIPT]
    rest = [Order(paper=paper, case=case.case) for case in cases for paper in _papers(act, case)]
    return first + rest


def _papers(act: IntakeAct, case: Case) -> list[PaperKind]:
    """What a case prints beside the receipt: of a matter that is told, what lacks nothing was accepted or received."""
    if act is IntakeAct.TELL_SUPPLEMENT and case.supplement is None:
        act = IntakeAct.RECEIVE if case.acceptance is None else IntakeAct.ACCEPT
    return [paper for paper in PAPERS[act] if paper is not PaperKind.RECEIPT]


def _where(after: After) -> Text:
    if after.is_delivered:
        return msg("intake.delivered")
    return msg("intake.on_its_way" if after.has_session else "intake.kept_until_line")
