"""A district and its desks under a virtual clock, every fault drawn from one seed: the same seed, the same history.

Rules kept here: nothing waits and nothing reads the machine's clock or its random numbers; questions and answers are
delayed, lost, doubled and overtaken; desks die at any statement of their database, the server at any of its own,
before or after the commit; lines are away for hours; after each round of a desk the district must have what it has
answered, for a desk's next deed would heal that; at the end all faults cease, the desks come to rest, and the history
checker judges.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import random
import secrets
import shutil
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

from tests.faults.line import Question, QuestionLine
from tests.faults.sim_desk import SEATS, DeskCrash, SimDesk, desk_template
from tests.faults.sim_district import ROOM, ServerCrash, SimDistrict
from tests.support import cases
from tests.support.cases import NOON
from tests.support.history import DeskHistory, DistrictHistory
from tests.support.history_rules import Finding, check
from yichuang_client.store.errors import StoreError
from yichuang_client.sync.core import wait_seconds
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.loop import SESSION_IDLE
from yichuang_client.sync.transport import CALL_SECONDS
from yichuang_domain.ids import ReplicaId
from yichuang_server.store.desks import Desk

HORIZON_S = 3600.0
REST_S = 7 * 24 * 3600.0
"""After so long without a fault everything must have come to rest."""
OFFLINE = TransportError(TransportReason.OFFLINE)


@dataclass(frozen=True, kw_only=True)
class Weather:
    """How bad it is."""

    lost: float = 0.12
    """Chance that a question or an answer is lost."""
    doubled: float = 0.06
    """Chance that a question arrives twice, the second time whenever."""
    slow_s: float = 4.0
    """Delays are spread around this; some are longer than a call may take."""
    desk_crash: float = 0.08
    """Chance of a desk's death around an act or a round."""
    server_crash: float = 0.04
    """Chance of the server's death around a question."""
    outage: float = 0.03
    """Chance, an act, that the line of the desk goes away, for minutes or hours."""
    act_every_s: float = 90.0
    at_once: float = 0.3
    """Chance that an act wakes the sync; others wait for the next poll, so that batches grow."""
    poll_s: float = 400.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a simulation came to."""

    seed: int
    saved: int
    recorded: int
    refused: int
    crashes: int
    findings: list[Finding]
    district: DistrictHistory
    desks: list[DeskHistory]


@dataclass
class _Seat:
    """A desk with its place at the district and its line."""

    desk: SimDesk
    known_as: Desk
    clock_s: float
    """How far its clock is off."""
    line_away_until: float = 0.0
    is_down: bool = False
    failures: int = 0
    heard: float = 0.0
    compared: set[str] = field(default_factory=set)
    """Deeds whose answers were looked for at the district."""
    syncing: bool = False
    again: bool = False


@dataclass
class Simulation:
    """One run."""

    seed: int
    weather: Weather = field(default_factory=Weather)
    tells_early: bool = False
    answers_early: bool = False
    """Whether an answer may be out when the server dies before its commit: a planted bug."""
    horizon_s: float = HORIZON_S
    """How long the faults last."""
    now: float = 0.0
    crashes: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._calm = False
        self._server_down_until = 0.0
        self._unkept: list[Finding] = []

    def run(self) -> Outcome:
        """Play it and judge it."""
        folder = Path(mkdtemp(dir=ROOM, prefix=f"seed-{self.seed}-"))
        for seat in SEATS:
            desk_template(seat)
        try:
            with _determined(random.Random(-self.seed - 1)):
                return self._run(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def moment(self) -> datetime:
        """The district's time."""
        return NOON + timedelta(seconds=self.now)

    def _run(self, folder: Path) -> Outcome:
        self.district = SimDistrict(folder / "district", self.moment)
        self.seats = [self._seat(folder, number) for number in range(len(SEATS))]
        for seat in self.seats:
            self._later(self.chance.random() * 60, lambda seat=seat: self._sync(seat))
            self._later(60 + self.chance.random() * 60, lambda seat=seat: self._work(seat))
        self._play(self.horizon_s)
        self._calm = True
        for seat in self.seats:
            seat.desk.crash_in(-1)
            self._sync(seat)
        self._play(self.horizon_s + REST_S, until=self._rests)
        desks = [seat.desk.history() for seat in self.seats]
        district = self.district.history()
        self.district.close()
        for seat in self.seats:
            seat.desk.store.close()
        return self._outcome(district, desks)

    def _outcome(self, district: DistrictHistory, desks: list[DeskHistory]) -> Outcome:
        outcomes = [deed.outcome for deed in district.deeds]
        return Outcome(
            seed=self.seed,
            saved=sum(len(desk.saved) for desk in desks),
            recorded=outcomes.count("RECORDED"),
            refused=outcomes.count("REFUSED"),
            crashes=self.crashes,
            findings=[*self._unkept, *check(district, desks)],
            district=district,
            desks=desks,
        )

    def _seat(self, folder: Path, number: int) -> _Seat:
        off = self.chance.choice((0.0, self.chance.uniform(-100, 100), self.chance.uniform(-86400, 86400)))
        chance = random.Random(self.seed * 100 + number)
        desk = SimDesk(
            SEATS[number], folder, chance, lambda: self.moment() + timedelta(seconds=off), tells_early=self.tells_early
        )
        place = desk.seat
        known = self.district.enlist(place.replica, place.place, place.section, desk.act_public_key, self.moment())
        assert ReplicaId(known.replica) == desk.store.desk.replica
        return _Seat(desk=desk, known_as=known, clock_s=off)

    # Time

    def _later(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.now + seconds, next(self._order), what))

    def _play(self, end: float, until: Callable[[], bool] | None = None) -> None:
        while self._events and self._events[0][0] <= end and not (until and until()):
            self.now, _, what = heapq.heappop(self._events)
            what()
        if until is None:
            self.now = end

    def _rests(self) -> bool:
        """Whether every desk has everything, reckoned after each event of the calm."""
        if any(seat.is_down or seat.syncing or seat.again for seat in self.seats):
            return False
        size = self.district.size
        return all(
            seat.desk.store.outbox.unsent() == 0
            and seat.desk.store.meta.cursor.position == size
            and seat.desk.store.pages.unsent() == 0
            for seat in self.seats
        )

    # A desk

    def _work(self, seat: _Seat) -> None:
        if self._calm:
            return
        self._later(self.chance.expovariate(1 / self.weather.act_every_s), lambda: self._work(seat))
        if seat.is_down:
            return
        if self.chance.random() < self.weather.outage:
            seat.line_away_until = self.now + self.chance.choice((120.0, 600.0, 1500.0))
        if self.chance.random() < self.weather.desk_crash:
            seat.desk.crash_in(self.chance.randrange(90))
        try:
            seat.desk.work()
        except DeskCrash:
            self._die(seat)
            return
        if self.chance.random() < self.weather.at_once:
            self._sync(seat)

    def _die(self, seat: _Seat) -> None:
        self.crashes += 1
        seat.desk.die()
        seat.is_down, seat.syncing, seat.again = True, False, False
        self._later(self.chance.uniform(5, 300), lambda: self._start(seat))

    def _start(self, seat: _Seat) -> None:
        seat.desk.start()
        seat.is_down, seat.failures = False, 0
        self._sync(seat)

    def _sync(self, seat: _Seat) -> None:
        """Wake the sync of a desk; one round at a time."""
        if seat.is_down:
            return
        if seat.syncing:
            seat.again = True
            return
        seat.syncing = True
        if self.now - seat.heard > SESSION_IDLE.total_seconds():
            seat.desk.sessions.close(seat.desk.seat.person.person)
        if not self._calm and self.chance.random() < self.weather.desk_crash / 4:
            seat.desk.crash_in(self.chance.randrange(150))
        self._advance(seat, self._round(seat.desk), seat.desk.generation)

    async def _round(self, desk: SimDesk) -> None:
        line = QuestionLine()
        await desk.round(line)
        desk.on_line = True
        await desk.move_pages(line)

    def _advance(
        self,
        seat: _Seat,
        work: Coroutine[Question, Any, None],
        generation: int,
        answer: Any = None,
        error: TransportError | None = None,
    ) -> None:
        if generation != seat.desk.generation or seat.is_down:
            return
        try:
            question = work.throw(error) if error is not None else work.send(answer)
        except StopIteration:
            seat.heard = self.now
            self._compare(seat)
            self._finished(seat, 0, 60.0 if self._calm else self.weather.poll_s)
        except (TransportError, StoreError) as no:
            if isinstance(no, StoreError) or no.reason is not TransportReason.OFFLINE:
                seat.desk.problems.append(str(no))
            seat.desk.on_line = False
            self._finished(seat, seat.failures + 1, wait_seconds(seat.failures + 1, self.chance.random()))
        except DeskCrash:
            self._die(seat)
        else:
            self._ask(seat, work, question)

    def _compare(self, seat: _Seat) -> None:
        """What the desk holds for answered lies at the district, now: what is answered is durable."""
        rows = seat.desk.store._database.rows("SELECT deed_id FROM outbox WHERE state <> 'PENDING'")
        answered = {row[0] for row in rows} - seat.compared
        seat.compared |= answered
        self._unkept += [
            Finding(rule="answers_are_kept", what=f"{deed} was answered and is not at the district")
            for deed in sorted(answered - self.district.answered(answered))
        ]

    def _finished(self, seat: _Seat, failures: int, pause: float) -> None:
        seat.syncing, seat.failures = False, failures
        again, seat.again = seat.again, False
        if len(seat.desk.problems) < 20:  # a desk that is stuck has been seen to be
            self._later(0.1 if again and not failures else pause, lambda: self._sync(seat))

    # The line

    def _ask(self, seat: _Seat, work: Coroutine[Question, Any, None], question: Question) -> None:
        generation, answered = seat.desk.generation, [False]

        def once(answer: Any = None, error: TransportError | None = None) -> None:
            if not answered[0]:
                answered[0] = True
                self._advance(seat, work, generation, answer, error)

        def arrive() -> None:
            reply = self._serve(seat, question)
            if reply is not None and not self._is_lost(seat):
                self._later(self._delay(), lambda: once(*reply))

        self._later(CALL_SECONDS, lambda: once(error=OFFLINE))
        if not self._is_lost(seat):
            self._later(self._delay(), arrive)
            if not self._calm and self.chance.random() < self.weather.doubled:
                self._later(self._delay() * self.chance.choice((1, 30)), lambda: self._serve(seat, question))

    def _is_lost(self, seat: _Seat) -> bool:
        return not self._calm and (self.now < seat.line_away_until or self.chance.random() < self.weather.lost)

    def _delay(self) -> float:
        return 0.05 if self._calm else self.chance.expovariate(1 / self.weather.slow_s)

    def _serve(self, seat: _Seat, question: Question) -> tuple[Any, TransportError | None] | None:
        """The district's answer or its no; None where it is down or dies on the way."""
        if self.now < self._server_down_until and not self._calm:
            return None
        dies = not self._calm and self.chance.random() < self.weather.server_crash
        when = self.chance.random() if dies else 1.0
        if when < 0.3:
            self.district.crash_at_commit()
        elif when < 0.7:
            self.district.crash_in(self.chance.randrange(40))
        try:
            reply = self.district.answer(seat.known_as, question), None
        except TransportError as no:
            return None, no
        except ServerCrash:
            self._server_dies()
            return None
        if dies:  # after the commit, before the answer
            self._server_dies()
            return reply if self.answers_early else None
        return reply

    def _server_dies(self) -> None:
        self.crashes += 1
        self.district.restart()
        self._server_down_until = self.now + self.chance.uniform(1, 120)


@contextlib.contextmanager
def _determined(chance: random.Random) -> Iterator[None]:
    """Random ids and salts come from the seed, work of threads is done at once."""

    async def here(work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return work(*arguments, **named)

    with (
        patch.object(secrets, "token_hex", lambda size=32: chance.randbytes(size).hex()),
        patch.object(secrets, "token_bytes", lambda size=32: chance.randbytes(size)),
        patch.object(secrets, "token_urlsafe", lambda size=32: chance.randbytes(size).hex()),
        patch.object(asyncio, "to_thread", here),
        patch.object(cases, "_salts", itertools.count(1 << 40)),
    ):
        yield
