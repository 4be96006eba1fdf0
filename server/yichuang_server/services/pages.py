"""Pages on their way between desks and the district.

Rules kept here: only a page that a recorded act has announced is taken in, from its maker or a desk that has the case;
a page goes out only to a desk that has the case, and of a matter's pages only what that case was handed; the row says
complete only after the file is durable, and whoever has the case is woken then.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from yichuang_server.feed import slices
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.house import House
from yichuang_server.store import blobs, signals
from yichuang_server.store.blobs import PageDamagedError, PagesAwayError, WrongHashError, WrongOffsetError
from yichuang_server.store.desks import Desk

LOG = logging.getLogger("yichuang.server")
PATIENCE_S = 10
"""After how long a desk asks again when the place of the pages was away."""
LARGEST = 64 * 1024 * 1024
"""Bytes of a page."""


def open_upload(house: House, desk: Desk, owner: str, name: str, size: int) -> int:
    """The committed offset of a page; its size when it is complete. Raises DistrictError."""
    expected, complete = _announced(house, desk, owner, name)
    if size != expected or not 0 < size <= LARGEST:
        raise DistrictError(Fault.MALFORMED)
    if complete:
        return size
    with _told():
        committed = house.pages.committed(owner, name)
    if committed == size:  # the program ended between the file and its row
        _complete(house, owner, name)
    return committed


def append(house: House, desk: Desk, owner: str, name: str, offset: int, data: bytes) -> int:
    """Take in bytes durably. Returns the committed offset. Raises DistrictError."""
    size, complete = _announced(house, desk, owner, name)
    if complete:
        return size
    with _told():
        committed = house.pages.append(owner, name, size, offset, data)
    if committed == size:
        _complete(house, owner, name)
    return committed


def _complete(house: House, owner: str, name: str) -> None:
    def work(connection: Connection) -> frozenset[str]:
        blobs.stored(connection, house.district, owner, name)
        audiences = slices.audiences_with(connection, house.district, owner)
        signals.send(connection, house.district, audiences, has_pages=True)
        return audiences

    house.wakeups.ring(house.write(work), has_pages=True)


def read(house: House, desk: Desk, owner: str, name: str, offset: int) -> Iterator[bytes]:
    """The bytes of a page from an offset on. Raises DistrictError."""

    def work(connection: Connection) -> bool:
        row = blobs.row(connection, house.district, owner, name)
        if row is None or not slices.has_page(connection, house.district, desk, owner, name):
            raise DistrictError(Fault.UNKNOWN)
        return bool(row.complete)

    if not house.read(work):
        raise DistrictError(Fault.NOT_STORED)
    return _read(house, owner, name, offset)


def _read(house: House, owner: str, name: str, offset: int) -> Iterator[bytes]:
    with _told():
        yield from house.pages.read(owner, name, offset)


@contextmanager
def _told() -> Iterator[None]:
    """Say what the place of the pages says in the district's own words. Raises DistrictError."""
    try:
        yield
    except WrongOffsetError as error:
        raise DistrictError(Fault.WRONG_OFFSET, committed=str(error.committed)) from error
    except WrongHashError as error:
        raise DistrictError(Fault.WRONG_HASH) from error
    except PagesAwayError as error:
        LOG.warning("pages away", extra={"fields": {"why": str(error)}})
        raise DistrictError(Fault.PAGES_AWAY, retry_s=str(PATIENCE_S)) from error
    except PageDamagedError as error:
        LOG.error("page damaged", extra={"fields": {"page": str(error)}})
        raise DistrictError(Fault.PAGE_DAMAGED) from error


def _announced(house: House, desk: Desk, owner: str, name: str) -> tuple[int, bool]:
    def work(connection: Connection) -> tuple[int, bool]:
        row = blobs.row(connection, house.district, owner, name)
        if row is None:
            raise DistrictError(Fault.UNKNOWN)
        if row.replica != desk.replica and not slices.has_page(connection, house.district, desk, owner, name):
            raise DistrictError(Fault.UNKNOWN)
        return int(row.size), bool(row.complete)

    return house.read(work)
