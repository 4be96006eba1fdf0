"""Pages of cases: rows that say what is there, files that hold the bytes.

Rules kept here: a page is named by (owner, hash); an offset is answered only after the bytes before it were fsynced;
a page is complete only when its hash was found true.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from yichuang_server.store.tables import blob


class WrongOffsetError(Exception):
    """The bytes do not continue what is there; ``committed`` says where to go on."""

    def __init__(self, committed: int) -> None:
        super().__init__("wrong offset")
        self.committed = committed


class Blobs:
    """The pages of one district in a folder."""

    def __init__(self, folder: Path, district: str) -> None:
        self._folder = folder
        self._district = district

    def _path(self, owner: str, name: str) -> Path:
        if not all(part.isalnum() for part in (owner, name)):
            raise ValueError("not a name of a page")
        return self._folder / owner[:2] / owner / name

    def _where(self, owner: str, name: str) -> tuple[object, ...]:
        return (blob.c.district == self._district, blob.c.owner == owner, blob.c.hash == name)

    def announce(self, connection: Connection, owner: str, name: str, size: int) -> int:
        """Make a page known. Returns the committed offset, the size when it is complete."""
        row = connection.execute(select(blob).where(*self._where(owner, name))).first()  # type: ignore[arg-type]
        if row is None:
            connection.execute(
                insert(blob).values(
                    district=self._district, owner=owner, hash=name, size=size, committed=0, complete=False
                )
            )
            return 0
        return int(row.size if row.complete else row.committed)

    def missing(self, connection: Connection, owner: str) -> list[str]:
        """Names of the announced pages of a case that are not complete."""
        query = select(blob.c.hash).where(
            blob.c.district == self._district, blob.c.owner == owner, blob.c.complete.is_(False)
        )
        return list(connection.execute(query).scalars())

    def append(self, connection: Connection, owner: str, name: str, offset: int, data: bytes) -> int:
        """Add bytes durably. Returns the committed offset, 0 when the complete bytes were not those of the name.

        Raises WrongOffsetError, KeyError for a page that nobody announced.
        """
        row = connection.execute(select(blob).where(*self._where(owner, name))).first()  # type: ignore[arg-type]
        if row is None:
            raise KeyError(name)
        if row.complete:
            return int(row.size)
        if offset != row.committed or offset + len(data) > row.size:
            raise WrongOffsetError(row.committed)
        path = self._path(owner, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "r+b" if path.exists() else "w+b") as file:
            file.truncate(offset)
            file.seek(offset)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        end = offset + len(data)
        complete = end == row.size
        if complete and hashlib.sha256(path.read_bytes()).hexdigest() != name:
            end, complete = 0, False
        connection.execute(update(blob).where(*self._where(owner, name)).values(committed=end, complete=complete))  # type: ignore[arg-type]
        return end

    def read(self, connection: Connection, owner: str, name: str) -> bytes | None:
        """The bytes of a complete page, None where there is none."""
        row = connection.execute(select(blob.c.complete).where(*self._where(owner, name))).first()  # type: ignore[arg-type]
        if row is None or not row.complete:
            return None
        return self._path(owner, name).read_bytes()
