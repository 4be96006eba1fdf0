"""建区: a district's first hour: its profile, people, notices and catalogue.

Rules kept here: every password and one-time-password secret is made by the machine; a district file is read with the
one codec; a person who decides or administers gets a second factor.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from yichuang import codec
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.matter_form import MatterError, MatterTemplate, compose
from yichuang_domain.organisation import District, Person
from yichuang_server.services.people import DECIDERS, hash_password
from yichuang_server.store import catalogue, log, people, profile, times

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person of a district file and the name to sign in with."""

    login: str
    person: Person


@dataclass(frozen=True, kw_only=True)
class DistrictFile:
    """What a district begins with."""

    district: District
    people: tuple[Member, ...]


@dataclass(frozen=True, kw_only=True)
class FirstSecret:
    """What a person gets on paper, once."""

    login: str
    person: str
    password: str
    totp_secret: str | None
    """For an authenticator; None where the person has no second factor."""


def read_district(text: bytes) -> DistrictFile:
    """Read a district file. Raises CodecError."""
    return codec.decode(DistrictFile, text)


def found(connection: Connection, file: DistrictFile, now: datetime, *, second_factor: bool) -> list[FirstSecret]:
    """Begin a district in an empty database. Returns the people's first secrets."""
    profile.create(connection, file.district)
    log.open_log(connection, file.district.code)
    return [
        add_person(connection, file.district.code, member, now, second_factor=second_factor, must_change=False)
        for member in file.people
    ]


def add_person(
    connection: Connection, district: str, member: Member, now: datetime, *, second_factor: bool, must_change: bool
) -> FirstSecret:
    """Add a person with a password that the machine makes."""
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    totp_secret = ""
    if second_factor and member.person.roles & DECIDERS:
        import pyotp

        totp_secret = pyotp.random_base32()
    account = people.Account(
        person=member.person,
        login=member.login,
        password_hash=hash_password(password),
        totp_secret=totp_secret,
        last_totp=0,
        failures=0,
        locked_until="",
        disabled=False,
        must_change=must_change,
    )
    people.add(connection, district, account, times.text(now))
    profile.changed(connection, district)
    return FirstSecret(
        login=member.login, person=member.person.person, password=password, totp_secret=totp_secret or None
    )


def add_silent(connection: Connection, district: str, members: Sequence[Member], now: datetime) -> None:
    """Add people who act but never sign in: their accounts are disabled and have a password that nobody knows."""
    if not members:
        return
    unknown = hash_password(secrets.token_hex(32))
    for member in members:
        account = people.Account(
            person=member.person,
            login=member.login,
            password_hash=unknown,
            totp_secret="",
            last_totp=0,
            failures=0,
            locked_until="",
            disabled=True,
        )
        people.add(connection, district, account, times.text(now))
    profile.changed(connection, district)


def load_notices(connection: Connection, district: str, files: Iterable[Path]) -> int:
    """Load holiday notices, a file each. Returns how many. Raises NoticeError for a malformed one."""
    notices = sorted(files)
    for file in notices:
        profile.load_notice(connection, district, file.stem, json.loads(file.read_bytes()))
    profile.changed(connection, district)
    return len(notices)


def read_items(text: bytes) -> list[ItemVersion]:
    """Read item versions, a JSON list of their plain forms. Raises CodecError, ValueError."""
    return [codec.decode(ItemVersion, codec.canonical(plain)) for plain in json.loads(text)]


def read_matters(text: bytes) -> list[MatterTemplate]:
    """Read templates of matters, a JSON list of their plain forms. Raises CodecError, ValueError."""
    return [codec.decode(MatterTemplate, codec.canonical(plain)) for plain in json.loads(text)]


def publish(
    connection: Connection,
    district: str,
    items: Sequence[ItemVersion],
    now: datetime,
    *,
    matters: Sequence[MatterTemplate] = (),
) -> int:
    """Publish item versions, and matters made of items of the release, as one release. Returns its version.

    Raises MatterError where a template does not fit the items.
    """
    known = {item.code: item for item in items}
    lacking = [code for template in matters for code in template.items if code not in known]
    if lacking:
        raise MatterError(f"items: {lacking[0]}")
    made = [compose(template, [known[code] for code in template.items]) for template in matters]
    return catalogue.publish(connection, district, [*items, *made], times.text(now))
