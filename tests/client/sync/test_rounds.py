"""A round takes in what the district signed, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support.desk import TUESDAY, open_store, sample_items
from yichuang import codec
from yichuang_client.store.catalogue_parts import CatalogueParts
from yichuang_client.store.exchange_values import Cursor, ExchangeAnswer, ExchangeRequest, SignedText, Told
from yichuang_client.store.store import Store
from yichuang_client.sync.core import DistrictTime
from yichuang_client.sync.enrol import signing_request
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.rounds import Rounds
from yichuang_client.sync.sessions import Sessions
from yichuang_client.sync.status import CatalogueArrived, SyncEvent
from yichuang_client.sync.transport import Transport
from yichuang_domain.catalog import ItemVersion
from yichuang_server.services import authority
from yichuang_server.services.authority import Authority


@dataclass(kw_only=True)
class Answering:
    """A district that has one item in another version."""

    authority: Authority
    item: ItemVersion
    sign: Callable[[bytes], bytes]
    """Signs the catalogue."""
    told: list[SyncEvent] = field(default_factory=list)
    asked: list[ExchangeRequest] = field(default_factory=list)
    is_full: bool = False
    """Whether it has too many who want the catalogue."""
    is_away: bool = False

    async def exchange(self, request: ExchangeRequest) -> ExchangeAnswer:
        """Nothing new but the catalogue."""
        self.asked.append(request)
        if self.is_away:
            raise TransportError(TransportReason.OFFLINE)
        time = codec.encode(DistrictTime(time=TUESDAY)).text
        signed = SignedText(text=time, signature=self.authority.sign(time))
        return ExchangeAnswer(next_cursor=Cursor(epoch="1"), district_time=signed, catalogue_version=2)

    async def catalogue(self, known_version: int, parts: CatalogueParts) -> tuple[list[bytes], SignedText]:
        """The item, and what the desk has after it."""
        if self.is_full:
            raise TransportError(TransportReason.BUSY, seconds=20)
        text = codec.encode(self.item).text
        lines = {item.code: f"{item.code} 1 {codec.digest(codec.encode(item).text)}" for item in sample_items()}
        lines |= {self.item.code: f"{self.item.code} 2 {codec.digest(text)}"}
        digest = codec.digest("\n".join(lines[code] for code in sorted(lines)).encode())
        gone = [{"code": self.item.code, "on": "2026-12-01"}]
        head = codec.canonical({"version": 2, "hash": digest, "cancellations": gone})
        return [text], SignedText(text=head, signature=self.sign(head))


@pytest.fixture
def district(tmp_path: Path) -> Answering:
    keys, offline = tmp_path / "keys", tmp_path / "offline"
    keys.mkdir()
    offline.mkdir()
    authority.create(keys, offline, "330402", ["127.0.0.1"], TUESDAY)
    opened = Authority(keys, "330402")
    return Answering(authority=opened, item=replace(sample_items()[0], version=2, name="别的名称"), sign=opened.sign)


@pytest.fixture
def store(tmp_path: Path, district: Answering) -> Iterator[Store]:
    opened, key = open_store(tmp_path / "desk"), ec.generate_private_key(ec.SECP256R1())
    leaf = district.authority.issue(signing_request(key), "fengqiao", "0137", TUESDAY)
    known = {"certificate_chain": leaf.chain, "district_key": district.authority.public_key}
    opened.desk_store.keep(replace(opened.desk, **known))  # type: ignore[arg-type]
    yield opened
    opened.close()


def run(store: Store, district: Answering) -> None:
    rounds = Rounds(store, Sessions(), lambda: TUESDAY, district.told.append)
    asyncio.run(rounds.run(cast(Transport, district)))


def test_a_catalogue_that_the_district_signed_is_taken_in(store: Store, district: Answering) -> None:
    run(store, district)
    assert store.catalogue.version == 2
    assert store.catalogue.current(district.item.code) == district.item
    assert store.catalogue.cancelled_on(district.item) is not None
    assert CatalogueArrived(version=2) in district.told


def test_a_catalogue_that_another_key_signed_changes_nothing(store: Store, district: Answering) -> None:
    before = store.catalogue.hash()
    with pytest.raises(TransportError) as no:
        run(store, replace(district, sign=Ed25519PrivateKey.generate().sign))
    assert no.value.reason is TransportReason.BAD_ANSWER
    assert (store.catalogue.version, store.catalogue.hash()) == (1, before)
    assert store.catalogue.cancelled_on(district.item) is None
    assert store.catalogue.find(district.item.code, 2) is None
    assert not district.told


def test_who_is_asked_to_come_again_does_so_in_time_and_not_before(store: Store, district: Answering) -> None:
    clock = [TUESDAY]
    rounds = Rounds(store, Sessions(), lambda: clock[0], district.told.append, lambda: 0.5)
    district.is_full = True
    asyncio.run(rounds.run(cast(Transport, district)))
    assert rounds.pause_seconds == 20
    district.is_full = False
    asyncio.run(rounds.run(cast(Transport, district)))
    assert (store.catalogue.version, rounds.is_complete) == (1, False)
    assert not rounds.is_behind(Told(position=9, catalogue_version=2, profile_version=0, has_pages=False))
    clock[0] += timedelta(seconds=20)
    asyncio.run(rounds.run(cast(Transport, district)))
    assert (store.catalogue.version, rounds.is_complete, rounds.pause_seconds) == (2, True, 0)


def test_a_line_that_cuts_calls_short_gets_smaller_ones_and_then_larger_ones(store: Store, district: Answering) -> None:
    rounds = Rounds(store, Sessions(), lambda: TUESDAY, district.told.append)
    district.is_away = True
    for _ in range(2):
        with pytest.raises(TransportError):
            asyncio.run(rounds.run(cast(Transport, district)))
    district.is_away = False
    for _ in range(2):
        asyncio.run(rounds.run(cast(Transport, district)))
    assert [request.most_bytes for request in district.asked] == [1 << 20, 1 << 18, 1 << 16, 1 << 17]
