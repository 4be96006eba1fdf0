"""A desk as a person has it, less its windows: enrolment, sign-in, store, sync loop, press, printer, scanner.

Rules kept here: nothing is waited for by time; the sync loop's own events say when something has come.
"""

from __future__ import annotations

import hashlib
import queue
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from tests.support.district import RunningDistrict
from tests.support.sane import SaneFolder
from yichuang_client.actions import receiving
from yichuang_client.actions.work import Work
from yichuang_client.config import DataFolder
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanning import PageScanned, ScanSettings
from yichuang_client.documents.page_pipeline import prepare_page
from yichuang_client.documents.pages import RawPage
from yichuang_client.store.key_slots import Cost
from yichuang_client.store.store import Store
from yichuang_client.store.unlock import Unlock
from yichuang_client.sync.desk_session import DeskSession, SignedIn
from yichuang_client.sync.enrol import Slip
from yichuang_client.sync.status import Line
from yichuang_domain.ids import CaseId
from yichuang_domain.party import Page

PATIENCE_S = 60.0
_LIGHT = Cost(memory_kib=8 * 1024, passes=1, lanes=1)
"""Passwords are derived lightly here: their cost is measured elsewhere."""


def now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def chosen_password(login: str) -> str:
    """What a person chooses instead of the first password."""
    return "Kai-Chuang-" + hashlib.sha256(login.encode()).hexdigest()[:12]


class DeskAtWork:
    """One desk in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = DataFolder(root=folder)
        self.session = DeskSession(self.folder, now, unlock=Unlock(self.folder, cost=_LIGHT))
        self._signed_in: SignedIn | None = None

    def enrol(self, district: RunningDistrict, place: str, section: str = "") -> None:
        """Become a desk with a fresh one-time code."""
        code = district.code(place, section)
        fingerprint = district.founded["root_fingerprint"]
        slip = Slip(host="127.0.0.1", port=district.ports["enrolment_port"], root_fingerprint=fingerprint, code=code)
        self.session.enrol(slip)

    def first_sign_in(self, district: RunningDistrict, login: str) -> None:
        """Sign in with the first password and choose another."""
        first = district.secret(login)["password"]
        signed_in = self.session.sign_in(login, first, district.one_time_password(login))
        self.session.change_password(signed_in, first, chosen_password(login))
        self._signed_in = signed_in
        self.settle()

    def sign_in(self, login: str, one_time_password: str = "") -> SignedIn:
        """Sign in with the chosen password, on line or not."""
        self._signed_in = self.session.sign_in(login, chosen_password(login), one_time_password)
        return self._signed_in

    @property
    def store(self) -> Store:
        """The open store."""
        return self.session.store

    @property
    def work(self) -> Work:
        """The person at work."""
        signed_in = self._signed_in
        assert signed_in is not None
        return Work(
            store=self.store,
            person=self.session.doer(signed_in).person,
            lease=signed_in.lease,
            has_session=lambda: self.session.doer(signed_in).has_session,
            clock=now,
        )

    def wait(self, is_so: Callable[[], bool], what: str) -> float:
        """Follow the loop's events until something is so, without waking it. Returns the milliseconds."""
        start = time.monotonic()
        while not is_so():
            left = start + PATIENCE_S - time.monotonic()
            try:
                self.session.sync.events.get(timeout=max(left, 0.0))
            except queue.Empty:
                raise TimeoutError(f"{what}: {self.session.sync.status}") from None
        return (time.monotonic() - start) * 1000

    def settle(self) -> float:
        """Until the district has every deed and page of this desk, and the desk what is new."""
        self.session.sync.wake()
        return self.wait(self._is_settled, "everything delivered")

    def _is_settled(self) -> bool:
        status = self.session.sync.status
        waiting = self.store.waiting()
        return status.line is Line.ONLINE and status.is_complete and waiting.deeds == 0 and waiting.pages == 0

    def scan(self, case: CaseId, material: str, sane: SaneFolder, batches: Iterable[ScanSettings]) -> list[Page]:
        """Scan pages for one material of a case, each durable before the next is asked for."""
        pages: list[Page] = []
        with ScanWorker(sane.driver()) as worker:
            for settings in batches:
                for event in worker.scan_pages(settings):
                    if not isinstance(event, PageScanned):
                        continue
                    made = prepare_page(RawPage(pixels=event.pixels, dpi=event.dpi))
                    pages.append(
                        receiving.keep_page(
                            self.work,
                            case,
                            made.data,
                            material=material,
                            ordinal=len(pages) + 1,
                            size=(made.width, made.height),
                            is_blank=made.is_blank,
                        )
                    )
        return pages

    def close(self) -> None:
        """End the program in the ordinary way."""
        self.session.close()
