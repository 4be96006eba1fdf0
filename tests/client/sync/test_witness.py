"""The desk as a witness: a log that has only grown is followed, any other is refused and kept as evidence."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection, Engine, delete, update

from tests.support.desk import TUESDAY, open_store
from yichuang import codec
from yichuang_client.store.exchange_values import Cursor, ExchangeAnswer, ExchangeRequest, SignedText
from yichuang_client.store.store import Store
from yichuang_client.sync.core import DistrictTime
from yichuang_client.sync.enrol import signing_request
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.rounds import Rounds
from yichuang_client.sync.sessions import Sessions
from yichuang_client.sync.transport import Transport
from yichuang_domain.log_epoch import EpochReason, Opening, Step
from yichuang_domain.tree_head import TreeHead
from yichuang_server.services import authority, heads
from yichuang_server.services.authority import Authority
from yichuang_server.store import log
from yichuang_server.store.database import migrate, open_database, read, write
from yichuang_server.store.tables import log as log_row, notice, tree_node

CODE = "330402"


@dataclass(kw_only=True)
class Log:
    """A district that answers with the head of a real log and nothing else."""

    engine: Engine
    authority: Authority
    is_silent: bool = False

    async def exchange(self, request: ExchangeRequest) -> ExchangeAnswer:
        """The head, with the proof that the desk asks for."""
        time = codec.encode(DistrictTime(time=TUESDAY)).text
        signed = SignedText(text=time, signature=self.authority.sign(time))
        told = read(self.engine, lambda c: heads.witnessed(c, CODE, self.authority, request.head_size))
        answer = ExchangeAnswer(
            next_cursor=Cursor(epoch=read(self.engine, lambda c: log.epoch(c, CODE))), district_time=signed
        )
        return answer if self.is_silent else replace(answer, log_head=told.note, log_head_proof=told.path)

    def grow(self, *texts: str) -> None:
        """More leaves."""
        write(self.engine, lambda c: log.notice(c, CODE, [text.encode() for text in texts]))

    def rewrite(self, *texts: str) -> None:
        """Another log in its place, under the same name and key."""

        def work(connection: Connection) -> None:
            for table in (notice, tree_node):
                connection.execute(delete(table))
            connection.execute(update(log_row).values(size=0, frontier="[]"))
            log.notice(connection, CODE, [text.encode() for text in texts])

        write(self.engine, work)


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Log]:
    keys, offline = tmp_path / "keys", tmp_path / "offline"
    keys.mkdir()
    offline.mkdir()
    authority.create(keys, offline, CODE, ["127.0.0.1"], TUESDAY)
    engine = open_database(f"sqlite:///{tmp_path / 'district.sqlite'}")
    migrate(engine)
    write(engine, lambda c: log.open_log(c, CODE))
    yield Log(engine=engine, authority=Authority(keys, CODE))
    engine.dispose()


@pytest.fixture
def store(tmp_path: Path, district: Log) -> Iterator[Store]:
    opened, key = open_store(tmp_path / "desk"), ec.generate_private_key(ec.SECP256R1())
    leaf = district.authority.issue(signing_request(key), "fengqiao", "0137", TUESDAY)
    opened.desk_store.keep(
        replace(opened.desk, certificate_chain=leaf.chain, district_key=district.authority.public_key)
    )
    opened.meta.keep_cursor(Cursor())
    yield opened
    opened.close()


def run(store: Store, district: Log) -> TransportReason | None:
    """One round; why it did not succeed."""
    try:
        asyncio.run(Rounds(store, Sessions(), lambda: TUESDAY, lambda _: None).run(cast(Transport, district)))
    except TransportError as error:
        return error.reason
    return None


def test_a_log_that_grows_is_followed(store: Store, district: Log) -> None:
    for texts in ((), ("a", "b", "c"), (), ("d",), ("e", "f", "g", "h", "i")):
        district.grow(*texts)
        assert run(store, district) is None
        seen = store.heads.seen
        assert seen is not None
        assert seen.head == read(district.engine, lambda c: heads.head(c, CODE))
    assert store.heads.evidence == []


@pytest.mark.parametrize(
    "texts", ["abXdef", "abd", "acbdefg", "abc", ""], ids=["changed", "removed", "moved", "cut", "emptied"]
)
def test_a_log_that_was_tampered_with_is_refused_and_both_heads_are_kept(
    store: Store, district: Log, texts: str
) -> None:
    district.grow(*"abcd")
    assert run(store, district) is None
    seen = store.heads.seen
    assert seen is not None
    district.rewrite(*texts)
    for _ in range(2):
        assert run(store, district) is TransportReason.LOG_CHANGED
    assert store.heads.seen == seen
    [(before, told, _)] = store.heads.evidence
    assert (before, told) == (seen.note, read(district.engine, lambda c: heads.signed(c, CODE, district.authority)))
    district.rewrite(*"abcde")
    assert run(store, district) is None


def test_who_has_signed_a_head_once_must_go_on(store: Store, district: Log) -> None:
    district.is_silent = True
    assert run(store, district) is None  # a district of an older release
    district.is_silent = False
    assert run(store, district) is None
    district.is_silent = True
    assert run(store, district) is TransportReason.BAD_ANSWER


@pytest.mark.parametrize("restored", [2, 9])
def test_a_restore_that_administrators_signed_moves_the_head(store: Store, district: Log, restored: int) -> None:
    district.grow(*"abcd")
    assert run(store, district) is None
    seen = store.heads.seen
    assert seen is not None
    opening = Opening(
        district=CODE,
        epoch="new",
        previous="old",
        size=restored,
        root="1" * 64,
        backup_time=TUESDAY,
        opened_time=TUESDAY,
        reason=EpochReason.LOST,
    )
    store.heads.rewind(Step(epoch="new", size=restored), [opening])
    moved = store.heads.seen
    assert moved is not None
    name = f"yichuang/{CODE}/new"
    kept = TreeHead(origin=name, size=4, root=seen.head.root)
    assert moved.head == (kept if restored > 4 else TreeHead(origin=name, size=2, root="1" * 64))
