"""出件: the result's papers are printed, signed for and handed out; the case concludes.

Rules kept here: a spoiled sheet is voided, never forgotten; numbered stock is confirmed by the clerk; a plain paper
whose run has no outcome is voided when it is printed anew; after the delivery nothing is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from yichuang_client.actions import issuing
from yichuang_client.actions.printing import Sheet
from yichuang_client.actions.work import Work
from yichuang_client.devices.identity_card import IdentityCard
from yichuang_client.documents.paper_data import PaperHead
from yichuang_client.presenters.card_desk import CardDesk
from yichuang_client.presenters.casework_front import OneCase
from yichuang_client.presenters.casework_prints import Order, Outcome, Prints
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.issue_model import (
    AHEAD,
    Standing,
    Typed,
    blocked,
    issue_model,
    may_go_out,
    method_of,
    recipient_of,
    serial_of,
    typed_before,
    unsound,
)
from yichuang_client.presenters.issue_preview import Preview
from yichuang_client.presenters.issue_seen import IssueSeen, PaperNow, read, said
from yichuang_client.presenters.jotting import Jotting
from yichuang_client.presenters.models.common import Mark, Sentence, Text, Tone, View, msg
from yichuang_client.presenters.models.queues import IssueAct, IssueModel
from yichuang_client.store.drafts import DraftKind
from yichuang_client.sync.status import CasesChanged, SyncEvent
from yichuang_client.trace import trace
from yichuang_domain.actions import DeliveryMethod, PaperKind, PrintReason
from yichuang_domain.case import Case
from yichuang_domain.identity import mask_name
from yichuang_domain.ids import CaseId, PrintId


class IssuePresenter:
    """The issue screen."""

    def __init__(self, view: View[IssueModel], desk: Desk) -> None:
        self._view = view
        self._desk = desk
        self._front = OneCase(desk, read, self._arrived, self._stumbled)
        self._prints = Prints(desk, self._show)
        self._card = CardDesk(desk, self._show)
        self._preview = Preview(desk, self._show)
        self._jotting = Jotting(desk, DraftKind.ISSUE)
        self._seen: IssueSeen | None = None
        self._typed = Typed()
        self._selected = ""
        self._asked = ""
        self._notice: Sentence | None = None

    def open(self, case: CaseId) -> None:
        """Show the result of a case."""
        if case != self._front.case:
            self._seen, self._typed, self._selected, self._notice = None, Typed(), "", None
            self._card.forget()
        self._asked = ""
        self._show()
        self._front.open(case)

    def told(self, events: Sequence[SyncEvent]) -> None:
        """The sync loop told something, or the person came back."""
        self._front.told(events)
        is_of_matter = self._seen is not None and self._seen.case.matter is not None
        if is_of_matter and any(isinstance(event, CasesChanged) for event in events):
            self._front.again()  # another case of the matter may be ready now

    def keep(self) -> None:
        """As ``Keeping.keep``."""
        self._jotting.keep()

    # ---- what the screen tells ----------------------------------------------------------------------------------

    def select_paper(self, key: str) -> None:
        """As ``IssueEvents.select_paper``."""
        self._selected, self._notice = key, None
        self._draw_preview()
        self._show()

    def choose_method(self, key: str) -> None:
        """As ``IssueEvents.choose_method``."""
        self._type(replace(self._typed, method=DeliveryMethod[key]))
        self._draw_preview()

    def type_in(self, key: str, text: str) -> None:
        """As ``IssueEvents.type_in``."""
        if key == "serial":
            self._type(replace(self._typed, serial=text))
        elif key == "recipient":
            self._type(replace(self._typed, recipient=text))
        elif key == "ahead":
            self._type(replace(self._typed, ahead=text == AHEAD))
        elif key == "signed":
            self._type(replace(self._typed, signed=text))

    def page_area(self, width: int, height: int) -> None:
        """As ``IssueEvents.page_area``."""
        self._preview.area(width, height)

    def cancel_print(self) -> None:
        """As ``IssueEvents.cancel_print``; a card that is waited for is given up first."""
        if not self._card.stop():
            self._prints.stop()

    def act(self, act: str) -> None:
        """As ``IssueEvents.act``."""
        if act == IssueAct.BACK:
            self._desk.way.back()
        elif act == IssueAct.READ_CARD:
            self._read_card()
        elif act == IssueAct.PRINT:
            self._print()
        elif act == IssueAct.CONFIRM_PRINT:
            self._end_run(IssueAct.CONFIRM_PRINT, issuing.confirm_print)
        elif act in (IssueAct.VOID_PRINT, IssueAct.ARCHIVE) or (act == IssueAct.DELIVER and self._may_deliver()):
            self._asked = act
            self._show()

    def cancel(self) -> None:
        """As ``IssueEvents.cancel``."""
        if self._card.stop():
            return
        if not self._asked:
            self._desk.way.back()
            return
        self._asked = ""
        self._show()

    def confirm(self, act: str) -> None:
        """As ``IssueEvents.confirm``."""
        self._asked = ""
        case = self._front.case
        if act == IssueAct.VOID_PRINT:
            self._end_run(IssueAct.VOID_PRINT, issuing.void_print)
        elif act == IssueAct.ARCHIVE:
            self._front.do(act, lambda work: issuing.archive(work, case), lambda _: self._done(IssueAct.ARCHIVE))
        elif act == IssueAct.DELIVER and self._may_deliver():
            self._deliver()
        self._show()

    # ---- printing -----------------------------------------------------------------------------------------------

    def _print(self) -> None:
        """The selected paper; a plain one whose last run has no outcome is voided first."""
        seen, paper, case = self._seen, self._paper(), self._front.case
        if seen is None or paper is None or not may_go_out(seen, self._typed) or self._prints.progress is not None:
            return
        if unsound(seen, self._typed) is not None:
            return
        serial = serial_of(seen, self._typed) if paper.kind is PaperKind.CERTIFICATE else ""
        method, recipient = method_of(seen, self._typed), recipient_of(seen, self._typed)
        spoiled = paper.run.run if paper.run is not None and paper.is_open else None
        sheet = Sheet(serial=serial, ordinal=paper.ordinal, reason=_why(paper))
        self._notice = None
        self._front.do(
            "print",
            lambda work: _prepare(work, paper, method, recipient, spoiled),
            lambda head: self._send(case, Order(paper=paper.kind, sheet=sheet, said=head, case=paper.case)),
        )

    def _send(self, case: CaseId, order: Order) -> None:
        self._prints.start(case, (order,), lambda outcome: self._printed(case, outcome))

    def _printed(self, case: CaseId, outcome: Outcome) -> None:
        if case != self._front.case:
            return
        self._type(replace(self._typed, serial=None))
        self._notice = outcome.sentence if outcome.missing is not None else None
        self._front.again()
        self._show()

    def _end_run(self, act: IssueAct, end: Callable[[Work, CaseId, PrintId], Case]) -> None:
        paper = self._paper()
        if paper is None or paper.run is None or not paper.is_open:
            return
        run, case = paper.run.run, paper.case
        self._front.do(act, lambda work: end(work, case, run), lambda _: self._done(act))

    # ---- who receives -------------------------------------------------------------------------------------------

    def _read_card(self) -> None:
        """F3: only the applicant's or the agent's card fills the recipient in; another's changes nothing."""
        seen = self._seen
        if seen is None or not may_go_out(seen, self._typed) or self._prints.progress is not None:
            return

        def came(card: IdentityCard) -> None:
            if seen.case.case != self._front.case:
                return
            if card.number in seen.known_numbers:
                self._type(replace(self._typed, recipient=card.name, holder=card.name))
                self._draw_preview()
                return
            lead = msg("issue.card_of_other", name=mask_name(card.name))
            hint = msg("issue.card_of_other_hint")
            self._notice = Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=lead, hint=hint)

        self._notice = None
        self._card.read(came, lambda: self._stumbled(self._card.fault))

    # ---- handing out --------------------------------------------------------------------------------------------

    def _may_deliver(self) -> bool:
        seen = self._seen
        return seen is not None and may_go_out(seen, self._typed) and blocked(seen, self._typed) is None

    def _deliver(self) -> None:
        seen = self._seen
        if seen is None:
            return
        method, recipient = method_of(seen, self._typed), recipient_of(seen, self._typed)
        self._front.do(
            IssueAct.DELIVER,
            lambda work: issuing.deliver(work, seen.together, method, recipient, ahead=seen.is_held_up),
            lambda _: self._done(IssueAct.DELIVER),
        )

    def _done(self, act: IssueAct) -> None:
        self._notice = None
        trace("case act done", act=act.value, case=self._front.case)
        if act is IssueAct.DELIVER:
            self._jotting.write(self._front.case, {})
        self._show()

    # ---- showing ------------------------------------------------------------------------------------------------

    def _type(self, typed: Typed) -> None:
        self._typed, self._notice = typed, None
        if self._seen is not None:
            self._jotting.write(self._front.case, typed.body(self._seen))
        self._show()

    def _paper(self) -> PaperNow | None:
        return self._seen.paper(self._selected) if self._seen is not None else None

    def _arrived(self, seen: IssueSeen) -> None:
        if self._seen is None:
            self._typed = typed_before(seen)
        self._seen = seen
        self._select_next(seen)
        self._draw_preview()
        self._show()
        printed = sum(paper.is_printed for paper in seen.papers)
        trace("issue shown", case=seen.case.case, state=seen.case.state.name, papers=len(seen.papers), printed=printed)

    def _select_next(self, seen: IssueSeen) -> None:
        """The selection goes on to what is still to be printed, unless its own paper needs somebody."""
        now = self._paper()
        if now is None or now.is_printed:
            lacking = next((paper for paper in seen.papers if not paper.is_printed), None)
            first = seen.papers[0] if seen.papers else None
            chosen = lacking or now or first
            self._selected = chosen.key if chosen is not None else ""

    def _draw_preview(self) -> None:
        seen, paper = self._seen, self._paper()
        if seen is not None and paper is not None and seen.item is not None:
            method, recipient = method_of(seen, self._typed), recipient_of(seen, self._typed)
            self._preview.show(paper, method, recipient)

    def _stumbled(self, text: Text) -> None:
        self._notice = Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=text)
        self._show()

    def _show(self) -> None:
        self._view.show(
            issue_model(
                Standing(
                    seen=self._seen,
                    typed=self._typed,
                    selected=self._selected,
                    preview=self._preview.view,
                    progress=self._prints.progress or self._card.progress,
                    notice=self._notice,
                    asked=self._asked,
                    can_read_card=self._card.can_read,
                )
            )
        )


def _why(paper: PaperNow) -> PrintReason:
    """A sheet after a spoiled one, a further copy of one that came out, or the first."""
    if paper.is_open or paper.voided:
        return PrintReason.SPOILED
    return PrintReason.COPY if paper.is_printed else PrintReason.FIRST


def _prepare(work: Work, paper: PaperNow, method: DeliveryMethod, recipient: str, spoiled: PrintId | None) -> PaperHead:
    """What the paper says; the run before it, which has no outcome, is voided. Raises as ``said``, Refused."""
    head = said(work, paper, method, recipient)
    if spoiled is not None:
        issuing.void_print(work, paper.case, spoiled)
    return head
