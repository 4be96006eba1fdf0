"""受理登记: the start page, the form, and the way from one citizen to the next.

Rules kept here: the store works off the Tk thread and an answer to an older question is dropped; leaving the form
saves it; an item that cannot be taken in is refused before anything is typed, with its briefing offered; after a
hand-in the search has the focus, and what was handed in is told by one banner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from yichuang_client.presenters import intake_filing as filing, intake_start as start
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.intake_after import LastIntake
from yichuang_client.presenters.intake_bar import acts as form_acts, sentence as form_sentence
from yichuang_client.presenters.intake_card import IntakeCard
from yichuang_client.presenters.intake_deeds import IntakeDeeds
from yichuang_client.presenters.intake_draft import IntakeDraft
from yichuang_client.presenters.intake_filing import Opened
from yichuang_client.presenters.intake_finder import Finder
from yichuang_client.presenters.intake_form import IntakeForm
from yichuang_client.presenters.intake_lacks import Lack, item_lacks
from yichuang_client.presenters.intake_page import FORM_HITS, form_banner, form_model
from yichuang_client.presenters.intake_start import Desktop
from yichuang_client.presenters.models.common import Banner, Bar, Chip, Mark, Text, Tone, View, msg
from yichuang_client.presenters.models.intake import IntakeAct, IntakeModel
from yichuang_client.presenters.tray import Tray
from yichuang_client.presenters.typed_card import TypedCard
from yichuang_client.sync.status import CasesChanged, CatalogueArrived, StatusChanged, SyncEvent
from yichuang_client.trace import trace
from yichuang_domain.case import Case
from yichuang_domain.ids import CaseId, ItemCode

T = TypeVar("T")
LOW, WIDE = 740, 1600


class IntakePresenter:
    """受理登记. Hears the screen as ``IntakeEvents``."""

    def __init__(self, view: View[IntakeModel], desk: Desk) -> None:
        self._view = view
        self._desk = desk
        self._desktop = Desktop()
        self._is_folded = True
        self._refused: Opened | None = None
        self._banner: Banner | None = None
        self._newest = 0
        self._shape = (0, LOW)
        self._last = LastIntake(desk, self._show)
        self._finder = Finder(desk, self._show, self._choose, self._failed)
        self._form = IntakeForm(desk, self._show, self._tell)
        self._card = IntakeCard(desk, self._form, self._show, self._view.focus)
        self._deeds = IntakeDeeds(desk, self._form, self._show, self._tell, self._received, self._begin_again)

    # ---- coming and going -------------------------------------------------------------------------------------

    def open(self, draft: CaseId | None = None) -> None:
        """Show the screen where it was left, or with a draft."""
        if draft is not None:
            self.open_draft(draft)
        self._look()
        self._show()

    def keep(self) -> None:
        """As ``Keeping.keep``."""
        self._form.save()

    def told(self, events: Sequence[SyncEvent]) -> None:
        """The sync loop told something, or the screen is in front again."""
        for event in events:
            if isinstance(event, StatusChanged):
                self._newest = event.status.catalogue_newest
        if any(isinstance(event, CatalogueArrived) for event in events):
            self._form.look_again()
        if not events or any(isinstance(event, CasesChanged | CatalogueArrived | StatusChanged) for event in events):
            self._look()
        self._show()

    def _look(self) -> None:
        """Read the start page's lists anew, and where the last hand-in is."""
        case = self._last.case

        def work() -> tuple[Desktop, bool]:
            here = self._desk.work()
            row = here.store.rows.find(case) if case is not None else None
            return start.look(here), row is not None and not row.unsent

        def done(seen: tuple[Desktop, bool]) -> None:
            self._desktop, is_delivered = seen
            has_session = self._desktop.has_session
            if self._form.hand is not None:
                self._form.hand.has_session = has_session
            self._last.seen(case, is_delivered=is_delivered, has_session=has_session)
            self._show()

        self._ask(work, done)

    def _ask(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        self._desk.background.run(work, done, self._failed)

    def _failed(self, error: Exception) -> None:
        self._tell("store", sentence(error))

    def _tell(self, kind: str, text: Text) -> None:
        """One thing that the clerk must know."""
        self._banner = Banner(kind=kind, text=text, tone=Tone.DANGER, mark=Mark.WARN)
        self._show()

    # ---- what is shown ----------------------------------------------------------------------------------------

    def _show(self) -> None:
        hand = self._form.hand
        if hand is None:
            body = start.start_model(self._desktop, self._finder.search, self._note(), self._card.start_note)
            bar = start.start_bar(self._desktop, self._finder.search)
            self._view.show(IntakeModel(body=body, bar=bar, banner=self._seen_banner(None)))
            return
        ready = hand.readiness()
        is_folded = self._is_folded and (self._shape[1] < LOW or not self._finder.search.hits)
        self._view.show(
            IntakeModel(
                body=form_model(self._form, hand, self._finder.search, self._card.seen, is_folded=is_folded),
                bar=Bar(sentence=form_sentence(ready), acts=form_acts(ready), confirm=self._deeds.strip()),
                banner=self._seen_banner(form_banner(hand)),
            )
        )

    def _seen_banner(self, of_form: Banner | None) -> Banner | None:
        return self._banner or of_form or self._last.banner()

    def _note(self) -> Chip | None:
        if self._desktop.items == 0:
            return Chip(text=msg("intake.no_catalogue"), tone=Tone.DANGER, mark=Mark.WARN)
        if self._newest > self._desktop.catalogue > 0:
            return Chip(text=msg("intake.catalogue_coming", n=self._desktop.catalogue), mark=Mark.WAIT)
        return None

    def resized(self, width: int, height: int) -> None:
        """As ``IntakeEvents.resized``."""
        self._shape = (width, height)
        hand = self._form.hand
        self._form.sheets.resize(hand.draft if hand else None, is_wide=width >= WIDE)
        self._show()

    # ---- finding an item --------------------------------------------------------------------------------------

    def search(self, query: str) -> None:
        """As ``IntakeEvents.search``."""
        if query != self._finder.search.query:
            self._is_folded = False
            self._refused = None
            self._banner = None
            self._finder.type_in(query)

    def move_hit(self, step: int) -> None:
        """As ``IntakeEvents.move_hit``."""
        self._finder.move(step, start.HITS if self._form.hand is None else FORM_HITS)

    def choose_hit(self, code: str) -> None:
        """As ``IntakeEvents.choose_hit``; empty for Enter without a hit."""
        self._finder.choose(code)

    def _choose(self, code: ItemCode) -> None:
        hand, query = self._form.hand, self._finder.search.query
        if hand is not None and hand.is_busy:
            return
        if hand is not None and hand.item.code == code:
            self._is_folded = True
            self._show()
            self._view.focus(hand.first_place())
            return
        draft = hand.draft if hand is not None else None

        def work() -> Opened:
            here = self._desk.work()
            return filing.change_item(here, draft, code) if draft is not None else filing.begin(here, code)

        def done(opened: Opened) -> None:
            if self._finder.search.query != query or self._form.hand is not hand:
                return
            missing = item_lacks(opened.item, opened.today, opened.cancelled_on)
            if missing:
                self._refuse(opened, missing[0])
            else:
                self._take(opened, before=draft)

        self._ask(work, done)

    def _refuse(self, opened: Opened, lack: Lack) -> None:
        """The item cannot be taken in: said before anything is typed, with its briefing offered."""
        self._refused = opened
        trace("act blocked", act="choose", reason=lack.kind.value)
        self._banner = Banner(kind=lack.kind.value, text=lack.subject, tone=Tone.DANGER, mark=Mark.STOP, hint=lack.hint)
        self._show()

    def _take(self, opened: Opened, *, is_saved: bool = False, before: IntakeDraft | None = None) -> None:
        self._is_folded = True
        self._refused = None
        self._banner = None
        self._last.forget(also_trouble=False)
        hand = self._form.take(opened, is_saved=is_saved, before=before)
        trace("item chosen", item=opened.item.code)
        self._card.fill_in()
        self._desk.background.run(self._desk.press.warm, lambda _none: None, lambda error: None)
        self._show()
        self._view.focus(hand.first_place())

    def open_draft(self, draft: str) -> None:
        """As ``IntakeEvents.open_draft``."""
        hand, case = self._form.hand, CaseId(draft)
        if hand is not None and (hand.draft.case == case or hand.is_busy):
            return

        def done(opened: Opened) -> None:
            if self._form.hand is not hand:
                return
            if hand is not None and opened.draft.is_briefed and opened.item.code == hand.item.code:
                self._ask(lambda: filing.discard(self._desk.work(), case), lambda _none: None)  # that form goes on
                self._view.focus(hand.first_place())
                return
            if hand is not None:
                self._form.put_down()
            self._finder.clear()
            self._take(opened, is_saved=True)

        self._ask(lambda: filing.restore(self._desk.work(), case), done)

    # ---- the form ---------------------------------------------------------------------------------------------

    def type_in(self, key: str, text: str) -> None:
        """As ``IntakeEvents.type_in``."""
        if not self._deeds.type_in(key, text) and self._form.hand is not None:
            self._form.type_in(key, text)

    def enter(self, place: str) -> None:
        """As ``IntakeEvents.enter``."""
        self._form.enter(place)

    def leave(self, key: str) -> None:
        """As ``IntakeEvents.leave``."""
        self._form.leave(key)

    def unmask(self, key: str) -> None:
        """As ``IntakeEvents.unmask``."""
        trace("unmasked", field=key)

    def answer(self, question: str, option: str) -> None:
        """As ``IntakeEvents.answer``."""
        self._in_form(lambda: self._form.answer(question, option))

    def choose_kind(self, kind: str) -> None:
        """As ``IntakeEvents.choose_kind``."""
        self._in_form(lambda: self._form.choose_kind(kind))

    def typed_card(self, card: TypedCard) -> None:
        """As ``IntakeEvents.typed_card``."""
        self._in_form(lambda: self._card.typed(card))

    def toggle_agent(self, has_agent: bool) -> None:
        """As ``IntakeEvents.toggle_agent``."""
        self._in_form(lambda: self._form.toggle_agent(has_agent))
        if has_agent:
            self._view.focus("agent.name")

    def select_material(self, key: str) -> None:
        """As ``IntakeEvents.select_material``."""
        self._in_form(lambda: self._form.select(key))

    def material_states(self, key: str) -> None:
        """As ``IntakeEvents.material_states``."""
        self._in_form(lambda: self._form.toggle_seen(key))

    def preview_page(self, step: int) -> None:
        """As ``IntakeEvents.preview_page``."""
        self._in_form(lambda: self._form.sheets.turn(self._form.draft, step))
        self._show()

    def _in_form(self, deed: Callable[[], None]) -> None:
        if self._form.hand is not None and not self._form.hand.is_busy:
            self._banner = None
            deed()

    # ---- acts -------------------------------------------------------------------------------------------------

    def act(self, act: str) -> None:
        """As ``ActEvents.act``."""
        wanted = IntakeAct(act)
        if wanted is IntakeAct.SEARCH:
            self._view.focus("search")
        elif wanted is IntakeAct.BRIEF:
            self._brief()
        elif wanted is IntakeAct.READ_CARD:
            self._card.press()
        elif self._form.hand is not None:
            self._act_in_form(wanted)

    def _act_in_form(self, act: IntakeAct) -> None:
        changes: dict[IntakeAct, Callable[[], None]] = {
            IntakeAct.SEE_ALL_ORIGINALS: self._form.see_all,
            IntakeAct.USE_CERTIFICATES: self._form.use_certificates,
            IntakeAct.UNDO: self._form.undo,
            IntakeAct.DEFER: self._defer,
        }
        if act is IntakeAct.SCAN:
            self._scan()
        elif act is IntakeAct.CHECK:
            self._check()
        elif act in changes:
            self._in_form(changes[act])
        else:
            self._banner = None
            self._deeds.act(act)

    def confirm(self, act: str) -> None:
        """As ``ActEvents.confirm``."""
        self._deeds.confirm(act)

    def cancel(self) -> None:
        """As ``ActEvents.cancel``: one level back; nothing that was typed is lost."""
        hand = self._form.hand
        if self._deeds.is_asking:
            self._deeds.close()
        elif self._card.stop():
            return
        elif hand is not None and not hand.is_busy:
            self._form.put_down()
            self._begin_again()
        elif hand is None:
            self._finder.gave_up()
            self._last.forget(also_trouble=True)
            self._begin_again()

    def _begin_again(self) -> None:
        self._finder.clear()
        self._card.forget()
        self._banner = None
        self._refused = None
        self._look()
        self._show()
        self._view.focus("search")

    def _brief(self) -> None:
        hand, chosen = self._form.hand, self._finder.search.chosen
        if hand is not None:
            self._form.save()
            self._desk.way.briefing(hand.item, hand.draft.answers)
        elif self._refused is not None:
            self._desk.way.briefing(self._refused.item, {})
        elif chosen is not None and self._finder.is_searching:
            code = chosen.code
            self._ask(
                lambda: self._desk.work().store.catalogue.current(code),
                lambda item: self._desk.way.briefing(item, {}),
            )

    def _scan(self) -> None:
        hand = self._form.hand
        if hand is None or hand.is_busy:
            return
        self._form.save()
        case = hand.draft.case
        tray = Tray(
            case=case,
            materials=hand.scan_materials(),
            target=hand.scan_target(),
            pages=hand.draft.pages,
            applicant=hand.draft.text("name"),
            item=hand.item.name,
            changed=lambda pages: self._form.pages_changed(case, pages),
        )
        self._desk.way.scan(tray)

    def _check(self) -> None:
        """F6 核验: go to the first thing that is missing, or say that nothing is."""
        hand = self._form.hand
        missing = hand.lacks() if hand is not None else ()
        if not missing:
            self._banner = Banner(kind="checked", text=msg("intake.all_there"), tone=Tone.SUCCESS, mark=Mark.OK)
            self._show()
            return
        if missing[0].material:
            self._form.select(missing[0].material)
        trace("act blocked", act="check", reason=missing[0].kind.value)
        self._view.flash(missing[0].focus)

    def _defer(self) -> None:
        if not self._form.defer():
            trace("act blocked", act="defer", reason="not_deferrable")
            self._tell("not_deferrable", msg("reason.NOT_DEFERRABLE"))

    # ---- after the hand-in ------------------------------------------------------------------------------------

    def _received(self, act: IntakeAct, cases: tuple[Case, ...]) -> None:
        """Handed in and durable: its papers print while the next citizen begins."""
        trace("handed in", act=act.value, case=cases[0].case, n=len(cases))
        self._last.begin(act, cases, has_session=self._desktop.has_session)
        self._begin_again()
