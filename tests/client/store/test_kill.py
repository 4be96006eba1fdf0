"""``kill -9`` in the middle of the work loses nothing that the store called durable."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.client.store.processes import write_and_kill
from tests.client.store.wiring import doer, open_store
from tests.support.cases import NOON, receive
from yichuang import codec
from yichuang_client.store.drafts import DraftKind
from yichuang_domain.ids import BlobHash, CaseId

PICTURE = b"\xff\xd8" + bytes(range(256)) * 400 + b"\xff\xd9"


@pytest.mark.parametrize("after", [1, 2, 7, 20])
def test_what_was_told_is_there_after_a_kill(tmp_path: Path, after: int) -> None:
    folder = tmp_path / "desk"
    told = write_and_kill(folder, "王小明", PICTURE, after=after)
    told += write_and_kill(folder, "王小明", PICTURE, after=after)
    store = open_store(folder)
    sent = store.outbox.to_send(1 << 30)
    last, head = store.outbox.last()
    assert len(told) >= 2 * after
    assert last >= told[-1][0]
    previous = ""
    for one in sent:
        assert codec.json.loads(one.envelope.text)["previous"] == previous
        previous = one.envelope.hash
    assert previous == head or len(sent) == 200
    for _, case, page in told:
        assert store.view(CaseId(case)).n == 2
        assert hashlib.sha256(store.pages.read(CaseId(case), BlobHash(page))).hexdigest() == page
        assert store.drafts.find(CaseId(case), DraftKind.INTAKE) is None
    done = store.append_deed([(CaseId("9" * 32), receive("form"))], doer(), NOON)
    assert done.deed.seq == last + 1
    store.close()
