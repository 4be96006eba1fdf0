"""共享内存: memory that one process fills with pages and another one reads.

Rules kept here: it has no name by which a third process could find it; it goes when its processes are gone, however
they went; what nobody writes to costs nothing. On Linux it is an anonymous, sparse memory file (memfd), on Windows a
section of the paging file whose pages are claimed when room is made for them.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    from yichuang_client.shared_memory_windows import SharedMemory, borrow
else:
    from yichuang_client.shared_memory_linux import SharedMemory, borrow

__all__ = ["SharedMemory", "borrow"]
