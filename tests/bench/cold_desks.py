"""Desks that know nothing yet, on one line: ``python -m tests.bench.cold_desks``, in a network of its own.

Rules kept here: each desk is the product's own sync loop on the product's own encrypted store, with its own certificate
and connections; every byte on the line is counted, handshakes, refusals and what is sent twice among them, up and down
together; what a desk does alone on a processor that 150 of them share here (indexes for the search) is left out, the
catalogue's hash is checked by each.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from yichuang import codec
from yichuang_client.config import DataFolder
from yichuang_client.store.catalogue import CatalogueHead
from yichuang_client.store.key_slots import Keys
from yichuang_client.store.store import Store
from yichuang_client.sync.loop import SyncLoop
from yichuang_client.sync.status import CatalogueArrived

KEYS = Keys(data=bytes(range(32)))
PATIENCE_S = 1800.0
PROCESSES = 3


def line(rate_kbit: int) -> None:
    """Make this network's own line one of so many kbit/s, both ways together."""
    shape = ["tc", "qdisc", "replace", "dev", "lo", "root", "tbf", "rate", f"{rate_kbit}kbit"]
    subprocess.run([*shape, "burst", "8kb", "latency", "500ms"], check=True)


def carried() -> int:
    """Bytes that the line has carried, by the kernel's own count."""
    rows = Path("/proc/net/dev").read_text().splitlines()
    return int(next(row for row in rows if row.strip().startswith("lo:")).split(":")[1].split()[8])


class ColdDesk:
    """One desk, until it can work."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.open(DataFolder(root=folder), KEYS)
        self.store.catalogue.take_in = self._check  # type: ignore[method-assign]
        self.carried = 0
        """What the line had carried when this desk could work."""
        self._loop = SyncLoop(self.store, lambda: datetime.now(UTC))

    def _check(self, texts: Iterable[bytes], head: CatalogueHead) -> None:
        lines = []
        for text in texts:
            plain: dict[str, Any] = json.loads(text)
            lines.append((plain["code"], f"{plain['code']} {plain['version']} {codec.digest(text)}"))
        if codec.digest("\n".join(text for _, text in sorted(lines)).encode()) != head.hash:
            raise RuntimeError("this is not the catalogue")
        self.store.meta.keep("catalogue_version", str(head.version))
        self.carried = carried()

    def start(self) -> None:
        """Begin to sync."""
        self._loop.start()

    def wait(self) -> None:
        """Until profile and catalogue are here. Raises TimeoutError."""
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                if isinstance(self._loop.events.get(timeout=max(0.01, end - time.monotonic())), CatalogueArrived):
                    break
            except queue.Empty:
                raise TimeoutError(str(self._loop.status)) from None
        assert self.store.meta.number("profile_version") > 0

    def stop(self) -> None:
        """Switch off."""
        self._loop.stop()
        self.store.close()


def crowd(folders: list[Path]) -> None:
    """Start all desks at a word, and say when the last of them can work."""
    desks = [ColdDesk(folder) for folder in folders]
    print("ready", flush=True)
    sys.stdin.readline()
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.wait()
    print("all", flush=True)
    sys.stdin.readline()
    for desk in desks:
        desk.stop()


def stampede(place: Path, port: str, rate_kbit: int) -> dict[str, float]:
    """What one desk costs alone, and how long all others take together."""
    if rate_kbit:
        subprocess.run(["ip", "link", "set", "lo", "up", "mtu", "1500"], check=True)
    serve = [sys.executable, "-m", "yichuang_server", "serve", "--data", str(place / "district")]
    serve += ["--listen", "127.0.0.1", "--port", port, "--enrolment-port", "0"]
    with (place / "server.log").open("wb") as log:
        server = subprocess.Popen([*serve, "--no-web"], stdout=subprocess.PIPE, stderr=log, text=True)
    assert server.stdout is not None and server.stdout.readline()
    try:
        if rate_kbit:
            line(rate_kbit)
        folders = sorted(place.glob("desk-*"))
        alone = ColdDesk(folders[0])
        before = carried()
        alone.start()
        alone.wait()
        one = alone.carried - before
        alone.stop()
        parts = [folders[1:][number::PROCESSES] for number in range(PROCESSES)]
        workers = [_worker([str(folder) for folder in part]) for part in parts if part]
        _hear(workers, "ready")
        before, start = carried(), time.monotonic()
        _say(workers)
        _hear(workers, "all")
        seconds, all_bytes = time.monotonic() - start, carried() - before
        _say(workers)
        for worker in workers:
            worker.wait(PATIENCE_S)
    finally:
        server.kill()
        server.wait()
    return {"desks": len(folders) - 1, "one_bytes": one, "seconds": seconds, "all_bytes": all_bytes}


def _worker(folders: list[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.bench.cold_desks", "crowd", *folders]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _hear(workers: list[subprocess.Popen[str]], word: str) -> None:
    for worker in workers:
        assert worker.stdout is not None
        said = worker.stdout.readline().strip()
        if said != word:
            raise RuntimeError(f"{word} was expected, not {said!r}")


def _say(workers: list[subprocess.Popen[str]]) -> None:
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()


if __name__ == "__main__":
    os.environ["GRPC_VERBOSITY"] = "NONE"
    if sys.argv[1] == "crowd":
        crowd([Path(name) for name in sys.argv[2:]])
    else:
        print(json.dumps(stampede(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
