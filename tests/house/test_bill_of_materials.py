"""The bill of materials of the package, made anew from the lock."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.house.source import REPOSITORY


def test_the_bill_names_what_the_client_needs_with_the_locks_hashes(tmp_path: Path) -> None:
    file, lock = tmp_path / "bill.json", (REPOSITORY / "requirements.lock").read_text("utf-8")
    program = REPOSITORY / "installer" / "bill_of_materials.py"
    subprocess.run([sys.executable, str(program), "client", str(file)], check=True)
    bill = json.loads(file.read_bytes())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    parts = {part["name"]: part for part in bill["components"]}
    assert {"grpcio", "tuf", "securesystemslib", "sqlcipher3", "cffi"} <= parts.keys(), "however far down"
    assert parts.keys().isdisjoint({"sqlalchemy", "pytest", "pyinstaller"})
    for name, part in parts.items():
        assert f"{name}=={part['version']} " in lock.replace("\\", " ")
        assert part["hashes"], name
        assert all(f"sha256:{one['content']}" in lock for one in part["hashes"])
