"""The item catalogue (事项目录) on this desk: current versions, and old ones while a case here uses them.

Rules kept here: a published version is immutable, the same version with another text is refused; what the district's
head says is checked before it is believed; a cancelled item stays readable for its open cases; a version that came
with a case is no part of the catalogue: it is not current, not searched, and its hash counts for nothing.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from yichuang import codec
from yichuang_client.store.database import Database
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.meta import Meta
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import ItemCode

if TYPE_CHECKING:
    from yichuang_client.store.item_search import ItemSearch


@dataclass(frozen=True, kw_only=True)
class CatalogueHead:
    """What a desk has after applying all items up to a version."""

    version: int
    hash: str
    cancellations: tuple[tuple[str, str], ...] = ()
    """(code, first day on which it cannot be taken in, ISO)."""


class Catalogue:
    """Item versions. Every method raises StoreError."""

    def __init__(self, database: Database, meta: Meta, search: ItemSearch) -> None:
        self._database = database
        self._meta = meta
        self._search = search
        self._decoded = functools.lru_cache(maxsize=512)(self._read)

    @property
    def version(self) -> int:
        """Version of the catalogue that is complete here; 0 before the first."""
        return self._meta.number("catalogue_version")

    def item(self, code: ItemCode, version: int) -> ItemVersion:
        """One version. Raises StoreError (ITEM_MISSING)."""
        return self._decoded(code, version)

    def find(self, code: ItemCode, version: int) -> ItemVersion | None:
        """One version, None if it is not here."""
        try:
            return self._decoded(code, version)
        except StoreError as error:
            if error.reason is StoreReason.ITEM_MISSING:
                return None
            raise

    def current(self, code: ItemCode) -> ItemVersion:
        """The current version. Raises StoreError (ITEM_MISSING)."""
        row = self._database.row("SELECT version FROM item_current WHERE code = ?", code)
        if row is None:
            raise StoreError(StoreReason.ITEM_MISSING)
        return self.item(code, row[0])

    def cancelled_on(self, item: ItemVersion) -> date | None:
        """From which day the item cannot be taken in, None if it can; a matter goes with the first of its items."""
        days = [self._cancelled_on(code) for code in (item.code, *(one.code for one in item.items))]
        found = [day for day in days if day is not None]
        return min(found) if found else item.plan_cancel_on

    def _cancelled_on(self, code: ItemCode) -> date | None:
        row = self._database.row("SELECT cancelled_on FROM item_cancelled WHERE code = ?", code)
        return None if row is None else date.fromisoformat(row[0])

    def count(self) -> int:
        """How many items are current."""
        found = self._database.row("SELECT count(*) FROM item_current")
        return 0 if found is None else int(found[0])

    def take_in(self, texts: Iterable[bytes], head: CatalogueHead) -> None:
        """Apply what changed as one transaction, then rebuild the search index (again at the next start if that fails).

        Raises StoreError (DAMAGED when the result is not what the head says, or a version changed its text).
        """
        named = [(_name(text), text) for text in texts]
        with self._database.write() as connection:
            for name, text in named:
                self._keep(name, text)
            if self.hash() != head.hash:
                raise StoreError(StoreReason.DAMAGED, detail="catalogue")
            connection.execute("DELETE FROM item_cancelled")
            connection.executemany("INSERT INTO item_cancelled VALUES (?, ?)", head.cancellations)
            self._meta.keep("catalogue_version", str(head.version))
            self._drop_unused()
        self._decoded.cache_clear()
        if named:
            self._search.build(head.version)
        else:
            self._search.confirm(head.version)

    def begin_anew(self) -> None:
        """The district was restored: take the whole catalogue again; inside the caller's transaction."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM item_current")
        self._meta.keep("catalogue_version", "0")

    def keep_pinned(self, texts: Iterable[bytes]) -> None:
        """Keep versions that came with cases, beside the catalogue; inside the caller's transaction.

        Raises StoreError (DAMAGED where a version has another text here).
        """
        for text in texts:
            self._keep_text(_name(text), text)

    def hash(self) -> str:
        """The hash over code, version and text hash of every current item."""
        rows = self._database.rows(
            "SELECT c.code, c.version, v.hash FROM item_current c JOIN item_version v USING (code, version) "
            "ORDER BY c.code"
        )
        return codec.digest("\n".join(f"{code} {version} {text_hash}" for code, version, text_hash in rows).encode())

    def _keep_text(self, name: tuple[str, int], text: bytes) -> None:
        text_hash = codec.digest(text)
        with self._database.write() as connection:
            known = self._database.row("SELECT hash FROM item_version WHERE code = ? AND version = ?", *name)
            if known is not None and known[0] != text_hash:
                raise StoreError(StoreReason.DAMAGED, detail="item")
            if known is None:
                connection.execute("INSERT INTO item_version VALUES (?, ?, ?, ?)", (*name, text_hash, text))

    def _keep(self, name: tuple[str, int], text: bytes) -> None:
        self._keep_text(name, text)
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO item_current VALUES (?1, ?2) ON CONFLICT (code) DO UPDATE SET version = ?2 "
                "WHERE version < ?2",
                name,
            )

    def _drop_unused(self) -> None:
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM item_version WHERE (code, version) NOT IN (SELECT code, version FROM item_current) "
                "AND (code, version) NOT IN (SELECT item_code, item_version FROM case_row) "
                "AND NOT EXISTS (SELECT 1 FROM draft WHERE kind = 'INTAKE')"
            )

    def _read(self, code: ItemCode, version: int) -> ItemVersion:
        row = self._database.row("SELECT text FROM item_version WHERE code = ? AND version = ?", code, version)
        if row is None:
            raise StoreError(StoreReason.ITEM_MISSING)
        try:
            return codec.decode(ItemVersion, row[0])
        except codec.CodecError as error:
            raise StoreError(StoreReason.UPGRADE_NEEDED, detail="item") from error


def _name(text: bytes) -> tuple[str, int]:
    """Code and version; the rest is decoded when it is looked at: a first catalogue has thousands of items."""
    try:
        plain = json.loads(text)
        return str(plain["code"]), int(plain["version"])
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(StoreReason.DAMAGED, detail="item") from error
