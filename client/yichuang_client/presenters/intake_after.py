"""收件以后: the papers on their way, and the banner that says what is safe and where it is.

Rules kept here: 已存本机 is said only of what is durable; a paper counts as out when the printer says so; a
trouble says where it can be printed again; delivered is what the district has recorded, never what was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from yichuang_client.actions.papers import NothingToPrintError
from yichuang_client.actions.printing import Watch, print_paper
from yichuang_client.actions.work import Work
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.documents.paper import PaperError
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Banner, Mark, Text, Tone, joined, msg
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_client.store.errors import StoreError
from yichuang_client.trace import trace
from yichuang_domain.actions import PaperKind
from yichuang_domain.case import Case
from yichuang_domain.errors import Refused
from yichuang_domain.ids import CaseId

PAPERS = {
    IntakeAct.RECEIVE: (PaperKind.RECEIPT, PaperKind.MATERIAL_SLIP),
    IntakeAct.ACCEPT: (PaperKind.RECEIPT, PaperKind.MATERIAL_SLIP, PaperKind.ACCEPTANCE),
    IntakeAct.TELL_SUPPLEMENT: (PaperKind.RECEIPT, PaperKind.SUPPLEMENT),
    IntakeAct.DECLINE: (PaperKind.NON_ACCEPTANCE,),
}
"""What each act prints, in the order in which it comes out."""


class Printing(Enum):
    """How far the papers are."""

    UNDER_WAY = "UNDER_WAY"
    DONE = "DONE"
    TROUBLE = "TROUBLE"


@dataclass(frozen=True, kw_only=True)
class After:
    """The intake that was handed in last."""

    case: CaseId
    number: str
    act: IntakeAct
    printing: Printing = Printing.UNDER_WAY
    papers: int = 0
    """How many came out."""
    trouble: Text = ""
    waits_for: Text = ""
    """What the printer waits for while it prints."""
    is_delivered: bool = False
    has_session: bool = False


@dataclass(frozen=True, kw_only=True)
class PaperOutcome:
    """What became of the papers of one act."""

    printed: int
    trouble: Text = ""
    """Of the first paper that did not come out."""


def print_papers(desk: Desk, work: Work, case: Case, kinds: Sequence[PaperKind], watch: Watch) -> PaperOutcome:
    """Print papers one after the other; the first trouble ends it. For the machines' thread."""
    printed = 0
    trouble: Text = ""
    for kind in kinds:
        trouble = _one(desk, work, case, kind, watch)
        if trouble != "":
            break
        printed += 1
    trace("papers done", n=printed, troubles=int(trouble != ""), case=case.case)
    return PaperOutcome(printed=printed, trouble=trouble)


def _one(desk: Desk, work: Work, case: Case, kind: PaperKind, watch: Watch) -> Text:
    """The trouble that the paper met, empty when it came out."""
    try:
        done = print_paper(work, desk.press, desk.equipment.printer(), case, kind, watch=watch)
    except (DeviceError, PaperError, NothingToPrintError, Refused, StoreError) as error:
        return sentence(error)
    if done.is_confirmed:
        return ""
    found = sorted(done.troubles, key=lambda trouble: trouble.value)
    return msg(f"device.{found[0].name}") if found else msg("intake.paper_unsure")


def banner(after: After) -> Banner:
    """横幅: done, durable, printed, delivered; each only when it is so."""
    done = msg(f"intake.done_{after.act.value}", number=after.number)
    if after.printing is Printing.TROUBLE:
        hint = joined(after.trouble, msg("intake.print_again"), separator="common.space")
        return Banner(kind="papers_trouble", text=done, tone=Tone.WARNING, mark=Mark.WARN, hint=hint)
    printing = msg("intake.printing")
    if after.waits_for:
        printing = msg("intake.printer_waits", why=after.waits_for)
    if after.printing is Printing.DONE:
        printing = msg("intake.printed", n=after.papers)
    return Banner(
        kind=after.act.value,
        text=done,
        tone=Tone.SUCCESS,
        mark=Mark.OK,
        hint=joined(_where(after), printing),
    )


def _where(after: After) -> Text:
    if after.is_delivered:
        return msg("intake.delivered")
    return msg("intake.on_its_way" if after.has_session else "intake.kept_until_line")


class LastIntake:
    """What was handed in last: its papers go out, its banner follows them."""

    def __init__(self, desk: Desk, redraw: Callable[[], None]) -> None:
        self._desk = desk
        self._redraw = redraw
        self._after: After | None = None

    @property
    def case(self) -> CaseId | None:
        """Its case."""
        return self._after.case if self._after is not None else None

    def begin(self, act: IntakeAct, work: Work, case: Case, *, has_session: bool) -> None:
        """The deed is durable: print its papers."""
        self._after = After(case=case.case, number=case.number, act=act, has_session=has_session)
        watch = Watch(lambda troubles: self._desk.later.post(lambda: self._waits(case.case, troubles)))
        self._desk.machines.run(
            lambda: print_papers(self._desk, work, case, PAPERS[act], watch),
            lambda outcome: self._printed(case.case, outcome),
            lambda error: self._printed(case.case, PaperOutcome(printed=0, trouble=sentence(error))),
        )

    def forget(self, *, also_trouble: bool) -> None:
        """Its banner has been read; one that tells a trouble stays until it is put away."""
        if self._after is not None and (also_trouble or self._after.printing is Printing.DONE):
            self._after = None

    def seen(self, case: CaseId | None, *, is_delivered: bool, has_session: bool) -> None:
        """How far it is on its way to the district."""
        if self._after is not None and self._after.case == case:
            self._after = replace(self._after, is_delivered=is_delivered, has_session=has_session)

    def banner(self) -> Banner | None:
        """What is to be said of it."""
        return banner(self._after) if self._after is not None else None

    def _waits(self, case: CaseId, troubles: frozenset[Trouble]) -> None:
        if self._after is not None and self._after.case == case:
            first = min(troubles, key=lambda trouble: trouble.value, default=None)
            self._after = replace(self._after, waits_for=msg(f"device.{first.name}") if first else "")
            self._redraw()

    def _printed(self, case: CaseId, outcome: PaperOutcome) -> None:
        if self._after is None or self._after.case != case:
            return
        state = Printing.TROUBLE if outcome.trouble != "" else Printing.DONE
        self._after = replace(
            self._after, printing=state, papers=outcome.printed, trouble=outcome.trouble, waits_for=""
        )
        self._redraw()
