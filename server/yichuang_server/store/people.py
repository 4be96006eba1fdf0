"""People, their secrets and sessions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from yichuang import codec
from yichuang_domain.organisation import Person
from yichuang_server.store.tables import person, session


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


def add(connection: Connection, district: str, account: Account) -> None:
    """Add a person."""
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
        )
    )


def by_login(connection: Connection, district: str, login: str) -> Account | None:
    """The account of a login, None for an unknown one."""
    row = connection.execute(select(person).where(person.c.district == district, person.c.login == login)).first()
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
    )


def by_id(connection: Connection, district: str, of: str) -> Person | None:
    """A person with the rights in force; a disabled one has none; None for an unknown one."""
    row = connection.execute(select(person).where(person.c.district == district, person.c.person == of)).first()
    if row is None:
        return None
    found = codec.decode(Person, row.text)
    return (
        found
        if not row.disabled
        else Person(person=found.person, name=found.name, roles=frozenset(), place=found.place, section=found.section)
    )


def everyone(connection: Connection, district: str) -> list[Person]:
    """All people, with their names and rights."""
    rows = connection.execute(select(person.c.text).where(person.c.district == district).order_by(person.c.person))
    return [codec.decode(Person, text) for text in rows.scalars()]


def note_attempt(connection: Connection, district: str, login: str, **values: object) -> None:
    """Write failures, lock or last one-time password of an account."""
    connection.execute(update(person).where(person.c.district == district, person.c.login == login).values(**values))


def disable(connection: Connection, district: str, of: str) -> None:
    """Take a person's rights and end the sessions."""
    connection.execute(update(person).where(person.c.district == district, person.c.person == of).values(disabled=True))
    connection.execute(delete(session).where(session.c.district == district, session.c.person == of))


def open_session(connection: Connection, district: str, token_hash: str, of: str, replica: str, now: str) -> None:
    """Begin a session bound to a desk."""
    connection.execute(
        insert(session).values(
            district=district, token_hash=token_hash, person=of, replica=replica, started_time=now, active_time=now
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
