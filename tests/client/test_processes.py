"""What a process that the client spawned does first, seen from outside."""

from __future__ import annotations

import subprocess
import sys
import textwrap


def test_a_process_that_stands_alone_leaves_ctrl_c_to_its_owner_and_no_core_file() -> None:
    program = """
        import os, resource, signal
        from yichuang_client.processes import stand_alone, step_back

        stand_alone()
        step_back()
        ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        print(ignored, resource.getrlimit(resource.RLIMIT_CORE), os.nice(0) >= 5)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True)
    assert done.stdout == "True (0, 0) True\n"
