"""People, their secrets and sessions."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from yichuang import codec
from yichuang_domain.organisation import Person
from yichuang_server.store.tables import lease, person, person_right, session

Rights = tuple[tuple[str, bytes], ...]
"""Since when a person had which rights, the newest first: time and canonical text."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """A person with what signs them in."""

    person: Person
    login: str
    password_hash: str
    totp_secret: str
    last_totp: int
    failures: int
    locked_until: str
    disabled: bool
    must_change: bool = False
    """Whether the password was given by the machine and must be changed at the first sign-in."""
    password_time: str = ""
    """When it was chosen; empty where that is not known."""
    former_hashes: tuple[str, ...] = ()
    """Of the passwords before it, the newest first."""


def add(connection: Connection, district: str, account: Account, from_time: str) -> None:
    """Add a person with rights from a time on."""
    _grant(connection, district, account.person, from_time)
    connection.execute(
        insert(person).values(
            district=district,
            person=account.person.person,
            login=account.login,
            text=codec.encode(account.person).text,
            password_hash=account.password_hash,
            totp_secret=account.totp_secret,
            last_totp=account.last_totp,
            failures=account.failures,
            locked_until=account.locked_until,
            disabled=account.disabled,
            must_change=account.must_change,
            password_time=from_time,
            former_hashes="[]",
        )
    )


def _grant(connection: Connection, district: str, value: Person, from_time: str) -> None:
    text = codec.encode(value).text
    connection.execute(
        insert(person_right).values(district=district, person=value.person, from_time=from_time, text=text)
    )


def by_login(connection: Connection, district: str, login: str) -> Account | None:
    """The account of a login, None for an unknown one."""
    return _account(connection, district, person.c.login == login)


def by_person(connection: Connection, district: str, of: str) -> Account | None:
    """The account of a person, None for an unknown one."""
    return _account(connection, district, person.c.person == of)


def _account(connection: Connection, district: str, which: ColumnElement[bool]) -> Account | None:
    row = connection.execute(select(person).where(person.c.district == district, which)).first()
    if row is None:
        return None
    return Account(
        person=codec.decode(Person, row.text),
        login=row.login,
        password_hash=row.password_hash,
        totp_secret=row.totp_secret,
        last_totp=row.last_totp,
        failures=row.failures,
        locked_until=row.locked_until,
        disabled=row.disabled,
        must_change=row.must_change,
        password_time=row.password_time,
        former_hashes=tuple(json.loads(row.former_hashes)),
    )


def rights_at(connection: Connection, district: str, of: str, time: str) -> Person | None:
    """A person with the rights in force at a time; None for one unknown then."""
    return in_force(rights(connection, district, of), time)


def rights(connection: Connection, district: str, of: str) -> Rights:
    """All rights that a person ever had."""
    query = (
        select(person_right.c.from_time, person_right.c.text)
        .where(person_right.c.district == district, person_right.c.person == of)
        .order_by(person_right.c.from_time.desc())
    )
    return tuple((row.from_time, bytes(row.text)) for row in connection.execute(query))


def in_force(known: Rights, time: str) -> Person | None:
    """The rights in force at a time."""
    text = next((text for since, text in known if since <= time), None)
    return _decoded(text) if text is not None else None


@functools.lru_cache(maxsize=256)
def _decoded(text: bytes) -> Person:
    """A text never changes: who makes many acts is read once."""
    return codec.decode(Person, text)


def everyone(connection: Connection, district: str) -> list[Person]:
    """All people, with their names and rights."""
    rows = connection.execute(select(person.c.text).where(person.c.district == district).order_by(person.c.person))
    return [codec.decode(Person, text) for text in rows.scalars()]


def note_attempt(connection: Connection, district: str, login: str, **values: object) -> None:
    """Write failures, lock or last one-time password of an account."""
    connection.execute(update(person).where(person.c.district == district, person.c.login == login).values(**values))


def disable(connection: Connection, district: str, of: str, now: str) -> None:
    """Take a person's rights from now on and end the sessions. Raises KeyError for an unknown person."""
    current = rights_at(connection, district, of, now)
    if current is None:
        raise KeyError(of)
    bare = replace(current, roles=frozenset())
    values = {"disabled": True, "text": codec.encode(bare).text}
    connection.execute(update(person).where(person.c.district == district, person.c.person == of).values(**values))
    _grant(connection, district, bare, now)
    connection.execute(delete(session).where(session.c.district == district, session.c.person == of))


def open_session(
    connection: Connection, district: str, token_hash: str, of: str, replica: str, now: str, *, second_factor: bool
) -> None:
    """Begin a session bound to a desk."""
    connection.execute(
        insert(session).values(
            district=district,
            token_hash=token_hash,
            person=of,
            replica=replica,
            started_time=now,
            active_time=now,
            has_second_factor=second_factor,
        )
    )


def session_of(connection: Connection, district: str, token_hash: str) -> tuple[str, str, str, str] | None:
    """(person, replica, started, last active) of a session, None for an unknown one."""
    row = connection.execute(
        select(session).where(session.c.district == district, session.c.token_hash == token_hash)
    ).first()
    return (row.person, row.replica, row.started_time, row.active_time) if row else None


def touch_session(connection: Connection, district: str, token_hash: str, now: str) -> None:
    """Note that the person was active."""
    connection.execute(
        update(session)
        .where(session.c.district == district, session.c.token_hash == token_hash)
        .values(active_time=now)
    )


def close_session(connection: Connection, district: str, token_hash: str) -> None:
    """End a session."""
    connection.execute(delete(session).where(session.c.district == district, session.c.token_hash == token_hash))


def keep_lease(connection: Connection, district: str, name: str, of: str, replica: str, not_after: str) -> None:
    """Note a lease that was signed."""
    connection.execute(
        insert(lease).values(district=district, lease=name, person=of, replica=replica, not_after=not_after)
    )


def lease_end(connection: Connection, district: str, name: str, of: str, replica: str) -> str | None:
    """Until when a lease of that person at that desk lasts; None for one that was never given."""
    query = select(lease.c.not_after).where(
        lease.c.district == district, lease.c.lease == name, lease.c.person == of, lease.c.replica == replica
    )
    return connection.execute(query).scalar()


def newest_lease(connection: Connection, district: str, of: str, replica: str) -> tuple[str, str] | None:
    """(lease, end) of the lease that lasts longest, None before the first."""
    query = (
        select(lease.c.lease, lease.c.not_after)
        .where(lease.c.district == district, lease.c.person == of, lease.c.replica == replica)
        .order_by(lease.c.not_after.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return (row.lease, row.not_after) if row else None


def person_of_lease(connection: Connection, district: str, name: str, replica: str) -> tuple[str, str] | None:
    """(person, end) of a lease at that desk, None for one that was never given."""
    query = select(lease.c.person, lease.c.not_after).where(
        lease.c.district == district, lease.c.lease == name, lease.c.replica == replica
    )
    row = connection.execute(query).first()
    return (row.person, row.not_after) if row else None
