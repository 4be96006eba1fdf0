"""A real desk whose machine has another clock: ``faketime -f +1d python -m tests.faults.clock_desk FOLDER``.

It reads what is on its slip, and a login, as JSON from standard input, does some acts, and prints ``saved DEED HASH``
for each; it ends when the district has answered all of them.
"""

from __future__ import annotations

import json
import queue
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.client.sync.seats import CHEAP, new_case, taking
from tests.support.cases import secret
from yichuang import codec
from yichuang_client.config import DataFolder
from yichuang_client.store.device_secret import FileVault
from yichuang_client.store.unlock import Unlock
from yichuang_client.sync.desk_session import DeskSession
from yichuang_client.sync.enrol import Slip
from yichuang_domain.actions import Note
from yichuang_domain.catalog import AcceptBy
from yichuang_domain.deed import local_day

ACTS = 6
_PATIENCE_S = 60.0


def now() -> datetime:
    """The machine's clock, as it is shown to this process."""
    return datetime.now(UTC)


def main() -> None:
    """Enrol, sign in, act, wait."""
    given, folder = json.load(sys.stdin), DataFolder(root=Path(sys.argv[1]))
    session = DeskSession(folder, now, unlock=Unlock(folder, cost=CHEAP, vaults=[FileVault(folder.secret)]))
    session.enrol(Slip(**given["slip"]))
    signed_in = session.sign_in(given["login"], given["password"])
    while not session.sync.status.is_complete:
        session.sync.events.get(timeout=_PATIENCE_S)
    store = session.store
    codes = [hit.code for hit in store.search.search("许可", local_day(now()), limit=50)]
    items = [item for code in codes if (item := store.catalogue.current(code)) is not None]
    item = next(item for item in items if item.accept_by is AcceptBy.COUNTER)
    for _ in range(ACTS):
        number = store.serials.next_case_number(store.desk.district_code, store.desk.replica, local_day(now()))
        case = new_case()
        acts = [(case, taking(item, number)), (case, Note(text=secret("备注")))]
        deed = store.append_deed(acts, session.doer(signed_in), now()).deed
        print("saved", deed.deed, codec.digest(codec.encode(deed).text), flush=True)
    while store.waiting().deeds:
        try:
            session.sync.events.get(timeout=_PATIENCE_S)
        except queue.Empty:
            sys.exit(f"the district does not answer: {session.sync.status}")
    session.close()


if __name__ == "__main__":
    main()
