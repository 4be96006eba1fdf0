"""Running the writer as a process and ending it in the middle of its work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def write_and_kill(
    folder: Path, name: str, picture: bytes, *, after: int, mode: str = "", temporary: Path | None = None
) -> list[tuple[int, str, str]]:
    """Let the writer work until ``after`` deeds are durable, SIGKILL it; returns what it called durable."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    if temporary is not None:
        environment |= {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.client.store.writer", str(folder), *([mode] if mode else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=temporary or ROOT,
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(name.encode() + b"\n" + picture)
    process.stdin.close()
    lines = [process.stdout.readline() for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    lines += process.stdout.read().splitlines(keepends=True)
    process.stdout.close()
    process.wait()
    told = [line.decode().split() for line in lines if line.endswith(b"\n")]
    return [(int(seq), case, page) for seq, case, page in told]
