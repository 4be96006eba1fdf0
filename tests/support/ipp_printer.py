"""真实的 IPP 打印机: `ippeveprinter` of CUPS on a free port, for tests and for the story.

It is the OpenPrinting project's IPP Everywhere printer; what it prints stays byte for byte in its spool
folder. It insists on a system message bus for its announcements even when they are off, so it gets a
private one; nothing is announced and no daemon of the machine is touched. Each job runs a small shell
script that plays the paper path: it prints at once, or meets a fault and waits to be told what next.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import IO

A4 = "iso_a4_210x297mm"

_PAPER_PATH = """\
#!/bin/sh
# one job: do what the file `next` says, then print
plan=$(cat "{folder}/next" 2>/dev/null)
case "$plan" in
  abort) echo "ERROR: given up" >&2; exit 1 ;;
  hold:*)
    reason=${{plan#hold:}}
    [ "$reason" = none ] || echo "STATE: +$reason-error" >&2
    read word < "{folder}/gate"
    [ "$reason" = none ] || echo "STATE: -$reason-error" >&2
    [ "$word" = abort ] && exit 1 ;;
esac
echo "ATTR: job-impressions-completed=1" >&2
exit 0
"""


class IPPPrinterProcess:
    """打印机进程: a real printer; use it in a `with`.

    `uri` is its address; `printed()` gives what came out.
    """

    def __init__(self, folder: Path, *, name: str = "Counter printer", formats: str = "application/pdf") -> None:
        """Prepare the printer; its spool and its script lie in `folder`."""
        self.folder = folder.resolve()
        self.spool = self.folder / "spool"
        self.spool.mkdir(parents=True, exist_ok=True)
        self._name, self._formats = name, formats
        self._stack = ExitStack()
        self._port = 0
        self._gate = -1

    @property
    def uri(self) -> str:
        """Address of the printer."""
        return f"ipp://localhost:{self._port}/ipp/print"

    def __enter__(self) -> IPPPrinterProcess:
        script = self.folder / "paper-path.sh"
        script.write_text(_PAPER_PATH.format(folder=self.folder), encoding="utf-8")
        script.chmod(0o700)
        gate = self.folder / "gate"
        if not gate.exists():
            os.mkfifo(gate)
        with ExitStack() as stack:
            self._gate = os.open(gate, os.O_RDWR)  # held open, so that a word waits for the job that reads it
            stack.callback(os.close, self._gate)
            # the path of a socket must be short, so it cannot lie in a deep folder of a test
            home = stack.enter_context(tempfile.TemporaryDirectory(prefix="bus"))
            bus = f"unix:path={home}/socket"
            daemon = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=2", f"--address={bus}"]
            self._run(stack, daemon, {}, ready="unix:path")
            self._port = _free_port()
            options = ["-v", "-p", str(self._port), "-n", "localhost", "-d", str(self.spool), "-k", "-r", "off", "-2"]
            printer = ["ippeveprinter", *options, "-f", self._formats, "-c", str(script), self._name]
            self._run(stack, printer, {"DBUS_SYSTEM_BUS_ADDRESS": bus}, ready="printer-uri-supported")
            self.load(250)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _run(self, stack: ExitStack, command: list[str], more: dict[str, str], *, ready: str) -> None:
        """Start a program and wait until it has written a line that starts with `ready`."""
        name = command[0]
        program = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")
        if program is None:
            raise FileNotFoundError(f"{name} is not installed (Debian: cups-ipp-utils, dbus-daemon)")
        process = subprocess.Popen(
            [program, *command[1:]],
            env={**os.environ, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        stack.callback(_stop, process)
        assert process.stderr is not None
        log = (self.folder / f"{name}.log").open("wb")
        for line in process.stderr:
            log.write(line)
            if line.startswith(ready.encode()):
                break
        else:
            log.close()
            raise RuntimeError(f"{name} did not start, see {name}.log")
        threading.Thread(target=_copy, args=(process.stderr, log), name=name, daemon=True).start()

    def load(self, sheets: int, *, size: str = A4) -> None:
        """Put so many sheets into the tray; 0 empties it. A waiting job goes on within a second."""
        query = f"size1={size}&type1=stationery&level1={sheets}&level3=-2"
        with urllib.request.urlopen(f"http://localhost:{self._port}/media?{query}", timeout=10) as answer:
            answer.read()

    def plan(self, what: str) -> None:
        """Say what the next jobs do: "print", "abort", or "hold:REASON" until `go()`, e.g. "hold:media-jam"."""
        (self.folder / "next").write_text(what, encoding="ascii")

    def go(self, word: str = "print") -> None:
        """Let a held job go on, or give up with "abort"; the word waits for a job that is not there yet."""
        os.write(self._gate, f"{word}\n".encode("ascii"))

    def printed(self) -> list[bytes]:
        """The documents of all jobs that were taken, in their order."""
        files = sorted(self.spool.glob("*.pdf"), key=lambda path: int(path.name.split("-", 1)[0]))
        return [path.read_bytes() for path in files]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _copy(source: IO[bytes], log: IO[bytes]) -> None:
    with source, log:
        for line in source:
            log.write(line)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
