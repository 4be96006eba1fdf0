"""真实的 mDNS 公告者: Avahi's own daemon on the loopback, on a message bus of its own.

No daemon of the machine is touched. It needs a machine on which no other avahi-daemon runs, and root, because Avahi
keeps one daemon a machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

_BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>
"""
_DAEMON = """\
[server]
host-name=counterpart
use-ipv6=no
allow-interfaces=lo
[publish]
publish-workstation=no
"""


class Avahi:
    """Use it in a `with`."""

    def __enter__(self) -> Avahi:
        with ExitStack() as stack:
            # the path of a socket must be short, so it cannot lie in a deep folder of a test
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="avahi")))
            (folder / "bus.conf").write_text(_BUS.format(folder=folder), encoding="ascii")
            (folder / "avahi.conf").write_text(_DAEMON, encoding="ascii")
            self._stack = stack
            self._environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/bus"}
            config = f"--config-file={folder}/bus.conf"
            self._run(["dbus-daemon", config, "--nofork", "--nopidfile", "--print-address=2"], "unix:path")
            options = ["--no-drop-root", "--no-chroot", "--no-rlimits", "--debug", "-f", f"{folder}/avahi.conf"]
            self._run(["avahi-daemon", *options], "Server startup complete")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def bus(self) -> str:
        """Address of its message bus, for DBUS_SYSTEM_BUS_ADDRESS."""
        return self._environment["DBUS_SYSTEM_BUS_ADDRESS"]

    def announce(self, kind: str, name: str, port: int, **words: str) -> None:
        """Announce a service of a kind ("_uscan._tcp") until the end."""
        rows = [f"{key}={value}" for key, value in words.items()]
        self._run(["avahi-publish", "-s", name, kind, str(port), *rows], "Established")

    def _run(self, command: list[str], ready: str) -> None:
        """Start a program and wait until it has written a line that starts with `ready`."""
        program = shutil.which(command[0], path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")
        if program is None:
            raise FileNotFoundError(f"{command[0]} is not installed (Debian: avahi-daemon, avahi-utils, dbus)")
        process = subprocess.Popen(
            [program, *command[1:]], env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self._stack.callback(_stop, process)
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if line.startswith(ready):
                return
        raise RuntimeError(f"{command[0]} did not start: {''.join(said)}")


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.communicate()
