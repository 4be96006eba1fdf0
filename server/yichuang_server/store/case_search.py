"""Queries over the case projection, for lists that show cases masked.

Rules kept here: a query finds candidates; whose name begins how is looked at in the record itself by whoever asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, or_, select
from sqlalchemy.engine import Row

from yichuang_domain.case import State
from yichuang_server.store.tables import audience, case, disclosure

Found = Row[tuple[object, ...]]
"""A row of ``case_state``."""


def candidates(
    connection: Connection, district: str, conditions: Sequence[ColumnElement[bool]], limit: int
) -> Iterator[Found]:
    """Rows of ``case_state`` that meet all conditions, the highest number first."""
    query = select(case).where(case.c.district == district, *conditions).order_by(case.c.number.desc(), case.c.case)
    yield from connection.execute(query.limit(limit)).all()


def lies_with(names: Collection[str]) -> ColumnElement[bool]:
    """The case lies in one of the audiences now."""
    found = select(audience.c.case).where(
        audience.c.district == case.c.district,
        audience.c.audience.in_(names),
        audience.c.case == case.c.case,
        audience.c.left == 0,
    )
    return found.exists()


def number_begins(text: str) -> ColumnElement[bool]:
    """The number begins so."""
    return case.c.number.startswith(text, autoescape=True)


def is_in(states: Collection[State]) -> ColumnElement[bool]:
    """The case stands in one of the states."""
    return case.c.state.in_([state.value for state in states])


def discloses(beginnings: Collection[str]) -> ColumnElement[bool]:
    """A personal value of the case begins so, whichever it is."""
    found = select(disclosure.c.case).where(
        disclosure.c.district == case.c.district,
        disclosure.c.case == case.c.case,
        or_(*(disclosure.c.value.startswith(text, autoescape=True) for text in beginnings)),
    )
    return found.exists()


def equals(column: str, value: str) -> ColumnElement[bool]:
    """A column of the projection has a value."""
    return case.c[column] == value


def here(connection: Connection, district: str, names: Collection[str], cases: Collection[str]) -> frozenset[str]:
    """Which of the cases lie in one of the audiences now."""
    query = select(case.c.case).where(case.c.district == district, case.c.case.in_(cases), lies_with(names))
    return frozenset(connection.execute(query).scalars())
