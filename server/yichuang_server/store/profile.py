"""The district itself: its places and sections, its holiday notices, the version of all that desks keep of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from yichuang import codec
from yichuang_domain.organisation import District
from yichuang_domain.workdays import Calendar
from yichuang_server.store import signals
from yichuang_server.store.tables import calendar_notice, district


def create(connection: Connection, value: District) -> None:
    """Begin a district."""
    connection.execute(
        insert(district).values(district=value.code, profile=codec.encode(value).text, profile_version=1)
    )


def text(connection: Connection, code: str) -> bytes:
    """The canonical text of the District."""
    found: bytes = connection.execute(select(district.c.profile).where(district.c.district == code)).scalar_one()
    return found


def load(connection: Connection, code: str) -> District:
    """The District."""
    return codec.decode(District, text(connection, code))


def version(connection: Connection, code: str) -> int:
    """Rises with every change of places, sections, people, desks and notices."""
    return int(connection.execute(select(district.c.profile_version).where(district.c.district == code)).scalar_one())


def changed(connection: Connection, code: str, *, by: int = 1) -> None:
    """Raise the version and signal it: desks ask for the profile anew."""
    connection.execute(
        update(district).where(district.c.district == code).values(profile_version=district.c.profile_version + by)
    )
    signals.send(connection, code)


def load_notice(connection: Connection, code: str, name: str, notice: Mapping[str, Any]) -> None:
    """Keep a holiday notice, in place of one of the same name. Raises NoticeError for a malformed one."""
    Calendar.from_notices([notice])
    key = (calendar_notice.c.district == code) & (calendar_notice.c.name == name)
    connection.execute(delete(calendar_notice).where(key))
    kept = {name: notice[name] for name in ("year", "papers", "days")}
    connection.execute(insert(calendar_notice).values(district=code, name=name, text=codec.canonical(kept)))


def notices(connection: Connection, code: str) -> list[bytes]:
    """The holiday notices, JSON texts, in the order of their names."""
    rows = connection.execute(
        select(calendar_notice.c.text).where(calendar_notice.c.district == code).order_by(calendar_notice.c.name)
    )
    return list(rows.scalars())


def calendar(connection: Connection, code: str) -> Calendar:
    """The working-day calendar of the notices."""
    return Calendar.from_notices([json.loads(notice) for notice in notices(connection, code)])
