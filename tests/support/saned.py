"""网络上的扫描仪: `saned` of the SANE project on a loopback address of its own, for the `net` backend.

Its children serve one client each, on the `test` backend; a child can be killed or stopped in the middle of a page,
which is what a scanner server does whose power fails or whose driver hangs.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import threading
from pathlib import Path

from tests.support.sane import TEST_DEVICE, SaneFolder, write_config

READY = b"waiting for control connection"


class SanedProcess:
    """A running scanner server; use it in a `with`."""

    def __init__(self, folder: Path) -> None:
        """Prepare its configuration and that of its clients in `folder`."""
        # the port is fixed by the protocol, so that servers side by side differ by their loopback address
        self.address = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250)}.{secrets.randbelow(250) + 2}"
        self._server = write_config(folder / "server").folder
        (self._server / "dll.conf").write_text("test\n", encoding="ascii")
        (self._server / "saned.conf").write_text("127.0.0.0/8\n", encoding="ascii")
        client = folder / "client"
        client.mkdir()
        (client / "dll.conf").write_text("net\n", encoding="ascii")
        (client / "net.conf").write_text(f"connect_timeout = 5\n{self.address}\n", encoding="ascii")
        self.client = SaneFolder(folder=client)
        """The configuration of a desk that knows this server alone."""
        self.device = f"net:{self.address}:{TEST_DEVICE}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> SanedProcess:
        program = shutil.which("saned", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if program is None:
            raise FileNotFoundError("saned is not installed (Debian: sane-utils)")
        self._process = subprocess.Popen(
            [program, "-l", "-b", self.address, "-e", "-d", "5"],
            env={**os.environ, "SANE_CONFIG_DIR": str(self._server)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        log = self._process.stderr
        assert log is not None
        if not any(READY in line for line in log):
            raise RuntimeError("saned did not start")
        threading.Thread(target=log.read, name="saned", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def signal_children(self, number: signal.Signals) -> int:
        """Send a signal to whoever serves a client now; returns how many there were."""
        assert self._process is not None
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        for child in children:
            os.kill(int(child), number)
        return len(children)
