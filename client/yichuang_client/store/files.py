"""Writing files so that a power cut leaves the old or the new, never half.

Rules kept here: write beside, fsync, rename, fsync the folder; every failure of the disk is a ``StoreError``.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from yichuang_client.store.errors import StoreError, StoreReason

PART = ".part"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextlib.contextmanager
def disk_errors() -> Iterator[None]:
    """Turn what the system says about the disk into a ``StoreError``."""
    try:
        yield
    except OSError as error:
        reason = StoreReason.DISK_FULL if error.errno in _FULL else StoreReason.DISK_FAILED
        raise StoreError(reason, detail=error.strerror or type(error).__name__) from error


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable; Windows does that by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(path: Path, data: bytes | bytearray) -> None:
    """Replace ``path`` by ``data``, readable by its owner alone.

    Raises StoreError (DISK_FULL, DISK_FAILED); the old file is then still there.
    """
    part = path.with_name(path.name + PART)
    with disk_errors():
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            part.replace(path)
            sync_folder(path.parent)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise


def make_folder(folder: Path) -> None:
    """Make a private folder; its name and those of the parents made for it are durable. Raises StoreError."""
    with disk_errors():
        missing = [place for place in (folder, *folder.parents) if not place.exists()]
        for place in reversed(missing):
            place.mkdir(mode=0o700, exist_ok=True)
            sync_folder(place.parent)


def read_file(path: Path) -> bytes | None:
    """The bytes of a file, None if there is none. Raises StoreError."""
    with disk_errors():
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
