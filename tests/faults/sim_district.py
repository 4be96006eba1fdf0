"""The district of a simulation: the real services on a real SQLite file, which dies at any statement and comes back.

Rules kept here: a question is answered by the product's own code and translation; a crash undoes what was not
committed and takes the memory with it; what was committed stays although the answer is lost.
"""

from __future__ import annotations

import atexit
import json
import secrets
import shutil
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import Connection, event

from tests.faults.line import Question
from tests.server.houses import CODE, STAFF, TestHouse, new_house
from tests.support.history import DistrictHistory, read_district
from yichuang.v1 import exchange_pb2
from yichuang_client.sync.channels import _KNOWN
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_server.api.exchange_servicer import exchange_response, read_call
from yichuang_server.services import desk_work, pages
from yichuang_server.services.errors import DistrictError
from yichuang_server.services.exchange import Exchange
from yichuang_server.services.house import House
from yichuang_server.services.people import token_hash
from yichuang_server.store import deeds, desks, log, people, times
from yichuang_server.store.blobs import BlobFiles
from yichuang_server.store.database import migrate, open_database
from yichuang_server.store.desks import Desk

SHM = Path("/dev/shm")
ROOM = SHM if SHM.is_dir() else None
"""Where simulations keep their files: in memory, where there is such a place."""


class ServerCrash(BaseException):
    """The server ends here."""


@cache
def template() -> tuple[Path, House]:
    """A founded district, made once a process; simulations work on copies."""
    folder = Path(mkdtemp(dir=ROOM, prefix="district-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = open_database(f"sqlite:///{folder / 'district.sqlite'}")
    migrate(engine)
    home: TestHouse = new_house(engine, folder)
    engine.dispose()
    return folder, home.house


class SimDistrict:
    """One district."""

    def __init__(self, folder: Path, now: Any) -> None:
        source, house = template()
        shutil.copytree(source, folder)
        self._file = folder / "district.sqlite"
        engine = open_database(f"sqlite:///{self._file}")
        self.house = replace(house, engine=engine, pages=BlobFiles(folder / "blobs"), now=now, exchange=Exchange())
        self._statements_left, self._dies_at_commit = -1, False
        self._listen()

    def _listen(self) -> None:
        event.listen(self.house.engine, "before_cursor_execute", self._before_statement)
        event.listen(self.house.engine, "commit", self._before_commit)

    def _before_statement(self, *_: object) -> None:
        if self._statements_left >= 0:
            self._statements_left -= 1
            if self._statements_left < 0:
                raise ServerCrash

    def _before_commit(self, *_: object) -> None:
        if self._dies_at_commit:
            self._dies_at_commit = False
            raise ServerCrash
        self._before_statement()

    def crash_at_commit(self) -> None:
        """End when everything is written and nothing is durable."""
        self._dies_at_commit = True

    def crash_in(self, statements: int) -> None:
        """End at a later statement or commit, before it is done."""
        self._statements_left = statements

    def restart(self) -> None:
        """Come back with nothing in memory."""
        self._statements_left, self._dies_at_commit = -1, False
        self.house.engine.dispose()
        engine = open_database(f"sqlite:///{self._file}")
        self.house = replace(self.house, engine=engine, exchange=Exchange())
        self._listen()

    def enlist(self, replica: str, place: str, section: str, act_key: bytes, now: datetime) -> Desk:
        """A new desk."""
        desk = Desk(
            replica=replica,
            place=place,
            kind="SECTION" if section else "COUNTER",
            section=section,
            act_key=act_key,
            enrolled_time=times.text(now),
        )
        self.house.write(lambda c: desks.enlist(c, CODE, desk))
        return desk

    def answer(self, desk: Desk, question: Question) -> Any:
        """The answer to a question. Raises TransportError, ServerCrash."""
        try:
            return getattr(self, f"_{question.method}")(desk, *question.values)
        except DistrictError as error:
            raise TransportError(
                _KNOWN.get(error.fault.value, TransportReason.REFUSED),
                offset=int(error.detail.get("committed", "0")),
                detail=error.fault.value,
            ) from error

    def _exchange(self, desk: Desk, text: bytes) -> Any:
        request = exchange_pb2.ExchangeRequest.FromString(text)
        call = read_call(request)
        answered = exchange_response(desk_work.exchange(self.house, desk, call)).SerializeToString()
        return exchange_pb2.ExchangeResponse.FromString(answered)

    def _sit_down(self, desk: Desk, person: str) -> tuple[str, bytes]:
        house, now, token = self.house, self.house.now(), secrets.token_urlsafe(32)

        def work(connection: Connection) -> bytes:
            opened = token_hash(token), person, desk.replica, times.text(now)
            people.open_session(connection, CODE, *opened, second_factor=False)
            who = next(member for member in STAFF if member.person == person)
            return house.people.new_lease(connection, who.person, desk.replica, now).text

        return token, house.write(work)

    def _open_upload(self, desk: Desk, owner: str, name: str, size: int) -> int:
        return pages.open_upload(self.house, desk, owner, name, size)

    def _upload(self, desk: Desk, owner: str, name: str, offset: int, data: bytes) -> int:
        return pages.append(self.house, desk, owner, name, offset, data)

    def _download(self, desk: Desk, owner: str, name: str) -> bytes:
        return b"".join(pages.read(self.house, desk, owner, name, 0))

    def history(self) -> DistrictHistory:
        """What it has now."""
        return self.house.read(lambda connection: read_district(connection, CODE))

    def answered(self, ids: set[str]) -> set[str]:
        """Which of these deeds it has an answer to."""
        return set(self.house.read(lambda connection: deeds.answered(connection, CODE, ids)))

    @property
    def size(self) -> int:
        """Up to where its log reaches."""
        return self.house.read(lambda connection: log.size(connection, CODE))

    def close(self) -> None:
        """End."""
        self.house.engine.dispose()


def lease_id(text: bytes) -> str:
    """The id of a lease."""
    return str(json.loads(text)["lease"])
