"""Small named facts of the desk: cursor, newest signed district time, versions."""

from __future__ import annotations

from datetime import datetime

from yichuang_client.store.database import Database
from yichuang_client.store.exchange_values import Cursor
from yichuang_client.store.times import to_moment, to_text


class Meta:
    """Named texts, read and written inside the caller's transaction where there is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def text(self, key: str) -> str:
        """The text under a name, empty if there is none. Raises StoreError."""
        found = self._database.row("SELECT value FROM meta WHERE key = ?", key)
        return "" if found is None else str(found[0])

    def keep(self, key: str, value: str) -> None:
        """Write a text. Raises StoreError."""
        with self._database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def number(self, key: str) -> int:
        """The number under a name, 0 if there is none."""
        return int(self.text(key) or 0)

    @property
    def cursor(self) -> Cursor:
        """Up to where the district's log has been taken in."""
        return Cursor(epoch=self.text("cursor_epoch"), position=self.number("cursor_position"))

    def keep_cursor(self, cursor: Cursor) -> None:
        """Move the cursor."""
        self.keep("cursor_epoch", cursor.epoch)
        self.keep("cursor_position", str(cursor.position))

    @property
    def seen_time(self) -> datetime | None:
        """Newest signed district time that this desk has seen."""
        text = self.text("seen_time")
        return to_moment(text) if text else None

    def keep_seen_time(self, moment: datetime) -> None:
        """Remember a signed district time, if it is newer."""
        seen = self.seen_time
        if seen is None or moment > seen:
            self.keep("seen_time", to_text(moment))
