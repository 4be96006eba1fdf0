"""The sync rules: what is signed, what is believed, what comes next, how long to wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, strategies as st

from tests.support.cases import ITEM
from yichuang import codec
from yichuang_client.store.catalogue import CatalogueHead
from yichuang_client.store.exchange_values import (
    Cursor,
    DeedResult,
    Envelope,
    ExchangeAnswer,
    Outcome,
    SentDeed,
    SignedText,
)
from yichuang_client.store.people import Lease
from yichuang_client.sync.core import (
    LONGEST_WAIT_S,
    DistrictTime,
    Sender,
    Standing,
    Step,
    check_answer,
    check_head,
    make_request,
    next_step,
    wait_seconds,
)
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_domain.ids import DeedId, PersonId, ReplicaId

DESK, DISTRICT = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
SENDER = Sender(
    replica=ReplicaId("0137"),
    act_key=DESK.private_bytes_raw(),
    district_key=DISTRICT.public_key().public_bytes_raw(),
)
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
DEED = SentDeed(deed=DeedId("d"), seq=1, envelope=Envelope(text=b"x", hash=codec.digest(b"x")))
REQUEST = make_request(SENDER, Cursor(), (DEED,), ("token",), 3)
REST = Standing(
    has_more=False,
    unsent=0,
    answered=0,
    profile_version=1,
    profile_newest=1,
    catalogue_version=1,
    catalogue_newest=1,
    is_forked=False,
)


def signed(value: object, key: Ed25519PrivateKey = DISTRICT) -> SignedText:
    text = codec.encode(value).text
    return SignedText(text=text, signature=key.sign(text))


def lease(replica: str = "0137") -> Lease:
    return Lease(lease="l", person=PersonId("limin"), replica=replica, not_after=NOON + timedelta(days=14))


ANSWER = ExchangeAnswer(next_cursor=Cursor(epoch="1", position=4), district_time=signed(DistrictTime(time=NOON)))


def check(answer: ExchangeAnswer) -> int:
    """The skew that was measured."""
    before = NOON + timedelta(seconds=9)
    return check_answer(SENDER, REQUEST, answer, before, before + timedelta(seconds=2)).skew_ms


def test_the_chains_head_is_signed() -> None:
    key = Ed25519PublicKey.from_public_bytes(DESK.public_key().public_bytes_raw())
    key.verify(REQUEST.head_signature, bytes.fromhex(DEED.envelope.hash))
    assert make_request(SENDER, Cursor(), (), (), 0).head_signature == b""
    assert "token" not in repr(REQUEST)


def test_the_skew_is_measured_at_the_middle_of_the_call() -> None:
    assert check(ANSWER) == 10_000


@pytest.mark.parametrize(
    "change",
    [
        {"district_time": SignedText(text=b"")},
        {"district_time": signed(DistrictTime(time=NOON), DESK)},
        {"district_time": signed(lease())},
        {"leases": (signed(lease(), DESK),)},
        {"leases": (signed(lease("0138")),)},
        {"leases": (signed(DistrictTime(time=NOON)),)},
        {"pinned_items": (signed(ITEM, DESK),)},
        {"results": (DeedResult(deed=DeedId("other"), outcome=Outcome.RECORDED),)},
    ],
)
def test_what_the_district_does_not_stand_behind_is_not_believed(change: dict[str, object]) -> None:
    with pytest.raises(TransportError) as no:
        check(replace(ANSWER, **change))  # type: ignore[arg-type]
    assert no.value.reason is TransportReason.BAD_ANSWER


def test_what_the_district_signed_is_believed() -> None:
    result = DeedResult(deed=DEED.deed, outcome=Outcome.RECORDED)
    believed = replace(ANSWER, leases=(signed(lease()),), results=(result,), pinned_items=(signed(ITEM),))
    assert check(believed) == 10_000


HEAD = {"version": 3, "hash": "h", "cancellations": [{"code": "item-1", "on": "2026-12-01"}]}


def head(plain: object, key: Ed25519PrivateKey = DISTRICT) -> SignedText:
    text = codec.canonical(plain)
    return SignedText(text=text, signature=key.sign(text))


def test_a_catalogue_is_believed_with_the_districts_signature_alone() -> None:
    believed = check_head(SENDER.district_key, head(HEAD), 3)
    assert believed == CatalogueHead(version=3, hash="h", cancellations=(("item-1", "2026-12-01"),))
    wrong = {"stranger": head(HEAD, DESK), "changed": replace(head(HEAD), text=head({**HEAD, "version": 4}).text)}
    wrong |= {"none": SignedText(text=head(HEAD).text), "other": signed(ITEM), "older": head({**HEAD, "version": 2})}
    wrong |= {"day": head({**HEAD, "cancellations": [{"code": "item-1", "on": "soon"}]})}
    for name, one in wrong.items():
        with pytest.raises(TransportError) as no:
            check_head(SENDER.district_key, one, 3)
        assert no.value.reason is TransportReason.BAD_ANSWER, name


def test_the_next_step() -> None:
    assert next_step(REST) is Step.REST
    assert next_step(replace(REST, profile_newest=2, has_more=True)) is Step.PROFILE
    assert next_step(replace(REST, has_more=True, catalogue_newest=2)) is Step.AGAIN
    assert next_step(replace(REST, unsent=5, answered=3)) is Step.AGAIN
    assert next_step(replace(REST, unsent=5, answered=0)) is Step.REST
    assert next_step(replace(REST, unsent=5, answered=3, is_forked=True)) is Step.REST
    assert next_step(replace(REST, catalogue_newest=2)) is Step.CATALOGUE
    fresh = replace(REST, catalogue_version=0, has_more=True)
    assert next_step(fresh) is Step.CATALOGUE
    assert next_step(replace(fresh, catalogue_newest=0)) is Step.AGAIN


@given(st.integers(1, 1000), st.floats(0, 1, exclude_max=True))
def test_waiting_grows_and_is_spread(failures: int, chance: float) -> None:
    assert 1 <= wait_seconds(failures, chance) <= LONGEST_WAIT_S
    assert wait_seconds(failures + 1, chance) >= wait_seconds(failures, chance)
