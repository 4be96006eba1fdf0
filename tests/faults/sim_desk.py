"""A desk of a simulation: the real store, the real rounds and page flow; it dies at any statement and starts again.

Rules kept here: a crash keeps exactly the bytes that lay on the disk at that moment and nothing of the memory; a deed
counts as saved when ``append_deed`` has returned and never before.
"""

from __future__ import annotations

import atexit
import hashlib
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.client.store.desk_acts import ALL, DECISIONS, FACTS
from tests.client.store.wiring import PlainFiles, open_plain, set_up
from tests.faults.line import QuestionLine
from tests.faults.sim_district import ROOM, template
from tests.server.houses import OTHER_CLERK
from tests.support.cases import CLERK, ITEM, NOON, REVIEWER, SECTION_ITEM, VERIFIER, page, receive
from tests.support.history import DeskHistory, Saved, read_desk
from yichuang import codec
from yichuang_client.config import DataFolder
from yichuang_client.store.errors import StoreError
from yichuang_client.store.exchange_values import SignedText
from yichuang_client.store.store import Appended, Doer, Store
from yichuang_client.sync.blob_flow import BlobFlow
from yichuang_client.sync.enrol import signing_request
from yichuang_client.sync.rounds import BUNDLE_KEY, Rounds
from yichuang_client.sync.sessions import Sessions
from yichuang_domain import actions as a
from yichuang_domain.deed import local_day
from yichuang_domain.errors import Refused
from yichuang_domain.ids import CaseId, ReplicaId
from yichuang_domain.organisation import Person


class DeskCrash(BaseException):
    """The desk's program ends here."""


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A desk and who sits there."""

    replica: str
    place: str
    section: str
    person: Person


SEATS = (
    Seat(replica="0137", place="town", section="", person=CLERK),
    Seat(replica="0138", place="town", section="", person=CLERK),
    Seat(replica="0139", place="hall", section="market", person=REVIEWER),
    Seat(replica="0140", place="hall", section="market", person=VERIFIER),
    Seat(replica="0141", place="other", section="", person=OTHER_CLERK),
)
_HAND_OVERS = tuple(a.HandOver(to=ReplicaId(seat.replica)) for seat in SEATS)
_NOTE = next(fact for fact in FACTS if isinstance(fact, a.Note))
_FACTS = tuple(fact for fact in FACTS if not isinstance(fact, a.AttachPage))
_DECISIONS = (*(one for one in DECISIONS if not isinstance(one, a.HandOver | a.Open)), *_HAND_OVERS)


class _Mortal:
    """A connection that can end the program before or after any statement."""

    def __init__(self, connection: Any, desk: SimDesk) -> None:
        self._connection = connection
        self._desk = desk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, *arguments: Any) -> Any:
        """One statement."""
        self._desk.step()
        done = self._connection.execute(*arguments)
        self._desk.step()
        return done

    def executemany(self, *arguments: Any) -> Any:
        """Several."""
        self._desk.step()
        return self._connection.executemany(*arguments)


@cache
def desk_template(seat: Seat) -> Path:
    """A set-up desk, made once a process; simulations work on copies."""
    folder = Path(mkdtemp(dir=ROOM, prefix=f"desk-{seat.replica}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = Store.assemble(DataFolder(root=folder), open_plain, PlainFiles(folder / "pages"))
    set_up(store, replica=seat.replica, section=seat.section, place=seat.place)
    house, key = template()[1], ec.generate_private_key(ec.SECP256R1())
    leaf = house.authority.issue(signing_request(key), seat.place, seat.replica, NOON)
    store.desk_store.keep(
        replace(
            store.desk,
            certificate_chain=leaf.chain,
            district_key=house.authority.public_key,
            act_key=hashlib.sha256(seat.replica.encode()).digest(),
        )
    )
    store.meta.keep(BUNDLE_KEY, house.authority.bundle_key.public_key().public_bytes_raw().hex())
    store.close()
    return folder


@dataclass
class SimDesk:
    """One desk."""

    seat: Seat
    root: Path
    chance: random.Random
    clock: Callable[[], datetime]
    saved: list[Saved] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    tells_early: bool = False
    """A planted bug: says that a deed is saved before it is."""
    generation: int = 0
    on_line: bool = False
    """Whether the last round succeeded."""
    _steps_left: int = -1
    _numbers: int = 0

    def __post_init__(self) -> None:
        shutil.copytree(desk_template(self.seat), self._folder.root)
        self._open()

    @property
    def act_public_key(self) -> bytes:
        """What the district knows this desk by."""
        return Ed25519PrivateKey.from_private_bytes(self.store.desk.act_key).public_key().public_bytes_raw()

    @property
    def _folder(self) -> DataFolder:
        return DataFolder(root=self.root / f"{self.seat.replica}-{self.generation}")

    def _open(self) -> None:
        folder = self._folder
        self.store = Store.assemble(folder, lambda path: _Mortal(open_plain(path), self), PlainFiles(folder.pages))
        self.sessions = Sessions()
        self.rounds = Rounds(self.store, self.sessions, self.clock, _nobody)
        self.flow = BlobFlow(self.store, _nobody)
        self.on_line = False

    def crash_in(self, steps: int) -> None:
        """End the program after so many steps of its database."""
        self._steps_left = steps

    def step(self) -> None:
        """Before or after a statement."""
        if self._steps_left == 0:
            raise DeskCrash
        self._steps_left = max(self._steps_left - 1, -1)

    def die(self) -> None:
        """Keep what lies on the disk now, forget the rest."""
        before, dead = self._folder.root, self.store
        self.generation += 1
        shutil.copytree(before, self._folder.root)
        self._steps_left = -1
        dead.close()
        shutil.rmtree(before)

    def start(self) -> None:
        """Start the program. Raises DeskCrash when it dies again."""
        self._open()

    @property
    def doer(self) -> Doer:
        """Who acts here, and how."""
        person = self.seat.person
        lease = self.store.people.lease(person.person)
        has_session = self.on_line and self.sessions.token(person.person) is not None
        return Doer(person=person, lease=lease.lease if lease else "", has_session=has_session)

    async def round(self, line: QuestionLine) -> None:
        """Sit down, where nobody sits, and exchange until nothing is left."""
        person = self.seat.person.person
        if self.sessions.token(person) is None:
            token, lease = await line.sit_down(person)
            self.sessions.open(person, token)
            self.store.people.keep_lease(SignedText(text=lease))
        await self.rounds.run(line)  # type: ignore[arg-type]

    async def move_pages(self, line: QuestionLine) -> None:
        """Pages up and down."""
        await self.flow.run_once(line)  # type: ignore[arg-type]

    def work(self) -> None:
        """Do one thing that may be done here now, if there is one. Raises DeskCrash."""
        for acts in self._ideas():
            try:
                if self.tells_early and self.store.would_refuse(acts, self.doer, self.clock()) is None:
                    self._tell_early(acts)
                else:
                    self._tell(self.store.append_deed(acts, self.doer, self.clock()))
            except (Refused, StoreError):
                continue
            return

    def _tell(self, done: Appended) -> None:
        deed = done.deed
        self.saved.append(Saved(deed=deed.deed, replica=deed.replica, hash=codec.digest(codec.encode(deed).text)))

    def _tell_early(self, acts: Sequence[tuple[CaseId, a.Action]]) -> None:
        """The deed is told at its outbox row, before the transaction is durable."""
        add = self.store.outbox.add

        def told(deed: Any, actor: Any, **more: Any) -> None:
            add(deed, actor, **more)
            self.saved.append(Saved(deed=deed.deed, replica=deed.replica, hash=codec.digest(codec.encode(deed).text)))

        self.store.outbox.add = told  # type: ignore[method-assign]
        try:
            self.store.append_deed(acts, self.doer, self.clock())
        finally:
            self.store.outbox.add = add  # type: ignore[method-assign]

    def _ideas(self) -> list[list[tuple[CaseId, a.Action]]]:
        known = [row[0] for row in self.store._database.rows("SELECT case_id FROM case_row ORDER BY case_id")]
        if not self.seat.section and (not known or self.chance.random() < 0.12):
            return [self._receiving()]
        case = CaseId(self.chance.choice(known)) if known else None
        if case is None:
            return []
        if self.chance.random() < 0.1:
            return [self._scanning(case)]
        facts = self.chance.random() < 0.2
        ideas = list(_FACTS if facts else _DECISIONS)
        self.chance.shuffle(ideas)
        if self.chance.random() < 0.4:
            ideas.sort(key=lambda idea: not isinstance(idea, a.TakeOver | a.Claim))
        told: list[tuple[CaseId, a.Action]] = [(case, _NOTE)] if not facts and self.chance.random() < 0.3 else []
        return [[*told, (case, idea)] for idea in ideas]

    def _receiving(self) -> list[tuple[CaseId, a.Action]]:
        case = CaseId(f"{self.chance.getrandbits(128):032x}")
        number = self.store.serials.next_case_number("330402", self.seat.replica, local_day(self.clock()))
        item = self.chance.choice((ITEM, SECTION_ITEM))
        taken = replace(receive(*ALL, item=item), number=number, token_digest=f"{self.chance.getrandbits(256):064x}")
        acts: list[tuple[CaseId, a.Action]] = [(case, taken)]
        if item is ITEM and self.chance.random() < 0.6:
            acts.append((case, a.Accept(docno="1")))
        return acts

    def _scanning(self, case: CaseId) -> list[tuple[CaseId, a.Action]]:
        data = self.chance.randbytes(2000)
        sheet = replace(page(ordinal=self.chance.randrange(1, 99)), page=self.store.pages.keep(case, data), size=2000)
        return [(case, a.AttachPage(page=sheet))]

    def history(self) -> DeskHistory:
        """What is here now."""
        return read_desk(self.store, self.saved, self.problems)


def _nobody(_: object) -> None:
    """No screen listens."""
