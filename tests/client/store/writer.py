"""A desk that works until it is killed: ``python -m tests.client.store.writer FOLDER [plain]``.

It prints one line for each deed that the store called durable. Invented people; the planted name is given by the test.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

from tests.client.store.wiring import doer, open_plain_store, open_store
from tests.support.cases import NOON, page, receive, secret
from yichuang_client.store.drafts import Draft, DraftKind
from yichuang_client.store.store import Store
from yichuang_domain.actions import AttachPage
from yichuang_domain.ids import BlobHash, CaseId, PersonId


def work(store: Store, name: str, picture: bytes, seed: int) -> None:
    """Scan, draft, receive, for ever; every acknowledged step is told."""
    for turn in count():
        case = CaseId(f"{seed:08x}{turn:024x}")
        scanned: BlobHash = store.pages.keep(case, picture + turn.to_bytes(4, "big"))
        draft = Draft(
            case=case, kind=DraftKind.INTAKE, person=PersonId("limin"), body={"name": name}, changed_time=NOON
        )
        store.drafts.save(draft)
        taken = receive("form", "lease", "health")
        taken = replace(taken, applicant=replace(taken.applicant, name=secret(name)))
        sheet = replace(page(), page=scanned, size=len(picture) + 4)
        done = store.append_deed(
            [(case, taken), (case, AttachPage(page=sheet))], doer(), NOON, uses_draft=(case, DraftKind.INTAKE)
        )
        store.search.note_miss(name, NOON.date())
        print(done.deed.seq, case, scanned, flush=True)


if __name__ == "__main__":
    root = Path(sys.argv[1])
    name, picture = sys.stdin.buffer.readline().decode().strip(), sys.stdin.buffer.read()
    opened = open_plain_store(root) if sys.argv[2:] == ["plain"] else open_store(root)
    work(opened, name, picture, opened.outbox.last()[0])
