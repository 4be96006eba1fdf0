"""The openings of the log's epochs, and the keys that sign them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from yichuang import codec
from yichuang_domain.log_epoch import Opening
from yichuang_server.store.tables import administrator_key, log, log_epoch


@dataclass(frozen=True, kw_only=True)
class StoredOpening:
    """An opening as it was signed."""

    opening: Opening
    text: bytes
    signatures: Mapping[str, bytes]
    """By administrator."""
    heard_time: str
    """When the first desk offered again; empty before."""


def restored_from(connection: Connection, district: str) -> str:
    """Time of the backup that was restored and for which no epoch was opened yet; empty for none."""
    return str(connection.execute(select(log.c.restored_from).where(log.c.district == district)).scalar_one())


def mark_restored(connection: Connection, district: str, backup_time: str) -> None:
    """Note that this database was restored: an epoch must be opened."""
    connection.execute(update(log).where(log.c.district == district).values(restored_from=backup_time))


def keep(
    connection: Connection,
    opening: Opening,
    text: bytes,
    signatures: Mapping[str, bytes],
    *,
    first_number: int,
    first_release: int,
) -> None:
    """Begin the epoch; its leaf was written as the next one."""
    connection.execute(
        insert(log_epoch).values(
            district=opening.district,
            epoch=opening.epoch,
            position=opening.size + 1,
            text=text,
            signatures=json.dumps({person: signature.hex() for person, signature in signatures.items()}),
            first_number=first_number,
            first_release=first_release,
            heard_time="",
        )
    )
    connection.execute(
        update(log).where(log.c.district == opening.district).values(epoch=opening.epoch, restored_from="")
    )


def openings(connection: Connection, district: str) -> list[StoredOpening]:
    """All of them, the oldest first."""
    rows = connection.execute(select(log_epoch).where(log_epoch.c.district == district).order_by(log_epoch.c.position))
    return [
        StoredOpening(
            opening=codec.decode(Opening, row.text),
            text=row.text,
            signatures={person: bytes.fromhex(text) for person, text in json.loads(row.signatures).items()},
            heard_time=row.heard_time,
        )
        for row in rows
    ]


def first_number(connection: Connection, district: str) -> int:
    """Below it no device number is given any more: desks that enrolled after the backup may have them."""
    query = select(log_epoch.c.first_number).where(log_epoch.c.district == district)
    return max(connection.execute(query).scalars(), default=0)


def first_release(connection: Connection, district: str) -> int:
    """Below it no release of the catalogue is numbered any more: desks may have one that the restore has lost."""
    query = select(log_epoch.c.first_release).where(log_epoch.c.district == district)
    return max(connection.execute(query).scalars(), default=0)


def heard(connection: Connection, district: str, epoch: str, time: str) -> None:
    """A desk has offered again for the first time."""
    key = (log_epoch.c.district == district) & (log_epoch.c.epoch == epoch) & (log_epoch.c.heard_time == "")
    connection.execute(update(log_epoch).where(key).values(heard_time=time))


def keep_key(connection: Connection, district: str, person: str, key: bytes, time: str) -> None:
    """Register the key of an administrator; a known one is no error."""
    values = {"district": district, "person": person, "key": key.hex()}
    known = select(administrator_key.c.key).filter_by(**values)
    if connection.execute(known).first() is None:
        connection.execute(insert(administrator_key).values(**values, from_time=time))


def keys(connection: Connection, district: str) -> list[tuple[str, bytes]]:
    """(person, key) of every administrator's key, in order."""
    table = administrator_key.c
    query = select(table.person, table.key).where(table.district == district).order_by(table.person, table.key)
    return [(row.person, bytes.fromhex(row.key)) for row in connection.execute(query)]
