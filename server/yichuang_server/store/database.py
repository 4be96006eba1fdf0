"""The engine: SQLite for one district, PostgreSQL by URL.

Rules kept here: a write transaction of SQLite begins IMMEDIATE (no upgrade deadlock) and is durable when it returns
(WAL, synchronous=FULL); a read sees one snapshot; a serialisation failure or deadlock is repeated as a whole by
``write``.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import QueuePool

SCHEMA = "0007"
"""The migration that this program needs."""
T = TypeVar("T")
_TRIES = 8
_REPEATABLE = frozenset({"40001", "40P01", "55P03"})
"""SQLSTATE of a serialisation failure, of a deadlock, of a lock that was not to be had."""


class SchemaError(Exception):
    """The database is of another version than the program."""


def open_database(url: str) -> Engine:
    """Connect to the database at ``url``, lazily."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=8, max_overflow=4, pool_pre_ping=True)
    engine = create_engine(url, poolclass=QueuePool, pool_size=8, max_overflow=4)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=20000", "cache_size=-4000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("yichuang_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version, an empty database too."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "yichuang_server.store:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_schema(engine: Engine) -> None:
    """Raises SchemaError unless the database is of the version that this program needs."""
    try:
        found = read(engine, lambda c: c.execute(text("SELECT version_num FROM alembic_version")).scalar())
    except DBAPIError as error:
        raise SchemaError("the database holds no district") from error
    if found != SCHEMA:
        raise SchemaError(f"the database is of version {found}, this program needs {SCHEMA}")


def write(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run ``work`` in one write transaction; again, as a whole, when the database could not order it."""
    for attempt in range(1, _TRIES):
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            if not _can_repeat(error):
                raise
            time.sleep(random.uniform(0, 0.01 * 2**attempt))
    with engine.begin() as connection:
        return work(connection)


def read(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run ``work`` on one snapshot."""
    options: dict[str, Any] = {"yichuang_reads": True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    with engine.connect().execution_options(**options) as connection, connection.begin():
        return work(connection)


def is_away(error: Exception) -> bool:
    """Whether PostgreSQL could not be reached, went away in the middle, or is not ready (class 57P of SQLSTATE)."""
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.orig, "sqlstate", "")
    return state is None or state.startswith("57P")


def _can_repeat(error: DBAPIError) -> bool:
    if isinstance(error, IntegrityError):
        return True  # two batches made one row at once: the second try sees it
    return getattr(error.orig, "sqlstate", None) in _REPEATABLE or "database is locked" in str(error.orig)
