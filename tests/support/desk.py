"""A desk of its own in a folder: the real encrypted store, a small district, the shipped sample items."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from yichuang import codec
from yichuang_client.actions.work import Work
from yichuang_client.config import DataFolder
from yichuang_client.store.catalogue import CatalogueHead
from yichuang_client.store.desk import Desk, DeskKind
from yichuang_client.store.exchange_values import SignedText
from yichuang_client.store.key_slots import Keys
from yichuang_client.store.people import Profile
from yichuang_client.store.store import Store
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import PersonId, PlaceId, ReplicaId, SectionId
from yichuang_domain.matter_form import MatterTemplate, compose
from yichuang_domain.organisation import District, Level, Person, Place, Role, Section

ROOT = Path(__file__).parents[2]
TUESDAY = datetime(2026, 11, 24, 2, 26, tzinfo=UTC)
"""10:26 in Beijing."""
SECTION = Section(
    section=SectionId("market"),
    name="区市场监管局·市场准入科",
    public_alias="市场监管",
    department="区市场监督管理局",
    docno_prefix="南市监许",
)
TOWN = Place(place=PlaceId("fengqiao"), name="凤桥镇便民服务中心", level=Level.TOWN, phone="0573-5550 0137")
HALL = Place(place=PlaceId("hall"), name="南湖区政务服务中心", level=Level.DISTRICT)
DISTRICT = District(
    code="330402",
    name="南湖区（示范）",
    places=(HALL, TOWN),
    sections=(SECTION,),
    public_url="https://yc.example.gov.cn",
)
CLERK = Person(person=PersonId("limin"), name="李敏", roles=frozenset({Role.CLERK}), place=TOWN.place)
REVIEWER = Person(
    person=PersonId("zhouhang"),
    name="周航",
    roles=frozenset({Role.REVIEWER, Role.VERIFIER}),
    place=HALL.place,
    section=SECTION.section,
)
VERIFIER = replace(REVIEWER, person=PersonId("chen"), name="陈立群", section=None, roles=frozenset())
"""Known by name alone: who signed what other desks have sent."""


def sample_items() -> tuple[ItemVersion, ...]:
    """The shipped sample, as version 1."""
    rows = json.loads((ROOT / "data/sample/items.json").read_text(encoding="utf-8"))
    return tuple(replace(codec.decode(ItemVersion, codec.canonical(row)), version=1) for row in rows)


def sample_matters() -> tuple[ItemVersion, ...]:
    """The matters made of them."""
    rows = json.loads((ROOT / "data/sample/matters.json").read_text(encoding="utf-8"))
    templates = [codec.decode(MatterTemplate, codec.canonical(row)) for row in rows]
    items = {item.code: item for item in sample_items()}
    return tuple(compose(template, [items[code] for code in template.items]) for template in templates)


def open_store(
    folder: Path,
    *,
    replica: str = "0137",
    section: SectionId | None = None,
    items: Sequence[ItemVersion] | None = None,
    district: District = DISTRICT,
) -> Store:
    """A set-up desk: profile, calendar and these items, else the sample's, are in it."""
    store = Store.open(DataFolder(root=folder), Keys(data=bytes(range(32))))
    desk = Desk(
        replica=ReplicaId(replica),
        place=HALL.place if section else TOWN.place,
        kind=DeskKind.SECTION if section else DeskKind.COUNTER,
        section=section,
        district_code=district.code,
        host="127.0.0.1",
        port=1,
        root_certificate=b"",
        certificate_chain=b"",
        district_key=bytes(32),
        tls_key=b"",
        act_key=bytes(32),
    )
    store.desk_store.keep(desk)
    notices = [path.read_bytes() for path in sorted((ROOT / "data/calendar").glob("2*.json"))]
    text = codec.encode(district).text
    people = tuple(codec.encode(person).text for person in (CLERK, REVIEWER, VERIFIER))
    store.people.keep_profile(
        Profile(
            version=1,
            district=SignedText(text=text, signature=b""),
            people=people,
            calendar_notices=tuple(notices),
        )
    )
    texts = {item.code: codec.encode(item).text for item in (sample_items() if items is None else items)}
    lines = [f"{code} 1 {codec.digest(texts[code])}" for code in sorted(texts)]
    head = CatalogueHead(version=1, hash=codec.digest("\n".join(lines).encode()))
    store.catalogue.take_in(texts.values(), head)
    return store


def at_work(store: Store, person: Person = CLERK, *, on_line: bool = True, now: datetime = TUESDAY) -> Work:
    """The person at work at that desk."""
    return Work(store=store, person=person, lease="lease", has_session=lambda: on_line, clock=lambda: now)
