"""Prints what of requirements.lock is installed on Windows, with its hashes; numpy comes from a list of its own."""

from __future__ import annotations

import re
from pathlib import Path

_ELSEWHERE = re.compile(r"sys_platform (== '(linux|darwin)'|!= 'win32')")


def for_windows(lock: str) -> str:
    """The requirements without their markers."""
    blocks = re.split(r"\n(?=\w)", lock)
    kept = [block for block in blocks if not block.startswith("numpy==") and not _ELSEWHERE.search(block)]
    return "\n".join(re.sub(r" ; [^\\\n]*", " ", block, count=1) for block in kept)


if __name__ == "__main__":
    print(for_windows(Path("requirements.lock").read_text(encoding="utf-8")))
