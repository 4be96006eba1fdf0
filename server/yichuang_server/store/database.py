"""The engine: SQLite for one district, PostgreSQL by URL; migrated on opening.

Rules kept here: a write transaction of SQLite begins IMMEDIATE (no upgrade deadlock) and is durable when it returns
(WAL, synchronous=FULL); a serialisation failure or deadlock is repeated as a whole by ``write``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")
_TRIES = 5
_REPEATABLE = frozenset({"40001", "40P01"})
"""SQLSTATE of a serialisation failure and of a deadlock."""


def open_database(url: str) -> Engine:
    """Open and migrate the database at ``url``."""
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    migrate(engine)
    return engine


def _prepare_sqlite(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=20000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def write(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run ``work`` in one write transaction; again, as a whole, after a serialisation failure or deadlock."""
    for _ in range(_TRIES - 1):
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _REPEATABLE:
                raise
    with engine.begin() as connection:
        return work(connection)
