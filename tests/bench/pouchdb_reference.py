"""The reference of the sync: a local PouchDB that replicates to express-pouchdb, both from npm, over loopback.

Rules kept here: the packages are those of the lock file, by their hashes, and lie under ``build/``; a reference that is
not there is fetched only where the caller allows it, and else is said to be missing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.workplace import BUILD

_SOURCES = Path(__file__).with_name("pouchdb")
_PLACE = BUILD / "pouchdb"
_LONGEST_S = 600


def is_there() -> bool:
    """Whether the packages of the lock file are installed."""
    lock = _PLACE / "installed-lock.json"
    return lock.exists() and lock.read_bytes() == (_SOURCES / "package-lock.json").read_bytes()


def install() -> None:
    """Install the packages, without running any code of theirs. Raises RuntimeError where that fails."""
    if shutil.which("npm") is None:
        raise RuntimeError("npm is missing: apt-get install nodejs npm")
    shutil.rmtree(_PLACE, ignore_errors=True)
    _PLACE.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_SOURCES / name, _PLACE)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=_PLACE, capture_output=True, text=True, timeout=_LONGEST_S, check=False)
    if done.returncode:
        raise RuntimeError(f"npm ci failed: {done.stderr[-500:]}")
    shutil.copy(_SOURCES / "package-lock.json", _PLACE / "installed-lock.json")


def replicated(folder: Path, documents: Sequence[bytes], pages: Sequence[bytes]) -> tuple[float, float]:
    """Seconds until documents, and then until pages as attachments of a document each, are at the server.

    Raises CalledProcessError where not all of them came.
    """
    for part in ("server", "desk", "pages"):
        (folder / part).mkdir(parents=True)
    (folder / "documents").write_bytes(b"\n".join(documents))
    for number, page in enumerate(pages):
        (folder / "pages" / str(number)).write_bytes(page)
    with _served(folder / "server") as url:
        arguments = (folder / "desk", url, folder / "documents", folder / "pages")
        seconds = json.loads(_node("replicate.js", *map(str, arguments)))
    return float(seconds["documents"]), float(seconds["pages"])


def _node(program: str, *arguments: str) -> str:
    shutil.copy(_SOURCES / program, _PLACE)
    command = ["node", str(_PLACE / program), *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=_LONGEST_S, check=True).stdout


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    shutil.copy(_SOURCES / "server.js", _PLACE)
    command = ["node", str(_PLACE / "server.js"), str(folder)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("express-pouchdb did not start")
        yield f"http://127.0.0.1:{int(line)}"
    finally:
        process.terminate()
        process.communicate(timeout=_LONGEST_S)
