"""``yichuang keys …``: which keys this desk has, and the way back when no slot opens any more.

Rules kept here: a password comes from a file or is asked for, never from the command line's text; no secret is printed;
a desk whose window is open says so and is left alone.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from yichuang import codec
from yichuang.bundle import BundleError, Flaw
from yichuang.escrow import Answer
from yichuang_client.commands.carry import read_password
from yichuang_client.commands.exit_codes import DONE, FAILED, NOT_THERE
from yichuang_client.commands.output import print_json, words
from yichuang_client.config import DataFolder, read_config
from yichuang_client.store import escrow, rotation
from yichuang_client.store.errors import StoreError
from yichuang_client.store.files import disk_errors
from yichuang_client.store.key_slots import Keys, Owner
from yichuang_client.store.store import Store
from yichuang_client.store.unlock import Unlock
from yichuang_client.sync import bundles
from yichuang_client.sync.rounds import RECOVERY_KEY, is_escrowed


def run(options: argparse.Namespace) -> int:
    """Run one command. Returns the exit code."""
    folder, now = read_config(data=options.data).data, datetime.now(UTC)
    act = {"list": _list, "ask": _ask, "recover": _recover, "rescue": _rescue, "rotate": _rotate}[options.act]
    try:
        for row in act(options, folder, now):
            print_json(row)
    except StoreError as error:
        print(words().key(f"store.{error.reason.value}").format(seconds=error.seconds), file=sys.stderr)
        return FAILED
    except BundleError as error:
        print(words().key(f"bundle.{error.flaw.value}"), file=sys.stderr)
        return NOT_THERE if error.flaw is Flaw.MISSING else FAILED
    return DONE


def _list(options: argparse.Namespace, folder: DataFolder, now: datetime) -> Iterator[dict[str, object]]:
    unlock = Unlock(folder)
    keys = unlock.open(options.login, read_password(options.password_file), now.timestamp())
    store = Store.open(folder, keys)
    try:
        desk, recovery = store.desk, store.meta.text(RECOVERY_KEY)
        shown = x509.load_pem_x509_certificate(desk.certificate_chain)
        start, end = shown.not_valid_before_utc.isoformat(), shown.not_valid_after_utc.isoformat()
        is_kept = bool(recovery) and is_escrowed(store)
        where = "SECRET_PROTECTED" if unlock.secret_is_protected else "SECRET_IN_A_FILE"
        yield {"purpose": "DATA", "id": keys.key_id, "slots": unlock.slots, "where": where, "escrow": is_kept}
        yield {"purpose": "FORMER_DATA", "slots": unlock.behind(keys)}
        yield {"purpose": "TLS", "id": f"{shown.serial_number:x}", "made": start, "due": end}
        yield {"purpose": "ACTS", "id": desk.replica, "made": store.people.enrolled_time(desk.replica)}
        yield {"purpose": "DISTRICT", "id": desk.district_key.hex()}
        yield {"purpose": "RECOVERY", "id": recovery}
    finally:
        store.close()


def _ask(options: argparse.Namespace, folder: DataFolder, now: datetime) -> Iterator[dict[str, object]]:
    request = escrow.ask(folder, options.district, options.desk, now)
    with disk_errors():
        options.file.write_bytes(codec.encode(request).text)
    yield {"request": str(options.file), "replica": request.replica, "words": request.words}


def _recover(options: argparse.Namespace, folder: DataFolder, _now: datetime) -> Iterator[dict[str, object]]:
    keys = escrow.answered(folder, _answer(options.file))
    unlock, password = Unlock(folder), read_password(options.password_file)
    store = Store.open(folder, keys)
    try:
        person = store.people.of_login(options.login)
        unlock.recover(options.login, password, keys)
        if person is not None:
            unlock.note_use(Owner(login=options.login, name=person.name), datetime.now(UTC).timestamp())
    finally:
        store.close()
    escrow.forget(folder)
    yield {"recovered": keys.key_id, "slots": unlock.slots}


def _rotate(options: argparse.Namespace, folder: DataFolder, now: datetime) -> Iterator[dict[str, object]]:
    unlock, password = Unlock(folder), read_password(options.password_file)
    keys = unlock.open(options.login, password, now.timestamp())
    Store.open(folder, keys).close()  # what an earlier rotation has left is done first
    new = unlock.rotate(keys)
    pages = rotation.finish(folder, new)
    store = Store.open(folder, Keys(data=new.data))
    try:
        unlock.settle(options.login, password, new, is_escrowed=is_escrowed(store))
    finally:
        store.close()
    yield {"rotated": new.key_id, "pages": pages, "slots": unlock.slots, "behind": unlock.behind(new)}


def _rescue(options: argparse.Namespace, folder: DataFolder, now: datetime) -> Iterator[dict[str, object]]:
    store = Store.open(folder, escrow.answered(folder, _answer(options.file)))
    try:
        written = bundles.export(store, options.out, now)
    finally:
        store.close()
    escrow.forget(folder)
    yield {"files": [str(file) for file in written.files], "deeds": written.deeds, "pages": written.pages}


def _answer(file: Path) -> Answer:
    try:
        return codec.decode(Answer, file.read_bytes())
    except OSError as error:
        raise BundleError(Flaw.MISSING, "answer") from error
    except codec.CodecError as error:
        raise BundleError(Flaw.DAMAGED, "answer") from error
