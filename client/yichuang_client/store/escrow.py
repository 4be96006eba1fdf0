"""托管与恢复: the data key sealed for the district's recovery key, and the way back when no slot opens any more.

Rules kept here: what leaves the machine is sealed for two administrators together; a request carries no secret, its
private half stays in the data folder until the answer has come; a key from an answer is believed when it opens this
desk's database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from yichuang import escrow
from yichuang.escrow import Answer, Request, SealError
from yichuang_client.config import DataFolder
from yichuang_client.store import key_links, rotation
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.files import disk_errors, make_folder, read_file, write_atomically
from yichuang_client.store.key_slots import KEY_BYTES, Keys


@dataclass(frozen=True, kw_only=True)
class Escrow:
    """Seals the data key of an open store."""

    keys: Keys = field(repr=False)

    @property
    def key_id(self) -> str:
        """Names the data key."""
        return self.keys.key_id

    def seal_for(self, recovery_key: bytes, district: str, replica: str) -> bytes:
        """The data key for the district's recovery key (X25519, 32 bytes raw)."""
        return escrow.seal(recovery_key, self.keys.data, escrow.escrow_purpose(district, replica))


def ask(folder: DataFolder, district: str, replica: str, now: datetime) -> Request:
    """Make a request for the data key of a desk; an earlier one is answered no more. Raises StoreError."""
    own = X25519PrivateKey.generate()
    make_folder(folder.root)
    write_atomically(folder.recovery, own.private_bytes_raw())
    return Request(
        district=district,
        replica=replica,
        key=own.public_key().public_bytes_raw().hex(),
        made_time=now.replace(microsecond=0),
    )


def answered(folder: DataFolder, answer: Answer) -> Keys:
    """The data key of this folder's database, by an answer, also where it was rotated since.

    Raises StoreError (NOT_SET_UP where nobody has asked here, DAMAGED where no key of the answer opens the database).
    """
    private = read_file(folder.recovery)
    if private is None or len(private) != KEY_BYTES:
        raise StoreError(StoreReason.NOT_SET_UP)
    own = X25519PrivateKey.from_private_bytes(private)
    followed = (key_links.follow(folder, keys) for keys in _keys(own, answer))
    found = next((keys for keys in followed if _opens(folder, keys)), None)
    if found is None:
        raise StoreError(StoreReason.DAMAGED, detail="answer")
    return found


def forget(folder: DataFolder) -> None:
    """The answer was used: its key goes. Raises StoreError."""
    with disk_errors():
        folder.recovery.unlink(missing_ok=True)


def _keys(own: X25519PrivateKey, answer: Answer) -> Iterator[Keys]:
    for sealed in answer.sealed[: escrow.MOST_KEYS]:
        try:
            data = escrow.unseal(own, bytes.fromhex(sealed), escrow.answer_purpose(answer.request))
        except (SealError, ValueError):
            continue
        if len(data) == KEY_BYTES:
            yield Keys(data=data)


def _opens(folder: DataFolder, keys: Keys) -> bool:
    return any(rotation.opens(folder, Keys(data=data)) for data in (keys.data, *keys.former))
