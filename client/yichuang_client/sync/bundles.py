"""Without a line (摆渡): what waits here goes out in sealed files on a medium, and the district's answer comes in.

Rules kept here: a file holds the messages of the line, so that nothing is applied twice whichever way it goes, also
when the line comes back in the middle; what a file held stays in the outbox until the district has answered; an answer
is believed with the district's signature, taken in by the store's one way, and never twice; an answer that the line has
overtaken brings only what it says of deeds that still wait.
"""

from __future__ import annotations

import errno
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from yichuang import bundle, codec
from yichuang.bundle import BundleError, Direction, Flaw, Head, Kind, Writer
from yichuang_client.store.desk import Desk
from yichuang_client.store.exchange_values import BlobName, CheckedAnswer, ExchangeAnswer, Outcome, SentDeed
from yichuang_client.store.outbox import Sending
from yichuang_client.store.pages import StoredPage
from yichuang_client.store.store import Store
from yichuang_client.store.times import to_text
from yichuang_client.sync.core import REQUEST_BYTES, check_signature, check_texts, make_request
from yichuang_client.sync.errors import TransportError
from yichuang_client.sync.rounds import BUNDLE_KEY, follow, keep_catalogue, keep_profile, sender_of
from yichuang_client.sync.status import CasesChanged, CatalogueArrived, PageArrived, PageSent, ProfileArrived, SyncEvent
from yichuang_client.sync.wire import Carried, CarriedAnswer, answer_of, context_of, message_of, told_of
from yichuang_client.trace import trace
from yichuang_domain.ids import CaseId, DeedId

FILE_BYTES = 512 * 1024 * 1024
"""Pages that one file holds, about."""
ANSWER_TIME = "answer_time"
"""Under which name the store keeps when the answer that was taken in last was made."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, kw_only=True)
class Written:
    """What lies on the medium now."""

    files: tuple[Path, ...]
    deeds: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class Took:
    """What an answer has brought."""

    recorded: int
    refused: int
    records: int
    pages: int
    """Pages that came, and own pages of which the district says that it has them."""
    made_time: datetime


@dataclass(frozen=True, kw_only=True)
class _Made:
    replica: str
    time: datetime


def export(store: Store, folder: Path, now: datetime) -> Written:
    """Write everything that waits to a folder, durable when this returns; earlier files of this desk go.

    Raises BundleError (NO_KEY, FULL, UNWRITABLE), StoreError.
    """
    out = Outgoing(store)
    deeds, pages = list(out.batches()), list(store.pages.to_carry())
    stem = f"{out.stem}-{now:%Y%m%d%H%M%S}"
    files: list[Path] = []
    with medium():
        before = [old for old in folder.glob(f"{out.stem}-*{bundle.SUFFIX}") if bundle.IS_ANSWER not in old.name]
        with out.writing(folder / f"{stem}{bundle.SUFFIX}", now) as writer:
            out.put_deeds(writer, deeds)
            rest = out.put_pages(writer, pages)
        files.append(folder / f"{stem}{bundle.SUFFIX}")
        while rest:
            path = folder / f"{out.stem}{bundle.IS_PAGES}{now:%Y%m%d%H%M%S}-{len(files)}{bundle.SUFFIX}"
            with out.writing(path, now) as writer:
                rest = out.put_pages(writer, rest)
            files.append(path)
        for old in before:
            if old not in files:
                old.unlink(missing_ok=True)
    count = sum(map(len, deeds))
    trace("bundle written", files=len(files), deeds=count, pages=len(pages))
    return Written(files=tuple(files), deeds=count, pages=len(pages))


class Outgoing:
    """What this desk seals for its district."""

    def __init__(self, store: Store) -> None:
        """Raises BundleError (NO_KEY before the first profile that brings one), StoreError."""
        self._store = store
        self._desk = store.desk
        self._receiver = bytes.fromhex(store.meta.text(BUNDLE_KEY))
        if not self._receiver:
            raise BundleError(Flaw.NO_KEY)
        self._sign = Ed25519PrivateKey.from_private_bytes(self._desk.act_key).sign

    @property
    def stem(self) -> str:
        """How the names of this desk's files begin."""
        return f"yichuang-{self._desk.district_code}-{self._desk.replica}"

    def batches(self, after: int = 0) -> Iterator[tuple[SentDeed, ...]]:
        """The deeds that wait, as many as an exchange carries at a time; none of a forked desk."""
        while not self._store.is_forked and (deeds := self._store.outbox.to_send(REQUEST_BYTES, after)):
            yield deeds
            after = deeds[-1].seq

    @contextmanager
    def writing(self, path: Path, now: datetime) -> Iterator[Writer]:
        """A bundle that begins with what the desk tells of itself. Raises OSError of the medium."""
        store, desk = self._store, self._desk
        head = Head(
            district=desk.district_code,
            replica=desk.replica,
            direction=Direction.TO_DISTRICT,
            bundle=secrets.token_hex(16),
            made_time=now,
            sealed_by="",
        )
        carried = Carried(
            cursor=store.meta.cursor,
            catalogue_version=store.catalogue.version,
            profile_version=store.meta.number("profile_version"),
            answer_key=answer_key(desk).public_key().public_bytes_raw(),
            leases=tuple(lease.lease for lease in store.people.leases()),
            lacking=store.pages.to_fetch(),
        )
        with bundle.writing(path, head, self._receiver, self._sign) as writer:
            writer.add(Kind.CONTEXT, context_of(carried))
            yield writer

    def put_deeds(self, writer: Writer, batches: list[tuple[SentDeed, ...]]) -> None:
        """Add deeds, each batch as an exchange would send it."""
        sender = sender_of(self._store)
        for deeds in batches:
            request = make_request(sender, self._store.meta.cursor, deeds, (), self._store.catalogue.version)
            writer.add(Kind.EXCHANGE, message_of(request))

    def put_pages(self, writer: Writer, pages: list[StoredPage]) -> list[StoredPage]:
        """Add pages until the file is large; returns the rest."""
        for number, page in enumerate(pages):
            if writer.size > FILE_BYTES:
                return pages[number:]
            data = self._store.pages.read(CaseId(page.name.owner), page.name.hash)
            writer.add(Kind.PAGE, bundle.page_section(page.name.owner, page.name.hash, data))
        return []


def take(store: Store, path: Path, now: datetime, tell: Callable[[SyncEvent], None] | None = None) -> Took:
    """Take the district's answer in. Raises BundleError where it is none for this desk, StoreError."""
    desk = store.desk
    _, found = bundle.sections(path, Direction.TO_DESK, lambda head: _district_key(desk, head), answer_key(desk))
    incoming = Incoming(store, now, tell or _nobody)
    try:
        for kind, data in found:
            incoming.section(kind, data)
    except (TransportError, ValueError) as error:
        raise BundleError(Flaw.DAMAGED, type(error).__name__) from error
    took = incoming.end()
    trace("answer taken", recorded=took.recorded, refused=took.refused, records=took.records, pages=took.pages)
    return took


class Incoming:
    """One answer on its way in."""

    def __init__(self, store: Store, now: datetime, tell: Callable[[SyncEvent], None]) -> None:
        self._store = store
        self._now = self._made_time = now
        self._tell = tell
        self._recorded = self._refused = self._records = self._pages = 0
        self._stored: tuple[BlobName, ...] = ()

    def section(self, kind: Kind, data: bytes) -> None:
        """Take one section in. Raises BundleError, TransportError, StoreError."""
        if kind is Kind.CONTEXT:
            self._context(told_of(data))
        elif kind is Kind.EXCHANGE:
            self._answer(answer_of(data))
        else:
            self._page(*bundle.read_page(data))

    def end(self) -> Took:
        """After the last section: what the district has, and that this answer is done with."""
        for name in self._stored:
            if any(page.name == name for page in self._store.pages.of(CaseId(name.owner))):
                self._store.pages.sent(name)
                self._tell(PageSent(name=name))
                self._pages += 1
        self._store.meta.keep(ANSWER_TIME, to_text(self._made_time))
        return Took(
            recorded=self._recorded,
            refused=self._refused,
            records=self._records,
            pages=self._pages,
            made_time=self._made_time,
        )

    def _context(self, told: CarriedAnswer) -> None:
        store = self._store
        check_signature(store.desk.district_key, told.made)
        made = codec.decode(_Made, told.made.text)
        if made.replica != store.desk.replica:
            raise BundleError(Flaw.FOREIGN_DESK)
        if to_text(made.time) <= store.meta.text(ANSWER_TIME):
            raise BundleError(Flaw.OLD)
        self._stored, self._made_time = told.stored, made.time
        if told.profile is not None and told.profile.version > store.meta.number("profile_version"):
            keep_profile(store, told.profile)
            self._tell(ProfileArrived(version=told.profile.version))
        if told.catalogue_head is not None:
            with suppress(TransportError):  # the line has brought a newer one
                version = keep_catalogue(store, list(told.items), told.catalogue_head)
                self._tell(CatalogueArrived(version=version))

    def _answer(self, answer: ExchangeAnswer) -> None:
        store = self._store
        moment = check_texts(sender_of(store), answer)
        seen = store.meta.cursor
        if answer.openings:
            if seen.epoch != answer.next_cursor.epoch:
                return
            self._tell(CasesChanged(changed=follow(store, answer)))
            return
        results = tuple(result for result in answer.results if self._still_waits(result.deed, result.outcome))
        if seen.epoch not in ("", answer.next_cursor.epoch) or answer.next_cursor.position < seen.position:
            answer = ExchangeAnswer(
                next_cursor=seen,
                durable_through=store.meta.number("durable_through"),
                catalogue_version=store.meta.number("catalogue_newest"),
                profile_version=store.meta.number("profile_newest"),
                leases=answer.leases,
                has_more=True,
            )
        checked = CheckedAnswer(
            answer=replace(answer, results=results),
            district_time=moment,
            skew_ms=0,
            answered_time=self._now,
            is_carried=True,
        )
        changed = store.apply_exchange(checked)
        self._recorded += len(changed.recorded)
        self._refused += len(changed.refused)
        self._records += len(answer.records)
        self._tell(CasesChanged(changed=changed))

    def _still_waits(self, deed: DeedId, outcome: Outcome) -> bool:
        """Whether the answer to a deed is the last word on it and was not heard yet."""
        row = self._store.outbox.find(deed)
        if row is None or row.state is not Sending.PENDING:
            return False
        return outcome in (Outcome.RECORDED, Outcome.REFUSED, Outcome.REPLICA_FORKED)

    def _page(self, owner: str, page: str, data: bytes) -> None:
        name = next((n for n in self._store.pages.to_fetch() if (n.owner, n.hash) == (owner, page)), None)
        if name is None:
            return
        if sha256(data).hexdigest() != page:
            raise BundleError(Flaw.DAMAGED, "page")
        self._store.pages.keep(CaseId(owner), data, is_own=False)
        self._pages += 1
        self._tell(PageArrived(name=name))


def answer_key(desk: Desk) -> X25519PrivateKey:
    """For which the district seals its answers to this desk."""
    return bundle.sealing_key(desk.act_key, "desk answer key")


@contextmanager
def medium() -> Iterator[None]:
    """Say what a medium refuses. Raises BundleError (FULL, UNWRITABLE)."""
    try:
        yield
    except OSError as error:
        flaw = Flaw.FULL if error.errno in _FULL else Flaw.UNWRITABLE
        raise BundleError(flaw, error.strerror or type(error).__name__) from error


def _district_key(desk: Desk, head: Head) -> bytes:
    if head.district != desk.district_code:
        raise BundleError(Flaw.FOREIGN_DISTRICT)
    if head.replica != desk.replica:
        raise BundleError(Flaw.FOREIGN_DESK)
    return desk.district_key


def _nobody(_event: SyncEvent) -> None:
    """Nobody listens."""
