"""Who may sit at a desk: sign-in, sessions, leases.

Rules kept here (security: identity, ASVS 6): Argon2id; the same answer for an unknown login and a wrong password; delays
grow with the failures; a one-time password is used once; sessions are opaque, stored hashed, bound to the desk, idle
15 minutes, 12 hours at most; a lease lets the person work without a line for 14 days.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Connection

from yichuang import codec
from yichuang_domain.organisation import Person, Role
from yichuang_server.services.authority import Authority
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.store import people

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
LEASE = timedelta(days=14)
FREE_TRIES = 3
LONGEST_LOCK = timedelta(hours=1)
DECIDERS = frozenset(
    {
        Role.REVIEWER,
        Role.VERIFIER,
        Role.APPROVER,
        Role.SYSTEM_ADMINISTRATOR,
        Role.SECURITY_ADMINISTRATOR,
        Role.AUDIT_ADMINISTRATOR,
    }
)
"""Whose sign-in needs the second factor once it is set up."""
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=2)
_NOBODY = _HASHER.hash(secrets.token_hex(16))


@dataclass(frozen=True, kw_only=True)
class Lease:
    """Until when a person may work at a desk without a line."""

    lease: str
    person: str
    replica: str
    not_after: datetime


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A successful sign-in."""

    token: str
    person: Person
    lease: bytes
    """Canonical text of a ``Lease``."""
    signature: bytes
    has_second_factor: bool


def hash_password(password: str) -> str:
    """Argon2id, with parameters in the text."""
    return _HASHER.hash(password)


def token_hash(token: str) -> str:
    """How a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


class People:
    """Sign-in for one district."""

    def __init__(self, district: str, authority: Authority) -> None:
        self._district = district
        self._authority = authority

    def sign_in(
        self, connection: Connection, login: str, password: str, code: str, replica: str, now: datetime
    ) -> SignedIn | DistrictError:
        """Open a session. An error is RETURNED, so that the count of failures is committed with it."""
        account = people.by_login(connection, self._district, login)
        if account is not None and account.locked_until and now < datetime.fromisoformat(account.locked_until):
            return DistrictError(Fault.LOCKED, until=account.locked_until)
        if not _is_password(account.password_hash if account else _NOBODY, password) or account is None:
            return self._fail(connection, account, now)
        if account.disabled:
            return DistrictError(Fault.WRONG_LOGIN)
        used = _one_time_step(account, code, now)
        if used is None:
            return DistrictError(Fault.SECOND_FACTOR)
        people.note_attempt(connection, self._district, login, failures=0, locked_until="", last_totp=used)
        token = secrets.token_urlsafe(32)
        people.open_session(
            connection, self._district, token_hash(token), account.person.person, replica, now.isoformat()
        )
        lease = self.lease(account.person.person, replica, now)
        return SignedIn(
            token=token,
            person=account.person,
            lease=lease,
            signature=self._authority.sign(lease),
            has_second_factor=used > 0,
        )

    def _fail(self, connection: Connection, account: people.Account | None, now: datetime) -> DistrictError:
        if account is not None:
            failures = account.failures + 1
            wait = min(timedelta(seconds=2 ** (failures - FREE_TRIES)), LONGEST_LOCK) if failures > FREE_TRIES else None
            until = (now + wait).isoformat() if wait else ""
            people.note_attempt(connection, self._district, account.login, failures=failures, locked_until=until)
        return DistrictError(Fault.WRONG_LOGIN)

    def lease(self, of: str, replica: str, now: datetime) -> bytes:
        """The canonical text of a new lease."""
        value = Lease(lease=secrets.token_hex(16), person=of, replica=replica, not_after=now + LEASE)
        return codec.encode(value).text

    def who(self, connection: Connection, token: str, replica: str, now: datetime) -> str | None:
        """The person of a live session of this desk, touched; None for a dead one."""
        found = people.session_of(connection, self._district, token_hash(token))
        if found is None or found[1] != replica:
            return None
        person, _, started, active = found
        if now - datetime.fromisoformat(active) > IDLE or now - datetime.fromisoformat(started) > ABSOLUTE:
            people.close_session(connection, self._district, token_hash(token))
            return None
        people.touch_session(connection, self._district, token_hash(token), now.isoformat())
        return person

    def sign_out(self, connection: Connection, token: str) -> None:
        """End a session; an unknown one is no error."""
        people.close_session(connection, self._district, token_hash(token))


def _is_password(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except VerifyMismatchError:
        return False


def _one_time_step(account: people.Account, code: str, now: datetime) -> int | None:
    """The time step of a right, unused one-time password; 0 where none is needed; None for a wrong one."""
    if not account.totp_secret or not account.person.roles & DECIDERS:
        return 0
    totp = pyotp.TOTP(account.totp_secret)
    step = int(now.timestamp()) // totp.interval
    for candidate in (step, step - 1, step + 1):
        if candidate > account.last_totp and secrets.compare_digest(totp.generate_otp(candidate), code):
            return candidate
    return None
