"""Desks: how they enrol, which certificates they have, where their chains end.

Rules kept here: a device number is never given again; a one-time code is used once.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from yichuang_server.store import epochs
from yichuang_server.store.tables import certificate, device, enrolment_code

FIRST_NUMBER = 101


@dataclass(frozen=True, kw_only=True)
class Desk:
    """An enrolled desk."""

    replica: str
    """Device number, four digits."""
    place: str
    kind: str
    """COUNTER or SECTION."""
    section: str
    """Empty for a counter."""
    act_key: bytes
    """Ed25519, 32 bytes raw."""
    enrolled_time: str
    revoked_time: str = ""
    forked_time: str = ""
    last_seq: int = 0
    last_hash: str = ""
    last_time: str = ""
    """``occurred_time`` of the last deed."""
    is_rescued: bool = False
    """Whether two administrators stand behind what is brought of it after it was shut out; never stored."""


@dataclass(frozen=True, kw_only=True)
class Code:
    """A one-time enrolment code."""

    code_hash: str
    place: str
    kind: str
    section: str
    not_after: str
    used_by: str = ""


def desk(connection: Connection, district: str, replica: str, *, lock: bool = False) -> Desk | None:
    """A desk by its device number, None for an unknown one."""
    query = select(device).where(device.c.district == district, device.c.replica == replica)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _desk(row._mapping)


def desks(connection: Connection, district: str) -> list[Desk]:
    """All desks, in the order of their numbers."""
    rows = connection.execute(select(device).where(device.c.district == district).order_by(device.c.replica))
    return [_desk(row._mapping) for row in rows]


def revoked(connection: Connection, district: str) -> frozenset[str]:
    """Device numbers of the desks that were shut out."""
    query = select(device.c.replica).where(device.c.district == district, device.c.revoked_time != "")
    return frozenset(connection.execute(query).scalars())


def _desk(row: object) -> Desk:
    values = dict(row)  # type: ignore[call-overload]
    values.pop("district")
    return Desk(**values)


def enlist(connection: Connection, district: str, new: Desk) -> None:
    """Add a desk under a number that ``next_number`` gave."""
    values = {name: value for name, value in vars(new).items() if name != "is_rescued"}
    connection.execute(insert(device).values(district=district, **values))


def next_number(connection: Connection, district: str) -> str:
    """A device number that was never given."""
    query = select(func.max(device.c.replica)).where(device.c.district == district)
    last = connection.execute(query).scalar()
    free = int(last) + 1 if last else FIRST_NUMBER
    return f"{max(free, epochs.first_number(connection, district)):04d}"


def change(connection: Connection, district: str, replica: str, **values: object) -> None:
    """Write columns of a desk."""
    connection.execute(
        update(device).where(device.c.district == district, device.c.replica == replica).values(**values)
    )


def add_certificate(connection: Connection, district: str, serial: str, replica: str, not_after: str) -> None:
    """Note a certificate that was issued."""
    connection.execute(
        insert(certificate).values(district=district, serial=serial, replica=replica, not_after=not_after)
    )


def certificate_end(connection: Connection, district: str, replica: str) -> str:
    """When the newest certificate of a desk ends; empty for none."""
    query = select(func.max(certificate.c.not_after))
    found = connection.execute(query.where(certificate.c.district == district, certificate.c.replica == replica))
    return found.scalar() or ""


def by_serial(connection: Connection, district: str, serial: str) -> Desk | None:
    """The desk to which a certificate was issued, None for one that was not ours."""
    same = (device.c.district == certificate.c.district) & (device.c.replica == certificate.c.replica)
    query = select(device).join(certificate, same)
    query = query.where(certificate.c.district == district, certificate.c.serial == serial)
    row = connection.execute(query).first()
    return None if row is None else _desk(row._mapping)


def add_code(connection: Connection, district: str, new: Code) -> None:
    """Keep a one-time code, by its hash."""
    connection.execute(insert(enrolment_code).values(district=district, **vars(new)))


def code(connection: Connection, district: str, code_hash: str) -> Code | None:
    """A one-time code, locked; None for an unknown one."""
    query = select(enrolment_code).where(enrolment_code.c.district == district, enrolment_code.c.code_hash == code_hash)
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        return None
    return Code(
        code_hash=row.code_hash,
        place=row.place,
        kind=row.kind,
        section=row.section,
        not_after=row.not_after,
        used_by=row.used_by,
    )


def use_code(connection: Connection, district: str, code_hash: str, replica: str) -> None:
    """Mark a code as used."""
    connection.execute(
        update(enrolment_code)
        .where(enrolment_code.c.district == district, enrolment_code.c.code_hash == code_hash)
        .values(used_by=replica)
    )
