"""Desks of the client for sync tests: the real store and loop, a real district, people who sign in."""

from __future__ import annotations

import queue
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.cases import receive
from tests.support.district import RunningDistrict
from yichuang_client.config import DataFolder
from yichuang_client.store.case_rows import Queue, Viewer
from yichuang_client.store.device_secret import FileVault
from yichuang_client.store.key_slots import Cost
from yichuang_client.store.store import Appended
from yichuang_client.store.unlock import Unlock
from yichuang_client.sync.desk_session import DeskSession, SignedIn
from yichuang_client.sync.enrol import Slip
from yichuang_client.sync.loop import Rhythm
from yichuang_client.sync.status import Line, SyncEvent
from yichuang_domain.actions import Action
from yichuang_domain.case import Case
from yichuang_domain.catalog import AcceptBy, ItemVersion
from yichuang_domain.deed import local_day
from yichuang_domain.ids import CaseId
from yichuang_domain.party import Evidence, HandedIn

PATIENCE_S = 20.0
CHEAP = Cost(memory_kib=1024, passes=1, lanes=1)
PASSWORD = "Juzi-Shui-2026"


def now() -> datetime:
    """The desk's clock."""
    return datetime.now(UTC)


class Seat:
    """One desk and the person at it."""

    def __init__(self, folder: Path, district: RunningDistrict) -> None:
        self.district = district
        self.folder = DataFolder(root=folder)
        self.session = self._session()
        self.person: SignedIn | None = None
        self.seen: list[SyncEvent] = []

    def _session(self) -> DeskSession:
        unlock = Unlock(self.folder, cost=CHEAP, vaults=[FileVault(self.folder.secret)])
        return DeskSession(self.folder, now, unlock=unlock, rhythm=Rhythm(page_seconds=60.0, watch_pause_seconds=0.2))

    def slip(self, code: str, **changes: Any) -> Slip:
        """The printed slip."""
        printed = Slip(
            host="127.0.0.1",
            port=self.district.ports["enrolment_port"],
            root_fingerprint=self.district.founded["root_fingerprint"],
            code=code,
        )
        return replace(printed, **changes)

    def enrol(self, place: str, section: str = "") -> None:
        """Become a desk of a place or section."""
        self.session.enrol(self.slip(self.district.code(place, section)))

    def sit(self, login: str) -> SignedIn:
        """Sign a person in for the first time: the given password is changed."""
        given = self.district.secret(login)["password"]
        signed_in = self.session.sign_in(login, given, self.district.one_time_password(login))
        self.session.change_password(signed_in, given, PASSWORD)
        self.person = signed_in
        self.wait(lambda: self.session.sync.status.is_complete)
        return signed_in

    def restart(self) -> None:
        """Close everything and start the program again."""
        self.session.close()
        self.session = self._session()

    def wait(self, condition: Callable[[], bool]) -> None:
        """Take events until something is so."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            try:
                self.seen.append(self.session.sync.events.get(timeout=max(0.01, end - time.monotonic())))
            except queue.Empty:
                status = self.session.sync.status
                raise AssertionError(f"it did not happen: {status}") from None

    def wait_line(self, line: Line) -> None:
        """Wait for a state of the line."""
        self.wait(lambda: self.session.sync.status.line is line)

    def do(self, case: CaseId, *actions: Action) -> Appended:
        """One deed of the person here."""
        assert self.person is not None
        doer = self.session.doer(self.person)
        return self.session.store.append_deed([(case, action) for action in actions], doer, now())

    def view(self, case: CaseId) -> Case:
        """The case as this desk shows it."""
        return self.session.store.view(case)

    def has(self, case: CaseId, condition: Callable[[Case], bool]) -> None:
        """Wait until the case is here and is so."""

        def found() -> bool:
            here = self.session.store.find(case)
            return here is not None and condition(here)

        self.wait(found)

    def item(self, accept_by: AcceptBy, *, section: str = "market") -> ItemVersion:
        """A sample item of one kind."""
        store = self.session.store
        hits = (store.catalogue.current(hit.code) for hit in store.search.search("许可", now().date(), limit=50))
        return next(item for item in hits if item.accept_by is accept_by and item.section == section)

    def sent(self) -> None:
        """Wait until everything has been answered and every page is there."""
        self.wait(lambda: (w := self.session.store.waiting()).deeds == 0 and w.pages == 0)

    def queue(self, queue_name: Queue) -> set[CaseId]:
        """The cases of a queue of this desk."""
        desk = self.session.store.desk
        viewer = Viewer(replica=desk.replica, place=desk.place, section=desk.section, on=local_day(now()))
        return {row.case_id for row in self.session.store.queue(queue_name, viewer)}


def new_case() -> CaseId:
    """A case that nobody has seen."""
    return CaseId(secrets.token_hex(16))


def taking(item: ItemVersion, number: str) -> Action:
    """All materials of an item handed in."""
    materials = tuple(
        HandedIn(material=material.key, evidence=Evidence.ORIGINAL_CHECKED, copies=1) for material in item.materials
    )
    return replace(receive(item=item), number=number, token_digest=secrets.token_hex(32), materials=materials)
