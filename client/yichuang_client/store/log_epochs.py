"""The district's log epochs (日志纪元) as this desk has followed them.

Rules kept here (security: sync, rule 10): an opening counts with the signatures of two administrators whose keys this
desk knew before; what it had seen above the restored head stays as evidence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from yichuang import codec
from yichuang_client.store.database import Database
from yichuang_client.store.exchange_values import Cursor, SignedOpening
from yichuang_domain.log_epoch import Opening, Step, follow, is_signed


class LogEpochs:
    """Openings and the keys that sign them. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep_keys(self, keys: Iterable[tuple[str, str]]) -> None:
        """Take in (person, key) of every administrator, as the district has signed them."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM administrator_key")
            connection.executemany("INSERT OR IGNORE INTO administrator_key VALUES (?, ?)", list(keys))

    def way(self, cursor: Cursor, told: Sequence[SignedOpening], district: str) -> Step | None:
        """How this desk follows openings whose district signature was verified; None where they do not convince.

        Raises CodecError.
        """
        openings = [codec.decode(Opening, one.opening.text) for one in told]
        if any(opening.district != district for opening in openings):
            return None
        step = follow(cursor.epoch, self.followed(), openings)
        passed = {opening.epoch for opening in self.followed()}
        new = [one for one, opening in zip(told, openings, strict=True) if opening.epoch not in passed]
        return step if all(self._is_convincing(one) for one in new) else None

    def _is_convincing(self, one: SignedOpening) -> bool:
        keys = self._database.rows("SELECT person, key FROM administrator_key")
        signatures = dict(one.signatures)
        return is_signed([p for p, key in keys if _fits(key, signatures.get(p, b""), one.opening.text)])

    def followed(self) -> list[Opening]:
        """Openings that this desk has followed."""
        return [codec.decode(Opening, row[0]) for row in self._database.rows("SELECT text FROM log_epoch")]

    def keep(self, told: Sequence[SignedOpening], seen: Cursor) -> None:
        """Remember openings, and how far the log had been seen before; inside the caller's transaction."""
        with self._database.write() as connection:
            for one in told:
                signatures = {person: signature.hex() for person, signature in one.signatures}
                connection.execute(
                    "INSERT OR IGNORE INTO log_epoch VALUES (?, ?, ?, ?)",
                    (
                        codec.decode(Opening, one.opening.text).epoch,
                        one.opening.text,
                        json.dumps(signatures),
                        seen.position,
                    ),
                )

    def evidence(self) -> int:
        """How many records of a later head than a restored one are kept."""
        found = self._database.row("SELECT count(*) FROM evidence")
        return 0 if found is None else int(found[0])


def _fits(key: str, signature: bytes, text: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True
