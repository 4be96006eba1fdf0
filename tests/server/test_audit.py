"""The log's signed heads and proofs, the export and its check; on SQLite and on PostgreSQL."""

from __future__ import annotations

import base64
import importlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete

from tests.server.houses import CODE, TestHouse, new_case
from tests.server.test_exchange import taking
from yichuang_domain import merkle as proofs, tree_head
from yichuang_domain.merkle import leaf_hash
from yichuang_domain.tree_head import HeadError, TreeHead
from yichuang_server import auditing
from yichuang_server.__main__ import main
from yichuang_server.config import DataFolder, ServerConfig
from yichuang_server.services import audit, heads
from yichuang_server.services.audit import AuditError, Point
from yichuang_server.store import log, tree
from yichuang_server.store.tables import tree_node

GO_CHECK = Path(__file__).parents[1] / "support" / "check_log.go"
LEAVES = [json.dumps({"n": n}).encode() for n in range(600)]


def grown(home: TestHouse, count: int) -> TreeHead:
    """The log with so many leaves in all."""

    def work(connection: Connection) -> TreeHead:
        log.notice(connection, CODE, LEAVES[log.size(connection, CODE) : count])
        return heads.head(connection, CODE)

    return home.house.write(work)


def test_every_proof_of_a_growing_log_holds_and_no_other(house: TestHouse) -> None:
    known = {size: grown(house, size) for size in (0, 1, 2, 7, 255, 256, 257, 512, 600)}

    def work(connection: Connection) -> None:
        for old in known.values():
            for new in (known[257], known[600]):
                path = tree.consistency(connection, CODE, old.size, new.size) if old.size <= new.size else []
                holds = proofs.is_consistent(old.size, old.root, new.size, new.root, path)
                assert holds == (old.size <= new.size), (old.size, new.size)
                assert not proofs.is_consistent(old.size, "0" * 64, new.size, new.root, path)
                assert not proofs.is_consistent(old.size, old.root, new.size, new.root, [*path, "0" * 64])
        for size in (1, 7, 257, 600):
            for position in {1, 2, size // 2 or 1, size - 1 or 1, size}:
                path = tree.inclusion(connection, CODE, position, size)
                leaf, root = leaf_hash(LEAVES[position - 1]), known[size].root
                if position > size:
                    continue
                assert proofs.is_included(leaf, position - 1, size, path, root)
                assert not proofs.is_included(leaf, position, size, path, root)
                assert not proofs.is_included(leaf_hash(b"other"), position - 1, size, path, root)
        assert tree.root_at(connection, CODE, 257) == known[257].root

    house.house.read(work)


def test_a_database_of_before_gets_its_tree_from_its_leaves(house: TestHouse) -> None:
    grown(house, 600)

    def work(connection: Connection) -> tuple[object, object]:
        before = connection.execute(tree_node.select()).all()
        connection.execute(delete(tree_node))
        importlib.import_module("yichuang_server.store.migrations.versions.0004_tree").fill(connection, tree_node, CODE)
        return before, connection.execute(tree_node.select()).all()

    before, after = house.house.write(work)
    assert before == after != []


def test_a_head_is_a_note_that_only_the_districts_key_signs(house: TestHouse) -> None:
    head, key = grown(house, 3), house.house.authority.public_key
    note = house.house.read(lambda c: heads.signed(c, CODE, house.house.authority))
    assert audit.read_head(note, key) == head
    assert note.decode().splitlines()[:2] == [head.origin, "3"]
    for changed in (note.replace(b"\n3\n", b"\n4\n"), note[:-6] + b"AAAA=\n", b"", b"\n\n"):
        with pytest.raises((AuditError, HeadError)):
            audit.read_head(changed, key)
    with pytest.raises(AuditError):
        audit.read_head(note, bytes(32))
    assert tree_head.read_verifier_key(tree_head.verifier_key(head.origin, key)) == key


Lines = list[dict[str, object]]


def _changed(lines: Lines) -> None:
    lines[2]["text"] = str(lines[2]["text"]) + " "


def _removed(lines: Lines) -> None:
    del lines[2]
    for n, line in enumerate(lines[1:], 1):
        line["position"] = n


def _moved(lines: Lines) -> None:
    lines[2]["text"], lines[3]["text"] = lines[3]["text"], lines[2]["text"]


def _cut(lines: Lines) -> None:
    del lines[-1]


def _added(lines: Lines) -> None:
    lines.append({"position": len(lines), "text": "{}"})


@pytest.mark.parametrize("tamper", [_changed, _removed, _moved, _cut, _added])
def test_each_way_to_tamper_with_an_exported_log_is_found(
    house: TestHouse, tmp_path: Path, tamper: Callable[[Lines], None]
) -> None:
    old = grown(house, 4)
    counter = house.desk("hall")
    assert counter.send(counter.deed((new_case(), 1, taking()))).head.note
    file, key = tmp_path / "log.jsonl", house.house.authority.public_key
    leaves = audit.export(house.house, file)
    printed = Point(size=old.size, root=old.root)
    assert audit.check(file, key, [], [printed]).size == leaves > 4
    with pytest.raises(AuditError, match="up to 4"):
        audit.check(file, key, [], [Point(size=4, root="0" * 64)])
    with pytest.raises(AuditError, match="beyond"):
        audit.check(file, key, [], [Point(size=leaves + 1, root=old.root)])
    lines: Lines = [json.loads(line) for line in file.read_text().splitlines()]
    tamper(lines)
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(AuditError):
        audit.check(file, key, [], [])


@pytest.mark.long
def test_heads_and_proofs_pass_the_checks_of_an_independent_library(house: TestHouse, tmp_path: Path) -> None:
    """golang.org/x/mod/sumdb: another code base, from the distribution."""
    old = grown(house, 257)
    seen = house.house.read(lambda c: heads.signed(c, CODE, house.house.authority))
    new = grown(house, 600)
    authority = house.house.authority
    told = house.house.read(lambda c: heads.witnessed(c, CODE, authority, old.size))
    proof = house.house.read(lambda c: heads.proof(c, CODE, authority, 300)).decode()
    index, *path = proof.partition("\n\n")[0].splitlines()[1:]
    case = {
        "key": tree_head.verifier_key(new.origin, authority.public_key),
        "seen": seen.decode(),
        "told": told.note.decode(),
        "consistency": [base64.b64encode(bytes.fromhex(one)).decode() for one in told.path],
        "index": int(index.removeprefix("index ")),
        "leaf": base64.b64encode(LEAVES[299]).decode(),
        "inclusion": path,
    }
    environment = {
        "GO111MODULE": "off",
        "GOPATH": "/usr/share/gocode",
        "GOCACHE": str(tmp_path),
        "PATH": "/usr/bin:/bin",
    }
    program = tmp_path / "check_log"
    subprocess.run(["go", "build", "-o", program, GO_CHECK], check=True, env=environment)
    for change, is_good in (
        ({}, True),
        ({"leaf": "AAAA"}, False),
        ({"consistency": []}, False),
        ({"seen": "x"}, False),
    ):
        done = subprocess.run([program], input=json.dumps(case | change), text=True, capture_output=True)
        assert (done.returncode == 0) == is_good, done.stderr


def test_the_auditors_commands(house: TestHouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = house.house.engine.url.render_as_string(hide_password=False)
    ServerConfig(district=CODE, database=url, hosts=("127.0.0.1",)).save(DataFolder(path=tmp_path))
    grown(house, 5)
    data, file = str(tmp_path), str(tmp_path / "log.jsonl")

    def said(*arguments: str, code: int = 0) -> dict[str, object]:
        assert main(["audit", *arguments]) == code
        told = capsys.readouterr()
        found: dict[str, object] = json.loads(told.out or told.err)
        return found

    head = said("head", "--data", data)
    assert said("prove", "--data", data, "9", code=1)["error"] == f"the log has {head['size']} leaves and none at 9"
    assert said("prove", "--data", data, "5")["leaf"] == LEAVES[4].decode()
    assert said("export", "--data", data, file)["leaves"] == head["size"]
    printed = f"{head['size']}:{head['root']}"
    assert said("check", file, "--key", str(head["key"]), "--printed", printed)["good"] is True
    said("check", file, "--key", str(head["key"]), "--printed", f"0:{'0' * 64}", code=1)
    assert sorted(auditing.COMMANDS) == ["audit_check", "audit_export", "audit_head", "audit_prove"]
