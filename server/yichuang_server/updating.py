"""What administrators do with releases of the desk's program: begin, publish, open them to a ring.

Rules kept here: each key is a file under a passphrase of its own, as all keys of administrators; nothing reaches a
desk without both release keys.
"""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from yichuang_server.config import ConfigError, DataFolder, ServerConfig
from yichuang_server.services import epochs
from yichuang_server.services.releases import ReleaseError, Releases, at_whole_seconds
from yichuang_server.store import sealing

Say = Callable[..., None]
_VERSION = re.compile(r"\d+(\.\d+){1,3}")


def declare(command: Callable[[str], ArgumentParser]) -> None:
    """The options of ``update …``."""
    beginning, publishing, ring, listing = (command(name) for name in ("begin", "publish", "ring", "list"))
    for each in (beginning, publishing, ring, listing):
        each.add_argument("--data", type=Path, required=True, help="the district's folder")
    named = {"nargs": 2, "type": Path, "action": "append", "default": [], "metavar": ("FILE", "PASSPHRASE_FILE")}
    beginning.add_argument("--root-key", help="three; made where there is none, for a safe", **named)  # type: ignore[arg-type]
    for each in (beginning, publishing, ring):
        each.add_argument("--release-key", help="two, of two administrators", **named)  # type: ignore[arg-type]
    publishing.add_argument("program", type=Path, help="folder of the program, as make package leaves it")
    for each in (publishing, ring):
        each.add_argument("--version", required=True)
        each.add_argument("--platform", default="linux-x86_64")
    ring.add_argument("--ring", type=int, default=1)
    ring.add_argument("--percent", type=int, required=True, help="how many of a hundred desks of the ring take it")
    ring.add_argument("--fallback", default="", help="version for the others; what they have by default")


def _releases(options: Namespace) -> Releases:
    folder = DataFolder(path=options.data.absolute())
    ServerConfig.load(folder)
    return Releases(folder.releases)


def _keys(pairs: list[list[Path]], *, makes: bool = False) -> list[Ed25519PrivateKey]:
    read = epochs.administrator_key if makes else epochs.read_key
    return [read(file, sealing.read_passphrase(passphrase).value) for file, passphrase in pairs]


def _begin(options: Namespace, say: Say) -> None:
    releases = _releases(options)
    root, release = _keys(options.root_key, makes=True), _keys(options.release_key, makes=True)
    releases.begin(root, release, at_whole_seconds())
    say(root=str(releases.root), root_keys=len(root), release_keys=len(release))


def _publish(options: Namespace, say: Say) -> None:
    if not _VERSION.fullmatch(options.version):
        raise ReleaseError(f"{options.version} is no version: numbers with points")
    keys, now = _keys(options.release_key), at_whole_seconds()
    count = _releases(options).publish(options.program, options.version, options.platform, keys, now)
    say(version=options.version, platform=options.platform, files=count)


def _ring(options: Namespace, say: Say) -> None:
    if not 0 <= options.percent <= 100:
        raise ConfigError("--percent is 0 to 100")
    named = ("ring", "platform", "version", "percent", "fallback")
    ring = {name: getattr(options, name) for name in named}
    say(rings=_releases(options).set_ring(ring, _keys(options.release_key), at_whole_seconds()))


def _list(options: Namespace, say: Say) -> None:
    say(rings=_releases(options).rings())


COMMANDS: dict[str, Callable[[Namespace, Say], None]] = {
    "update_begin": _begin,
    "update_publish": _publish,
    "update_ring": _ring,
    "update_list": _list,
}
"""By the name of the command, its parts joined by an underscore."""
