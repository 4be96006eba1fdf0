"""登记时读卡: whose card F3 reads at the intake, and where it is filled in.

Rules kept here: the agent's card while the agent is being typed, or once the applicant's was read; else the
applicant's; a card that was asked for by one form never comes into another; the focus follows only
who has not gone on meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable

from yichuang_client.devices.identity_card import IdentityCard
from yichuang_client.presenters.card_desk import CardDesk
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.intake_draft import AGENT, APPLICANT
from yichuang_client.presenters.intake_fields import CardSeen
from yichuang_client.presenters.intake_form import IntakeForm
from yichuang_client.presenters.intake_hand import Hand
from yichuang_client.presenters.typed_card import TypedCard
from yichuang_client.trace import trace


class IntakeCard(CardDesk):
    """The card reader at the intake."""

    def __init__(self, desk: Desk, form: IntakeForm, redraw: Callable[[], None], focus: Callable[[str], None]) -> None:
        super().__init__(desk, redraw)
        self._form = form
        self._focus = focus

    @property
    def seen(self) -> CardSeen:
        """How the reader stands, for the form."""
        return CardSeen(can_read=self.can_read, note=self.note)

    def press(self) -> None:
        """F3; before an item is chosen the card waits for it."""
        hand = self._form.hand
        if hand is not None and hand.is_busy:
            return
        active = hand.active if hand is not None else ""
        whose = _whose(hand)

        def done(card: IdentityCard) -> None:
            if self._form.hand is not hand:
                return
            if hand is None:
                self.hold(card)
                return
            self._form.take_card(card, whose)
            if hand.active == active:
                self._focus(hand.first_missing())

        def failed() -> None:
            if hand is not None and self._form.hand is hand and hand.active == active:
                self._focus(hand.draft.identity_fields(whose)[1])

        self.read(done, failed)

    def typed(self, card: TypedCard) -> None:
        """A reader typed a card: the agent's while the agent is being typed or has no number yet."""
        hand = self._form.hand
        if hand is None:
            return
        draft = hand.draft
        is_next = draft.has_agent and draft.text("id_number") and not draft.text("agent.id_number")
        whose = AGENT if is_next or hand.active.startswith("agent.") else APPLICANT
        self._form.take_typed(card, whose)
        trace("card", outcome="typed")
        self._focus(hand.first_missing())

    def fill_in(self) -> None:
        """An item was chosen: the card that waits is the applicant's, unless the draft has one already."""
        card = self.take_held()
        if card is not None and not self._form.draft.text("id_number"):
            self._form.take_card(card, APPLICANT)


def _whose(hand: Hand | None) -> str:
    if hand is None or not hand.draft.has_agent:
        return APPLICANT
    is_next = APPLICANT in hand.draft.cards and AGENT not in hand.draft.cards
    return AGENT if is_next or hand.active.startswith("agent.") else APPLICANT
