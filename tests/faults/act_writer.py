"""A desk without a line at work: ``python -m tests.faults.act_writer FOLDER [careless|ACTS]``; no failure ends it.

It prints ``saved SEQ DEED CASE PAGE`` for each deed that the store called durable and ``failed REASON`` for one that
it refused to promise. A test ends it. Invented people.
"""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import replace
from pathlib import Path

from tests.client.store.wiring import doer, open_store
from tests.support.cases import NOON, page, receive
from yichuang_client.store.errors import StoreError
from yichuang_client.store.store import Store
from yichuang_domain.actions import AttachPage
from yichuang_domain.ids import CaseId

PAGE_BYTES = 20_000
_MOST_FAILURES = 40


def save_one(store: Store) -> None:
    """Scan a page and receive; tell it when it is durable. Raises StoreError."""
    case, data = CaseId(secrets.token_hex(16)), secrets.token_bytes(PAGE_BYTES)
    scanned = store.pages.keep(case, data)
    sheet = replace(page(), page=scanned, size=len(data))
    done = store.append_deed([(case, receive("form", "lease", "health")), (case, AttachPage(page=sheet))], doer(), NOON)
    print("saved", done.deed.seq, done.deed.deed, case, scanned, flush=True)


def main() -> None:
    """Work until the end, or until the disk has failed too often."""
    if sys.argv[2:] == ["careless"]:
        os.fsync = lambda handle: None
    left = int(sys.argv[2]) if sys.argv[2:] and sys.argv[2].isdigit() else -1
    store, failures = open_store(Path(sys.argv[1])), 0
    print("ready", flush=True)
    while failures < _MOST_FAILURES and left:
        left -= 1
        try:
            save_one(store)
        except StoreError as error:
            failures += 1
            print("failed", error.reason.value, error.detail, flush=True)


if __name__ == "__main__":
    main()
