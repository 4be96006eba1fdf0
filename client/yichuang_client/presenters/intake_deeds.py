"""收件、受理、补正告知、不予受理、作废草稿: what the intake's keys do, each asked about before it cannot be taken back.

Rules kept here: one press is one deed, a second press while it is being saved does nothing; taking in and deciding
are one deed; when it fails nothing that was typed is lost; papers print after the deed is durable, never before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from yichuang_client.actions import deciding, matters, receiving
from yichuang_client.actions.deciding import FirstDecision
from yichuang_client.actions.receiving import Intake, IntakeError
from yichuang_client.actions.work import Work
from yichuang_client.presenters import intake_confirm as strips, intake_filing as filing, intake_matter as matter
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.intake_bar import acts as bar_acts
from yichuang_client.presenters.intake_draft import IntakeDraft
from yichuang_client.presenters.intake_filing import Promise
from yichuang_client.presenters.intake_form import IntakeForm
from yichuang_client.presenters.intake_hand import Hand
from yichuang_client.presenters.intake_lacks import Standing, materials_now, to_be_told
from yichuang_client.presenters.models.common import Confirm, Text, msg
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_client.presenters.typed_text import sound_strip
from yichuang_client.store.errors import StoreError
from yichuang_client.trace import trace
from yichuang_domain.actions import DeclineGround
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import CaseId


class IntakeDeeds:
    """The deeds of the intake in hand."""

    def __init__(
        self,
        desk: Desk,
        form: IntakeForm,
        redraw: Callable[[], None],
        told: Callable[[str, Text], None],
        received: Callable[[IntakeAct, tuple[Case, ...]], None],
        discarded: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._form = form
        self._redraw = redraw
        self._told = told
        self._received = received
        self._discarded = discarded
        self._asked: IntakeAct | None = None
        self._promise = Promise(due_on=None, is_provisional=False)

    @property
    def is_asking(self) -> bool:
        """Whether a strip is open."""
        return self._asked is not None

    def strip(self) -> Confirm | None:
        """The open strip."""
        hand = self._form.hand
        return None if hand is None or self._asked is None else sound_strip(self._strip(hand))

    def _strip(self, hand: Hand) -> Confirm:
        item, draft = hand.item, hand.draft
        texts = draft.strips.get(self._asked or "", {})
        if self._asked is IntakeAct.ACCEPT:
            return strips.accepting(item, draft, self._promise, hand.opened.deferral_days, texts)
        if self._asked is IntakeAct.TELL_SUPPLEMENT:
            asked = strips.supplementing(item, draft, texts)
            return replace(asked, lines=(*asked.lines, *matter.told_lines(hand))) if item.is_matter else asked
        if self._asked is IntakeAct.DECLINE:
            ask = matter.declining if item.is_matter else strips.declining
            return ask(item, draft, texts)
        return strips.discarding(item, draft)

    def type_in(self, key: str, text: str) -> bool:
        """A field of the strip changed; False if no strip is open."""
        if self._asked is None:
            return False
        if self._form.hand is not None:
            self._form.type_in_strip(self._asked, key, text)
        self._redraw()
        return True

    def close(self) -> None:
        """返回; what was typed is there again when the act is asked about once more."""
        self._asked = None
        self._redraw()

    def act(self, act: IntakeAct) -> None:
        """F8, F9, F10, F12, Ctrl+W."""
        hand = self._form.hand
        if hand is None or hand.is_busy or not _is_possible(hand, act):
            return
        if act is IntakeAct.RECEIVE:
            self._hand_in(hand, act, {})
        elif act is IntakeAct.ACCEPT:
            self._ask_to_accept(hand)
        else:
            self._ask(act)

    def _ask(self, act: IntakeAct) -> None:
        self._asked = act
        self._redraw()

    def _ask_to_accept(self, hand: Hand) -> None:
        """With the day that acceptance would promise."""

        def done(promise: Promise) -> None:
            if self._form.hand is hand:
                self._promise = promise
                self._ask(IntakeAct.ACCEPT)

        self._desk.background.run(lambda: filing.promise_of(self._desk.work(), hand.item), done, self._failed)

    def confirm(self, act: str) -> None:
        """The strip's button."""
        hand, asked = self._form.hand, self._asked
        strip = self.strip()
        if hand is None or asked is None or strip is None or act != asked or not strip.can_confirm or hand.is_busy:
            return
        texts = hand.draft.strips.get(asked, {})
        self._asked = None
        if asked is IntakeAct.WITHDRAW:
            self._discard(hand)
            return
        self._hand_in(hand, asked, texts)

    def _hand_in(self, hand: Hand, act: IntakeAct, texts: Mapping[str, str]) -> None:
        """Receive, and decide in the same deed where there is something to decide."""
        item, draft = hand.item, hand.draft
        hand.is_busy = True
        self._redraw()

        def work() -> tuple[Case, ...]:
            here = self._desk.work()
            intake = filing.to_intake(item, draft)
            if act in (IntakeAct.TELL_SUPPLEMENT, IntakeAct.DECLINE):  # what is told or declined is promised by nobody
                intake = replace(intake, materials=tuple(m for m in intake.materials if not filing.is_deferred(m)))
            if item.is_matter:
                cases = matters.receive(here, intake, matter.ruling(here, act, item, draft, texts))
            else:
                decision = _decision(here, act, item, draft, texts)
                grants = act is IntakeAct.ACCEPT and strips.grants_at_once(item, draft)
                opinion = texts["opinion"].strip() if grants else ""
                cases = (receiving.receive(here, intake, decision, opinion=opinion),)
            _drop_pages(here, draft.case, intake)
            return cases

        def done(cases: tuple[Case, ...]) -> None:
            if self._form.hand is hand:
                self._form.let_go()
            self._received(act, cases)

        def failed(error: Exception) -> None:
            hand.is_busy = False
            self._failed(error)

        self._desk.background.run(work, done, failed)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, IntakeError):
            trace("act blocked", reason=error.fault.value)
            self._told("not_taken_in", msg(f"intake.fault_{error.fault.name}"))
        else:
            self._told("not_taken_in", sentence(error))

    def _discard(self, hand: Hand) -> None:
        case = hand.draft.case
        hand.is_busy = True
        self._redraw()

        def done(_none: None) -> None:
            trace("draft discarded", case=case)
            if self._form.hand is hand:
                self._form.let_go()
            self._discarded()

        def failed(error: Exception) -> None:
            hand.is_busy = False
            self._failed(error)

        self._desk.background.run(lambda: filing.discard(self._desk.work(), case), done, failed)


def _decision(
    work: Work, act: IntakeAct, item: ItemVersion, draft: IntakeDraft, texts: Mapping[str, str]
) -> FirstDecision | None:
    """What is decided with the receipt. Raises StoreError."""
    if act is IntakeAct.ACCEPT:
        later = [one.material.key for one in materials_now(item, draft) if one.standing is Standing.DEFERRED]
        return deciding.acceptance(work, item, draft.answers, later)
    if act is IntakeAct.TELL_SUPPLEMENT:
        return deciding.supplement(work, strips.points(to_be_told(item, draft), texts))
    if act is IntakeAct.DECLINE:
        ground = DeclineGround[texts["ground"]]
        office = texts.get("office", "").strip() if ground is DeclineGround.WRONG_OFFICE else ""
        return deciding.declination(work, ground, texts["reason"].strip(), office)
    return None


def _drop_pages(work: Work, owner: CaseId, intake: Intake) -> None:
    """What was scanned and is not handed in."""
    try:
        filing.drop_pages(work, owner, frozenset(page.page for page in intake.pages))
    except StoreError as error:  # the deed stands; a page that nobody names harms nobody
        trace("pages left", case=owner, reason=error.reason.value)


def _is_possible(hand: Hand, act: IntakeAct) -> bool:
    """Whether the bar offers the act now; one without a button there is always offered."""
    return all(one.is_enabled for one in bar_acts(hand.readiness()) if one.id == act)
