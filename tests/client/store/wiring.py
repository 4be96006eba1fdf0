"""Stores for tests: the real one, and one whose encryption is off (it exists here only)."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite

from tests.support.cases import CLERK, ITEM, NOTICES_2026, SECTION_ITEM
from yichuang import codec
from yichuang_client.config import DataFolder
from yichuang_client.store.catalogue import CatalogueHead
from yichuang_client.store.desk import Desk, DeskKind
from yichuang_client.store.exchange_values import SignedText
from yichuang_client.store.key_slots import Keys
from yichuang_client.store.people import Profile
from yichuang_client.store.store import Doer, Store
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import PlaceId, ReplicaId, SectionId
from yichuang_domain.organisation import District, Level, Person, Place

KEYS = Keys(data=bytes(range(32)))
DISTRICT = District(
    code="330402",
    name="示范区",
    places=(Place(place=PlaceId("town"), name="示范镇", level=Level.TOWN),),
    sections=(),
    public_url="https://yc.example.gov.cn",
)


def open_plain(path: Path) -> Any:
    """A connection without encryption."""
    return sqlite.connect(str(path), isolation_level=None, check_same_thread=False)


class PlainFiles:
    """Page files without encryption."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, owner: str, page: str, data: bytes) -> str:
        """Keep a page."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = secrets.token_hex(16)
        (self._folder / name).write_bytes(data)
        return name

    def read(self, name: str, owner: str, page: str) -> bytes:
        """A page's bytes."""
        return (self._folder / name).read_bytes()

    def remove(self, name: str) -> None:
        """Remove a file."""
        (self._folder / name).unlink(missing_ok=True)

    def sweep(self, named: Collection[str]) -> int:
        """Nothing is swept."""
        return 0


def open_store(root: Path, *, replica: str = "0137", section: str = "", place: str = "town") -> Store:
    """The real store, set up as a counter of a place (or a section's desk) with two items."""
    store = Store.open(DataFolder(root=root), KEYS)
    set_up(store, replica=replica, section=section, place=place)
    return store


def open_plain_store(root: Path) -> Store:
    """The same without encryption."""
    folder = DataFolder(root=root)
    store = Store.assemble(folder, open_plain, PlainFiles(folder.pages))
    set_up(store)
    return store


def set_up(store: Store, *, replica: str = "0137", section: str = "", place: str = "town") -> None:
    """Desk, profile and catalogue, unless they are there."""
    if store.desk_store.load() is not None:
        return
    desk = Desk(
        replica=ReplicaId(replica),
        place=PlaceId("hall" if section else place),
        kind=DeskKind.SECTION if section else DeskKind.COUNTER,
        section=SectionId(section) if section else None,
        district_code="330402",
        host="127.0.0.1",
        port=1,
        root_certificate=b"",
        certificate_chain=b"",
        district_key=bytes(32),
        tls_key=b"",
        act_key=bytes(32),
    )
    store.desk_store.keep(desk)
    store.people.keep_profile(
        Profile(
            version=1,
            district=SignedText(text=codec.encode(DISTRICT).text),
            people=(codec.encode(CLERK).text,),
            calendar_notices=(codec.canonical(NOTICES_2026),),
        )
    )
    take_in(store, [ITEM, SECTION_ITEM])


def take_in(
    store: Store, items: list[ItemVersion], *, version: int = 1, cancelled: tuple[tuple[str, str], ...] = ()
) -> None:
    """Publish items to a store whose current items are these alone."""
    store.catalogue.take_in([codec.encode(item).text for item in items], head_of(items, version, cancelled))


def head_of(items: list[ItemVersion], version: int = 1, cancelled: tuple[tuple[str, str], ...] = ()) -> CatalogueHead:
    """The head that the district would sign for these items."""
    lines = sorted(f"{item.code} {item.version} {codec.digest(codec.encode(item).text)}" for item in items)
    digest = codec.digest("\n".join(lines).encode())
    return CatalogueHead(version=version, hash=digest, cancellations=cancelled)


def doer(person: Person = CLERK, *, on_line: bool = True) -> Doer:
    """How a person acts."""
    return Doer(person=person, lease="lease", has_session=on_line)
