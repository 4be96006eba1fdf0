"""From a former data key to the one of now (轮换): needed until every clerk's slot, and the escrow, hold the new one.

Rules kept here: a link is the new key sealed under the former one, named by what tells nothing of either; it is durable
before anything is written under the new key, and outlives the slots, so that an escrow of before still leads here.
"""

from __future__ import annotations

import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yichuang_client.config import DataFolder
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.files import disk_errors, read_file, write_atomically
from yichuang_client.store.key_slots import Keys, derive

_PURPOSE = "yichuang key link 1"
_NONCE = 12


def add(folder: DataFolder, former: Keys, new: Keys) -> None:
    """Lead from a former data key to a new one. Raises StoreError."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = nonce + AESGCM(derive(former.data, _PURPOSE)).encrypt(nonce, new.data, former.key_id.encode())
    write_atomically(folder.links, json.dumps({**_read(folder), former.key_id: sealed.hex()}).encode())


def follow(folder: DataFolder, keys: Keys) -> Keys:
    """The keys of now, with the former ones on the way to them. Raises StoreError (DAMAGED)."""
    links = _read(folder)
    while keys.key_id in links:
        sealed = bytes.fromhex(links.pop(keys.key_id))
        cipher = AESGCM(derive(keys.data, _PURPOSE))
        try:
            data = cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], keys.key_id.encode())
        except (InvalidTag, ValueError) as error:
            raise StoreError(StoreReason.DAMAGED, detail="links") from error
        keys = Keys(data=data, former=(keys.data, *keys.former))
    return keys


def drop(folder: DataFolder) -> None:
    """Nothing holds a former key any more. Raises StoreError."""
    with disk_errors():
        folder.links.unlink(missing_ok=True)


def _read(folder: DataFolder) -> dict[str, str]:
    text = read_file(folder.links)
    try:
        return {} if text is None else {str(name): str(link) for name, link in json.loads(text).items()}
    except (ValueError, AttributeError) as error:
        raise StoreError(StoreReason.DAMAGED, detail="links") from error
