"""What one call of a desk comes to: its deeds judged, its slice read, leases renewed, the district's time signed.

Rules kept here: deeds are committed before the slice is read; the slice is read from one snapshot; a cursor of another
log epoch takes nothing in and is told how the log has gone on; a session that the desk names counts as active.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from yichuang import codec
from yichuang_server.feed import slices
from yichuang_server.services import heads
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.exchange import Result, Sent
from yichuang_server.services.heads import Witnessed
from yichuang_server.services.house import House
from yichuang_server.services.judging import Bench
from yichuang_server.services.people import Signed
from yichuang_server.store import blobs, catalogue, desks, epochs, log, profile, signals, times
from yichuang_server.store.desks import Desk

SETTLING = timedelta(hours=1)
"""How long, after the first desk has offered again, a deed may wait for those of other desks."""
MOST_MISSING = 500
"""Missing pages that an answer names."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a desk asks."""

    epoch: str
    position: int
    sent: tuple[Sent, ...]
    signature: bytes
    tokens: tuple[str, ...]
    catalogue_version: int
    """Release up to which the desk's catalogue is complete."""
    leases: tuple[str, ...] = ()
    """Of a desk without a line: leases of its people, to be renewed."""
    head_size: int = 0
    """Leaves of the newest head of the log that the desk has seen."""
    most_bytes: int = 0
    """Texts of the answer, about; 0 for the usual."""
    without_records: bool = False
    """Whether the desk wants the rest of the answer only."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the district answers."""

    results: tuple[Result, ...]
    epoch: str
    news: slices.Slice
    disclosures: dict[str, codec.Disclosures]
    """By case."""
    missing: tuple[tuple[str, str], ...]
    """(owner, name) of pages that this desk has made and not sent."""
    durable_through: int
    time: Signed
    catalogue_version: int
    profile_version: int
    leases: tuple[Signed, ...]
    items: tuple[Signed, ...]
    """Item versions to which cases that entered are pinned."""
    openings: tuple[Opened, ...] = ()
    """When the cursor is of another epoch: every opening of the log; nothing was taken in."""
    head: Witnessed = heads.NONE
    """The log's signed head; empty when the cursor is of another epoch."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An opening of the log, as it goes to desks."""

    signed: Signed
    signatures: Mapping[str, bytes]
    """By administrator."""


class _EpochMovedError(Exception):
    """The desk's cursor is of an epoch before the district was restored."""


def exchange(house: House, desk: Desk, call: Call) -> Reply:
    """Take in a desk's deeds and say what is new for it. Raises DistrictError."""
    try:
        results, leases = _take_in(house, desk, call) if call.sent or call.tokens or call.leases else ((), ())
        return house.read(lambda connection: _reply(house, connection, desk, call, results, leases))
    except _EpochMovedError:
        return house.read(lambda connection: _moved(house, connection, call))


def _check_cursor(connection: Connection, district: str, call: Call) -> None:
    """Before anything of a call counts. Raises DistrictError, _EpochMovedError."""
    epoch = log.epoch(connection, district)
    if call.epoch not in ("", epoch):
        raise _EpochMovedError
    if call.position < 0 or (call.epoch and call.position > log.size(connection, district)):
        raise DistrictError(Fault.CURSOR_AHEAD)


def _moved(house: House, connection: Connection, call: Call) -> Reply:
    """Nothing but how the log has gone on. Raises DistrictError where it never was the desk's."""
    found = epochs.openings(connection, house.district)
    if not found:
        raise DistrictError(Fault.CURSOR_AHEAD)
    openings = tuple(
        Opened(signed=Signed(text=one.text, signature=house.authority.sign(one.text)), signatures=one.signatures)
        for one in found
    )
    time = codec.canonical({"time": times.text(house.now())})
    return Reply(
        results=(),
        epoch=call.epoch,
        news=slices.Slice(records=(), left=(), position=call.position, has_more=False),
        disclosures={},
        missing=(),
        durable_through=0,
        time=Signed(text=time, signature=house.authority.sign(time)),
        catalogue_version=catalogue.newest_version(connection, house.district),
        profile_version=profile.version(connection, house.district),
        leases=(),
        items=(),
        openings=openings,
    )


def _take_in(house: House, desk: Desk, call: Call) -> tuple[tuple[Result, ...], tuple[Signed, ...]]:
    now = house.now()

    def work(connection: Connection) -> tuple[tuple[Result, ...], frozenset[str], tuple[Signed, ...]]:
        _check_cursor(connection, house.district, call)
        found = {house.people.who(connection, token, desk.replica, now) for token in call.tokens}
        signed_in = frozenset(person for person in found if person is not None)
        working = signed_in | house.people.leased(connection, call.leases, desk, now)
        leases = [house.people.renewed_lease(connection, person, desk.replica, now) for person in sorted(working)]
        bench = Bench(district=house.district, calendar=house.calendar(connection), signed_in=signed_in, now=now)
        if any(one.before is not None for one in call.sent):
            bench = _recovering(connection, bench)
        taken = house.exchange.take_in(connection, desk, call.sent, call.signature, bench)
        if taken.touched:
            signals.send(connection, house.district, taken.touched)
        return taken.results, taken.touched, tuple(lease for lease in leases if lease is not None)

    results, touched, leases = house.write(work)
    if touched:
        house.wakeups.ring(touched)
    return results, leases


def _recovering(connection: Connection, bench: Bench) -> Bench:
    """The bench, for deeds that a desk offers again after a restore."""
    found = epochs.openings(connection, bench.district)
    if not found:
        return bench
    last = found[-1]
    epochs.heard(connection, bench.district, last.opening.epoch, times.text(bench.now))
    heard = times.moment(last.heard_time) if last.heard_time else bench.now
    return replace(bench, restored=last.opening, settles_time=heard + SETTLING)


def _reply(
    house: House,
    connection: Connection,
    desk: Desk,
    call: Call,
    results: tuple[Result, ...],
    leases: tuple[Signed, ...],
) -> Reply:
    district = house.district
    _check_cursor(connection, district, call)
    epoch = log.epoch(connection, district)
    cursor = call.position if call.epoch == epoch else 0
    if call.without_records:
        news = slices.Slice(records=(), left=(), position=cursor, has_more=True)
    else:
        news = slices.after(connection, district, desk, cursor, call.catalogue_version, call.most_bytes)
    time = codec.canonical({"time": times.text(house.now())})
    return Reply(
        results=results,
        epoch=epoch,
        news=news,
        disclosures=log.disclosures_of(connection, district, (row.case for row in news.records)),
        missing=tuple(blobs.missing_of(connection, district, desk.replica, MOST_MISSING)),
        durable_through=_durable_through(house, connection),
        time=Signed(text=time, signature=house.authority.sign(time)),
        catalogue_version=catalogue.newest_version(connection, district),
        profile_version=profile.version(connection, district),
        leases=leases,
        items=tuple(Signed(text=text, signature=house.authority.sign(text)) for text in news.items),
        head=heads.witnessed(connection, district, house.authority, call.head_size),
    )


def _durable_through(house: House, connection: Connection) -> int:
    if house.trusts_standby and log.has_standby(connection):
        return log.size(connection, house.district)
    return log.durable_through(connection, house.district)


@dataclass(frozen=True, kw_only=True)
class Newest:
    """Up to where there is something for a desk."""

    position: int
    """The cursor where nothing is new after it."""
    catalogue_version: int
    profile_version: int


def newest(house: House, desk: Desk, epoch: str, position: int) -> Newest:
    """What a desk with a cursor could ask for. Raises DistrictError for a desk that was revoked meanwhile."""

    def work(connection: Connection) -> Newest:
        district = house.district
        current = desks.desk(connection, district, desk.replica)
        if current is None or current.revoked_time:
            raise DistrictError(Fault.REVOKED_DESK)
        of, size = log.end(connection, district)
        cursor = position if of == epoch else 0
        has_news = cursor < size and slices.newest(connection, district, desk, cursor)
        return Newest(
            position=size if has_news else position,
            catalogue_version=catalogue.newest_version(connection, district),
            profile_version=profile.version(connection, district),
        )

    return house.read(work)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is the same for every desk."""

    catalogue_version: int
    profile_version: int
    revoked: frozenset[str]
    """Device numbers."""


def standing(house: House) -> Standing:
    """How the district stands."""

    def work(connection: Connection) -> Standing:
        return Standing(
            catalogue_version=catalogue.newest_version(connection, house.district),
            profile_version=profile.version(connection, house.district),
            revoked=desks.revoked(connection, house.district),
        )

    return house.read(work)


@dataclass(frozen=True, kw_only=True)
class CatalogueChange:
    """What a desk lacks of the catalogue."""

    texts: tuple[bytes, ...]
    """Of every item that changed."""
    head: Signed
    """What the desk has after it."""


def catalogue_since(house: House, known: int) -> CatalogueChange:
    """What changed in the catalogue after a release."""

    def work(connection: Connection) -> CatalogueChange:
        district = house.district
        gone = [{"code": code, "on": on} for code, on in catalogue.cancellations(connection, district)]
        head = codec.canonical(
            {
                "version": catalogue.newest_version(connection, district),
                "hash": catalogue.head_hash(connection, district),
                "cancellations": gone,
            }
        )
        texts = tuple(text for _, _, text in catalogue.changed(connection, district, known))
        return CatalogueChange(texts=texts, head=Signed(text=head, signature=house.authority.sign(head)))

    return house.read(work)
