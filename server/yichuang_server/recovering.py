"""What two administrators do with keys: make the recovery key, open a desk's data key; and the inventory of all keys.

Rules kept here: a passphrase comes from a file, never from the command line; no secret is printed.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from yichuang import codec
from yichuang.escrow import Request
from yichuang_server.bootstrap import open_house
from yichuang_server.config import DataFolder
from yichuang_server.services import epochs, inventory, recovery
from yichuang_server.services.recovery import RecoveryError, Signer
from yichuang_server.store import sealing

Say = Callable[..., None]


def declare(command: Callable[[str], ArgumentParser]) -> None:
    """The options of ``recovery …``."""
    creating, opening, listing = command("create"), command("open"), command("list")
    for each in (creating, opening, listing):
        each.add_argument("--data", type=Path, required=True, help="the district's folder")
    opening.add_argument("request", type=Path, help="the file that `yichuang keys ask` wrote")
    opening.add_argument("--reason", default="", help="why, for the log; the first administrator says it")
    for each in (creating, opening):
        each.add_argument("person")
        each.add_argument("file", type=Path, help="the administrator's key, on a medium of their own")
        each.add_argument("--passphrase-file", type=Path, required=True, help="its first line is the passphrase")


def _signer(options: Namespace) -> Signer:
    key = epochs.read_key(options.file, sealing.read_passphrase(options.passphrase_file).value)
    return Signer(person=options.person, key=key)


def _create(options: Namespace, say: Say) -> None:
    folder = DataFolder(path=options.data.absolute())
    _, house = open_house(folder)
    done = recovery.create(house, folder.pending_recovery, _signer(options))
    say(signatures=done.signatures, recovery_key=done.made)


def _open(options: Namespace, say: Say) -> None:
    folder = DataFolder(path=options.data.absolute())
    _, house = open_house(folder)
    try:
        request = codec.decode(Request, options.request.read_bytes())
    except (OSError, codec.CodecError) as error:
        raise RecoveryError(f"{options.request} is no request: make one with yichuang keys ask") from error
    done, answer = recovery.open_for(house, folder.pending_recovery, request, _signer(options), options.reason)
    path = options.request.with_name(options.request.name + ".answer")
    if answer is not None:
        path.write_bytes(codec.encode(answer).text)
    told = {"replica": request.replica, "words": request.words, "signatures": done.signatures, "keys": done.keys}
    say(**told, answer=str(path) if answer is not None else "")


def _list(options: Namespace, say: Say) -> None:
    _, house = open_house(DataFolder(path=options.data.absolute()))
    for row in house.read(lambda connection: recovery.desk_states(connection, house.district)):
        say(**row)


def _keys(options: Namespace, say: Say) -> None:
    folder = DataFolder(path=options.data.absolute())
    _, house = open_house(folder)
    for row in house.read(lambda connection: list(inventory.rows(house, connection, folder))):
        say(**row)


COMMANDS: dict[str, Callable[[Namespace, Say], None]] = {
    "recovery_create": _create,
    "recovery_open": _open,
    "recovery_list": _list,
    "keys": _keys,
}
"""By the name of the command, its parts joined by an underscore."""
