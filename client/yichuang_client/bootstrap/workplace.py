"""The workbench of the person at work: frame, screens with their presenters, and the ways between them.

Rules kept here: a presenter is made when its screen is first gone to; what belonged to the person before is gone with
their workplace; the way back leads to where one came from, and what may have changed meanwhile is read anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from yichuang_client.actions.work import Work
from yichuang_client.config import Config
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanner_drivers import ScannerDrivers
from yichuang_client.devices.settings import DeviceSettings
from yichuang_client.documents.press import Press
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.devices_cards import device_lines
from yichuang_client.presenters.devices_work import ask_printer
from yichuang_client.presenters.frame import Seen, frame_model, gather, home_model
from yichuang_client.presenters.jotting import Keeping
from yichuang_client.presenters.models.common import Background
from yichuang_client.presenters.models.session import ScreenName, ShellEvents
from yichuang_client.presenters.tour import Tour, TourModel
from yichuang_client.presenters.tray import Tray
from yichuang_client.store.desk import DeskKind
from yichuang_client.sync.desk_session import DeskSession, SignedIn
from yichuang_client.sync.status import SyncEvent
from yichuang_client.ui.loop import TkLoop, Worker
from yichuang_client.ui.workbench import Late, Workbench, load_screens
from yichuang_client.update.status import UpdateStatus
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import CaseId

if TYPE_CHECKING:  # numpy is loaded by the first page, not by the first window
    from yichuang_client.documents.page_pool import PagePipeline

_PRESENTERS = {
    ScreenName.INTAKE: ("intake", "IntakePresenter"),
    ScreenName.BRIEFING: ("briefing", "BriefingPresenter"),
    ScreenName.SCAN: ("scan", "ScanPresenter"),
    ScreenName.CASES: ("queues", "QueuePresenter"),
    ScreenName.SUPPLEMENTS: ("queues", "QueuePresenter"),
    ScreenName.ISSUES: ("queues", "QueuePresenter"),
    ScreenName.SEARCH: ("queues", "QueuePresenter"),
    ScreenName.SHIFT: ("shift", "ShiftPresenter"),
    ScreenName.HANDOVER: ("handover", "HandoverPresenter"),
    ScreenName.CASE: ("case", "CasePresenter"),
    ScreenName.SUPPLEMENT: ("supplement", "SupplementPresenter"),
    ScreenName.ISSUE: ("issue", "IssuePresenter"),
    ScreenName.SYNC: ("sync", "SyncPresenter"),
    ScreenName.DEVICES: ("devices", "DevicesPresenter"),
    ScreenName.REVIEW: ("review", "ReviewPresenter"),
}
"""Module below ``presenters`` and class of each screen, imported when it is made."""
_AHEAD = (
    ScreenName.SCAN,
    ScreenName.CASES,
    ScreenName.CASE,
    ScreenName.ISSUES,
    ScreenName.ISSUE,
    ScreenName.SEARCH,
    ScreenName.SUPPLEMENTS,
    ScreenName.SUPPLEMENT,
    ScreenName.SHIFT,
    ScreenName.SYNC,
    ScreenName.DEVICES,
    ScreenName.BRIEFING,
    ScreenName.HANDOVER,
)
"""What a counter goes to, in the order in which it is made ahead."""
_AHEAD_OF_SECTION = (ScreenName.SEARCH, ScreenName.SYNC, ScreenName.DEVICES)
"""What everybody else goes to besides the first place."""
_LISTS = frozenset({ScreenName.CASES, ScreenName.SUPPLEMENTS, ScreenName.ISSUES, ScreenName.SEARCH})
"""One presenter with several places."""


def load() -> None:
    """Import what the screens need; any thread may, while somebody types a password."""
    for module, _ in _PRESENTERS.values():
        import_module(f"yichuang_client.presenters.{module}")
    load_screens()


class Machines:
    """The devices of the desk, the typesetter and the threads that wait for them; they outlive a person's work.

    One thread each for what may wait for a person at the device: a printer without paper never delays a scan.
    """

    def __init__(self, config: Config, loop: TkLoop) -> None:
        self.scanning, self.printing = Worker("scanning", loop), Worker("printing", loop)
        self.asking, self.reading = Worker("asking", loop), Worker("reading", loop)
        settings = DeviceSettings(config.data, config.printers, config.real)
        self.equipment = Equipment.of_desk(ScanWorker(ScannerDrivers()), settings)
        self.press = Press(is_practice=config.data.is_practice)
        self._pages: PagePipeline | None = None
        self._guard = threading.Lock()

    def pages(self) -> PagePipeline:
        """Prepares pages; what it needs is loaded when it is first asked for."""
        from yichuang_client.documents.page_pool import PagePipeline

        with self._guard:
            if self._pages is None:
                self._pages = PagePipeline()
            return self._pages

    @property
    def are_idle(self) -> bool:
        """Whether no page and no paper is on its way."""
        return self.scanning.is_idle and self.printing.is_idle

    def close(self) -> None:
        """End them all: a scan that runs is stopped, its pages are kept."""
        self.equipment.scanner.cancel()
        for thread in (self.scanning, self.printing, self.asking, self.reading):
            thread.close()
        self.equipment.close()
        self.press.close()
        if self._pages is not None:
            self._pages.close()


class _TourView:
    """带看 as the window shows it."""

    def __init__(self, bench: Workbench, place: Workplace) -> None:
        self._bench, self._place = bench, place

    def show(self, model: TourModel | None) -> None:
        """As ``View.show``."""
        self._bench.show_tour(model, self._place.next_of_tour, self._place.end_tour)

    def focus(self, field: str) -> None:
        """As ``View.focus``: a guide has none."""

    flash = focus


class Workplace:
    """What a signed-in person works with; is itself the ``Way`` of its presenters."""

    def __init__(
        self,
        bench: Workbench,
        session: DeskSession,
        signed_in: SignedIn,
        background: Background,
        machines: Machines,
        frame: ShellEvents,
        updates: Callable[[], UpdateStatus | None],
    ) -> None:
        self._bench = bench
        self._session = session
        self._signed_in = signed_in
        self._kind = DeskKind.COUNTER
        self._tour: Tour | None = None
        self._made: dict[ScreenName, Any] = {}
        self._trail: list[ScreenName] = []
        self._show_frame = bench.frame(frame)
        self._home = bench.screen(ScreenName.HOME, Late())
        self._desk = Desk(
            work=self.work,
            background=background,
            scanning=machines.scanning,
            printing=machines.printing,
            asking=machines.asking,
            reading=machines.reading,
            later=bench.loop,
            equipment=machines.equipment,
            pages=machines.pages,
            press=machines.press,
            session=session,
            way=self,
            updates=updates,
        )

    @property
    def is_section(self) -> bool:
        """Whether this is a section's desk."""
        return self._kind is DeskKind.SECTION

    @property
    def place(self) -> ScreenName:
        """The place of the rail that is lit: where the trail began."""
        return self._trail[0] if self._trail else ScreenName.HOME

    def work(self) -> Work:
        """The person with the rights and the line of this moment. Raises StoreError."""
        doer = self._session.doer(self._signed_in)
        return Work(
            store=self._session.store,
            person=doer.person,
            lease=doer.lease,
            has_session=lambda: self._session.doer(self._signed_in).has_session,
        )

    def gather(self) -> Seen:
        """What the frame says; on the store's thread. Raises StoreError."""
        return gather(self.work(), self._session)

    def begin(self, seen: Seen) -> None:
        """The first sight: the frame, and the place where this person's work is."""
        self.go(seen.first_place)
        self.show(seen)
        self._tour = Tour(_TourView(self._bench, self), self._desk, is_section=self.is_section)
        if seen.first_place is not ScreenName.HOME:
            self._tour.greet()
        self._desk.asking.run(self._ask_printer, _nothing, _nothing)
        self._bench.ahead.take(self._make_ahead())

    def _make_ahead(self) -> Iterator[None]:
        """The screens, from the one in front on, a step at a time."""
        first = tuple(screen for screen in self._trail if screen in self._made)
        later = _AHEAD if first and not self.is_section else _AHEAD_OF_SECTION
        for screen in (*first, *later):
            self._make(screen)
            yield
            yield from self._bench.build(screen)
        yield from self._bench.paint()

    def begin_tour(self) -> None:
        """The first-run guide once more."""
        if self._tour is not None:
            self._tour.begin()

    def next_of_tour(self) -> None:
        """Ctrl+N: the next step of the guide."""
        if self._tour is not None:
            self._tour.next()

    def end_tour(self) -> None:
        """Esc: no more of the guide."""
        if self._tour is not None:
            self._tour.end()

    def _ask_printer(self) -> None:
        """How the printer stands, for the rail; whether it answers or not is said there."""
        equipment = self._desk.equipment
        ask_printer(equipment, equipment.chosen_printer(), is_in_use=True)

    def show(self, seen: Seen) -> None:
        """Draw frame and home page."""
        self._kind = seen.kind
        now, devices = datetime.now(UTC), device_lines(self._desk.equipment)
        self._show_frame(frame_model(seen, now, self.place, devices))
        self._home.show(home_model(seen))

    def told(self, events: Sequence[SyncEvent]) -> None:
        """The sync loop told something: the screen in front hears it."""
        if self._trail and self._trail[-1] in self._made:
            self._made[self._trail[-1]].told(events)

    def leave(self) -> None:
        """The window closes, is covered or changes hands: what is being typed is saved."""
        for presenter in self._made.values():
            if isinstance(presenter, Keeping):
                presenter.keep()

    def again(self) -> None:
        """Show the screen on which the person was, after the cover was taken off."""
        self._bench.raise_screen(self._trail[-1])

    # ---- the ways ---------------------------------------------------------------------------------------------

    def go(self, screen: ScreenName) -> None:
        """As ``Way.go``."""
        self._trail = [] if screen is not ScreenName.HOME else [screen]
        if screen is ScreenName.HOME:
            self._bench.raise_screen(screen)
        else:
            self._open(screen, field="query" if screen is ScreenName.SEARCH else "")

    def intake(self, draft: CaseId | None = None) -> None:
        """As ``Way.intake``."""
        self._trail = []
        self._open(ScreenName.INTAKE, draft)

    def briefing(self, item: ItemVersion, answers: Mapping[str, str]) -> None:
        """As ``Way.briefing``."""
        self._open(ScreenName.BRIEFING, item, answers)

    def scan(self, tray: Tray) -> None:
        """As ``Way.scan``."""
        self._open(ScreenName.SCAN, tray)

    def case(self, case: CaseId) -> None:
        """As ``Way.case``."""
        self._open(ScreenName.CASE, case)

    def supplement(self, case: CaseId) -> None:
        """As ``Way.supplement``."""
        self._open(ScreenName.SUPPLEMENT, case)

    def issue(self, case: CaseId) -> None:
        """As ``Way.issue``."""
        self._open(ScreenName.ISSUE, case)

    def handover(self) -> None:
        """As ``Way.handover``."""
        self._open(ScreenName.HANDOVER)

    def back(self) -> None:
        """As ``Way.back``."""
        if len(self._trail) > 1:
            self._trail.pop()
            self._bench.raise_screen(self._trail[-1])
            self._made[self._trail[-1]].told(())

    def _make(self, screen: ScreenName) -> None:
        """The presenter of a screen and its way to it, unless they are there."""
        if screen not in self._made:
            module, name = _PRESENTERS[screen]
            kind = getattr(import_module(f"yichuang_client.presenters.{module}"), name)
            events = Late()
            which = (screen,) if screen in _LISTS else ()
            events.presenter = kind(self._bench.screen(screen, events), self._desk, *which)
            self._made[screen] = events.presenter

    def _open(self, screen: ScreenName, *values: Any, field: str = "") -> None:
        self._make(screen)
        if screen in self._trail:
            del self._trail[self._trail.index(screen) :]
        self._trail.append(screen)
        self._made[screen].open(*values)
        self._bench.raise_screen(screen, field)


def _nothing(_: object) -> None:
    """What was asked has written down its own answer."""
