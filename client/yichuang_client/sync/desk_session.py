"""From a bare machine to a person at work (入网、登录、退出): unlock, store and loop put together.

Rules kept here: on line the district decides who signs in; without a line the clerk's key slot and lease do; a first
sign-in needs the line, and at a locked desk a colleague whose slot opens it; a password that the district took last is
the one that opens the slot; the keys leave the memory at ``close``, and at ``rest`` when nobody is at work.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import TimeoutError as CallTimeoutError
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeVar

from yichuang_client.config import DataFolder
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.key_slots import Keys, Owner
from yichuang_client.store.people import LeaseState
from yichuang_client.store.store import Doer, Store
from yichuang_client.store.unlock import LockState, Unlock
from yichuang_client.sync.case_search import CaseQuery, FoundCases
from yichuang_client.sync.core import Sender, check_lease
from yichuang_client.sync.door import Door, SignInError, SignInReason, office_of, read_door
from yichuang_client.sync.enrol import Slip, become_desk, come_back, has_expired
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.loop import Rhythm, SyncLoop
from yichuang_client.sync.mirror import Mirror, beside
from yichuang_client.sync.rounds import is_escrowed
from yichuang_client.sync.sessions import Session
from yichuang_client.sync.status import Line
from yichuang_client.sync.transport import Transport
from yichuang_client.trace import trace
from yichuang_domain.ids import CaseId, PersonId
from yichuang_domain.organisation import Person
from yichuang_domain.party import HeldCertificate
from yichuang_domain.training import is_training

T = TypeVar("T")
ANSWER_SECONDS = 25.0
LONGEST_ALONE = timedelta(hours=12)
"""How long the keys stay after the last person left while something is still to be sent."""
HANDOVER = timedelta(minutes=5)
"""How long they stay in any case: a colleague who was never at this desk can sit down only while it is open."""


class DeskState(Enum):
    """What the sign-in screen shows."""

    NOT_ENROLLED = "NOT_ENROLLED"
    FIRST_SIGN_IN = "FIRST_SIGN_IN"
    """Enrolled; the first person needs the line."""
    LOCKED = "LOCKED"
    OPEN = "OPEN"


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A person at work at this desk."""

    person: Person
    lease: str
    """Id of the lease, for the deeds."""
    lease_ends: datetime
    is_online: bool
    """Whether the district opened a session."""
    has_second_factor: bool = False
    must_change_password: bool = False
    login: str = field(default="", repr=False)


class DeskSession:
    """One machine's way through enrolment and sign-in. Blocking calls: not for the user interface's thread."""

    def __init__(
        self,
        folder: DataFolder,
        now: Callable[[], datetime],
        *,
        unlock: Unlock | None = None,
        rhythm: Rhythm | None = None,
    ) -> None:
        self.unlock = unlock or Unlock(folder)
        self._folder = folder
        self._now = now
        self._rhythm = rhythm
        self._keys: Keys | None = None
        self._store: Store | None = None
        self._sync: SyncLoop | None = None
        self._mirror: Mirror | None = None
        self._present: set[PersonId] = set()

    @property
    def state(self) -> DeskState:
        """What there is to do. Raises StoreError."""
        if self._sync is not None:
            return DeskState.OPEN
        lock = self.unlock.state
        if lock is LockState.LOCKED:
            return DeskState.LOCKED
        if lock is LockState.NOT_SET_UP:
            return DeskState.NOT_ENROLLED
        store = self._open(self.unlock.open_setup())
        return DeskState.NOT_ENROLLED if store.desk_store.load() is None else DeskState.FIRST_SIGN_IN

    @property
    def folder(self) -> DataFolder:
        """Where this desk keeps its things."""
        return self._folder

    @property
    def is_running(self) -> bool:
        """Whether the sync loop runs."""
        return self._sync is not None

    @property
    def store(self) -> Store:
        """The open store. Raises StoreError (CLOSED)."""
        if self._store is None:
            raise StoreError(StoreReason.CLOSED)
        return self._store

    @property
    def sync(self) -> SyncLoop:
        """The running loop. Raises StoreError (CLOSED)."""
        if self._sync is None:
            raise StoreError(StoreReason.CLOSED)
        return self._sync

    @property
    def mirror(self) -> Mirror:
        """What keeps the second copy. Raises StoreError (CLOSED)."""
        if self._mirror is None:
            raise StoreError(StoreReason.CLOSED)
        return self._mirror

    def enrol(self, slip: Slip) -> None:
        """Make this machine a desk and begin to sync. Raises TransportError, StoreError."""
        is_new = self.unlock.state is LockState.NOT_SET_UP
        keys = self.unlock.create() if is_new else self.unlock.open_setup()
        store = self._open(keys)  # first the disk, then the code: a full disk must not cost the code
        if store.desk_store.load() is None:
            store.desk_store.keep(become_desk(slip, is_practice=self._folder.is_practice))
        trace("enrolled", replica=store.desk.replica)
        self._start(store)

    def sign_in(self, login: str, password: str, one_time_password: str = "") -> SignedIn:
        """Sign a person in, on line where there is a line.

        Raises StoreError (WRONG_PASSWORD, LOCKED_FOR, …), TransportError (WRONG_LOGIN, SECOND_FACTOR, LOCKED,
        REVOKED, …), SignInError.
        """
        opened = self._unlock(login, password)
        try:
            session = self._session_of(login, password, one_time_password)
        except TransportError as error:
            if opened and error.reason is TransportReason.WRONG_LOGIN:
                raise SignInError(SignInReason.PASSWORD_CHANGED) from error
            if error.reason is not TransportReason.OFFLINE:
                raise
            return self._sign_in_offline(login, password, opened=opened)
        return self._sign_in_online(login, password, session, opened=opened)

    def check_password(self, signed_in: SignedIn, password: str) -> None:
        """Whether it is the same person again, by this desk's slot alone: with or without a line, and at once.

        Raises StoreError (WRONG_PASSWORD, LOCKED_FOR, NO_SLOT where no password was chosen yet, CLOSED, …).
        """
        if self._keys is None:
            raise StoreError(StoreReason.CLOSED)
        self.unlock.check(signed_in.login, password, self._keys, self._now().timestamp())
        trace("unlocked", person=signed_in.person.person)

    def change_password(self, signed_in: SignedIn, old: str, new: str) -> None:
        """Choose a password, at the district and for this desk's slot.

        Raises TransportError (nothing is changed then), StoreError (the district has the new password, the slot not).
        """
        token = self.sync.sessions.token(signed_in.person.person)
        if token is None or self._keys is None:
            raise TransportError(TransportReason.NO_SESSION)
        self._ask(lambda t: t.change_password(token, old, new))
        trace("password changed", person=signed_in.person.person)
        self._admit(signed_in.login, new, signed_in.person)

    def door(self) -> Door:
        """What the sign-in screen may say now. Raises StoreError."""
        return read_door(self.unlock, self._store, self._sync.status.line if self._sync is not None else None)

    def sign_out(self, person: PersonId) -> None:
        """End a person's session; the desk goes on syncing until ``close``."""
        self._present.discard(person)
        token = self.sync.sessions.close(person)
        trace("signed out", person=person)
        if token is not None:
            self.sync.call(lambda t: t.sign_out(token))

    def rest(self, alone_since: datetime) -> bool:
        """Let the keys go when nobody is at work and nothing is left to send, or 12 hours after the last person.

        Never within ``HANDOVER`` of the last person. Returns whether they are gone. A desk that nobody can open yet
        keeps them. Raises StoreError.
        """
        if self._sync is None or self._present or self.unlock.state is not LockState.LOCKED:
            return False
        alone, waiting = self._now() - alone_since, self.store.waiting()
        if alone < (LONGEST_ALONE if waiting.deeds or waiting.pages else HANDOVER):
            return False
        self.close()
        trace("keys let go", deeds=waiting.deeds, pages=waiting.pages)
        return True

    def dismiss_gone(self) -> int:
        """Take the slots of people who have no rights any more, by the profile; returns how many.

        The last slot stays, or nobody could send what lies here; without rights it opens no work. Raises StoreError.
        """
        owners = self.unlock.owners
        people = {owner.login: self.store.people.of_login(owner.login) for owner in owners}
        gone = [login for login, person in people.items() if person is not None and not person.roles]
        taken = gone if len(gone) < len(owners) else gone[1:]
        for login in taken:
            self.unlock.dismiss(login)
        if taken:
            trace("slots taken", n=len(taken))
        return len(taken)

    def find_cases(
        self, person: PersonId, *, token: str = "", number: str = "", id_number: str = ""
    ) -> tuple[CaseId, ...]:
        """Find a case of another place, or every case of a matter, by the applicant's own means.

        Raises TransportError.
        """
        return self._ask_as(person, lambda t, session: t.find_cases(session, token, number, id_number))

    def search_cases(self, person: PersonId, query: CaseQuery) -> FoundCases:
        """Cases of this place or section, or of the whole district, masked. Raises TransportError."""
        return self._ask_as(person, lambda t, session: t.search_cases(session, query))

    def cases_by_card(self, person: PersonId, id_number: str, name: str) -> FoundCases:
        """Cases of the whole district of who laid a card on the reader, masked. Raises TransportError."""
        return self._ask_as(person, lambda t, session: t.cases_by_card(session, id_number, name))

    def find_certificates(
        self, person: PersonId, id_number: str, credit_code: str, types: Collection[str]
    ) -> tuple[HeldCertificate, ...]:
        """The certificates that the district has issued to a holder, one a type. Raises TransportError."""
        return self._ask_as(person, lambda t, session: t.find_certificates(session, id_number, credit_code, types))

    def doer(self, signed_in: SignedIn) -> Doer:
        """How the person acts now: with the rights as known and a session only while there is one and a line."""
        person = self.store.people.person(signed_in.person.person) or signed_in.person
        lease = self.store.people.lease(person.person)
        online = self.has_session(person.person)
        return Doer(person=person, lease=lease.lease if lease else signed_in.lease, has_session=online)

    def has_session(self, person: PersonId) -> bool:
        """Whether the district knows the person as signed in here and can be reached; asks nobody, from any thread."""
        if self._sync is None:
            return False
        return self._sync.sessions.token(person) is not None and self._sync.status.line is not Line.OFFLINE

    def close(self) -> None:
        """End the loop and the store: the keys leave the memory."""
        if self._sync is not None:
            self._sync.stop()
            self._sync = None
        if self._mirror is not None:
            self._mirror.stop()
            self._mirror = None
        if self._store is not None:
            with contextlib.suppress(StoreError):  # a label only; the next sign-in writes it again
                self._keep_office(self._store)
            self._store.close()
            self._store = None
        self._keys = None
        self._present.clear()

    def shut_out(self) -> None:
        """The district has revoked this desk: slots and device secret go, the ciphertext stays. Raises StoreError."""
        self.close()
        self.unlock.destroy()
        trace("shut out")

    def _open(self, keys: Keys) -> Store:
        if self._store is None:
            store = Store.open(self._folder, keys)
            desk = store.desk_store.load()
            if desk is not None and is_training(desk.district_code) != self._folder.is_practice:
                store.close()
                raise StoreError(StoreReason.OTHER_WORLD)
            self._store, self._keys = store, keys
        return self._store

    def _start(self, store: Store) -> None:
        if self._sync is None:
            self._sync = SyncLoop(store, self._now, self._rhythm)
            self._sync.start()
            self._mirror = beside(self._sync, store, self._now)

    def _session_of(self, login: str, password: str, one_time_password: str) -> Session:
        desk = self.store.desk
        if not desk.enrolment_port or not has_expired(desk, self._now()):
            return self._ask(lambda t: t.sign_in(login, password, one_time_password))
        renewed, session = come_back(desk, login, password, one_time_password)
        self.store.desk_store.keep(renewed)
        self.sync.reconnect()
        trace("certificate renewed after its end")
        return session

    def _unlock(self, login: str, password: str) -> bool:
        """Open the desk if it is locked; whether this password's slot did it."""
        if self._sync is not None:
            return False
        if self.unlock.state is not LockState.LOCKED:
            self._start(self._open(self.unlock.open_setup()))
            return False
        if not self.unlock.has_slot(login):
            names = tuple(owner.name for owner in self.unlock.owners)
            raise SignInError(SignInReason.NEEDS_COLLEAGUE, names)
        keys = self.unlock.open(login, password, self._now().timestamp())
        store = self._open(keys)
        self.unlock.settle(login, password, keys, is_escrowed=is_escrowed(store))
        self._start(store)
        return True

    def _sign_in_online(self, login: str, password: str, session: Session, *, opened: bool) -> SignedIn:
        store, desk = self.store, self.store.desk
        sender = Sender(replica=desk.replica, act_key=desk.act_key, district_key=desk.district_key)
        lease = check_lease(sender, session.lease)
        store.people.keep_login(login, session.person)
        store.people.keep_lease(session.lease)
        person, strong = session.person.person, session.has_second_factor
        self.sync.sessions.open(person, session.token, has_second_factor=strong)
        if opened:
            self._note_use(login, session.person)
        elif not session.must_change_password:
            self._admit(login, password, session.person)
        self._present.add(person)
        self.sync.wake()
        trace("signed in", person=person, online=True)
        return SignedIn(
            person=session.person,
            lease=lease.lease,
            lease_ends=lease.not_after,
            is_online=True,
            has_second_factor=session.has_second_factor,
            must_change_password=session.must_change_password,
            login=login,
        )

    def _sign_in_offline(self, login: str, password: str, *, opened: bool) -> SignedIn:
        if not self.unlock.has_slot(login):
            raise SignInError(SignInReason.NEEDS_LINE)
        now = self._now()
        if not opened and self._keys is not None:
            self.unlock.check(login, password, self._keys, now.timestamp())
        person = self.store.people.of_login(login)
        lease = self.store.people.lease(person.person) if person is not None else None
        if person is None or lease is None or not person.roles:
            raise SignInError(SignInReason.NEEDS_LINE)
        state = self.store.people.lease_state(person.person, now)
        if state is LeaseState.CLOCK_BEHIND:
            raise SignInError(SignInReason.CLOCK_BEHIND)
        if state is not LeaseState.VALID:
            raise SignInError(SignInReason.LEASE_EXPIRED)
        self._note_use(login, person)
        self._present.add(person.person)
        trace("signed in", person=person.person, online=False)
        return SignedIn(person=person, lease=lease.lease, lease_ends=lease.not_after, is_online=False, login=login)

    def _admit(self, login: str, password: str, person: Person) -> None:
        if self._keys is not None:
            self.unlock.admit(login, password, self._keys)
            self._note_use(login, person)

    def _note_use(self, login: str, person: Person) -> None:
        self.unlock.note_use(Owner(login=login, name=person.name), self._now().timestamp())
        self._keep_office(self.store)

    def _keep_office(self, store: Store) -> None:
        if store.desk_store.load() is not None:
            self.unlock.keep_office(office_of(store))

    def _ask(self, work: Callable[[Transport], Awaitable[T]]) -> T:
        future = self.sync.call(work)
        try:
            return future.result(ANSWER_SECONDS)
        except CallTimeoutError as error:
            future.cancel()
            raise TransportError(TransportReason.OFFLINE, detail="no answer") from error

    def _ask_as(self, person: PersonId, work: Callable[[Transport, str], Awaitable[T]]) -> T:
        session = self.sync.sessions.token(person)
        if session is None:
            raise TransportError(TransportReason.NO_SESSION)
        return self._ask(lambda transport: work(transport, session))
