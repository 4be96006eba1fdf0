"""What a desk keeps until a backup of the district has passed it, and what goes then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.client.store.test_store import CASE, OTHER, exchange, taking
from tests.client.store.truth import Truth
from tests.client.store.wiring import doer, open_store
from tests.support.cases import NOON
from yichuang_client.store.exchange_values import BlobName, DeedResult, Outcome
from yichuang_client.store.store import Store
from yichuang_domain import actions as a
from yichuang_domain.deed import Deed
from yichuang_domain.errors import Reason
from yichuang_domain.ids import CaseId

LATER = NOON + timedelta(days=99)
EVER = 1 << 40


@dataclass
class Refusing(Truth):
    """A district that refuses one deed."""

    refused: str = ""

    def done(self, deed: Deed) -> DeedResult:
        """Judge a deed."""
        if deed.deed == self.refused:
            return DeedResult(deed=deed.deed, outcome=Outcome.REFUSED, reason=Reason.NOT_HOLDER.value)
        return super().done(deed)


def told(store: Store, truth: Truth, *, durable_through: int, has_more: bool = False, **more: object) -> None:
    """An answer without anything new but how far the backup is."""
    store.apply_exchange(
        truth.answer(store.meta.cursor, durable_through=durable_through, has_more=has_more, **more)  # type: ignore[arg-type]
    )


def leave(store: Store, truth: Truth) -> None:
    told(store, truth, durable_through=0, left=(CASE,))


def test_without_a_backup_everything_stays(tmp_path: Path) -> None:
    store, truth = open_store(tmp_path / "desk"), Truth()
    page = store.pages.keep(CASE, b"bytes")
    taking(store)
    exchange(store, truth)
    store.pages.sent(BlobName(owner=CASE, hash=page))
    leave(store, truth)
    told(store, truth, durable_through=0)
    told(store, truth, durable_through=0)
    assert store.prune(LATER) == 0
    assert store.pages.read(CASE, page) == b"bytes"
    store.close()


def test_a_page_goes_only_with_a_backup_of_a_moment_after_it_was_sent(tmp_path: Path) -> None:
    store, truth = open_store(tmp_path / "desk"), Truth()
    page = store.pages.keep(CASE, b"bytes")
    taking(store)
    exchange(store, truth)
    leave(store, truth)
    store.pages.sent(BlobName(owner=CASE, hash=page))
    told(store, truth, durable_through=EVER)  # may have been on its way while the page was
    assert store.pages.prune(EVER) == 0
    told(store, truth, durable_through=EVER, has_more=True)  # does not tell the head
    assert store.pages.prune(EVER) == 0
    told(store, truth, durable_through=1)
    head = store.meta.cursor.position
    assert store.pages.prune(head) == 0  # that backup may be older than the page
    assert store.pages.prune(head + 1) == 1
    store.pages.remove_forgotten()
    assert store.pages.of(CASE) == () and not list((tmp_path / "desk" / "pages").glob("*/*"))
    store.close()


def test_a_page_that_the_district_has_lost_stays_wanted(tmp_path: Path) -> None:
    store, truth = open_store(tmp_path / "desk"), Truth()
    name = BlobName(owner=CASE, hash=store.pages.keep(CASE, b"bytes"))
    taking(store)
    exchange(store, truth)
    leave(store, truth)
    store.pages.sent(name)
    for _ in range(2):
        told(store, truth, durable_through=EVER)
    told(store, truth, durable_through=EVER, missing_blobs=(name,))
    assert store.pages.prune(EVER) == 0
    assert [page.name for page in store.pages.to_send()] == [name]
    store.close()


def test_a_page_of_a_case_that_is_here_stays(tmp_path: Path) -> None:
    store, truth = open_store(tmp_path / "desk"), Truth()
    name = BlobName(owner=CASE, hash=store.pages.keep(CASE, b"bytes"))
    taking(store)
    exchange(store, truth)
    store.pages.sent(name)
    for _ in range(3):
        told(store, truth, durable_through=EVER)
    assert store.pages.prune(EVER) == 0
    store.close()


def test_a_refusal_goes_only_when_it_was_seen_and_lies_before_what_the_backup_has(tmp_path: Path) -> None:
    store, truth = open_store(tmp_path / "desk"), Refusing()
    taking(store)
    refused = store.append_deed([(CASE, a.Accept(docno="1"))], doer(), NOON).deed
    truth.refused = refused.deed
    taking(store, OTHER)
    taking(store, CaseId("f" * 32))
    exchange(store, truth)
    assert [row.deed.deed for row in store.outbox.refused()] == [refused.deed]
    assert store.outbox.prune(1, LATER) == 1  # the first receipt alone
    assert store.outbox.prune(2, LATER) == 1  # the second one; the refusal between them waits for a person
    store.outbox.put_away(refused.deed)
    assert store.outbox.prune(1, LATER) == 0
    taking(store, CaseId("a" * 32))
    exchange(store, truth)
    assert store.outbox.prune(3, LATER) == 2
    assert store.outbox.find(refused.deed) is None
    store.close()
