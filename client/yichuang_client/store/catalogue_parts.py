"""Parts of a packed catalogue (事项目录的分段) that is on its way: what has come is not fetched again.

Rules kept here: parts are durable as they come, without gaps; another tag begins anew; what does not hash to its tag,
or unpacks to more than a catalogue can be, is reported.
"""

from __future__ import annotations

import hashlib
import lzma

from yichuang_client.store.database import Database
from yichuang_client.store.errors import StoreError, StoreReason

LARGEST_BYTES = 256 << 20
"""Of an unpacked catalogue: seventy times today's largest."""
_MEMORY_BYTES = 64 << 20
"""What unpacking may take."""


class CatalogueParts:
    """Rows of one store. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def tag(self) -> str:
        """Of the packed text whose parts are here, empty for none."""
        found = self._database.row("SELECT tag FROM catalogue_part LIMIT 1")
        return "" if found is None else str(found[0])

    @property
    def size(self) -> int:
        """How many bytes are here."""
        found = self._database.row("SELECT start + length(data) FROM catalogue_part ORDER BY start DESC LIMIT 1")
        return 0 if found is None else int(found[0])

    def keep(self, tag: str, start: int, data: bytes) -> None:
        """Keep what follows on the parts that are here, or begins another text. Raises StoreError (DAMAGED)."""
        with self._database.write() as connection:
            if start == 0 or tag != self.tag:
                self.clear()
            if start != self.size:
                raise StoreError(StoreReason.DAMAGED, detail="catalogue part")
            if data:
                connection.execute("INSERT INTO catalogue_part VALUES (?, ?, ?)", (start, tag, data))

    def unpacked(self) -> bytes:
        """The whole text. Raises StoreError (DAMAGED)."""
        tag = self.tag
        packed = b"".join(row[0] for row in self._database.rows("SELECT data FROM catalogue_part ORDER BY start"))
        unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_MEMORY_BYTES)
        try:
            text = unpacker.decompress(packed, max_length=LARGEST_BYTES)
        except lzma.LZMAError as error:
            raise StoreError(StoreReason.DAMAGED, detail="catalogue parts") from error
        if hashlib.sha256(packed).hexdigest() != tag or not unpacker.eof:
            raise StoreError(StoreReason.DAMAGED, detail="catalogue parts")
        return text

    def clear(self) -> None:
        """Forget all parts."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM catalogue_part")
