"""How a machine becomes a desk, stays one, and ceases to be one.

Rules kept here (security: identity): a code has 128 bits, is stored hashed, lasts 72 hours, is bound to one place and
used once; a machine that enrols again gets a new device number; the district chooses the certificate's subject.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from sqlalchemy import Connection

from yichuang_server.services.authority import BACKDATED, Authority, Leaf
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.store import desks, epochs, profile, times
from yichuang_server.store.desks import Code, Desk

CODE_LASTS = timedelta(hours=72)
MARGIN = timedelta(minutes=5)
RENEWABLE = timedelta(days=30)
"""After its end a certificate can still be renewed for so long: a long holiday."""
_KEY_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """A new desk and its certificate."""

    desk: Desk
    leaf: Leaf


def code_hash(code: str) -> str:
    """How a code is stored; dashes, blanks and case do not count."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


class Enrolment:
    """Codes, desks and certificates of one district."""

    def __init__(self, district: str, authority: Authority) -> None:
        self._district = district
        self._authority = authority

    def new_code(self, connection: Connection, place: str, kind: str, section: str, now: datetime) -> str:
        """A one-time code for a desk at a place, as it is printed on the slip.

        Raises KeyError for a place, kind or section that the district does not have.
        """
        known = profile.load(connection, self._district)
        if place not in {p.place for p in known.places} or kind not in {"COUNTER", "SECTION"}:
            raise KeyError(place)
        if (kind == "SECTION") != (section in {s.section for s in known.sections}):
            raise KeyError(section)
        plain = base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")
        code = "-".join(plain[start : start + 5] for start in range(0, len(plain), 5))
        not_after = times.text(now + CODE_LASTS)
        row = Code(code_hash=code_hash(code), place=place, kind=kind, section=section, not_after=not_after)
        desks.add_code(connection, self._district, row)
        return code

    def enrol(self, connection: Connection, code: str, request: bytes, act_key: bytes, now: datetime) -> Enrolled:
        """Make a desk of a machine that has a code.

        Raises DistrictError for a code that is unknown, used or expired, and for a malformed request.
        """
        if len(act_key) != _KEY_BYTES:
            raise DistrictError(Fault.MALFORMED)
        found = desks.code(connection, self._district, code_hash(code))
        if found is None:
            raise DistrictError(Fault.CODE_UNKNOWN)
        if found.used_by:
            raise DistrictError(Fault.CODE_USED)
        if times.text(now) > found.not_after:
            raise DistrictError(Fault.CODE_EXPIRED)
        replica = desks.next_number(connection, self._district)
        desk = Desk(
            replica=replica,
            place=found.place,
            kind=found.kind,
            section=found.section,
            act_key=act_key,
            enrolled_time=times.text(now),
        )
        leaf = self._issue(request, desk, now)
        desks.enlist(connection, self._district, desk)
        desks.use_code(connection, self._district, found.code_hash, replica)
        self._keep(connection, desk, leaf)
        profile.changed(connection, self._district)
        return Enrolled(desk=desk, leaf=leaf)

    def renew(self, connection: Connection, desk: Desk, request: bytes, now: datetime) -> Leaf:
        """A new certificate for the same desk. Raises DistrictError for a malformed request."""
        leaf = self._issue(request, desk, now)
        self._keep(connection, desk, leaf)
        return leaf

    def of_expired(self, connection: Connection, chain: bytes, request: bytes, now: datetime) -> Desk:
        """The desk behind a certificate that may have expired, by a signing request of the same key.

        Raises DistrictError for a certificate that is not ours, too old, or of a revoked desk.
        """
        try:
            shown = self._authority.read_ours(chain, request)
        except ValueError as error:
            raise DistrictError(Fault.FOREIGN_DESK) from error
        if now > shown.not_after + RENEWABLE:
            raise DistrictError(Fault.FOREIGN_DESK)
        return self.by_serial(connection, shown.serial)

    def _issue(self, request: bytes, desk: Desk, now: datetime) -> Leaf:
        try:
            return self._authority.issue(request, desk.place, desk.replica, now)
        except ValueError as error:
            raise DistrictError(Fault.MALFORMED) from error

    def _keep(self, connection: Connection, desk: Desk, leaf: Leaf) -> None:
        end = times.text(leaf.not_after)
        desks.add_certificate(connection, self._district, leaf.serial, desk.replica, end)

    def by_serial(self, connection: Connection, serial: str) -> Desk:
        """The desk of a certificate. Raises DistrictError for one that is not ours or was revoked."""
        desk = desks.by_serial(connection, self._district, serial)
        if desk is None:
            raise DistrictError(Fault.FOREIGN_DESK)
        if desk.revoked_time:
            raise DistrictError(Fault.REVOKED_DESK)
        return desk

    def readopt(self, connection: Connection, certificate: bytes) -> Desk:
        """The desk of a certificate (PEM) that a restore has lost: of our authority, issued after the backup.

        The connection has verified its issuer. Raises DistrictError as ``by_serial``.
        """
        shown = x509.load_pem_x509_certificate(certificate)
        issued = shown.not_valid_before_utc + BACKDATED
        openings = (one.opening for one in epochs.openings(connection, self._district))
        named = self._named(shown)
        desk = desks.desk(connection, self._district, named[1]) if named else None
        if desk is None or named is None or desk.place != named[0]:
            raise DistrictError(Fault.FOREIGN_DESK)
        if not any(one.backup_time - MARGIN <= issued <= one.opened_time + MARGIN for one in openings):
            raise DistrictError(Fault.FOREIGN_DESK)
        if desk.revoked_time:
            raise DistrictError(Fault.REVOKED_DESK)
        end = times.text(shown.not_valid_after_utc)
        desks.add_certificate(connection, self._district, f"{shown.serial_number:x}", desk.replica, end)
        return desk

    def _named(self, shown: x509.Certificate) -> tuple[str, str] | None:
        """Place and device number in a certificate of ours."""
        try:
            names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except x509.ExtensionNotFound:
            return None
        pattern = re.compile(rf"spiffe://{self._district}/place/([^/]+)/desk/([0-9]{{4}})")
        found = [pattern.fullmatch(uri) for uri in names.get_values_for_type(x509.UniformResourceIdentifier)]
        return next(((one[1], one[2]) for one in found if one), None)

    def revoke(self, connection: Connection, replica: str, now: datetime) -> None:
        """Shut a desk out for ever. Raises KeyError for an unknown one."""
        if desks.desk(connection, self._district, replica) is None:
            raise KeyError(replica)
        desks.change(connection, self._district, replica, revoked_time=times.text(now))
        profile.changed(connection, self._district)
