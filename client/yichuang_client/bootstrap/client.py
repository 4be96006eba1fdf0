"""One running client: enrolment, sign-in, the workplace of who signed in, the cover, the end.

Rules kept here: one worker thread for the store and one for each kind of machine, the Tk thread only draws; the sync
loop's events are looked at by ``after``; a store that does not open says why in one sentence; a revoked desk loses its
keys at once; what the workbench needs is loaded after the sign-in is drawn.
"""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from yichuang_client.bootstrap.updates import Updates
from yichuang_client.config import Config, lock_seconds
from yichuang_client.presenters.enrolment import EnrolPresenter
from yichuang_client.presenters.help import HelpPresenter
from yichuang_client.presenters.lock import LockPresenter, going_on
from yichuang_client.presenters.models.common import Chip
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.password import PasswordPresenter
from yichuang_client.presenters.sign_in import SignInPresenter
from yichuang_client.presenters.worlds import OtherWorld
from yichuang_client.store.errors import StoreError
from yichuang_client.store.folder_lock import FolderLock
from yichuang_client.sync.desk_session import DeskSession, DeskState, SignedIn
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.status import ProfileArrived, StatusChanged, SyncEvent
from yichuang_client.trace import trace
from yichuang_client.ui.loop import Worker
from yichuang_client.ui.workbench import Late, Workbench

if TYPE_CHECKING:
    from yichuang_client.bootstrap.workplace import Machines, Workplace
    from yichuang_client.presenters.frame import Seen

LOOK_MS = 200
"""How often the sync loop's events are looked at."""
_SWITCH_S = 0.0005
"""How long a thread at work may keep Python from the Tk thread: every call of Tk gives Python away and asks for it
again, hundreds of times a drawing, and the default is ten times as long."""


def _now() -> datetime:
    return datetime.now(UTC)


class Client:
    """One running client; it also hears the frame (as ``ShellEvents``)."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._session = DeskSession(config.data, _now)
        self._bench = Workbench(config.language, is_practice=config.data.is_practice)
        self._lock_seconds = lock_seconds(config.data)
        self._real_lock = FolderLock(config.real.lock) if config.real is not None else None
        self._leaves = False
        self._worker = Worker("desk", self._bench.loop)
        self._signed_in: SignedIn | None = None
        self._workplace: Workplace | None = None
        self._machines: Machines | None = None
        self._updates = Updates(config, self._session)
        self._is_covered = False
        self._minute = -1
        self._alone_since = _now()
        other = OtherWorld(is_practice=config.data.is_practice, unsent=self._unsent, go=self._change_world)
        enrol, sign_in, lock, password, helping = Late(), Late(), Late(), Late(), Late()
        self._enrolment = EnrolPresenter(
            self._bench.screen(ScreenName.ENROL, enrol), self._worker, self._session.enrol, self._to_sign_in, other
        )
        self._sign_in = SignInPresenter(
            self._bench.screen(ScreenName.SIGN_IN, sign_in),
            self._worker,
            self._session.sign_in,
            self._to_work,
            self._session.door,
            other=other,
        )
        self._lock = LockPresenter(
            self._bench.screen(ScreenName.LOCK, lock), self._worker, self._check_password, self._uncover, self._leave
        )
        self._password = PasswordPresenter(
            self._bench.screen(ScreenName.PASSWORD, password),
            self._worker,
            self._change_password,
            self._password_done,
            self._leave_password,
        )
        enrol.presenter, sign_in.presenter = self._enrolment, self._sign_in
        lock.presenter, password.presenter = self._lock, self._password
        helping.presenter = self._help = HelpPresenter(
            self._bench.screen(ScreenName.HELP, helping),
            self._worker,
            config.language,
            self._close_help,
            scale=self._bench.kit.look.px(100) / 100,
            tour=self._begin_tour,
        )
        self._helped: ScreenName | None = None
        self._bench.help_by(self.help)

    # ---- life -------------------------------------------------------------------------------------------------

    def run(self) -> bool:
        """Serve the window until it is closed. Returns whether the other world was asked for."""
        sys.setswitchinterval(_SWITCH_S)
        self._bench.window.protocol("WM_DELETE_WINDOW", self._quit)
        self._begin()
        self._look()
        try:
            self._bench.run()
        finally:
            self._worker.close()
            if self._machines is not None:
                self._machines.close()
            self._updates.close(was_at_work=self._workplace is not None)
            self._session.close()
            trace("closed")
        return self._leaves

    def _quit(self) -> None:
        if self._workplace is not None:
            self._workplace.leave()
        self._bench.window.quit()

    def _unsent(self) -> int:
        """Deeds and pages of this desk that wait for the district, as far as it is open."""
        if not self._session.is_running:
            return 0
        waiting = self._session.store.waiting()
        return waiting.deeds + waiting.pages

    def _change_world(self) -> None:
        self._leaves = True
        trace("world left", practice=self._config.data.is_practice)
        self._quit()

    def _begin(self) -> None:
        try:
            if self._real_lock is not None:
                self._real_lock.take()
            state = self._session.state
        except StoreError as error:
            self._stop_work(error)
            return
        if state is DeskState.NOT_ENROLLED:
            self._enrolment.open()
            self._bench.raise_screen(ScreenName.ENROL)
        else:
            self._to_sign_in()

    def _to_sign_in(self) -> None:
        self._sign_in.open()
        self._bench.raise_screen(ScreenName.SIGN_IN, "account")
        if self._machines is None:
            self._bench.loop.after(LOOK_MS, self._load)

    def _load(self) -> None:
        """Import what the workbench needs while somebody types the password."""

        def load() -> None:
            from yichuang_client.bootstrap import workplace

            workplace.load()

        threading.Thread(target=load, name="loading", daemon=True).start()

    def _stop_work(self, error: Exception) -> None:
        """Nobody can work here until somebody helps: say why."""
        self._signed_in, self._workplace = None, None
        self._sign_in.stop(error)
        self._bench.raise_screen(ScreenName.SIGN_IN)

    # ---- a person at work -------------------------------------------------------------------------------------

    def _to_work(self, signed_in: SignedIn) -> None:
        self._signed_in = signed_in
        if signed_in.must_change_password:
            self._password.open(signed_in.login, is_forced=True, is_online=signed_in.is_online)
            self._bench.raise_screen(ScreenName.PASSWORD)
        else:
            self._to_workplace()

    def _to_workplace(self) -> None:
        """The first sight of the workbench: what it shows is read before it is shown."""
        from yichuang_client.bootstrap.workplace import Machines, Workplace

        if self._signed_in is None:
            return
        if self._machines is None:
            self._machines = Machines(self._config, self._bench.loop)
        self._workplace = Workplace(
            self._bench, self._session, self._signed_in, self._worker, self._machines, self, self._updates.status
        )
        self._read_frame(self._workplace.begin)

    def _read_frame(self, then: Callable[[Seen], None] | None = None) -> None:
        """Read what the frame says; ``then`` shows it, else it is shown anew."""
        workplace = self._workplace
        if workplace is None:
            return

        def show(seen: Seen) -> None:
            if workplace is self._workplace:  # somebody else may sit here by now
                (then or workplace.show)(seen)

        self._worker.run(workplace.gather, show, self._stop_work)

    def _check_password(self, password: str) -> None:
        if self._signed_in is not None:
            self._session.check_password(self._signed_in, password)

    def _password_done(self) -> None:
        if self._workplace is None:
            self._to_workplace()
        else:
            self._workplace.again()

    def _leave_password(self) -> None:
        if self._workplace is None:
            self._leave()
        else:
            self._workplace.again()

    def _change_password(self, old: str, new: str) -> None:
        if self._signed_in is not None:
            self._session.change_password(self._signed_in, old, new)

    # ---- what the sync loop tells -----------------------------------------------------------------------------

    def _look(self) -> None:
        """See what the sync loop has told, whether the minute has changed and who is idle; again soon."""
        minute = _now().minute
        told = self._drain() if self._session.is_running else []
        problems = {event.status.problem for event in told if isinstance(event, StatusChanged)}
        if TransportReason.REVOKED in problems:
            revoked = TransportError(TransportReason.REVOKED)
            self._worker.run(self._session.shut_out, lambda _: self._stop_work(revoked), self._stop_work)
        elif self._workplace is not None and (told or minute != self._minute):
            self._read_frame()
            if told and not self._is_covered:
                self._workplace.told(told)
        if any(isinstance(event, ProfileArrived) for event in told):
            self._worker.run(self._session.dismiss_gone, lambda _: None, self._stop_work)
        if self._signed_in is None and minute != self._minute:
            self._rest()
        if self._workplace is not None and not self._is_covered and self._bench.idle_seconds > self._lock_seconds:
            self.lock()
        self._updates.look(is_at_work=self._workplace is not None)
        if self._is_covered:
            self._lock.show_running(self._running())
        self._minute = minute
        self._bench.loop.after(LOOK_MS, self._look)

    def _rest(self) -> None:
        """Nobody is at work: the keys go once nothing is left to do with them."""
        machines, since = self._machines, self._alone_since
        if self._session.is_running and (machines is None or machines.are_idle):
            self._worker.run(lambda: self._session.rest(since), lambda _: None, self._stop_work)

    def _drain(self) -> list[SyncEvent]:
        told: list[SyncEvent] = []
        with contextlib.suppress(queue.Empty):
            while True:
                told.append(self._session.sync.events.get_nowait())
        return told

    # ---- the frame --------------------------------------------------------------------------------------------

    def go(self, screen: str) -> None:
        """As ``ShellEvents.go``."""
        if self._workplace is not None:
            self._workplace.go(ScreenName(screen))
            self._read_frame()

    def open_sync(self) -> None:
        """As ``ShellEvents.open_sync``."""
        self.go(ScreenName.SYNC)

    def help(self) -> None:
        """As ``ShellEvents.help``: the page of the screen in front; what is typed there stays there."""
        if self._bench.seen is not None and self._bench.seen is not ScreenName.HELP:
            self._helped, keys = self._bench.seen, self._bench.keys_of_page()
            is_section = self._workplace is not None and self._workplace.is_section
            self._help.open(self._helped, is_section=is_section, acts=keys.acts, places=keys.places, more=keys.more)
            self._bench.raise_screen(ScreenName.HELP)

    def _begin_tour(self) -> None:
        if self._workplace is not None:
            self._workplace.begin_tour()

    def _close_help(self) -> None:
        if self._bench.seen is ScreenName.HELP and self._helped is not None:
            self._bench.raise_screen(self._helped)

    def choose_password(self) -> None:
        """As ``ShellEvents.choose_password``."""
        if self._signed_in is not None and self._workplace is not None:
            self._workplace.leave()
            is_online = self._session.has_session(self._signed_in.person.person)
            self._password.open(self._signed_in.login, is_online=is_online)
            self._bench.raise_screen(ScreenName.PASSWORD)

    def lock(self) -> None:
        """As ``ShellEvents.lock``: cover everything; what runs goes on."""
        if self._signed_in is None or self._workplace is None:
            return
        self._is_covered = True
        self._workplace.leave()
        self._lock.open(self._signed_in.person.name, _now(), self._running())
        self._bench.raise_screen(ScreenName.LOCK)

    def _running(self) -> tuple[Chip, ...]:
        """What goes on under the cover."""
        unsent = self._session.sync.status.unsent if self._session.is_running else 0
        machines = self._machines
        is_scanning, is_printing = (
            (not machines.scanning.is_idle, not machines.printing.is_idle) if machines is not None else (False, False)
        )
        return going_on(is_scanning=is_scanning, is_printing=is_printing, unsent=unsent)

    def _uncover(self) -> None:
        self._is_covered = False
        if self._workplace is not None:
            self._workplace.again()

    def _leave(self) -> None:
        """Another person takes over; the desk goes on syncing."""
        signed_in, self._signed_in, self._workplace, self._is_covered = self._signed_in, None, None, False
        self._alone_since = _now()
        if signed_in is not None:
            self._worker.run(lambda: self._session.sign_out(signed_in.person.person), lambda _: None, self._stop_work)
        self._to_sign_in()
