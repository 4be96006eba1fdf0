"""Who may sit at a desk: sign-in, sessions, leases.

Rules kept here (security: identity, ASVS 6): Argon2id; the same answer for an unknown login and a wrong password;
delays grow with the failures; a one-time password is used once; sessions are opaque, stored hashed, bound to the desk,
idle 15 minutes, 12 hours at most; a lease lets the person work without a line for 14 days.
"""

from __future__ import annotations

import functools
import hashlib
import json
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Connection, Engine

from yichuang import codec
from yichuang_domain.ids import PersonId, ReplicaId
from yichuang_domain.organisation import Person, Role
from yichuang_server.config import PasswordPolicy
from yichuang_server.services import passwords
from yichuang_server.services.authority import Authority
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.passwords import Broken
from yichuang_server.store import people, times
from yichuang_server.store.database import read, write
from yichuang_server.store.desks import Desk

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
RENEWED_AFTER = timedelta(days=1)
MOST_LEASES = 50
"""Leases that a desk may name to have them renewed."""
TOUCHED_AFTER = timedelta(seconds=20)
"""A session's last activity is written no more often than this."""
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=2)
_AT_ONCE = threading.BoundedSemaphore(4)
"""Each costs 64 MiB while it runs."""


@dataclass(frozen=True, kw_only=True)
class Lease:
    """Until when a person may work at a desk without a line."""

    lease: str
    person: PersonId
    replica: ReplicaId
    from_time: datetime
    not_after: datetime


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A canonical text with the signature of the district's key."""

    text: bytes
    signature: bytes


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A successful sign-in."""

    token: str
    person: Person
    lease: Signed
    """Of a ``Lease``."""
    has_second_factor: bool
    must_change: bool
    """Whether the person must choose a password now."""


def hash_password(password: str) -> str:
    """Argon2id, with parameters in the text."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def token_hash(token: str) -> str:
    """How a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


class People:
    """Sign-in for one district."""

    def __init__(self, district: str, authority: Authority, policy: PasswordPolicy | None = None) -> None:
        self._district = district
        self._authority = authority
        self.policy = policy or PasswordPolicy()

    def prove(self, account: people.Account | None, password: str, now: datetime) -> str | None:
        """The stored hash that a password was found to fit, else None; outside any transaction, for it takes long."""
        if account is None:
            _is_password(_nobody(), password)
            return None
        if _wait(account, now) is not None:
            return None
        return account.password_hash if _is_password(account.password_hash, password) else None

    def sign_in(
        self, connection: Connection, login: str, proof: str | None, code: str, desk: Desk, now: datetime
    ) -> SignedIn | DistrictError:
        """Open a session, given what ``prove`` said.

        An error is RETURNED, so that the count of failures is committed with it.
        """
        account = people.by_login(connection, self._district, login)
        wait = None if account is None else _wait(account, now)
        if wait is not None:
            return DistrictError(Fault.LOCKED, retry_s=str(max(1, round(wait.total_seconds()))))
        if account is None or proof != account.password_hash:
            return self._fail(connection, account, now)
        if account.disabled or not _belongs(account.person, desk):
            return DistrictError(Fault.WRONG_LOGIN)
        used = _one_time_step(account, code, now)
        if used is None:
            return (
                self._fail(connection, account, now, Fault.SECOND_FACTOR)
                if code
                else DistrictError(Fault.SECOND_FACTOR)
            )
        people.note_attempt(
            connection, self._district, login, failures=0, locked_until="", last_totp=used or account.last_totp
        )
        token = secrets.token_urlsafe(32)
        people.open_session(
            connection,
            self._district,
            token_hash(token),
            account.person.person,
            desk.replica,
            times.text(now),
            second_factor=used > 0,
        )
        return SignedIn(
            token=token,
            person=account.person,
            lease=self.new_lease(connection, account.person.person, desk.replica, now),
            has_second_factor=used > 0,
            must_change=account.must_change or passwords.is_too_old(self.policy, account.password_time, now),
        )

    def _fail(
        self, connection: Connection, account: people.Account | None, now: datetime, fault: Fault = Fault.WRONG_LOGIN
    ) -> DistrictError:
        if account is not None:
            failures = account.failures + 1
            wait = min(timedelta(seconds=2 ** (failures - FREE_TRIES)), LONGEST_LOCK) if failures > FREE_TRIES else None
            until = times.text(now + wait) if wait else ""
            people.note_attempt(connection, self._district, account.login, failures=failures, locked_until=until)
        return DistrictError(fault)

    def change_password(
        self, connection: Connection, of: str, proof: str | None, chosen: str, now: datetime
    ) -> DistrictError | None:
        """Keep the hash of a chosen password, given what ``prove`` said of the old one. An error is RETURNED."""
        account = people.by_person(connection, self._district, of)
        if account is None or proof != account.password_hash:
            return self._fail(connection, account, now)
        former = (account.password_hash, *account.former_hashes)[: self.policy.history]
        people.note_attempt(
            connection,
            self._district,
            account.login,
            password_hash=chosen,
            must_change=False,
            password_time=times.text(now),
            former_hashes=json.dumps(former),
        )
        return None

    def new_lease(self, connection: Connection, of: str, replica: str, now: datetime) -> Signed:
        """A new signed lease for a person at a desk."""
        value = Lease(
            lease=secrets.token_hex(16),
            person=PersonId(of),
            replica=ReplicaId(replica),
            from_time=now,
            not_after=now + LEASE,
        )
        end = times.text(value.not_after)
        people.keep_lease(connection, self._district, value.lease, of, replica, end)
        text = codec.encode(value).text
        return Signed(text=text, signature=self._authority.sign(text))

    def renewed_lease(self, connection: Connection, of: str, replica: str, now: datetime) -> Signed | None:
        """A new lease where the newest one is more than a day old, else None."""
        newest = people.newest_lease(connection, self._district, of, replica)
        if newest is not None and times.moment(newest[1]) > now + LEASE - RENEWED_AFTER:
            return None
        return self.new_lease(connection, of, replica, now)

    def leased(self, connection: Connection, leases: Sequence[str], desk: Desk, now: datetime) -> frozenset[str]:
        """Who works at a desk without a line, by leases that have not ended long ago, and may do so on."""
        found = {people.person_of_lease(connection, self._district, one, desk.replica) for one in leases[:MOST_LEASES]}
        kept: set[str] = set()
        for person, end in filter(None, found):
            rights = people.rights_at(connection, self._district, person, times.text(now))
            if rights is not None and rights.roles and _belongs(rights, desk) and now <= times.moment(end) + LEASE:
                kept.add(person)
        return frozenset(kept)

    def who(self, connection: Connection, token: str, replica: str, now: datetime) -> str | None:
        """The person of a live session of this desk; its idle time begins anew. None for a dead one."""
        found = people.session_of(connection, self._district, token_hash(token))
        if found is None or found[1] != replica:
            return None
        person, _, started, active = found
        idle = now - times.moment(active)
        if idle > IDLE or now - times.moment(started) > ABSOLUTE:
            people.close_session(connection, self._district, token_hash(token))
            return None
        if idle > TOUCHED_AFTER:
            people.touch_session(connection, self._district, token_hash(token), times.text(now))
        return person

    def entitled(
        self, connection: Connection, token: str, desk: Desk, roles: frozenset[Role], now: datetime
    ) -> PersonId:
        """The person of a live session of this desk who has one of the roles at its place now.

        Raises DistrictError (NO_SESSION, NO_RIGHT).
        """
        of = self.who(connection, token, desk.replica, now)
        if of is None:
            raise DistrictError(Fault.NO_SESSION)
        rights = people.rights_at(connection, self._district, of, times.text(now))
        if rights is None or not rights.roles & roles or not _belongs(rights, desk):
            raise DistrictError(Fault.NO_RIGHT)
        return rights.person

    def sign_out(self, connection: Connection, token: str, replica: str) -> None:
        """End a session of this desk; an unknown one, or another desk's, is no error."""
        found = people.session_of(connection, self._district, token_hash(token))
        if found is not None and found[1] == replica:
            people.close_session(connection, self._district, token_hash(token))


def sign_in(
    engine: Engine, house: People, district: str, desk: Desk, login: str, password: str, code: str, now: datetime
) -> SignedIn:
    """Sign a person in at a desk. Raises DistrictError."""
    account = read(engine, lambda connection: people.by_login(connection, district, login))
    proof = house.prove(account, password, now)
    done = write(engine, lambda connection: house.sign_in(connection, login, proof, code, desk, now))
    if isinstance(done, DistrictError):
        raise done
    return done


def change_password(
    engine: Engine, house: People, district: str, desk: Desk, token: str, old: str, new: str, now: datetime
) -> None:
    """Let a signed-in person choose a password. Raises DistrictError."""
    of = write(engine, lambda connection: house.who(connection, token, desk.replica, now))
    if of is None:
        raise DistrictError(Fault.NO_SESSION)
    account = read(engine, lambda connection: people.by_person(connection, district, of))
    proof = house.prove(account, old, now)
    if account is not None and proof is not None:
        rule = passwords.broken(house.policy, account.login, old, new) or _former(house.policy, account, new)
        if rule is not None:
            raise DistrictError(Fault.WEAK_PASSWORD, rule=rule.value, n=str(passwords.number(house.policy, rule)))
    chosen = hash_password(new)
    fault = write(engine, lambda connection: house.change_password(connection, of, proof, chosen, now))
    if fault is not None:
        raise fault


def _former(policy: PasswordPolicy, account: people.Account, new: str) -> Broken | None:
    known = account.former_hashes[: policy.history]
    return Broken.FORMER if any(_is_password(one, new) for one in known) else None


def _wait(account: people.Account, now: datetime) -> timedelta | None:
    """How long a locked account stays so, None for an open one."""
    if not account.locked_until or times.text(now) >= account.locked_until:
        return None
    return times.moment(account.locked_until) - now


def _belongs(person: Person, desk: Desk) -> bool:
    """People sign in at desks of their place, and of their section where the desk is a section's."""
    return person.place == desk.place and (not desk.section or person.section == desk.section)


@functools.cache
def _nobody() -> str:
    """The hash of a password that nobody has: an unknown login costs the same time."""
    return hash_password(secrets.token_hex(16))


def _is_password(stored: str, password: str) -> bool:
    try:
        with _AT_ONCE:
            return _HASHER.verify(stored, password)
    except VerificationError:
        return False


def _one_time_step(account: people.Account, code: str, now: datetime) -> int | None:
    """The time step of a right, unused one-time password; 0 where none is needed; None for a wrong one."""
    if not account.totp_secret or not account.person.roles & DECIDERS:
        return 0
    import pyotp

    totp = pyotp.TOTP(account.totp_secret)
    step = int(now.timestamp()) // totp.interval
    for candidate in (step, step - 1, step + 1):
        if candidate > account.last_totp and secrets.compare_digest(totp.generate_otp(candidate), code):
            return candidate
    return None
