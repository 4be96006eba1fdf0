"""A desk follows its district through a restore: what it had seen stays as evidence, its deeds are offered again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.client.store.test_store import CASE, OTHER, taking
from tests.client.store.truth import Truth
from tests.client.store.wiring import open_store
from tests.support.cases import NOON, page
from yichuang import codec
from yichuang_client.store.exchange_values import BlobName, Cursor, SignedOpening, SignedText
from yichuang_client.store.store import Store
from yichuang_domain import actions as a
from yichuang_domain.log_epoch import EpochReason, Opening

KEYS = {name: Ed25519PrivateKey.generate() for name in ("9001", "9002", "stranger")}
OPENING = Opening(
    district="330402",
    epoch="2",
    previous="1",
    size=1,
    root="00",
    backup_time=NOON,
    opened_time=NOON + timedelta(hours=1),
    reason=EpochReason.LOST,
)


def signed(opening: Opening = OPENING, signers: tuple[str, ...] = ("9001", "9002"), **keys: str) -> SignedOpening:
    """An opening with the signatures of people, some with another's key."""
    text = codec.encode(opening).text
    signatures = tuple((person, KEYS[keys.get(f"of_{person}", person)].sign(text)) for person in signers)
    return SignedOpening(opening=SignedText(text=text), signatures=signatures)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A desk with two deeds that were answered, and the keys of two administrators."""
    opened = open_store(tmp_path / "desk")
    opened.epochs.keep_keys((name, KEYS[name].public_key().public_bytes_raw().hex()) for name in ("9001", "9002"))
    return opened


def exchange(store: Store, truth: Truth, epoch: str) -> None:
    """One exchange in a log epoch."""
    results = truth.take(store.outbox.to_send(1 << 20))
    answer = truth.answer(store.meta.cursor, results)
    cursor = replace(answer.answer.next_cursor, epoch=epoch)
    store.apply_exchange(replace(answer, answer=replace(answer.answer, next_cursor=cursor)))


def test_only_what_two_known_administrators_signed_is_followed(store: Store) -> None:
    cursor = Cursor(epoch="1", position=5)
    for one, is_followed in (
        (signed(), True),
        (signed(signers=("9001",)), False),
        (signed(signers=("9001", "9001")), False),
        (signed(signers=("9001", "stranger")), False),
        (signed(of_9002="9001"), False),
        (signed(replace(OPENING, previous="another")), False),
        (signed(replace(OPENING, district="330403")), False),
        (replace(signed(), opening=SignedText(text=codec.encode(replace(OPENING, size=2)).text)), False),
    ):
        assert (store.epochs.way(cursor, [one], "330402") is not None) is is_followed
    store.epochs.keep_keys([])
    assert store.epochs.way(cursor, [signed()], "330402") is None
    store.close()


def test_deeds_above_the_restored_head_are_offered_again_with_the_same_ids(store: Store) -> None:
    truth, name = Truth(), store.pages.keep(OTHER, b"bytes")
    taking(store)
    first = store.outbox.to_send(1 << 20)
    exchange(store, truth, "1")
    sheet = replace(page(), page=name, size=5)
    taking(store, OTHER, a.AttachPage(page=sheet))
    exchange(store, truth, "1")
    store.pages.sent(BlobName(owner=OTHER, hash=name))
    sent = store.outbox.find(store.outbox.list()[0].deed.deed)
    assert sent is not None and store.outbox.unsent() == 0 and len(truth.log) == 3
    shown = store.view(OTHER)

    step = store.epochs.way(store.meta.cursor, [signed()], "330402")
    assert step is not None
    changed = store.follow_restore([signed()], step)
    assert OTHER in changed.cases and store.epochs.evidence() == 2
    assert store.meta.cursor == Cursor(epoch="2") and store.catalogue.version == 0
    (offered,) = store.outbox.to_send(1 << 20)
    assert offered.deed == sent.deed.deed and offered.before is not None
    assert (offered.before.outcome.value, offered.seq) == ("RECORDED", 2)
    assert [step.recorded_time for step in store.view(OTHER).steps] == [None] * len(shown.steps)

    fresh = Truth()  # the restored district has the first deed, and gets the second one later than before
    fresh.take(first)
    exchange(store, fresh, "2")
    assert store.outbox.unsent() == 0 and store.view(OTHER) == fresh.cases[OTHER]
    assert store.view(CASE) == fresh.cases[CASE]
    assert [one.epoch for one in store.epochs.followed()] == ["2"]
    store.close()


def test_a_case_that_does_not_come_again_leaves(store: Store) -> None:
    taking(store)
    exchange(store, Truth(), "1")
    step = store.epochs.way(store.meta.cursor, [signed()], "330402")
    assert step is not None
    store.follow_restore([signed()], step)
    assert store.view(CASE).n == 1  # until the district has told all
    store.apply_exchange(Truth().answer(store.meta.cursor, has_more=True))
    assert store.view(CASE).n == 1
    store.apply_exchange(Truth().answer(store.meta.cursor))
    assert store.find(CASE) is None and store.rows.find(CASE) is None
    store.close()
