"""密钥清单: every key of the district: what for, since when, where it lies, when it is due. No secret is read for it.

Rules kept here: a key is named by a fingerprint of its public half; a date that nobody wrote down is the file's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from sqlalchemy import Connection

from yichuang_server.config import DataFolder
from yichuang_server.services.house import House
from yichuang_server.store import desks, escrows, times

YEAR = timedelta(days=365)
DUE = {"DISTRICT": 5 * YEAR, "ADMINISTRATOR": 2 * YEAR, "RECOVERY": YEAR, "DESK_DATA": YEAR}
"""When a key without an end of its own should be made anew."""


def rows(house: House, connection: Connection, folder: DataFolder) -> Iterator[dict[str, str]]:
    """One row a key: purpose, owner, fingerprint, made, due, where."""
    for name, purpose, where in (
        ("root.pem", "CA_ROOT", "offline, in the safe"),
        ("issuing.pem", "CA_ISSUING", "keys/issuing.key"),
        ("server.pem", "SERVER_TLS", "keys/server.key"),
    ):
        yield _certificate(folder.keys / name, purpose, where)
    made = datetime.fromtimestamp((folder.keys / "district.key").stat().st_mtime, UTC)
    yield _row("DISTRICT_SIGNING", "", house.authority.public_key, made, DUE["DISTRICT"], "keys/district.key")
    if folder.pages_key.exists():
        made = datetime.fromtimestamp(folder.pages_key.stat().st_mtime, UTC)
        key_id = hashlib.sha256(b"yichuang pages key" + folder.pages_key.read_bytes()).hexdigest()
        told = {"purpose": "PAGES", "of": "", "fingerprint": key_id[:32], "made": times.text(made)}
        yield told | {"due": "", "where": "keys/pages.key"}
    for person, key, since in escrows.administrator_keys(connection, house.district):
        moment = times.moment(since)
        yield _row("ADMINISTRATOR", person, bytes.fromhex(key), moment, DUE["ADMINISTRATOR"], "their own medium")
    for one in escrows.recovery_keys(connection, house.district):
        where = "sealed for each pair of administrators"
        yield _row("RECOVERY", "", bytes.fromhex(one.key), times.moment(one.made_time), DUE["RECOVERY"], where)
    kept = escrows.escrows(connection, house.district)
    for desk in desks.desks(connection, house.district):
        if desk.revoked_time:
            continue
        enrolled = times.moment(desk.enrolled_time)
        yield _row("DESK_ACTS", desk.replica, desk.act_key, enrolled, None, "in the desk's database")
        end = desks.certificate_end(connection, house.district, desk.replica)
        told = {"purpose": "DESK_TLS", "of": desk.replica, "fingerprint": "", "made": desk.enrolled_time}
        yield told | {"due": end, "where": "in the desk's database"}
        own = [one for one in kept if one.replica == desk.replica]
        first = min((one.kept_time for one in own if one.key_id == own[0].key_id), default="")
        due = times.text(times.moment(first) + DUE["DESK_DATA"]) if first else ""
        told = {"purpose": "DESK_DATA", "of": desk.replica, "fingerprint": own[0].key_id if own else ""}
        where = "in the desk's key slots" + (", sealed here" if own else ", NOT sealed here")
        yield told | {"made": first, "due": due, "where": where}


def _certificate(path: Path, purpose: str, where: str) -> dict[str, str]:
    shown = x509.load_pem_x509_certificate(path.read_bytes())
    digest = hashlib.sha256(shown.public_bytes(serialization.Encoding.DER)).hexdigest()[:32]
    start, end = times.text(shown.not_valid_before_utc), times.text(shown.not_valid_after_utc)
    return {"purpose": purpose, "of": "", "fingerprint": digest, "made": start, "due": end, "where": where}


def _row(purpose: str, of: str, public: bytes, made: datetime, lasts: timedelta | None, where: str) -> dict[str, str]:
    due = times.text(made + lasts) if lasts is not None else ""
    fingerprint = hashlib.sha256(public).hexdigest()[:32]
    told = {"purpose": purpose, "of": of, "fingerprint": fingerprint, "made": times.text(made)}
    return told | {"due": due, "where": where}
