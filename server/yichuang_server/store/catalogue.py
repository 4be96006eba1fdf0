"""Published item versions and releases: immutable texts."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, delete, func, insert, select

from yichuang import codec
from yichuang_domain.catalog import ItemVersion
from yichuang_server.store import epochs, signals
from yichuang_server.store.tables import cancellation, case, item, release


def newest_version(connection: Connection, district: str) -> int:
    """The newest release, 0 before the first."""
    query = select(func.max(release.c.version)).where(release.c.district == district)
    return int(connection.execute(query).scalar() or 0)


def item_version(connection: Connection, district: str, code: str, version: int) -> ItemVersion | None:
    """One version of one item, None for an unknown one."""
    query = select(item.c.text).where(item.c.district == district, item.c.code == code, item.c.version == version)
    text = connection.execute(query).scalar()
    return _decoded(text) if text is not None else None


@functools.lru_cache(maxsize=256)
def _decoded(text: bytes) -> ItemVersion:
    """A text never changes: an item that many cases are pinned to is read once."""
    return codec.decode(ItemVersion, text)


def newest_of(connection: Connection, district: str, code: str) -> ItemVersion | None:
    """The newest version of an item, None for an unknown code."""
    query = (
        select(item.c.text)
        .where(item.c.district == district, item.c.code == code)
        .order_by(item.c.version.desc())
        .limit(1)
    )
    text = connection.execute(query).scalar()
    return codec.decode(ItemVersion, text) if text is not None else None


def publish(connection: Connection, district: str, items: Sequence[ItemVersion], time: str) -> int:
    """Publish a release and signal it; every item of it, and those of its matters, get its version. Returns it."""
    version = max(newest_version(connection, district) + 1, epochs.first_release(connection, district))
    rows = [_row(district, _of_release(new, version)) for new in items]
    for start in range(0, len(rows), 500):
        connection.execute(insert(item), rows[start : start + 500])
    connection.execute(
        insert(release).values(
            district=district, version=version, published_time=time, hash=digest(connection, district)
        )
    )
    signals.send(connection, district)
    return version


def head_hash(connection: Connection, district: str) -> str:
    """Hash over every current item as of the newest release; empty before the first."""
    query = select(release.c.hash).where(release.c.district == district).order_by(release.c.version.desc()).limit(1)
    return str(connection.execute(query).scalar() or "")


def _of_release(new: ItemVersion, version: int) -> ItemVersion:
    return replace(new, version=version, items=tuple(replace(item, version=version) for item in new.items))


def _row(district: str, new: ItemVersion) -> dict[str, object]:
    text = codec.encode(new).text
    return {
        "district": district,
        "code": new.code,
        "version": new.version,
        "hash": codec.digest(text),
        "text": text,
    }


def cancel(connection: Connection, district: str, code: str, on: date, time: str) -> int:
    """Cancel an item from a day on, as a release of its own. Returns the version."""
    version = publish(connection, district, [], time)
    connection.execute(delete(cancellation).where(cancellation.c.district == district, cancellation.c.code == code))
    connection.execute(insert(cancellation).values(district=district, code=code, on=on.isoformat(), version=version))
    return version


def cancelled_on(connection: Connection, district: str, code: str) -> date | None:
    """From which day an item cannot be taken in, None if it can."""
    query = select(cancellation.c.on).where(cancellation.c.district == district, cancellation.c.code == code)
    found = connection.execute(query).scalar()
    return date.fromisoformat(found) if found else None


def cancellations(connection: Connection, district: str) -> list[tuple[str, str]]:
    """(code, first day) of every cancelled item."""
    rows = connection.execute(select(cancellation).where(cancellation.c.district == district))
    return [(row.code, row.on) for row in rows]


def changed(connection: Connection, district: str, after: int) -> list[tuple[str, int, bytes]]:
    """(code, version, text) of the newest version of every item that changed after a release."""
    newest = (
        select(item.c.code, func.max(item.c.version).label("version"))
        .where(item.c.district == district, item.c.version > after)
        .group_by(item.c.code)
        .subquery()
    )
    rows = connection.execute(
        select(item.c.code, item.c.version, item.c.text)
        .join(newest, (newest.c.code == item.c.code) & (newest.c.version == item.c.version))
        .where(item.c.district == district)
        .order_by(item.c.code)
    )
    return [(row.code, row.version, row.text) for row in rows]


def pinned(connection: Connection, district: str, cases: Sequence[str], known: int) -> dict[tuple[str, int], bytes]:
    """Texts of the versions to which cases are pinned, but those that a desk with release ``known`` has as current."""
    newer = item.alias()
    current = (
        select(func.max(newer.c.version))
        .where(newer.c.district == district, newer.c.code == item.c.code, newer.c.version <= known)
        .scalar_subquery()
    )
    query = (
        select(item.c.code, item.c.version, item.c.text)
        .join(case, (case.c.district == item.c.district) & (case.c.item == item.c.code))
        .where(item.c.district == district, item.c.version == case.c.item_version)
        .where(func.coalesce(current, 0) != item.c.version)
    )
    found: dict[tuple[str, int], bytes] = {}
    for start in range(0, len(cases), 500):
        rows = connection.execute(query.where(case.c.case.in_(cases[start : start + 500])))
        found |= {(row.code, row.version): row.text for row in rows}
    return found


def digest(connection: Connection, district: str) -> str:
    """Hash over every current item: what a desk must have after applying all changes."""
    lines = [f"{code} {version} {codec.digest(text)}" for code, version, text in changed(connection, district, 0)]
    return codec.digest("\n".join(lines).encode())
