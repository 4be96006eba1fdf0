"""练习机器人: plays section reviewer and verifier in a training district, so that a clerk can practise alone.

Rules kept here: it serves a training district and refuses any other; its deeds are judged like those of any desk, by
people of its own; it takes only cases that lie free, one act at a time, each after a delay; what it does with a case
(asks a supplement, grants, refuses) follows from the case's id alone, so that a restart changes no mind.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from yichuang import codec
from yichuang_domain.case import Case, State
from yichuang_domain.deed import CaseAct, Deed
from yichuang_domain.ids import CaseId, DeedId, ReplicaId
from yichuang_domain.training import is_training
from yichuang_server.services.exchange import Sent
from yichuang_server.services.founding import Member, add_silent
from yichuang_server.services.house import House
from yichuang_server.services.judging import Bench
from yichuang_server.services.robot_mind import Move, Scene, next_move
from yichuang_server.services.training import robot_place, robot_staff
from yichuang_server.store import blobs, catalogue, desks, log, people, profile, signals, times
from yichuang_server.store.desks import Desk

LOG = logging.getLogger("yichuang.server")
PERIOD_S = 1.0
"""How often it is looked whether something is due."""
_PAUSE_S = 5.0
"""After something that was not to be."""
SHORTEST, LONGEST = 40, 150
"""Seconds that a step takes at pace 1."""
_LEASE = timedelta(days=3650)
_STATES = (State.RECEIVED, State.ACCEPTED, State.IN_REVIEW)


@dataclass(frozen=True, kw_only=True)
class RobotDesk:
    """The robot's desk: its device number and its key for deeds."""

    replica: str
    key: Ed25519PrivateKey


class NotTrainingError(Exception):
    """The robot was to work in a district that is no training district."""


def enlist(house: House, known: RobotDesk | None) -> RobotDesk:
    """The robot's desk and people, made where they are not there yet. Raises NotTrainingError."""
    if not is_training(house.district):
        raise NotTrainingError(house.district)

    def work(connection: Connection) -> RobotDesk:
        now = times.text(house.now())
        district = profile.load(connection, house.district)
        place = robot_place(district)
        robot = known
        if robot is None or desks.desk(connection, house.district, robot.replica) is None:
            robot = RobotDesk(replica=desks.next_number(connection, house.district), key=Ed25519PrivateKey.generate())
            key = robot.key.public_key().public_bytes_raw()
            desk = Desk(replica=robot.replica, place=place, kind="SECTION", section="", act_key=key, enrolled_time=now)
            desks.enlist(connection, house.district, desk)
            profile.changed(connection, house.district)
        there = {person.person for person in people.everyone(connection, house.district)}
        new = [person for person in robot_staff(district) if person.person not in there]
        add_silent(connection, house.district, [Member(login=one.person, person=one) for one in new], house.now())
        for person in robot_staff(district):
            if people.newest_lease(connection, house.district, person.person, robot.replica) is None:
                end = times.text(house.now() + _LEASE)
                people.keep_lease(connection, house.district, secrets.token_hex(16), person.person, robot.replica, end)
        return robot

    return house.write(work)


class Robot:
    """One robot at work in a house."""

    def __init__(self, house: House, desk: RobotDesk, pace: float) -> None:
        """``pace`` multiplies the delays: 1 is the plausible one, 0.01 a hundredth of it."""
        self._house = house
        self._desk = desk
        self._pace = pace
        self._place = robot_place(house.read(lambda c: profile.load(c, house.district)))
        self._known: dict[CaseId, tuple[str, Case]] = {}
        """Folded cases by id, with the hash of the record up to which they are folded."""
        self._refused: dict[CaseId, int] = {}
        """Up to which record a case was when the district said no: not tried again before it changes."""

    def step(self) -> int:
        """Do for every case what is due now, one deed each. Returns how many deeds were recorded."""
        return sum(self._try(case) for case in self._house.read(self._open))

    def _open(self, connection: Connection) -> list[Case]:
        """The cases in which the robot may have a say, folded where they have changed."""
        district, found = self._house.district, {}
        for of, head in log.lying(connection, district, _STATES, ("", self._desk.replica)):
            before = self._known.get(of)
            case = before[1] if before is not None and before[0] == head else log.load(connection, district, of)
            if case is not None:
                found[of] = (head, case)
        self._known = found
        return [case for _, case in found.values()]

    def _try(self, case: Case) -> bool:
        house, now = self._house, self._house.now()
        if now < self._due(case) or self._refused.get(case.case) == case.n:
            return False

        def work(connection: Connection) -> frozenset[str]:
            desk = desks.desk(connection, house.district, self._desk.replica, lock=True)
            scene = self._scene(connection, case, now, desk)
            move = next_move(scene, self._desk.replica) if scene is not None else None
            if desk is None or move is None or blobs.missing(connection, house.district, case.case):
                return frozenset()
            touched = self._do(connection, desk, case, move, now)
            if not touched:
                self._refused[case.case] = case.n
            return touched

        touched = house.write(work)
        if touched:
            house.wakeups.ring(touched)
        return bool(touched)

    def _due(self, case: Case) -> datetime:
        last = case.steps[-1]
        since = last.recorded_time or last.occurred_time
        dice = int(hashlib.sha256(f"{case.case} {case.n}".encode()).hexdigest()[:8], 16)
        return since + timedelta(seconds=(SHORTEST + dice % (LONGEST - SHORTEST)) * self._pace)

    def _scene(self, connection: Connection, case: Case, now: datetime, desk: Desk | None) -> Scene | None:
        district = self._house.district
        item = catalogue.item_version(connection, district, case.item, case.item_version)
        sections = profile.load(connection, district).sections
        section = next((one for one in sections if one.section == case.section), None)
        if item is None or section is None or desk is None:
            return None
        calendar = self._house.calendar(connection)
        return Scene(case=case, item=item, section=section, calendar=calendar, now=now, serial=desk.last_seq + 1)

    def _do(self, connection: Connection, desk: Desk, case: Case, move: Move, now: datetime) -> frozenset[str]:
        """Put a move before the district as a deed. Returns whose slices changed, nobody's where it was refused."""
        house = self._house
        lease = people.newest_lease(connection, house.district, move.person, desk.replica)
        deed = Deed(
            deed=DeedId(secrets.token_hex(16)),
            replica=ReplicaId(desk.replica),
            seq=desk.last_seq + 1,
            previous=desk.last_hash,
            person=move.person,
            lease=lease[0] if lease is not None else "",
            place=self._place,
            occurred_time=now,
            seen_time=now,
            skew_ms=0,
            acts=tuple(CaseAct(case=case.case, epoch=case.epoch, action=action) for action in move.acts),
        )
        encoded = codec.encode(deed)
        sent = Sent(deed=deed.deed, seq=deed.seq, text=encoded.text, disclosures=encoded.disclosures)
        bench = Bench(
            district=house.district, calendar=house.calendar(connection), signed_in=frozenset({move.person}), now=now
        )
        signature = self._desk.key.sign(bytes.fromhex(codec.digest(encoded.text)))
        taken = house.exchange.take_in(connection, desk, [sent], signature, bench)
        if taken.touched:
            signals.send(connection, house.district, taken.touched)
        return taken.touched


class RobotAtWork:
    """The robot on a thread of its own, between ``start`` and ``close``."""

    def __init__(self, robot: Robot, period_s: float = PERIOD_S) -> None:
        self._robot = robot
        self._period_s = period_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="robot", daemon=True)

    def start(self) -> None:
        """Work from now on."""
        self._thread.start()

    def close(self) -> None:
        """Stop after the deed at hand."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._period_s):
            try:
                self._robot.step()
            except Exception as error:  # practice never takes the server down; the next step tries again
                LOG.warning("robot: %s", type(error).__name__)
                self._stop.wait(_PAUSE_S)
