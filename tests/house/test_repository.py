"""What no file of the repository may hold: paths of a machine, registries, secrets; and what the lock must."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.house.source import NOT_OURS, REPOSITORY

MACHINE_PATH = re.compile(r"(?<![A-Za-z0-9_.<>-])/(?:work|farm|root|home/[a-z]+|tmp/[a-z]+)/|[A-Z]:\\\\?Users\\")
REGISTRY = re.compile(r"(?m)^\s*(?:--(?:extra-)?index-url|--find-links|-i |-f )|https?://|file:/")
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
UNFINISHED = re.compile(r"(?:#|//|--|;).*\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b")
CODE = (".py", ".typ", ".sql", ".proto", ".sh", ".spec", ".html")
PINNED = re.compile(r"(?m)^[A-Za-z0-9][^\s\\]*")
PICTURES = {".png", ".jpg", ".jpeg", ".pdf", ".ttc", ".ttf", ".pnm", ".tif", ".gz", ".onnx"}


def tracked_texts(root: Path) -> dict[str, str]:
    """Every tracked (or, outside git, every) text file under ``root``."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    names = [name for name in listed.stdout.split("\0") if name] if listed.returncode == 0 else everything(root)
    paths = [root / name for name in names]
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8", errors="replace")
        for path in paths
        if path.is_file() and path.suffix not in PICTURES
    }


def everything(root: Path) -> list[str]:
    """The files of an exported tree."""
    inside = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return [str(path) for path in inside if not NOT_OURS.difference({"v1"}).intersection(path.parts)]


def holding(pattern: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    """``path: what`` for every file in which the pattern stands."""
    return [f"{name}: {hit.group()!r}" for name, text in texts.items() for hit in [pattern.search(text)] if hit]


def unhashed(lock: str) -> list[str]:
    """Pins of a lock file that name no version or carry no hash."""
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", "\n".join(line for line in lock.splitlines() if line[:1] != "#"))
    pins = [entry for entry in entries if PINNED.match(entry)]
    return [entry.split()[0] for entry in pins if "==" not in entry.split()[0] or "--hash=sha256:" not in entry]


def test_no_file_names_a_path_of_a_machine() -> None:
    texts = {name: text for name, text in tracked_texts(REPOSITORY).items() if not name.startswith("data/items/")}
    assert holding(MACHINE_PATH, texts) == []


def test_no_file_holds_a_private_key() -> None:
    assert holding(PRIVATE_KEY, tracked_texts(REPOSITORY)) == []


def test_nothing_is_left_for_later() -> None:
    texts = {name: text for name, text in tracked_texts(REPOSITORY).items() if name.endswith(CODE)}
    assert holding(UNFINISHED, texts) == []


def test_the_lock_names_versions_and_hashes_and_no_registry() -> None:
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    assert REGISTRY.search(lock) is None
    assert unhashed(lock) == []


def test_generator_and_runtime_of_the_wire_are_pinned() -> None:
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    versions = dict(re.findall(r"(?m)^(grpcio|grpcio-tools|grpcio-status|protobuf)==(\S+)", lock))
    assert set(versions) == {"grpcio", "grpcio-tools", "grpcio-status", "protobuf"}
    assert versions["grpcio"] == versions["grpcio-tools"] == versions["grpcio-status"]


def test_these_rules_find_what_is_planted(tmp_path: Path) -> None:
    slash = "/"
    for bad in (f"open('{slash}home{slash}li{slash}x')", f"cd {slash}work{slash}x", f"{slash}tmp{slash}abc{slash}d"):
        (tmp_path / "bad.py").write_text(bad, encoding="utf-8")
        assert holding(MACHINE_PATH, tracked_texts(tmp_path)) != []
    dashes = "-" * 5
    assert PRIVATE_KEY.search(f"{dashes}BEGIN EC PRIVATE KEY{dashes}")
    assert UNFINISHED.search("# TO" + "DO: later")
    assert REGISTRY.search("a==1\n--index-url x\n")
    assert unhashed("a==1 \\\n    --hash=sha256:00\nb==2\n") == ["b==2"]
    assert unhashed("a>=1 --hash=sha256:00\n") == ["a>=1"]


def test_these_rules_let_good_text_pass() -> None:
    good = "https://host/work/x  client/work/x  ./tmp/a/b  /usr/share/fonts  /var/lib/yichuang/pages"
    assert MACHINE_PATH.search(good) is None
