"""Serials (流水号): of case numbers and of documents.

Rules kept here: the last case serial is also kept in a file outside the database; the database commits first, the
file follows, so that a file ahead of its database means a restored image, and then no number is given before the
district has been spoken to.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from yichuang_client.store.database import Database
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.files import read_file, write_atomically
from yichuang_domain.numbering import make_case_number

_CASES = "case-number "
_DAYS_OUTSIDE = 10


class Serials:
    """Counters of this desk."""

    def __init__(self, database: Database, outside: Path) -> None:
        self._database = database
        self._outside = outside

    @property
    def is_behind(self) -> bool:
        """Whether the database is older than the numbers given. Raises StoreError."""
        return any(self._last_of(day) < last for day, last in self._read_outside().items())

    def next_case_number(self, area: str, device: str, on: date) -> str:
        """The next 办件编号 of that day, never given before.

        Raises StoreError (SERIAL_BEHIND on a restored image, disk errors) and NumberError.
        """
        if self.is_behind:
            raise StoreError(StoreReason.SERIAL_BEHIND)
        day = on.isoformat()
        following = self._last_of(day) + 1
        number = make_case_number(area, device, on, following)
        self._keep(day, following)
        return number

    def catch_up(self) -> None:
        """After the district has been spoken to: go on above everything that was ever given. Raises StoreError."""
        for day, last in self._read_outside().items():
            if self._last_of(day) < last:
                self._keep(day, last)

    def take(self, name: str) -> int:
        """The next number of a named counter: 1, 2, …; durable when this returns. Raises StoreError."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO serial VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET last = last + 1", (name,)
            )
            return int(connection.execute("SELECT last FROM serial WHERE name = ?", (name,)).fetchone()[0])

    def _last_of(self, day: str) -> int:
        row = self._database.row("SELECT last FROM serial WHERE name = ?", _CASES + day)
        return 0 if row is None else int(row[0])

    def _read_outside(self) -> dict[str, int]:
        text = read_file(self._outside)
        if text is None:
            return {}
        try:
            return {str(day): int(last) for day, last in json.loads(text).items()}
        except (ValueError, AttributeError, TypeError) as error:
            raise StoreError(StoreReason.DAMAGED, detail="serial") from error

    def _keep(self, day: str, last: int) -> None:
        outside = {**self._read_outside(), day: last}
        newest = dict(sorted(outside.items())[-_DAYS_OUTSIDE:])
        with self._database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO serial VALUES (?, ?)", (_CASES + day, last))
        write_atomically(self._outside, json.dumps(newest).encode())
