"""``yichuang bundle …``: what waits is written to a medium, the district's answer is taken in, without a window.

Rules kept here: the desk opens with a clerk's password as at the sign-in screen, never from the command line's text; a
desk whose window is open says so and is left alone.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path

from yichuang.bundle import BundleError, Flaw
from yichuang_client.commands.exit_codes import DONE, FAILED, NOT_THERE
from yichuang_client.commands.output import print_json, words
from yichuang_client.config import read_config
from yichuang_client.store.errors import StoreError
from yichuang_client.store.store import Store
from yichuang_client.store.unlock import Unlock
from yichuang_client.sync import bundles
from yichuang_client.sync.media import newest_answer


def carry(options: argparse.Namespace) -> int:
    """Run one command. Returns the exit code."""
    folder, now = read_config(data=options.data).data, datetime.now(UTC)
    try:
        password = read_password(options.password_file)
        store = Store.open(folder, Unlock(folder).open(options.login, password, now.timestamp()))
        try:
            row = _export(store, options.place, now) if options.act == "export" else _take(store, options.place, now)
        finally:
            store.close()
    except StoreError as error:
        print(words().key(f"store.{error.reason.value}").format(seconds=error.seconds), file=sys.stderr)
        return FAILED
    except BundleError as error:
        print(words().key(f"bundle.{error.flaw.value}"), file=sys.stderr)
        return NOT_THERE if error.flaw is Flaw.MISSING else FAILED
    print_json(row)
    return DONE


def read_password(file: Path | None) -> str:
    """The first line of a file, or what a person types. Raises BundleError (MISSING)."""
    if file is None:
        return getpass.getpass("")
    try:
        return file.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise BundleError(Flaw.MISSING, "password file") from error


def _export(store: Store, place: Path, now: datetime) -> dict[str, object]:
    written = bundles.export(store, place, now)
    return {"files": [str(file) for file in written.files], "deeds": written.deeds, "pages": written.pages}


def _take(store: Store, place: Path, now: datetime) -> dict[str, object]:
    answer = newest_answer(place, store.desk)
    if answer is None:
        raise BundleError(Flaw.MISSING)
    took = bundles.take(store, answer, now)
    return {
        "answer": str(answer),
        "recorded": took.recorded,
        "refused": took.refused,
        "records": took.records,
        "pages": took.pages,
        "made": took.made_time.isoformat(),
    }
