"""The codec: round trip, RFC 8785, personal values apart, unknown things."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import get_args

import pytest
import rfc8785
from hypothesis import Phase, given, settings, strategies as st

from tests.support.acts import case_in_each_state, one_of_each
from tests.support.cases import CALENDAR, COUNTER, DESK, EVERYONE, ITEM, NOON, context, receive, secret
from yichuang import codec
from yichuang_domain import actions as a
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.decide import decide
from yichuang_domain.deed import CaseAct, Deed, Record
from yichuang_domain.errors import Irregularity, Refused
from yichuang_domain.events import CameLate, Declined, Event, Extended, Noted
from yichuang_domain.ids import CaseId, DeedId, PersonId, PlaceId, ReplicaId

A_RECORD = Record(
    case=CaseId("c" * 32),
    n=1,
    previous="",
    deed=DeedId("d" * 32),
    replica=COUNTER,
    person=PersonId("clerk"),
    place=PlaceId("town"),
    occurred_time=NOON,
    recorded_time=NOON,
    irregular=(Irregularity.ITEM_CANCELLED,),
    event=Noted(text=secret("说明")),
)


def a_deed(*actions: a.Action) -> Deed:
    return Deed(
        deed=DeedId("d" * 32),
        replica=ReplicaId("0137"),
        seq=1,
        previous="",
        person=PersonId("clerk"),
        lease="lease",
        place=PlaceId("town"),
        occurred_time=NOON,
        seen_time=None,
        skew_ms=-12,
        acts=tuple(CaseAct(case=CaseId("c" * 32), epoch=1, action=action) for action in actions),
    )


def test_round_trip_with_disclosures() -> None:
    deed = a_deed(receive("form", "lease"), a.Note(text=secret("晚点再来")), a.Claim())
    encoded = codec.encode(deed)
    assert codec.decode(Deed, encoded.text, encoded.disclosures) == deed
    assert codec.decode(ItemVersion, codec.encode(ITEM).text) == ITEM
    assert CALENDAR.notices


def test_no_personal_value_in_the_hashed_text() -> None:
    encoded = codec.encode(a_deed(receive("form")))
    text = encoded.text.decode()
    assert all(value not in text for value, _ in encoded.disclosures.values())
    assert "阿依古丽·买买提" in {value for value, _ in encoded.disclosures.values()}


def test_hidden_values_come_back_hidden_and_hash_the_same() -> None:
    encoded = codec.encode(a_deed(receive("form")))
    hidden = codec.decode(Deed, encoded.text)
    assert codec.encode(hidden).text == encoded.text
    assert codec.encode(hidden).disclosures == {}


def test_false_disclosure_is_refused() -> None:
    encoded = codec.encode(a_deed(a.Note(text=secret("真"))))
    forged = {name: ("假", salt) for name, (_, salt) in encoded.disclosures.items()}
    with pytest.raises(codec.CodecError):
        codec.decode(Deed, encoded.text, forged)


def test_unknown_fields_are_ignored_and_unknown_types_told_apart() -> None:
    plain = json.loads(codec.encode(a_deed(a.Claim())).text)
    plain["later"] = {"x": [1, 2]}
    assert codec.decode(Deed, codec.canonical(plain)) == a_deed(a.Claim())
    plain["acts"][0]["action"]["type"] = "Teleport"
    with pytest.raises(codec.UnknownTypeError):
        codec.decode(Deed, codec.canonical(plain))


@pytest.mark.parametrize("text", [b"", b"\xff", b"[]", b'{"deed": 3}', b"null", b"{}", b"[" * 100_000])
def test_garbage_is_one_kind_of_error(text: bytes) -> None:
    with pytest.raises(codec.CodecError):
        codec.decode(Deed, text)


def test_values_outside_the_profile_are_refused() -> None:
    with pytest.raises(codec.CodecError):
        codec.encode(replace(a_deed(), skew_ms=1 << 53))
    with pytest.raises(codec.CodecError):
        codec.encode(replace(a_deed(), occurred_time=datetime(2026, 1, 1)))
    with pytest.raises(codec.CodecError):
        codec.canonical("\ud800")


_names = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1)
_texts = st.text(st.characters(exclude_categories=("Cs",)))
_leaves = st.booleans() | st.integers(-(1 << 53) + 1, (1 << 53) - 1) | _texts
_json = st.recursive(_leaves, lambda inner: st.lists(inner) | st.dictionaries(_names, inner), max_leaves=20)


@given(_json)
def test_the_text_is_rfc_8785(plain: object) -> None:
    assert codec.canonical(plain) == rfc8785.dumps(plain)  # type: ignore[arg-type]


@given(
    one_of_each(),
    st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)),
    _texts,
)
def test_any_deed_round_trips(actions: tuple[a.Action, ...], moment: datetime, text: str) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    deed = replace(a_deed(*actions, a.Note(text=secret(text))), occurred_time=moment)
    encoded = codec.encode(deed)
    again = codec.decode(Deed, encoded.text, encoded.disclosures)
    assert again == deed
    assert codec.encode(again) == encoded


@settings(max_examples=4, deadline=None, phases=[Phase.generate])
@given(one_of_each())
def test_any_record_round_trips(actions: tuple[a.Action, ...]) -> None:
    seen = set()
    declined = a.Decline(docno="1", ground=a.DeclineGround.NOT_REQUIRED, reason=secret("说明"))
    late = [CameLate(action=action) for action in actions]  # written by the district, by no act of its own
    for case, action, person in product((None, *case_in_each_state()), (*actions, declined), EVERYONE):
        here = context(person, case.holder or DESK if case else COUNTER, epoch=case.epoch if case else 1)
        with contextlib.suppress(Refused):
            for event in (*decide(case, action, here).events, *late):
                record = replace(A_RECORD, event=event)
                encoded = codec.encode(record)
                assert codec.decode(Record, encoded.text, encoded.disclosures) == record
                seen.add(type(event))
            late.clear()
    drawn = {Declined, Extended}  # a ground or a length may be drawn that is refused
    assert seen | drawn == set(get_args(Event))
