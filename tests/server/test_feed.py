"""Slices: what a desk gets after a cursor is what it would have got from zero."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.server.houses import OTHER_CLERK, TestDesk, TestHouse, new_case
from tests.server.test_exchange import received, taking
from tests.support.cases import ITEM, REVIEWER, SECTION_ITEM, secret
from yichuang import codec
from yichuang_domain import actions as a
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import ReplicaId
from yichuang_server.feed import slices
from yichuang_server.services import desk_work
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.store import deeds, profile


def seen(desk: TestDesk) -> dict[int, str]:
    return {position: row.hash for position, row in desk.records.items()}


def from_zero(desk: TestDesk) -> dict[int, str]:
    fresh = replace(desk, epoch="", position=0, records={})
    fresh.pull()
    return seen(fresh)


def test_a_case_enters_whole_whatever_the_cursor(house: TestHouse) -> None:
    counter, reviewer = house.desk("town"), house.desk("other", who=OTHER_CLERK)
    case = received(counter, SECTION_ITEM)
    for number in range(3):
        counter.act(case, 1, a.Note(text=secret(str(number))))
    reviewer.pull()
    assert reviewer.position == 4
    assert reviewer.events(case) == []
    reviewer.act(case, 1, a.Open(means=a.OpenMeans.TOKEN))
    assert reviewer.events(case) == ["Received", "Noted", "Noted", "Noted", "Opened"]


def test_a_case_that_left_is_marked_and_comes_back_whole(house: TestHouse) -> None:
    counter, stranger = house.desk("town"), house.desk("other", who=OTHER_CLERK)
    case = received(counter)
    counter.act(case, 1, a.HandOver(to=ReplicaId(stranger.value.replica)))
    stranger.pull()
    assert stranger.events(case) == ["Received", "HandedOver"]
    stranger.act(case, 2, a.HandOver(to=ReplicaId(counter.value.replica)))
    stranger.pull()
    assert stranger.events(case) == []
    counter.act(case, 3, a.HandOver(to=ReplicaId(stranger.value.replica)))
    stranger.pull()
    assert len(stranger.events(case)) == 4
    assert seen(stranger) == from_zero(stranger)


def test_catching_up_in_pages_equals_catching_up_at_once(house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    desks = [house.desk("town"), house.desk("other", who=OTHER_CLERK)]
    reader = house.desk("hall", "market", REVIEWER)
    order, cases = random.Random(7), []
    for _ in range(60):
        desk = order.choice(desks)
        if not cases or order.random() < 0.3:
            case = new_case()
            desk.act(case, 1, taking(order.choice([SECTION_ITEM, SECTION_ITEM])))
            cases.append(case)
        else:
            action = order.choice([a.Note(text=secret("记")), a.Open(means=a.OpenMeans.TOKEN)])
            desk.act(order.choice(cases), 1, action)
        if order.random() < 0.3:
            reader.pull()
    for desk in (*desks, reader):
        desk.pull()
        monkeypatch.setattr(slices, "PAGE", 3)
        paged = from_zero(desk)
        monkeypatch.undo()
        assert seen(desk) == paged == from_zero(desk)


def test_an_answer_stays_small(house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = house.desk("town")
    for _ in range(12):
        received(desk)
    monkeypatch.setattr(slices, "MOST_BYTES", 5_000)
    fresh = replace(desk, epoch="", position=0, records={}, catalogue_version=0)
    sizes = []
    while True:
        reply = fresh.send()
        sizes.append(sum(len(row.text) for row in reply.news.records) + sum(map(len, reply.news.items)))
        if not reply.news.has_more:
            break
    assert len(sizes) > 1
    assert max(sizes) <= 5_000
    assert len(fresh.records) == 12


def test_a_case_enters_with_its_item_version_where_the_desk_has_another(house: TestHouse) -> None:
    counter = house.desk("town")
    case = received(counter)
    assert house.publish(replace(ITEM, name="食品经营许可证核发")) == 2
    for known, expected in ((0, [1]), (1, []), (2, [1]), (3, [1])):
        fresh = replace(counter, epoch="", position=0, records={}, catalogue_version=known)
        reply = fresh.send()
        assert fresh.events(case) == ["Received"]
        assert versions(reply) == expected, known
        key = Ed25519PublicKey.from_public_bytes(house.house.authority.public_key)
        for item in reply.items:
            key.verify(item.signature, item.text)
    behind, newer = house.desk("town"), new_case()
    behind.pull()
    assert counter.act(newer, 1, replace(taking(), item_version=2)) == "RECORDED"
    assert versions(behind.send()) == [2]
    assert counter.act(newer, 1, a.Note(text=secret("记"))) == "RECORDED"
    reply = behind.send()
    assert (len(reply.news.records), versions(reply)) == (1, [])


def versions(reply: desk_work.Reply) -> list[int]:
    """Versions of the one item as they came with an answer."""
    items = [codec.decode(ItemVersion, item.text) for item in reply.items]
    assert {item.code for item in items} <= {ITEM.code}
    return sorted(item.version for item in items)


def test_news_is_told_to_those_whose_slice_changed(house: TestHouse) -> None:
    town, other = house.desk("town"), house.desk("other", who=OTHER_CLERK)
    for desk in (town, other):
        desk.pull()
    received(house.desk("town"))
    house.publish(ITEM)
    told = [desk_work.newest(house.house, desk.value, desk.epoch, desk.position) for desk in (town, other)]
    assert [(one.position, one.catalogue_version) for one in told] == [(1, 2), (0, 2)]
    assert told[0].profile_version == house.house.read(lambda c: profile.version(c, "330402"))


def test_a_cursor_of_another_log_or_ahead_of_it_is_an_error_before_anything_is_taken_in(house: TestHouse) -> None:
    desk = house.desk("town")
    received(desk)
    epoch, new = desk.epoch, desk.deed((new_case(), 1, taking(number="330402-0137-20261124-0002-X")))
    for desk.epoch, desk.position in (("another", 1), (epoch, 99), (epoch, -1)):
        with pytest.raises(DistrictError) as caught:
            desk.send(new)
        assert caught.value.fault is Fault.CURSOR_AHEAD
    assert house.house.read(lambda c: deeds.answered(c, "330402", [new.deed])) == {}
    desk.epoch, desk.position = epoch, 1
    assert desk.send(new).results[0].outcome == "RECORDED"
