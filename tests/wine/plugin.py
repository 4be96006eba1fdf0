"""What tests written for Linux find under wine: a kill is a kill."""

from __future__ import annotations

import signal

if not hasattr(signal, "SIGKILL"):
    signal.SIGKILL = 9  # type: ignore[attr-defined]  # os.kill ends a process of Windows whatever the number
