"""What the commands of an auditor do: heads, proofs, exports of the log and their check.

Rules kept here: ``audit check`` needs no district, only the file and the district's public key.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from yichuang_domain import tree_head
from yichuang_domain.tree_head import HeadError
from yichuang_server.bootstrap import open_house
from yichuang_server.config import DataFolder
from yichuang_server.services import audit, heads
from yichuang_server.services.audit import AuditError, Point
from yichuang_server.services.house import House
from yichuang_server.store import log, tree

Say = Callable[..., None]
Commands = Callable[[str], ArgumentParser]
"""Adds a command by its name."""


def declare(command: Commands) -> None:
    """The options of ``audit …``."""
    head, proof, export, check = (command(name) for name in ("head", "prove", "export", "check"))
    for each in (head, proof, export):
        each.add_argument("--data", type=Path, required=True, help="the district's folder")
    proof.add_argument("position", type=int, help="of the leaf, the first is 1")
    export.add_argument("file", type=Path, help="a new file: the signed head and every leaf")
    check.add_argument("file", type=Path, help="an exported log")
    check.add_argument("--key", required=True, help="the district's verifier key, as audit head says it")
    check.add_argument(
        "--head", type=Path, action="append", default=[], help="a signed head that the log must have had"
    )
    check.add_argument(
        "--printed", action="append", default=[], metavar="SIZE:ROOT", help="a head as a closing sheet has it"
    )


def _house(options: Namespace) -> House:
    return open_house(DataFolder(path=options.data.absolute()))[1]


def _head(options: Namespace, say: Say) -> None:
    house = _house(options)
    note = house.read(lambda c: heads.signed(c, house.district, house.authority))
    head = audit.read_head(note, house.authority.public_key)
    key = tree_head.verifier_key(head.origin, house.authority.public_key)
    say(size=head.size, root=head.root, key=key, head=note.decode())


def _prove(options: Namespace, say: Say) -> None:
    house = _house(options)
    try:
        proof = house.read(lambda c: heads.proof(c, house.district, house.authority, options.position))
    except LookupError as error:
        size = house.read(lambda c: log.size(c, house.district))
        raise AuditError(f"the log has {size} leaves and none at {options.position}") from error
    leaf = house.read(lambda c: tree.leaf(c, house.district, options.position)) or b""
    say(position=options.position, leaf=leaf.decode(), proof=proof.decode())


def _export(options: Namespace, say: Say) -> None:
    try:
        say(file=str(options.file), leaves=audit.export(_house(options), options.file))
    except OSError as error:
        raise AuditError(f"{options.file} cannot be written: {error.strerror}") from error


def _check(options: Namespace, say: Say) -> None:
    try:
        key = tree_head.read_verifier_key(options.key)
        notes = [file.read_bytes() for file in options.head]
        points = [_point(text) for text in options.printed]
    except (HeadError, OSError, ValueError) as error:
        raise AuditError(f"nothing was checked: {error}") from error
    head = audit.check(options.file, key, notes, points)
    say(good=True, origin=head.origin, size=head.size, root=head.root, heads=1 + len(notes) + len(points))


def _point(text: str) -> Point:
    size, _, root = text.partition(":")
    plain = "".join(root.split()).lower()
    if len(bytes.fromhex(plain)) != 32:
        raise ValueError("a printed head is SIZE:ROOT, the root of 64 characters")
    return Point(size=int(size), root=plain)


COMMANDS: dict[str, Callable[[Namespace, Say], None]] = {
    "audit_head": _head,
    "audit_prove": _prove,
    "audit_export": _export,
    "audit_check": _check,
}
"""By the name of the command, its parts joined by an underscore."""
