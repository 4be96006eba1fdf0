"""补正登记: what was told to be missing comes in, at whatever counter, and its receipt goes out.

Rules kept here: a hand-in is a fact and is taken in as far as it is here; what was scanned and chosen survives a crash;
every hand-in prints a receipt of its own; pages never take the place of pages that the case has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from yichuang_client.actions import papers, receiving
from yichuang_client.actions.papers import Bringer
from yichuang_client.actions.work import Work
from yichuang_client.documents.paper_data import ReceiptData
from yichuang_client.presenters.casework import CasePages
from yichuang_client.presenters.casework_front import OneCase
from yichuang_client.presenters.casework_prints import Order, Outcome, Prints
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.intake_check import normal_phone
from yichuang_client.presenters.jotting import Jotting
from yichuang_client.presenters.models.common import Mark, Sentence, Text, Tone, View, msg
from yichuang_client.presenters.models.queues import SupplementAct, SupplementModel
from yichuang_client.presenters.supplement_draft import MISSING, SCANNED, Brought, new_pages
from yichuang_client.presenters.supplement_model import Standing, here, supplement_model, unsound
from yichuang_client.presenters.supplement_seen import SupplementSeen, read
from yichuang_client.presenters.tray import Tray
from yichuang_client.store.drafts import DraftKind
from yichuang_client.sync.status import SyncEvent
from yichuang_client.trace import trace
from yichuang_domain.actions import PaperKind
from yichuang_domain.case import Case
from yichuang_domain.ids import CaseId
from yichuang_domain.party import HandedIn, Page


@dataclass(frozen=True, kw_only=True)
class _HandIn:
    """What came in and who brought it: the receipt says no more."""

    materials: tuple[HandedIn, ...]
    by: Bringer
    is_deferral: bool


class SupplementPresenter:
    """The supplement entry."""

    def __init__(self, view: View[SupplementModel], desk: Desk) -> None:
        self._view = view
        self._desk = desk
        self._front = OneCase(desk, read, self._arrived, self._stumbled)
        self._pictures = CasePages(desk, self._show)
        self._prints = Prints(desk, self._show)
        self._seen: SupplementSeen | None = None
        self._brought = Brought()
        self._selected = ""
        self._last: _HandIn | None = None
        self._notice: Sentence | None = None
        self._jotting = Jotting(desk, DraftKind.BROUGHT)

    def open(self, case: CaseId) -> None:
        """Show what a case waits for."""
        if case != self._front.case:
            self._seen, self._brought, self._selected = None, Brought(), ""
            self._last, self._notice = None, None
        self._show()
        self._front.open(case)

    def told(self, events: Sequence[SyncEvent]) -> None:
        """The sync loop told something, or the person came back from the scanner."""
        self._front.told(events)

    def keep(self) -> None:
        """As ``Keeping.keep``."""
        self._jotting.keep()

    # ---- what the screen tells ----------------------------------------------------------------------------------

    def choose(self, key: str, state: str) -> None:
        """As ``SupplementEvents.choose``; what is to be scanned and has no page is scanned now."""
        self._selected, self._notice = key, None
        if state == SCANNED and not self._brought.pages_of(key):
            self._show()
            self._scan()
            return
        self._change(self._brought.choose(key, state))

    def select(self, key: str) -> None:
        """As ``SupplementEvents.select``."""
        self._selected = key
        self._show()

    def type_in(self, key: str, text: str) -> None:
        """As ``SupplementEvents.type_in``."""
        changed = replace(self._brought, name=text) if key == "name" else replace(self._brought, phone=text)
        self._change(changed)

    def act(self, act: str) -> None:
        """As ``SupplementEvents.act``."""
        if act == SupplementAct.SCAN:
            self._scan()
        elif act == SupplementAct.BRING:
            self._take_in()
        elif act == SupplementAct.PRINT:
            self._print()
        elif act == SupplementAct.CASE:
            self._desk.way.case(self._front.case)
        elif act == SupplementAct.BACK:
            self._desk.way.back()

    def confirm(self, act: str) -> None:
        """As ``SupplementEvents.confirm``: nothing is asked here."""

    def cancel(self) -> None:
        """As ``SupplementEvents.cancel``."""
        self._desk.way.back()

    # ---- scanning -----------------------------------------------------------------------------------------------

    def _scan(self) -> None:
        seen = self._seen
        if seen is None or not seen.is_open:
            return
        tray = Tray(
            case=CaseId(seen.case.page_owner),
            materials=tuple((point.key, point.name) for point in seen.outstanding),
            target=self._selected,
            pages=self._brought.pages,
            number=seen.case.number,
            applicant=seen.case.applicant.name.value or "",
            item=seen.item.name if seen.item is not None else seen.case.item,
            changed=self._scanned,
        )
        self._desk.way.scan(tray)

    def _scanned(self, pages: tuple[Page, ...]) -> None:
        self._change(self._brought.with_pages(pages))

    def _change(self, brought: Brought) -> None:
        self._brought = brought
        self._show_pictures()
        self._select_next()
        self._show()
        self._jotting.write(self._front.case, brought.body())

    def _select_next(self) -> None:
        """The target of scanning goes on to what has not come."""
        seen = self._seen
        if seen is None:
            return
        keys = [point.key for point in seen.outstanding if self._brought.state_of(point.key) == MISSING]
        known = {point.key for point in seen.outstanding}
        if self._selected not in known or (keys and self._brought.pages_of(self._selected)):
            self._selected = keys[0] if keys else next(iter(known), "")

    def _show_pictures(self) -> None:
        if self._seen is not None:
            self._pictures.open(self._seen.case.page_owner, self._brought.pages, {})

    # ---- taking in ----------------------------------------------------------------------------------------------

    def _take_in(self) -> None:
        seen, brought = self._seen, self._brought
        if seen is None or self._front.is_busy:
            return
        keys = tuple(point.key for point in here(seen, brought))
        if not keys or unsound(seen, brought) is not None:
            return
        by = Bringer(
            name=seen.expected.name if brought.name is None else brought.name.strip() or seen.expected.name,
            phone=seen.expected.phone if brought.phone is None else normal_phone(brought.phone),
        )
        materials = tuple(brought.handed_in(key) for key in keys)
        hand_in = _HandIn(materials=materials, by=by, is_deferral=seen.is_deferral)
        self._jotting.drop()
        self._front.do("bring", lambda work: _take_in(work, seen, brought, hand_in), lambda _: self._taken_in(hand_in))
        self._show()

    def _taken_in(self, hand_in: _HandIn) -> None:
        self._brought = replace(self._brought, chosen={}, pages=())
        self._last = hand_in
        self._notice = Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg("supplement.done"))
        trace("case act done", act="bring", case=self._front.case)
        self._print()
        self._show()

    def _print(self) -> None:
        """What the receipt says is made off the Tk thread, then printed."""
        case, last, work = self._front.case, self._last, self._desk.work
        if last is not None:
            self._desk.background.run(
                lambda: _receipt(work(), case, last),
                lambda said: self._print_receipt(case, said),
                lambda error: self._stumbled(sentence(error)),
            )

    def _print_receipt(self, case: CaseId, said: ReceiptData) -> None:
        order = Order(paper=PaperKind.RECEIPT, said=said)
        self._prints.start(case, (order,), lambda outcome: self._printed(case, outcome))

    def _printed(self, case: CaseId, outcome: Outcome) -> None:
        if case == self._front.case:
            self._notice = outcome.sentence if outcome.missing is not None else None
            self._front.again()
            self._show()

    # ---- showing ------------------------------------------------------------------------------------------------

    def _arrived(self, seen: SupplementSeen) -> None:
        if self._seen is None:
            self._brought = seen.draft
        self._seen = seen
        self._show_pictures()
        self._select_next()
        self._show()
        trace("supplement shown", case=seen.case.case, outstanding=len(seen.outstanding))

    def _stumbled(self, text: Text) -> None:
        self._notice = Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=text)
        self._show()

    def _show(self) -> None:
        self._view.show(
            supplement_model(
                Standing(
                    seen=self._seen,
                    brought=self._brought,
                    selected=self._selected,
                    thumbnails=self._pictures.thumbnails,
                    notice=self._notice,
                    printing=self._prints.sentence,
                    can_print=self._last is not None,
                )
            )
        )


def _take_in(work: Work, seen: SupplementSeen, brought: Brought, hand_in: _HandIn) -> Case:
    """Take in what is here; its draft goes with the deed. Raises Refused, StoreError."""
    case = work.store.view(seen.case.case)
    pages = new_pages(brought, case, tuple(came.material for came in hand_in.materials))
    take = receiving.bring_deferred if hand_in.is_deferral else receiving.bring_supplement
    return take(work, case.case, hand_in.materials, pages)


def _receipt(work: Work, case: CaseId, hand_in: _HandIn) -> ReceiptData:
    """What the receipt of a hand-in says. Raises StoreError, PaperError."""
    seen = work.store.view(case)
    return papers.hand_in_receipt(work, seen, hand_in.materials, deferred=hand_in.is_deferral, by=hand_in.by)
