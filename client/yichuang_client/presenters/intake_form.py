"""办件登记: the intake in hand: what is typed, answered, scanned and compared, saved as it goes.

Rules kept here: every change is a new draft, saved at the end of the field and after each page and answer; twenty
steps can be taken back; an answer of the store that belongs to another intake is dropped; who applies is looked up
as soon as the number is right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from yichuang_client.devices.identity_card import IdentityCard
from yichuang_client.presenters import intake_filing as filing
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.intake_certificates import Certificates, holder_code
from yichuang_client.presenters.intake_draft import APPLICANT, IntakeDraft, Seen
from yichuang_client.presenters.intake_fields import card_texts, judged, spec_named
from yichuang_client.presenters.intake_filing import Known, Opened
from yichuang_client.presenters.intake_hand import Hand
from yichuang_client.presenters.intake_lacks import Standing, materials_now
from yichuang_client.presenters.intake_sheets import Sheets
from yichuang_client.presenters.models.common import FieldMark, Text
from yichuang_client.presenters.typed_card import TypedCard
from yichuang_client.trace import trace
from yichuang_domain.ids import CaseId
from yichuang_domain.party import ApplicantKind, Page

PAUSE_MS = 1500
"""So long after the last key a field is saved before its end."""
_NO_PLACES = ("act.", "confirm.", "search")


class IntakeForm:
    """The intake in hand; none while the start page is shown."""

    def __init__(self, desk: Desk, redraw: Callable[[], None], told: Callable[[str, Text], None]) -> None:
        """``told`` hears what the clerk must know: a stable name and a sentence."""
        self._desk = desk
        self._redraw = redraw
        self._told = told
        self._pause: Callable[[], None] = _nothing
        self.sheets = Sheets(desk, redraw)
        self._certificates = Certificates(desk, redraw, told)
        self.hand: Hand | None = None

    # ---- coming and going -------------------------------------------------------------------------------------

    def take(self, opened: Opened, *, is_saved: bool = False, before: IntakeDraft | None = None) -> Hand:
        """Take an intake in hand; ``before`` is what Ctrl+Z brings back."""
        self.hand = Hand(opened=opened, draft=opened.draft, today=opened.today, has_session=opened.has_session)
        if before is not None:
            self.hand.earlier.append(before)
        if is_saved and not (opened.moved_to or opened.found_pages):
            self.hand.saved = opened.draft
        self.sheets.open(opened.draft)
        self._look_up()
        self._count()
        if not self.hand.saved:
            self.save()
        return self.hand

    def look_again(self) -> None:
        """The catalogue changed: the intake in hand moves to the item as it is now, nothing typed is lost."""
        hand = self.hand
        if hand is None or hand.is_busy:
            return
        draft = hand.draft

        def done(opened: Opened) -> None:
            if self.hand is hand and not hand.is_busy and hand.draft.item == opened.item.code:
                old, hand.opened = hand.item, filing.moved(replace(opened, draft=hand.draft), hand.item)
                hand.draft = hand.opened.draft
                if hand.item.version != old.version:
                    hand.earlier = []
                self._changed()

        self._desk.background.run(lambda: filing.look_again(self._desk.work(), draft), done, self._not_saved)

    def put_down(self) -> None:
        """Save and let go."""
        self.save()
        self.hand = None

    def let_go(self) -> None:
        """Forget without saving: handed in, or thrown away."""
        self.hand = None

    @property
    def draft(self) -> IntakeDraft:
        """The draft in hand."""
        return self._hand.draft

    @property
    def _hand(self) -> Hand:
        assert self.hand is not None
        return self.hand

    # ---- what a person types and answers ----------------------------------------------------------------------

    def type_in(self, key: str, text: str) -> None:
        """A field changed."""
        hand = self._hand
        if hand.is_busy or spec_named(hand.item, hand.draft, key) is None or text == hand.draft.text(key):
            return
        if hand.typing != key:
            hand.remember()
            hand.typing = key
        hand.blanks.pop(key, None)
        hand.draft = hand.draft.with_text(key, text)
        self._look_up()
        self._changed(saves=False)
        self._save_soon()

    def type_in_strip(self, act: str, key: str, text: str) -> None:
        """A field of the strip of an act changed; no step of the undo."""
        self._hand.draft = self.draft.with_strip(act, key, text)
        self._save_soon()

    def enter(self, place: str) -> None:
        """Something of the form got the focus."""
        hand = self.hand
        if hand is None or place.startswith(_NO_PLACES):
            return
        hand.active = place
        hand.draft = replace(hand.draft, focus=place)
        self._redraw()
        self.save()

    def leave(self, key: str) -> None:
        """A field lost the focus: figures that are right are written as they are meant, the draft is saved."""
        hand = self.hand
        if hand is None:
            return
        hand.typing = hand.active = ""
        spec = spec_named(hand.item, hand.draft, key)
        is_meant = spec is not None and judged(spec, hand.draft, hand.today).mark is not FieldMark.BAD
        if spec is not None and spec.is_rewritten and is_meant:
            hand.draft = hand.draft.with_text(key, spec.normal(hand.draft.text(key)))
        self._check_fonts(key)
        self._changed()

    def answer(self, question: str, option: str) -> None:
        """An option of the situation."""
        if self._hand.draft.answers.get(question) != option:
            trace("answered", question=question)
            self._step(self.draft.with_answer(question, option))

    def choose_kind(self, kind: str) -> None:
        """The applicant's kind."""
        self._step(self.draft.with_kind(ApplicantKind[kind]))

    def take_card(self, card: IdentityCard, whose: str) -> None:
        """A card was read: name, number and what else the form asks of it; one step of the undo."""
        name, number = self.draft.identity_fields(whose)
        texts = {name: card.name, number: card.number}
        if whose == APPLICANT:
            texts |= card_texts(self._hand.item, card)
        self._step(self.draft.with_card(whose, texts, self._hand.opened.clock()))
        self._look_up()
        self._check_fonts(name)
        self._look_up()

    def toggle_agent(self, has_agent: bool) -> None:
        """With or without an agent; what was typed of the agent is kept."""
        self._step(replace(self.draft, has_agent=has_agent))

    def take_typed(self, card: TypedCard, whose: str) -> None:
        """A reader typed a card: as if a person had typed it; one step of the undo."""
        name, number = self.draft.identity_fields(whose)
        draft = self.draft.with_text(number, card.number)
        self._step(draft.with_text(name, card.name) if card.name else draft)
        self._look_up()
        self._check_fonts(name)

    # ---- materials --------------------------------------------------------------------------------------------

    def select(self, material: str) -> None:
        """Another material is the target."""
        if material:
            self._hand.draft = replace(self.draft, target=material)
            self._changed()

    def toggle_seen(self, material: str) -> None:
        """Enter on a material: its original was compared, or was not after all."""
        needed = {one.material.key for one in materials_now(self._hand.item, self.draft)}
        if material not in needed:
            return
        draft = replace(self.draft, target=material)
        if material in draft.seen:
            self._step(draft.without_seen(material))
        else:
            self._step(draft.with_seen([material], self._seen()))

    def see_all(self) -> None:
        """全部原件已核: of everything that is here, not of what has not come."""
        here = [
            one.material.key
            for one in materials_now(self._hand.item, self.draft)
            if one.pages or (one.standing is not Standing.DEFERRED and not one.material.needs_scan)
        ]
        self._step(self.draft.with_seen(here, self._seen()))

    def defer(self) -> bool:
        """容缺 of the selected material, or not any more; False where it may not come later."""
        now = {one.material.key: one for one in materials_now(self._hand.item, self.draft)}
        one = now.get(self.draft.target)
        if one is None or not one.material.deferrable or one.standing not in (Standing.MISSING, Standing.DEFERRED):
            return False
        is_deferred = one.standing is Standing.MISSING
        self._step(self.draft.with_deferred(one.material.key, is_deferred=is_deferred))
        return True

    def use_certificates(self) -> None:
        """证照免交 with what is offered, or not any more."""
        hand = self._hand
        self._certificates.use(hand, lambda draft: self._step(draft) if self.hand is hand else None)

    def pages_changed(self, case: CaseId, pages: tuple[Page, ...]) -> None:
        """The scan screen kept, moved or dropped pages."""
        hand = self.hand
        if hand is None or hand.draft.case != case:
            self._desk.background.run(
                lambda: filing.save_pages(self._desk.work(), case, pages), lambda _none: None, self._not_saved
            )
            return
        hand.draft = hand.draft.with_pages(pages)
        hand.draft = replace(hand.draft, target=hand.next_target())
        self._changed()

    def undo(self) -> None:
        """Ctrl+Z."""
        hand = self._hand
        if not hand.earlier:
            return
        before = hand.earlier.pop()
        hand.typing = ""
        if before.item != hand.draft.item:
            self._desk.background.run(
                lambda: filing.reopen(self._desk.work(), before), self._taken_back, self._not_saved
            )
            return
        hand.draft = hand.draft.taken_back(before)
        self._look_up()
        self._changed()

    def _taken_back(self, opened: Opened) -> None:
        if self.hand is not None and self.hand.draft.case == opened.draft.case:
            earlier = self.hand.earlier
            self.take(opened)
            self._hand.earlier = earlier
            self._redraw()

    # ---- after a change ---------------------------------------------------------------------------------------

    def _step(self, draft: IntakeDraft) -> None:
        """A change that can be taken back."""
        hand = self._hand
        if hand.is_busy or draft == hand.draft:
            return
        hand.remember()
        hand.typing = ""
        hand.draft = draft
        hand.draft = replace(draft, target=hand.next_target())
        self._changed()

    def _changed(self, *, saves: bool = True) -> None:
        self.sheets.show(self.draft)
        self._count()
        self._redraw()
        if saves:
            self.save()

    def _count(self) -> None:
        hand = self._hand
        missing = len(hand.lacks())
        if missing != hand.missing:
            hand.missing = missing
            trace("intake missing", n=missing)

    def _save_soon(self) -> None:
        self._pause()
        self._pause = self._desk.later.after(PAUSE_MS, self.save)

    def save(self) -> None:
        """Keep the draft unless it is kept already, or holds nothing."""
        hand = self.hand
        if hand is None or hand.is_busy or hand.draft == hand.saved or (hand.saved is None and hand.draft.is_empty):
            return
        draft = hand.draft
        hand.saved = draft

        def done(_none: None) -> None:
            trace("draft saved", case=draft.case, pages=len(draft.pages))

        def failed(error: Exception) -> None:
            if self.hand is hand:
                hand.saved = None
            self._not_saved(error)

        self._desk.background.run(lambda: filing.save(self._desk.work(), draft), done, failed)

    def _not_saved(self, error: Exception) -> None:
        self._told("not_saved", sentence(error))

    def _look_up(self) -> None:
        """Cases of this person, once the number is right."""
        hand = self._hand
        spec = spec_named(hand.item, hand.draft, "id_number")
        if spec is None:
            return
        is_good = judged(spec, hand.draft, hand.today).mark is FieldMark.GOOD
        number = spec.normal(hand.draft.text("id_number")) if is_good else ""
        asked = (number, holder_code(hand.draft))
        if asked == hand.asked:
            return
        hand.asked, hand.known = asked, Known()
        self._certificates.look_up(hand)
        if not number:
            return

        def done(known: Known) -> None:
            if self.hand is hand and hand.asked == asked:
                hand.known = known
                self._redraw()

        work = lambda: filing.known_of(self._desk.work(), number, hand.item)  # noqa: E731
        self._desk.background.run(work, done, self._not_saved)

    def _check_fonts(self, key: str) -> None:
        """A character that no font has is told at entry."""
        hand = self._hand
        text = hand.draft.text(key)
        if not filing.may_lack_fonts(text):
            return

        def done(missing: str) -> None:
            if self.hand is hand and hand.draft.text(key) == text and missing:
                hand.blanks[key] = missing
                trace("characters without a font", n=len(missing))
                self._redraw()

        self._desk.background.run(lambda: filing.without_font(self._desk.press, text), done, self._not_saved)

    def _seen(self) -> Seen:
        return Seen(by=self._hand.opened.clerk, time=self._hand.opened.clock())


def _nothing() -> None:
    """Nothing waits."""
