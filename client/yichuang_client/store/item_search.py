"""Item search (事项检索): what the clerk types finds the item, also by an old name, within a key stroke.

Rules kept here: the local catalogue only, so that it works without a line; the index is built when the catalogue
arrives and lies in the database; rank by quality of the match, then by the use at this desk over 30 days; a search
that found nothing is written down, for the keeper of the catalogue.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from yichuang_client.store.database import Database
from yichuang_client.store.search_index import EntryKind, Match, SearchIndex, build
from yichuang_domain.ids import ItemCode

USE_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One item found."""

    code: ItemCode
    version: int
    name: str
    """Its name now (现名)."""
    department: str
    kind: EntryKind
    """What was matched; for a former name or code the answer says 现名."""
    matched: str
    """The entry that was matched, as the catalogue writes it."""
    score: int
    uses: int
    """Times used at this desk in the last 30 days."""
    cancelled_on: date | None


@dataclass(frozen=True, kw_only=True)
class _Loaded:
    version: str
    index: SearchIndex
    codes: tuple[str, ...]
    """Code of each position."""


class ItemSearch:
    """The search and what it remembers. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loaded: _Loaded | None = None
        self._uses: tuple[date, _Loaded, npt.NDArray[np.int32]] | None = None

    def build(self, catalogue_version: int) -> None:
        """Index the current items; what was typed meanwhile was answered from the index before."""
        rows = self._database.rows(
            "SELECT c.code, c.version, v.text FROM item_current c JOIN item_version v USING (code, version) "
            "ORDER BY c.code"
        )
        plain = [(code, version, json.loads(text)) for code, version, text in rows]
        entries = [_entries(item) for _, _, item in plain]
        index = build(entries)
        with self._database.write() as connection:
            connection.execute("DELETE FROM search_item")
            connection.executemany(
                "INSERT INTO search_item VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (at, code, version, item["name"], item["department"], json.dumps(entries[at], ensure_ascii=False))
                    for at, (code, version, item) in enumerate(plain)
                ],
            )
            connection.execute("DELETE FROM search_index")
            parts = index.parts() | {"version": str(catalogue_version).encode()}
            connection.executemany("INSERT INTO search_index VALUES (?, ?)", parts.items())
        codes = tuple(code for code, _, _ in plain)
        index.warm()
        self._loaded = _Loaded(version=str(catalogue_version), index=index, codes=codes)

    def confirm(self, catalogue_version: int) -> None:
        """A new version of the catalogue changed no item: the index stands."""
        with self._database.write() as connection:
            version = str(catalogue_version).encode()
            connection.execute("UPDATE search_index SET data = ? WHERE name = 'version'", (version,))

    def warm(self, catalogue_version: int) -> None:
        """Load the index, or build it where a crash left it behind the catalogue."""
        loaded = self._load()
        if loaded is None or loaded.version != str(catalogue_version):
            self.build(catalogue_version)

    def search(self, query: str, on: date, limit: int = 9) -> tuple[Hit, ...]:
        """The best hits for what was typed so far; none for an empty query or without a catalogue."""
        loaded = self._load()
        if loaded is None:
            return ()
        uses = self._uses_of(loaded, on)
        return tuple(self._hit(match, int(uses[match.item])) for match in loaded.index.search(query, uses, limit))

    def frequent(self, on: date, limit: int = 9) -> tuple[Hit, ...]:
        """The items most used at this desk in the last 30 days."""
        loaded = self._load()
        if loaded is None:
            return ()
        uses = self._uses_of(loaded, on)
        order = np.argsort(-uses, kind="stable")[:limit]
        return tuple(
            self._hit(Match(item=int(item), entry=0, score=0), int(uses[item])) for item in order if uses[item]
        )

    def note_use(self, code: ItemCode, on: date) -> None:
        """The item was chosen for a case; inside the caller's transaction."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO item_use VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1",
                (code, on.isoformat()),
            )
        self._uses = None

    def note_miss(self, query: str, on: date) -> None:
        """A search that the clerk gave up, or that found nothing."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO search_miss VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1",
                (query.strip(), on.isoformat()),
            )

    def misses(self, since: date) -> tuple[tuple[str, int], ...]:
        """(query, times) of the searches without a hit, the most frequent first."""
        rows = self._database.rows(
            "SELECT query, sum(times) FROM search_miss WHERE missed_on >= ? GROUP BY query ORDER BY 2 DESC, 1",
            since.isoformat(),
        )
        return tuple((query, times) for query, times in rows)

    def _hit(self, match: Match, uses: int) -> Hit:
        row = self._database.row(
            "SELECT s.code, s.version, s.name, s.department, s.entries, c.cancelled_on FROM search_item s "
            "LEFT JOIN item_cancelled c USING (code) WHERE s.position = ?",
            match.item,
        )
        if row is None:
            raise AssertionError("an index without its items")
        code, version, name, department, entries, cancelled = row
        kind, matched = json.loads(entries)[match.entry]
        return Hit(
            code=code,
            version=version,
            name=name,
            department=department,
            kind=EntryKind(kind),
            matched=matched,
            score=match.score,
            uses=uses,
            cancelled_on=date.fromisoformat(cancelled) if cancelled else None,
        )

    def _load(self) -> _Loaded | None:
        if self._loaded is None:
            parts = dict(self._database.rows("SELECT name, data FROM search_index"))
            if parts:
                codes = self._database.rows("SELECT code FROM search_item ORDER BY position")
                index = SearchIndex.from_parts(parts)
                index.warm()
                self._loaded = _Loaded(
                    version=parts["version"].decode(),
                    index=index,
                    codes=tuple(row[0] for row in codes),
                )
        return self._loaded

    def _uses_of(self, loaded: _Loaded, on: date) -> npt.NDArray[np.int32]:
        known = self._uses
        if known is not None and known[0] == on and known[1] is loaded:
            return known[2]
        since = (on - timedelta(days=USE_DAYS)).isoformat()
        rows = self._database.rows("SELECT code, sum(times) FROM item_use WHERE used_on > ? GROUP BY code", since)
        times = dict(rows)
        uses = np.array([times.get(code, 0) for code in loaded.codes], np.int32)
        self._uses = (on, loaded, uses)
        return uses


def _entries(item: Mapping[str, Any]) -> list[tuple[EntryKind, str]]:
    """Everything under which an item is found, each text once, the strongest kind first."""
    found: dict[str, EntryKind] = {}

    def add(kind: EntryKind, *texts: str | None) -> None:
        for text in texts:
            if text:
                found.setdefault(text, kind)

    add(EntryKind.NAME, item["name"])
    add(EntryKind.ALIAS, *item.get("aliases", ()))
    add(EntryKind.CODE, item.get("handling_code"), item["code"], *item.get("local_codes", ()))
    implementation = item.get("implementation_code")
    if implementation and not any(text.startswith(implementation) for text in found):
        add(EntryKind.CODE, implementation)
    add(EntryKind.FORMER_NAME, *item.get("former_names", ()))
    add(EntryKind.FORMER_CODE, *item.get("former_codes", ()))
    add(EntryKind.MAIN_NAME, item.get("main_name"))
    return [(kind, text) for text, kind in found.items()]
