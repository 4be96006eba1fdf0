"""换到练习、回到正式工作: the way from the real desk to practice and back.

Rules kept here: a process serves one of the two, from its start to its end; the other one begins as a new program once
everything of the first is closed, so that no key, case or number of one is ever in the memory of the other.
"""

from __future__ import annotations

import os
import subprocess
import sys

_OPTION = "--practice"


def change_world(*, to_practice: bool) -> int:
    """Begin this program anew in the other world. Returns its exit code where the system cannot replace a process."""
    arguments = [sys.executable, *(argument for argument in sys.orig_argv[1:] if argument != _OPTION)]
    arguments += [_OPTION] if to_practice else []
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    if sys.platform == "win32":
        return subprocess.call(arguments)
    os.execv(sys.executable, arguments)
