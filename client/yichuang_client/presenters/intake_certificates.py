"""证照免交: the certificates of who applies, offered for the papers that they stand for, and used with one key.

Rules kept here: looked for only for the types that the item asks for, once the holder's numbers are whole; this desk
answers at once, the district besides where there is a line; nothing counts as brought before its copy is durable; a use
can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from yichuang_client.actions import certificates
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.intake_draft import IntakeDraft
from yichuang_client.presenters.intake_hand import Hand
from yichuang_client.presenters.intake_lacks import Standing, materials_now
from yichuang_client.presenters.models.common import Banner, Mark, Text, Tone, msg
from yichuang_client.trace import trace
from yichuang_domain.holding import best
from yichuang_domain.identity import normal_code
from yichuang_domain.ids import CaseId
from yichuang_domain.material import unanswered
from yichuang_domain.party import ApplicantKind, HeldCertificate, Page

Copies = Mapping[str, tuple[HeldCertificate, tuple[Page, ...]]]
"""Material to the certificate that stands for it and the pages of its copy."""


CODE_LENGTH = 18


class Certificates:
    """The certificates of the intake in hand; Tk thread."""

    def __init__(self, desk: Desk, redraw: Callable[[], None], told: Callable[[str, Text], None]) -> None:
        self._desk, self._redraw, self._told = desk, redraw, told

    def look_up(self, hand: Hand) -> None:
        """Ask this desk, then the district; an answer to an older number is dropped."""
        hand.held, asked = {}, hand.asked
        id_number, code = asked
        types = {m.certificate_type for m in hand.item.materials if m.certificate_type is not None}
        if not id_number or not types or (not code and hand.draft.kind is not ApplicantKind.PERSON):
            return
        desk = self._desk

        def came(found: tuple[HeldCertificate, ...]) -> None:
            if hand.asked == asked and found:
                hand.held = best([*hand.held.values(), *found])
                trace("certificates found", n=len(hand.held))
                self._redraw()

        def failed(error: Exception) -> None:
            trace("certificates not asked for", kind=type(error).__name__)

        desk.background.run(lambda: certificates.on_this_desk(desk.work(), id_number, code, types), came, failed)
        if hand.has_session:
            desk.asking.run(
                lambda: desk.session.find_certificates(desk.work().person.person, id_number, code, types), came, failed
            )

    def use(self, hand: Hand, used: Callable[[IntakeDraft], None]) -> None:
        """Take back the one of the selected material, else use all that is offered; ``used`` hears the draft then."""
        draft = hand.draft
        if draft.target in draft.certificates:
            used(draft.without_certificate(draft.target))
            return
        offers, desk, case, item = hand.offers(), self._desk, draft.case, hand.item
        if not offers:
            trace("act blocked", act="use_certificates", reason="none_offered")
            self._told("none_offered", msg("intake.no_certificate"))
            return
        holder = draft.text("name")

        def work() -> Copies:
            here = desk.work()
            return {
                key: (held, certificates.copy(here, desk.press, held, case, item, key, holder))
                for key, held in offers.items()
            }

        def done(copies: Copies) -> None:
            hand.is_busy = False
            used(_with(hand.draft, case, copies))

        def failed(error: Exception) -> None:
            hand.is_busy = False
            self._told("no_copy", sentence(error))

        hand.is_busy = True
        self._redraw()
        desk.background.run(work, done, failed)


def holder_code(draft: IntakeDraft) -> str:
    """The code of the body that applies, once it is whole; empty for a person."""
    code = normal_code(draft.text("credit_code"))
    return code if draft.kind is not ApplicantKind.PERSON and len(code) == CODE_LENGTH else ""


def _with(draft: IntakeDraft, case: CaseId, copies: Copies) -> IntakeDraft:
    if draft.case != case:
        return draft
    for material, (held, pages) in copies.items():
        draft = draft.with_certificate(material, held, pages)
    return draft


def one_card_banner(hand: Hand) -> Banner | None:
    """一证通办: the identity card, and the certificates that it leads to, are all that is needed besides."""
    now = materials_now(hand.item, hand.draft)
    is_paperless = all(one.standing not in (Standing.SCANNED, Standing.SEEN) for one in now)
    offers, open_ones = hand.offers(), [one for one in now if one.standing in (Standing.MISSING, Standing.DEFERRED)]
    cards = [one.material.key for one in open_ones if one.material.card_of is not None]
    if any(one.material.key not in {*offers, *cards} for one in open_ones):
        return None
    words: tuple[Text, Text] | None = None
    if cards and is_paperless and not unanswered(hand.item, hand.draft.answers):
        words = msg("intake.one_card_alone"), msg("intake.one_card_read")
    elif offers:
        words = msg("intake.one_card", n=len(offers)), msg("intake.one_card_hint")
    elif is_paperless and not open_ones and any(one.standing is Standing.CARD_READ for one in now):
        words = msg("intake.one_card_done"), msg("intake.one_card_none")
    if words is None:
        return None
    return Banner(kind="one_card", tone=Tone.PRIMARY, mark=Mark.INFO, text=words[0], hint=words[1])
