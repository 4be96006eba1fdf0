"""办件: one case read at a counter, with the acts that are possible now.

Rules kept here: the state machine says what may be done; an act that tells the citizen something prints its paper
right after it is durable; what was typed into a strip stays until its act is done, the supplement notice also over a
crash.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from yichuang_client.actions import deciding, issuing, receiving
from yichuang_client.actions.printing import PLAIN, Sheet
from yichuang_client.actions.result_papers import certificate_again
from yichuang_client.actions.work import Work
from yichuang_client.documents.paper_data import PaperHead
from yichuang_client.presenters import case_bar, case_strips
from yichuang_client.presenters.case_seen import CaseSeen, read
from yichuang_client.presenters.casework import CasePages, opening_head
from yichuang_client.presenters.casework_front import OneCase
from yichuang_client.presenters.casework_prints import Order, Outcome, Prints
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.intake_correction import begin_correction
from yichuang_client.presenters.jotting import Jotting
from yichuang_client.presenters.models.common import Bar, Mark, Sentence, Text, Tone, View, msg
from yichuang_client.presenters.models.queues import CaseAct, CaseModel
from yichuang_client.store.drafts import DraftKind
from yichuang_client.sync.status import SyncEvent
from yichuang_client.trace import trace
from yichuang_domain.actions import DeclineGround, PaperKind, PrintReason
from yichuang_domain.case import Case
from yichuang_domain.ids import CaseId


class CasePresenter:
    """The case screen."""

    def __init__(self, view: View[CaseModel], desk: Desk) -> None:
        self._view = view
        self._desk = desk
        self._front = OneCase(desk, read, self._arrived, self._stumbled)
        self._pages = CasePages(desk, self._show)
        self._prints = Prints(desk, self._show)
        self._seen: CaseSeen | None = None
        self._asked: CaseAct | None = None
        self._typed: dict[CaseAct, dict[str, str]] = {}
        self._notice: Sentence | None = None
        self._jotting = Jotting(desk, DraftKind.CASE)

    def open(self, case: CaseId) -> None:
        """Show a case."""
        if case != self._front.case:
            self._seen, self._typed = None, {}
        self._asked, self._notice = None, None
        self._show()
        self._front.open(case)

    def told(self, events: Sequence[SyncEvent]) -> None:
        """The sync loop told something, or the person came back."""
        self._front.told(events)
        self._pages.told(events)

    def keep(self) -> None:
        """As ``Keeping.keep``."""
        self._jotting.keep()

    # ---- what the screen tells ----------------------------------------------------------------------------------

    def select_page(self, page: str) -> None:
        """As ``CaseEvents.select_page``."""
        self._pages.select(page)

    def move(self, step: int) -> None:
        """As ``CaseEvents.move``."""
        self._pages.move(step)

    def page_area(self, width: int, height: int) -> None:
        """As ``CaseEvents.page_area``."""
        self._pages.area(width, height)

    def act(self, act: str) -> None:
        """As ``CaseEvents.act``."""
        if act == CaseAct.BACK:
            self._desk.way.back()
        elif act == CaseAct.STOP_PRINT:
            self._prints.stop()
        elif act == CaseAct.BRING:
            self._desk.way.supplement(self._front.case)
        elif act == CaseAct.ISSUE:
            self._desk.way.issue(self._front.case)
        elif act == CaseAct.CLAIM:
            case = self._front.case
            self._front.do(act, lambda work: deciding.claim(work, case), lambda _: self._done(CaseAct.CLAIM))
        elif act == CaseAct.ADOPT and self._seen is not None and self._seen.case.late is not None:
            late = self._seen.case.late
            self._front.do(
                act, lambda work: deciding.adopt(work, self._front.case, late), lambda _: self._done(CaseAct.ADOPT)
            )
        elif act in case_strips.ASKED and self._seen is not None:
            self._asked = CaseAct(act)
            self._show()

    def cancel(self) -> None:
        """As ``CaseEvents.cancel``."""
        if self._asked is None:
            self._desk.way.back()
            return
        self._asked = None
        self._show()

    def type_in(self, key: str, text: str) -> None:
        """As ``CaseEvents.type_in``."""
        if self._asked is None:
            return
        self._typed[self._asked] = {**self._typed.get(self._asked, {}), key: text}
        self._show()
        self._jot_down()

    def confirm(self, act: str) -> None:
        """As ``CaseEvents.confirm``."""
        seen, typed = self._seen, self._typed.get(CaseAct(act), {})
        if seen is None or self._front.is_busy or not case_strips.strip(seen, CaseAct(act), typed).can_confirm:
            return
        self._asked, self._notice = None, None
        if act == CaseAct.PRINT_RECEIPT:
            self._print_again(seen, typed)
            return
        if act == CaseAct.REOPEN:
            case = seen.case.case
            self._front.do(act, lambda work: begin_correction(work, case), self._desk.way.intake)
            return
        work, paper = self._deed(CaseAct(act), seen, typed)
        self._front.do(act, work, lambda _: self._done(CaseAct(act), paper))
        self._show()

    # ---- acts ---------------------------------------------------------------------------------------------------

    def _deed(
        self, act: CaseAct, seen: CaseSeen, typed: Mapping[str, str]
    ) -> tuple[Callable[[Work], Case], PaperKind | None]:
        """What is done off the Tk thread, and the paper that follows."""
        case = seen.case
        if act is CaseAct.ACCEPT:
            later = [material.key for material, _ in seen.deferred]
            return (lambda work: deciding.accept(work, case, later)), PaperKind.ACCEPTANCE
        if act is CaseAct.TELL_SUPPLEMENT:
            points = case_strips.points(seen, typed)
            return (lambda work: deciding.tell_supplement(work, case, points)), PaperKind.SUPPLEMENT
        if act is CaseAct.DECLINE:
            ground = case_strips.chosen_ground(seen, typed)
            reason, office = typed.get(case_strips.REASON, ""), typed.get(case_strips.OFFICE, "")
            return (lambda work: _decline(work, case, ground, reason, office)), PaperKind.NON_ACCEPTANCE
        if act is CaseAct.CORRECT:
            fields, phone = case_strips.correction(seen, typed)
            return (lambda work: receiving.correct(work, case.case, fields, phone)), PaperKind.RECEIPT
        if act is CaseAct.WITHDRAW:
            reason = typed.get(case_strips.REASON, "").strip()
            return (lambda work: deciding.withdraw(work, case, reason, ends=seen.ends)), PaperKind.WITHDRAWAL
        if act is CaseAct.TAKE_OVER:
            reason = typed.get(case_strips.REASON, "").strip()
            return (lambda work: deciding.take_over(work, case.case, reason)), None
        return (lambda work: issuing.archive(work, case.case)), None

    def _done(self, act: CaseAct, paper: PaperKind | None = None) -> None:
        if act is not CaseAct.TELL_SUPPLEMENT:  # kept until the district has the notice
            self._forget(act)
        self._notice = Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg(f"case.done_{act.value}"))
        trace("case act done", act=act.value, case=self._front.case)
        if paper is not None:
            self._print(paper)
        self._show()

    def _print_again(self, seen: CaseSeen, typed: Mapping[str, str]) -> None:
        """Once more, with its reason; a spoiled sheet is voided before, a certificate handed out makes a duplicate."""
        (paper, ordinal), reason = case_strips.chosen_paper(seen, typed), case_strips.chosen_reason(seen, typed)
        before, case = case_strips.printed_before(seen, paper, ordinal), seen.case.case
        sheet = Sheet(serial=case_strips.chosen_serial(seen, typed), ordinal=ordinal, reason=reason)
        self._typed.pop(CaseAct.PRINT_RECEIPT, None)

        def work(here: Work) -> PaperHead | None:
            if reason is PrintReason.SPOILED:
                issuing.void_print(here, case, before[-1].run)
            if paper is not PaperKind.CERTIFICATE:
                return None
            now = here.store.view(case)
            why = before[-1].reason if reason is PrintReason.SPOILED else reason
            return certificate_again(here, now, here.item_of(now), ordinal, why)

        self._front.do("print", work, lambda said: self._print(paper, sheet, said))

    def _print(self, paper: PaperKind, sheet: Sheet = PLAIN, said: PaperHead | None = None) -> None:
        case, order = self._front.case, Order(paper=paper, sheet=sheet, said=said)
        self._prints.start(case, (order,), lambda outcome: self._printed(case, outcome, sheet.serial))

    def _printed(self, case: CaseId, outcome: Outcome, serial: str) -> None:
        if case == self._front.case:
            self._notice = outcome.sentence
            if serial and outcome.missing is None:
                self._notice = replace(outcome.sentence, hint=msg("case.serial_confirm", serial=serial))
            self._front.again()
            self._show()

    def _forget(self, act: CaseAct) -> None:
        """The act is done: what was typed for it is not needed any more."""
        if self._typed.pop(act, None) is not None:
            self._jot_down()

    def _jot_down(self) -> None:
        """Keep what is typed; not the number of a sheet, which is read off the sheet in the printer each time."""
        kept = {act: fields for act, fields in self._typed.items() if fields and act is not CaseAct.PRINT_RECEIPT}
        self._jotting.write(self._front.case, {act.value: fields for act, fields in kept.items()})

    # ---- showing ------------------------------------------------------------------------------------------------

    def _arrived(self, seen: CaseSeen) -> None:
        before, self._seen = self._seen, seen
        if before is not None and before.case.n != seen.case.n and self._asked is not None:
            self._asked = self._asked if seen.may(self._asked) or self._asked is CaseAct.PRINT_RECEIPT else None
        for act, bar in seen.barred.items():
            if bar is not None and (before is None or before.barred.get(act) is not bar):
                trace("act barred", act=act.value, reason=bar.name)
        self._pages.open(seen.case.page_owner, seen.pages, seen.names)
        if before is None:
            self._typed = {act: dict(fields) for act, fields in seen.typed.items()} | self._typed
        if seen.is_told:
            self._forget(CaseAct.TELL_SUPPLEMENT)
        self._show()
        trace("case shown", case=seen.case.case, state=seen.case.state.name)

    def _stumbled(self, text: Text) -> None:
        self._notice = Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=text)
        self._show()

    def _show(self) -> None:
        seen = self._seen
        if seen is None:
            self._view.show(
                CaseModel(head=opening_head(), bar=Bar(sentence=self._notice or Sentence(), acts=(case_bar.BACK,)))
            )
            return
        strip = case_strips.strip(seen, self._asked, self._typed.get(self._asked, {})) if self._asked else None
        sentence = self._prints.sentence or _with_rest(self._notice, case_bar.sentence(seen))
        self._view.show(
            CaseModel(
                head=seen.head,
                facts=seen.facts,
                materials=self._pages.dress(seen.materials),
                selected_page=self._pages.selected,
                page=self._pages.view,
                events=seen.events,
                banner=case_bar.banner(seen),
                bar=Bar(
                    sentence=sentence,
                    acts=case_bar.acts(seen, is_printing=self._prints.progress is not None),
                    confirm=strip,
                ),
            )
        )


def _with_rest(notice: Sentence | None, standing: Sentence) -> Sentence:
    """What was just done, and where the case stands now."""
    if notice is None:
        return standing
    return replace(notice, hint=standing.lead) if notice.hint == "" and notice.tone is Tone.SUCCESS else notice


def _decline(work: Work, case: Case, ground: DeclineGround, reason: str, office: str) -> Case:
    """Decline, after taking a case that waited for the applicant and lies free. Raises Refused, StoreError."""
    held = case if case.holder is not None else deciding.claim(work, case.case)
    return deciding.decline(work, held, ground, reason, office)
