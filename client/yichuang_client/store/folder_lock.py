"""One client at a time on one data folder.

Rules kept here: the lock is the system's and ends with the process, however it ends; a lock file that lies about is
no lock.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.files import disk_errors, make_folder


class FolderLock:
    """Held from ``take`` until ``release`` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> None:
        """Take the lock. Raises StoreError (IN_USE)."""
        make_folder(self._path.parent)
        with disk_errors():
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            raise StoreError(StoreReason.IN_USE) from error
        self._handle = handle

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


if sys.platform == "win32":

    def _lock(handle: int) -> None:
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:

    def _lock(handle: int) -> None:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
