"""What the commands of an operator do: backups and their restore, what desks without a line have sent.

Rules kept here: a secret comes from a file, never from the command line; every answer says what was read back and how
long it took.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from yichuang import bundle
from yichuang.bundle import BundleError, Flaw
from yichuang_domain.log_epoch import EpochReason
from yichuang_server.api import bundles
from yichuang_server.bootstrap import move_pages, open_house, use_s3
from yichuang_server.config import DataFolder
from yichuang_server.services import backups, epochs, restoring
from yichuang_server.services.backups import Vault
from yichuang_server.store import log, sealing
from yichuang_server.store.sealing import BackupError, Secret

Say = Callable[..., None]
Commands = Callable[[str], ArgumentParser]
"""Adds a command by its name."""


def declare_backup(command: Commands) -> None:
    """The options of ``backup …``."""
    key = command("key")
    key.add_argument("file", type=Path, help="where to write the new key; keep it apart from the backups")
    taking = command("take")
    taking.add_argument("--data", type=Path, required=True, help="the district's folder")
    taking.add_argument("--keep", type=int, default=0, help="remove all but that many backups; all stay by default")
    for each in (taking, command("list"), command("verify")):
        _declare_vault(each, "--to" if each is taking else "--from")
        if each is not taking:
            each.add_argument("--backup", default="", help="name; the newest by default")


def declare_restore(restore: ArgumentParser) -> None:
    """The options of ``restore``."""
    restore.add_argument("--data", type=Path, required=True, help="an empty folder; for a drill, where there is room")
    restore.add_argument("--database", default="", help="an empty PostgreSQL database, where the backup is of one")
    restore.add_argument("--drill", action="store_true", help="restore, compare, say the times and remove it again")
    restore.add_argument("--backup", default="", help="name; the newest by default")
    _declare_vault(restore, "--from")


def declare_epoch(command: Commands) -> None:
    """The options of ``epoch …``."""
    signing, opening = command("sign"), command("open")
    for each in (signing, opening):
        each.add_argument("--data", type=Path, required=True, help="the restored district's folder")
    _declare_administrator(signing)
    signing.add_argument("--reason", default="", choices=[reason.value for reason in EpochReason])


def declare_people_key(command: ArgumentParser) -> None:
    """The options of ``people key``."""
    command.add_argument("--data", type=Path, required=True, help="the district's folder")
    _declare_administrator(command)


def declare_pages(command: Commands) -> None:
    """The options of ``pages …``."""
    setting, moving = command("s3"), command("move")
    for each in (setting, moving):
        each.add_argument("--data", type=Path, required=True, help="the district's folder")
    setting.add_argument("file", type=Path, help="JSON: endpoint, bucket, region, access_key, secret_key")
    setting.add_argument(
        "--authority", type=Path, default=None, help="PEM of the authority of the service's certificate"
    )


def declare_bundle(command: Commands) -> None:
    """The options of ``bundle …``."""
    taking = command("take")
    taking.add_argument("--data", type=Path, required=True, help="the district's folder")
    taking.add_argument("files", type=Path, nargs="+", help="bundles of desks, or folders of them (a stick, a mirror)")
    taking.add_argument(
        "--answers", type=Path, default=None, help="folder for the answers; beside the bundle by default"
    )


def _declare_administrator(command: ArgumentParser) -> None:
    command.add_argument("person")
    command.add_argument("file", type=Path, help="the administrator's key, on a medium of their own")
    command.add_argument("--passphrase-file", type=Path, required=True, help="its first line is the passphrase")


def _declare_vault(command: ArgumentParser, option: str) -> None:
    command.add_argument(option, dest="vault", type=Path, required=True, help="the folder of backups")
    keys = command.add_mutually_exclusive_group(required=True)
    keys.add_argument("--key-file", type=Path)
    keys.add_argument("--passphrase-file", type=Path, help="its first line is the passphrase")


def _secret(options: Namespace) -> Secret:
    if options.key_file is not None:
        return sealing.read_key_file(options.key_file)
    return sealing.read_passphrase(options.passphrase_file)


def _vault(options: Namespace, *, create: bool = False) -> Vault:
    return Vault.open(options.vault.absolute(), _secret(options), create=create)


def _key(options: Namespace, say: Say) -> None:
    sealing.new_key_file(options.file)
    say(key=str(options.file))


def _take(options: Namespace, say: Say) -> None:
    folder = DataFolder(path=options.data.absolute())
    config, house = open_house(folder)
    vault = _vault(options, create=True)
    taken = backups.take(vault, folder, config, house.engine, house.pages, house.now())
    if not taken.damaged_pages:
        house.write(lambda c: log.backed_up(c, house.district, taken.head.epoch, taken.head.size))
    dropped = backups.drop_old(vault, options.keep)
    say(**asdict(taken), dropped=dropped, durable_through=house.read(lambda c: log.durable_through(c, house.district)))
    if taken.damaged_pages:
        raise BackupError(
            f"{taken.damaged_pages} pages are damaged or gone at the district: see the runbook, section 8"
        )


def _list(options: Namespace, say: Say) -> None:
    vault = _vault(options)
    for name in vault.names() if not options.backup else [options.backup]:
        manifest = vault.manifest(name)
        head = manifest.contents.head
        say(backup=name, district=manifest.district, log_size=head.size, log_epoch=head.epoch, pages=manifest.pages)


def _verify(options: Namespace, say: Say) -> None:
    vault = _vault(options)
    say(**backups.verify(vault, backups.newest(vault, options.backup)))


def _restore(options: Namespace, say: Say) -> None:
    vault, target = _vault(options), options.data.absolute()
    name = backups.newest(vault, options.backup)
    if options.drill:
        say(drill=True, **asdict(restoring.drill(vault, name, target, options.database)))
        return
    say(**asdict(restoring.restore(vault, name, target, options.database)))


def _people_key(options: Namespace, say: Say) -> None:
    _, house = open_house(DataFolder(path=options.data.absolute()))
    passphrase = sealing.read_passphrase(options.passphrase_file).value
    key = epochs.administrator_key(options.file, passphrase)
    say(person=options.person, file=str(options.file), administrators=epochs.register(house, options.person, key))


def _epoch_sign(options: Namespace, say: Say) -> None:
    folder = DataFolder(path=options.data.absolute())
    _, house = open_house(folder)
    key = epochs.read_key(options.file, sealing.read_passphrase(options.passphrase_file).value)
    opening, count = epochs.sign(house, folder.pending_epoch, options.person, key, options.reason)
    say(epoch=opening.epoch, previous=opening.previous, size=opening.size, root=opening.root, signatures=count)


def _epoch_open(options: Namespace, say: Say) -> None:
    folder = DataFolder(path=options.data.absolute())
    _, house = open_house(folder)
    opening = epochs.open_epoch(house, folder.pending_epoch)
    say(epoch=opening.epoch, previous=opening.previous, size=opening.size, reason=opening.reason.value)


def _pages_s3(options: Namespace, say: Say) -> None:
    folder = DataFolder(path=options.data.absolute())
    config = use_s3(folder, options.file, options.authority)
    assert config.s3 is not None
    say(
        endpoint=config.s3.endpoint, bucket=config.s3.bucket, next="restart the server, then yichuang-server pages move"
    )


def _pages_move(options: Namespace, say: Say) -> None:
    say(moved=move_pages(DataFolder(path=options.data.absolute())))


def _bundle_take(options: Namespace, say: Say) -> None:
    _, house = open_house(DataFolder(path=options.data.absolute()))
    files = [file for place in options.files for file in _bundles(place.absolute())]
    answers = options.answers.absolute() if options.answers is not None else files[0].parent
    try:
        for taken in bundles.take(house, files, answers):
            say(**asdict(taken))
    except BundleError as error:
        raise BackupError(f"{FLAWS[error.flaw]} ({error})") from error
    except OSError as error:
        raise BackupError(f"{answers} cannot be written: {error.strerror}") from error


def _bundles(place: Path) -> list[Path]:
    """A file as it is; in a folder, what desks have sent, first what was done and then the pages."""
    if not place.is_dir():
        return [place]
    found = sorted(place.glob(f"*{bundle.SUFFIX}"), key=lambda file: (bundle.IS_PAGES in file.name, file.name))
    found = [file for file in found if bundle.IS_ANSWER not in file.name]
    if not found:
        raise BackupError(f"no desk's bundle lies in {place}")
    return found


FLAWS = {
    Flaw.MISSING: "the bundle cannot be read: look at the medium",
    Flaw.NOT_A_BUNDLE: "this is no bundle of a desk",
    Flaw.CUT_SHORT: "the bundle is cut short: export it again at the desk and wait until it says that it is done",
    Flaw.DAMAGED: "the bundle was damaged or changed, nothing of it was taken: export it again at the desk",
    Flaw.NEWER: "the bundle was made by a newer program: update the district first",
    Flaw.TOO_LARGE: "the bundle is larger than any that a desk makes: nothing of it was taken",
    Flaw.FOREIGN_DISTRICT: "the bundle is of another district",
    Flaw.FOREIGN_DESK: "the bundle is of no desk of this district",
    Flaw.REVOKED: "the bundle is of a desk that was shut out: nothing of it was taken",
    Flaw.WRONG_WAY: "this is the district's answer: it belongs to the desk",
    Flaw.NO_KEY: "there is no key for this bundle",
    Flaw.OLD: "the bundle was taken in before",
    Flaw.FULL: "the medium for the answers is full: make room and take the bundles again",
    Flaw.UNWRITABLE: "the medium for the answers cannot be written: look at it and take the bundles again",
}
"""What is wrong with a bundle, and what to do."""

COMMANDS: dict[str, Callable[[Namespace, Say], None]] = {
    "backup_key": _key,
    "backup_take": _take,
    "backup_list": _list,
    "backup_verify": _verify,
    "restore": _restore,
    "people_key": _people_key,
    "epoch_sign": _epoch_sign,
    "epoch_open": _epoch_open,
    "pages_s3": _pages_s3,
    "pages_move": _pages_move,
    "bundle_take": _bundle_take,
}
"""By the name of the command, its parts joined by an underscore."""
