"""Personal values: data of a person that can be hidden or erased without breaking the log.

Rules kept here: only the commitment enters hashed text; value and salt travel and are stored beside it
(design: a lawful erasure leaves the chain valid). Free text is personal too.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field

SALT_BYTES = 16
_SALT = re.compile(f"[0-9a-f]{{{2 * SALT_BYTES}}}")


@dataclass(frozen=True, kw_only=True)
class Personal:
    """A person's datum, or only its commitment where the reader may not see it."""

    commitment: str
    """Hex HMAC-SHA-256 of the value under the salt."""
    value: str | None = field(default=None, repr=False)
    """The plain value; None when hidden or erased."""
    salt: str | None = field(default=None, repr=False)
    """32 hex characters; None when hidden or erased."""

    def is_true(self) -> bool:
        """Whether value and salt give the commitment; a hidden value proves nothing and is False, as is a bad salt."""
        if self.value is None or self.salt is None or not _SALT.fullmatch(self.salt):
            return False
        return hmac.compare_digest(_commit(self.value, self.salt).encode(), self.commitment.encode())


def _commit(value: str, salt: str) -> str:
    return hmac.digest(bytes.fromhex(salt), value.encode(), "sha256").hex()


def seal(value: str, salt: bytes) -> Personal:
    """Commit to ``value`` under ``salt``, 16 random bytes that the desk made for this value alone.

    Raises ValueError for a salt of another length.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 16 bytes")
    return Personal(commitment=_commit(value, salt.hex()), value=value, salt=salt.hex())
