"""扫描工作台: from F5 to a sorted pile of pages, every one of them safe before it is shown.

Rules kept here: scanner, files and pictures work elsewhere, here nothing waits; a batch belongs to the case for which
it was begun, wherever the clerk looks meanwhile; what was replaced or dropped stays on the disk until F4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yichuang_client.devices.equipment import Condition
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Picture, Text, View, msg
from yichuang_client.presenters.models.scan import Fit, ScanAct, ScanModel
from yichuang_client.presenters.scan_cropping import Cropping
from yichuang_client.presenters.scan_feed import Ended, Feed, Kept
from yichuang_client.presenters.scan_file import ask_for_file, fault_of, file_of
from yichuang_client.presenters.scan_model import scan_model
from yichuang_client.presenters.scan_pages import UNSORTED, PageStack, Sheet
from yichuang_client.presenters.scan_pictures import PagePictures
from yichuang_client.presenters.scan_separators import print_for
from yichuang_client.presenters.scan_state import Place, Ready, ScanState, look
from yichuang_client.presenters.scan_turning import Turning, load_sheet, pages_behind_a_crash, remove_unused
from yichuang_client.presenters.tray import Tray
from yichuang_client.sync.status import SyncEvent
from yichuang_client.trace import trace
from yichuang_domain.party import Page


class ScanPresenter:
    """The scan screen."""

    def __init__(self, view: View[ScanModel], desk: Desk) -> None:
        self._view, self._desk = view, desk
        self._state: ScanState | None = None
        self._pictures = PagePictures(desk, self._show)
        self._turning = Turning(desk, self._turned, self._not_turned)
        self._cropping = Cropping(desk, self._turned, self._not_turned)

    @property
    def is_feeding(self) -> bool:
        """Whether pages come in now."""
        return self._state is not None and self._state.is_feeding

    def open(self, tray: Tray) -> None:
        """Show the pages of a case and get ready to feed."""
        state = self._state
        is_new = state is None or state.tray.case != tray.case
        if state is None or is_new or not (state.is_feeding or state.stack.pages() == tray.pages):
            state = self._state = ScanState(tray=tray, stack=PageStack(tray.pages))
            state.blobs.update(page.page for page in tray.pages)
        state.tray, state.stack.target = tray, tray.target
        state.note, state.is_assigning, state.asked = "", False, None
        self._look_at()
        self._load_thumbnails(state)
        if is_new:
            self._give_back(state)
        if not state.is_feeding:
            self._find(anew=False)

    def _give_back(self, state: ScanState) -> None:
        """Look whether the program died over this case; what was safe then is shown again."""
        case, pages = state.tray.case, [page.page for page in state.tray.pages]

        def found(back: tuple[Page, ...]) -> None:
            if not back or state.is_feeding:
                return
            state.stack.give_back(back)
            state.blobs.update(page.page for page in back)
            state.note = msg("scan.given_back", n=len(back))
            trace("pages given back", n=len(back))
            self._tell(state)
            if state is self._state:
                self._load_thumbnails(state)
                self._look_at()

        self._desk.background.run(
            lambda: pages_behind_a_crash(self._desk.work().store, case, pages),
            found,
            lambda error: trace("no journal", kind=type(error).__name__),
        )

    def _forget(self, state: ScanState, sheet: Sheet) -> None:
        """A page was thrown away: no crash gives it back."""
        case, page = state.tray.case, sheet.page.page
        self._desk.background.run(
            lambda: self._desk.work().store.scan_journal.forget(case, page),
            lambda _: None,
            lambda error: trace("journal stays", kind=type(error).__name__),
        )

    def told(self, events: Sequence[SyncEvent]) -> None:
        """The line changes nothing here: pages are kept on this machine."""

    # ---- keys -------------------------------------------------------------------------------------------------

    def act(self, act: str) -> None:
        """As ``ActEvents.act``."""
        if (state := self._state) is None:
            return
        state.note = ""
        if act == ScanAct.ASSIGN:
            state.is_assigning = not state.is_assigning
            self._show()
            return
        state.is_assigning = False
        state.crop = state.crop if act in (ScanAct.CROP, ScanAct.CUT) else None
        selected = state.stack.selected
        deeds: dict[ScanAct, Callable[[], None]] = {
            ScanAct.CROP: lambda: self._cropping.begin(state),
            ScanAct.CUT: lambda: self._cropping.cut(state),
            ScanAct.SHIFT_BACK: lambda: self._shift(state, -1),
            ScanAct.SHIFT_ON: lambda: self._shift(state, 1),
            ScanAct.SEPARATORS: lambda: print_for(self._desk, state, self._note),
            ScanAct.START: lambda: self._scan(Place()),
            ScanAct.CONTINUE: lambda: self._scan(state.place),
            ScanAct.STOP: lambda: state.feed.stop() if state.feed else None,
            ScanAct.FIND: lambda: self._find(anew=True),
            ScanAct.INSERT: lambda: self._scan(Place(before=selected.id)) if selected else None,
            ScanAct.REPLACE: lambda: self._scan(Place(instead=selected.id)) if selected else None,
            ScanAct.DROP: lambda: self._drop(state),
            ScanAct.UNDO: lambda: self._undo(state),
            ScanAct.IMPORT: lambda: self._ask_for_file(state),
            ScanAct.FINISH: lambda: self._finish(state),
        }
        deeds[ScanAct(act)]()
        self._show()

    def confirm(self, act: str) -> None:
        """The strip asked for a file."""
        state = self._state
        if state is None or state.asked is None or not state.asked.can_confirm:
            return
        file, state.asked = file_of(state.file), None
        self._begin(state, Place(), lambda feed: feed.take_file(file), from_file=True)

    def cancel(self) -> None:
        """Close what is asked, or go back: the pages are kept."""
        state = self._state
        if state is not None and (state.asked is not None or state.is_assigning or state.crop is not None):
            state.asked, state.is_assigning, state.crop = None, False, None
            self._show()
            return
        self._desk.way.back()

    def type_in(self, key: str, text: str) -> None:
        """The strip's field."""
        if self._state is not None:
            self._state.file = text
            self._state.asked = ask_for_file(text)
            self._show()

    def select_page(self, page: str) -> None:
        """As ``ScanEvents.select_page``."""
        if self._state is not None and page:
            self._state.stack.select(int(page))
            self._moved(self._state)

    def move(self, step: int) -> None:
        """As ``ScanEvents.move``."""
        if self._state is not None:
            self._state.stack.move(step)
            self._moved(self._state)

    def fit(self, fit: str) -> None:
        """As ``ScanEvents.fit``."""
        self._pictures.refit(Fit(fit))
        self._look_at()

    def page_area(self, width: int, height: int) -> None:
        """As ``ScanEvents.page_area``."""
        self._pictures.resize(width, height)
        self._look_at()

    def rotate(self, quarter_turns: int) -> None:
        """As ``ScanEvents.rotate``."""
        state = self._state
        if state is not None and state.stack.selected is not None:
            self._turning.turn(state, state.stack.selected.id, quarter_turns)

    def crop_edge(self, edge: str, step: int) -> None:
        """As ``ScanEvents.crop_edge``."""
        if self._state is not None:
            self._cropping.edge(self._state, edge, step)
            self._show()

    def choose_target(self, key: str) -> None:
        """As ``ScanEvents.choose_target``."""
        state = self._state
        if state is None:
            return
        if state.is_assigning and state.stack.sheets:
            state.stack.assign(key)
            self._tell(state)
        else:
            state.stack.target = key
        state.is_assigning, state.note = False, ""
        trace("pages assigned", unsorted=state.unsorted)
        self._show()

    # ---- pages that come --------------------------------------------------------------------------------------

    def _find(self, *, anew: bool) -> None:
        """See which scanner there is; it may take seconds."""
        state = self._state
        if state is None:
            return
        state.scanner, state.no_scanner = None, ""
        state.last_scanner = self._desk.equipment.settings.scanner_name

        def found(ready: Ready) -> None:
            state.scanner = ready
            self._desk.equipment.scanner_condition = Condition(is_known=True)
            self._show_if(state)
            trace("scanner ready")

        def missing(error: Exception) -> None:
            trouble = error.trouble if isinstance(error, DeviceError) else None
            self._desk.equipment.scanner_condition = Condition(is_known=True, trouble=trouble)
            is_gone = trouble is Trouble.OFFLINE
            state.no_scanner = msg("scan.no_scanner") if is_gone else sentence(error)
            self._show_if(state)
            trace("no scanner")

        self._desk.scanning.run(lambda: look(self._desk, anew=anew), found, missing)
        self._show()

    def _scan(self, place: Place) -> None:
        state = self._state
        if state is None or state.is_feeding:
            return
        pages = 1 if place.instead is not None else None
        self._begin(state, place, lambda feed: feed.scan(pages))

    def _begin(
        self,
        state: ScanState,
        place: Place,
        run: Callable[[Feed], Ended],
        *,
        from_file: bool = False,
    ) -> None:
        state.begin(place, from_file=from_file)
        feed = state.feed = Feed(self._desk, state.tray.case, lambda kept: self._arrived(state, kept))
        self._look_at()

        def ended(how: Ended) -> None:
            trouble = how.error.trouble if isinstance(how.error, DeviceError) else None
            if not from_file:
                trouble = None if trouble is Trouble.CANCELLED else trouble
                self._desk.equipment.scanner_condition = Condition(is_known=True, trouble=trouble)
            state.end(how, fault_of(how.error) if how.error is not None else "")
            self._show_if(state)
            trace("batch ended", pages=how.count)

        def failed(error: Exception) -> None:
            state.is_feeding, state.fault = False, sentence(error)
            self._show_if(state)

        self._desk.scanning.run(lambda: run(feed), ended, failed)

    def _arrived(self, state: ScanState, kept: Kept) -> None:
        """A page is safe: show it, and tell the owner of the tray."""
        old = state.stack.find(state.place.instead) if state.place.instead is not None else None
        state.take(kept)
        if old is not None:
            self._forget(state, old)
        self._tell(state)
        if state is self._state:
            if kept.picture is not None:
                self._pictures.keep(kept.picture, kept.page.page, kept.view_size)
            self._look_at()

    # ---- what the clerk does ----------------------------------------------------------------------------------

    def _drop(self, state: ScanState) -> None:
        place = state.stack.selected_index
        gone = state.stack.drop()
        if gone is not None:
            self._forget(state, gone)
            state.note = msg("scan.dropped", n=place + 1)
            self._tell(state)
            self._look_at()

    def _shift(self, state: ScanState, step: int) -> None:
        if state.stack.shift(step):
            self._tell(state)
            self._look_at()

    def _note(self, state: ScanState, text: Text) -> None:
        state.note = text
        self._show_if(state)

    def _undo(self, state: ScanState) -> None:
        if state.stack.undo():
            state.note = msg("scan.undone")
            self._tell(state)
            self._load_thumbnails(state)
            self._look_at()

    def _ask_for_file(self, state: ScanState) -> None:
        if not state.is_feeding:
            state.asked = ask_for_file(state.file)

    def _turned(self, state: ScanState, wanted: int, sheet: Sheet) -> None:
        state.blobs.add(sheet.page.page)
        old = state.stack.find(wanted)
        if old is not None and state.stack.put(wanted, sheet):
            self._forget(state, old)
            trace("page turned")
            self._tell(state)
            if state is self._state:
                self._look_at()

    def _not_turned(self, state: ScanState, error: Exception) -> None:
        self._note(state, sentence(error))

    def _finish(self, state: ScanState) -> None:
        is_busy = state.is_feeding or bool(state.turning)
        reason = "BUSY" if is_busy else "UNSORTED" if state.unsorted else ""
        if reason:
            trace("act blocked", act=str(ScanAct.FINISH), reason=reason)
        if is_busy:
            state.note = msg("scan.stop_first")
        elif state.unsorted:
            state.stack.select_first(UNSORTED)
            self._look_at()
        else:
            self._leave(state)

    def _leave(self, state: ScanState) -> None:
        pages = state.stack.pages()
        unused = state.blobs - {page.page for page in pages}
        trace("scan finished", pages=len(pages))
        self._desk.background.run(
            lambda: remove_unused(self._desk.work().store, state.tray.case, unused),
            lambda _: None,
            lambda error: trace("unused pages stay", kind=type(error).__name__),
        )
        self._state = None
        self._desk.way.back()

    # ---- showing ----------------------------------------------------------------------------------------------

    def _tell(self, state: ScanState) -> None:
        state.tray.changed(state.stack.pages())

    def _moved(self, state: ScanState) -> None:
        state.note, state.crop = "", None
        self._look_at()

    def _look_at(self) -> None:
        """The selected page or the view's size is another: decode what is missing, and show."""
        if (state := self._state) is not None:
            if state.feed is not None:
                state.feed.view_size = self._pictures.size() if state.stack.follows else (0, 0)
            self._pictures.look(state.tray.case, state.stack.sheets, state.stack.selected_index)
            self._show()

    def _load_thumbnails(self, state: ScanState) -> None:
        """Make the thumbnails of pages that were kept before, one after the other."""
        sheet = next((row for row in state.stack.sheets if row.thumbnail is None and row.id not in state.unread), None)
        if sheet is None:
            return

        def done(read: tuple[Picture, int]) -> None:
            state.stack.know(sheet.id, *read)
            next_one()

        def next_one(*_: object) -> None:
            state.unread.add(sheet.id)
            if state is self._state:
                self._show()
                self._load_thumbnails(state)

        case, page = state.tray.case, sheet.page.page
        self._desk.background.run(lambda: load_sheet(self._desk.work().store, case, page), done, next_one)

    def _show_if(self, state: ScanState) -> None:
        if state is self._state:
            self._show()

    def _show(self) -> None:
        state = self._state
        if state is None:
            return
        selected = state.stack.selected
        picture = self._pictures.of(selected) if selected else None
        unreadable = selected is not None and self._pictures.is_unreadable(selected)
        self._view.show(scan_model(state, picture, self._pictures.fit, is_unreadable=unreadable))
