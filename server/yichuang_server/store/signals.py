"""Signals from one process of a district to the others: PostgreSQL carries them, SQLite needs none.

Rules kept here: a signal belongs to the transaction that sends it: nobody hears it before the commit, and nobody ever
where there is none; it names audiences and carries no data.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, select

CHANNEL = "yichuang"
_MOST_BYTES = 7_000
"""PostgreSQL takes 8,000 bytes: where audiences are many, everybody is meant."""
_SOURCE = secrets.token_hex(8)
"""This process, which has no need to hear itself."""


@dataclass(frozen=True, kw_only=True)
class Signal:
    """Something is new for whom."""

    audiences: tuple[str, ...] | None
    """None for everybody."""
    has_pages: bool
    """Whether it is pages that arrived."""


EVERYBODY = Signal(audiences=None, has_pages=True)
"""What a listener must assume that could not listen for a while."""


def send(
    connection: Connection, district: str, audiences: Iterable[str] | None = None, *, has_pages: bool = False
) -> None:
    """Tell the other processes, at the commit of the caller's transaction."""
    if connection.dialect.name != "postgresql":
        return
    names = None if audiences is None else sorted(audiences)
    plain = {"source": _SOURCE, "district": district, "audiences": names, "has_pages": has_pages}
    text = json.dumps(plain)
    if len(text.encode()) > _MOST_BYTES:
        text = json.dumps({**plain, "audiences": None})
    connection.execute(select(func.pg_notify(CHANNEL, text)))


class Listener:
    """A connection of its own that hears the signals of other processes; for one thread."""

    def __init__(self, engine: Engine, district: str) -> None:
        """Connect. Raises an error of the database."""
        self._district = district
        self._driver = _own_connection(engine)
        self._driver.autocommit = True
        self._driver.execute(f"LISTEN {CHANNEL}")

    def hear(self, seconds: float) -> Iterator[Signal]:
        """What comes within some seconds. Raises an error of the database."""
        for notice in self._driver.notifies(timeout=seconds):
            signal = _read(notice.payload, self._district)
            if signal is not None:
                yield signal

    def close(self) -> None:
        """Hang up."""
        self._driver.close()


def _own_connection(engine: Engine) -> Any:
    """The driver's connection, taken out of the pool."""
    pooled = engine.raw_connection()
    driver = pooled.driver_connection
    pooled.detach()
    return driver


def _read(text: str, district: str) -> Signal | None:
    """The signal of another process of this district, None for any other text."""
    try:
        plain = json.loads(text)
        if plain["district"] != district or plain["source"] == _SOURCE:
            return None
        names = plain["audiences"]
        return Signal(audiences=None if names is None else tuple(names), has_pages=bool(plain["has_pages"]))
    except (ValueError, KeyError, TypeError):
        return None


class ChangeMark:
    """Whether other connections have written to a SQLite file; for one thread."""

    def __init__(self, engine: Engine) -> None:
        """Connect. Raises an error of the database."""
        self._driver = _own_connection(engine)
        self._mark = self._read()

    def _read(self) -> int:
        return int(self._driver.execute("PRAGMA data_version").fetchone()[0])

    def has_moved(self) -> bool:
        """Whether anything was committed since the last time."""
        before, self._mark = self._mark, self._read()
        return before != self._mark

    def close(self) -> None:
        """Hang up."""
        self._driver.close()
