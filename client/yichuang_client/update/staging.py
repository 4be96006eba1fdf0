"""A release into its slot: only what is missing is fetched, in pieces, from where the last try stopped.

Rules kept here: what the running program has already is copied, not fetched; every file is hashed as it lies on the
disk, and durable, before the slot has its name; the new program checks itself before it may start; a cut at any
moment leaves the version of before.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

from yichuang_client.update.releases import Read, Release, ReleaseFile
from yichuang_client.update.slots import program_of, put_next, read_slots, sync_folder
from yichuang_client.update.status import UpdateError, UpdateReason

CHECK_SECONDS = 120.0
_CHUNK = 1 << 20
_SPARE = 64 << 20
"""Bytes that stay free on the disk."""


def stage(
    release: Release, folder: Path, read: Read, *, have: Path | None = None, progress: Callable[[int], None]
) -> None:
    """Bring a release into its slot and let it start next time; ``have`` is the folder of the running program.

    ``progress`` is told the bytes that are there. Raises UpdateError.
    """
    slot = program_of(folder, release.version).parent
    part = slot.with_name(slot.name + ".tmp")
    try:
        if not slot.exists():
            _fill(release, part, read, have, progress)
            part.replace(slot)
            sync_folder(slot.parent)
        _check(program_of(folder, release.version))
        put_next(folder, release.version)
        _tidy(slot.parent, keep={release.version, read_slots(folder).previous, have.name if have is not None else ""})
    except OSError as error:
        raise UpdateError(UpdateReason.DISK) from error


def _fill(release: Release, part: Path, read: Read, have: Path | None, progress: Callable[[int], None]) -> None:
    part.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(part).free < release.size + _SPARE:
        raise UpdateError(UpdateReason.DISK)
    done = 0
    for file in release.files:
        target = part / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not _is_whole(target, file):
            _bring(file, target, read, have, partial(_behind, progress, done))
        target.chmod(0o755 if file.executable else 0o644)
        done += file.size
        progress(done)
    named = {part / file.path for file in release.files}
    for path in sorted(part.rglob("*"), reverse=True):
        if path.is_dir():
            sync_folder(path)
        elif path not in named:
            path.unlink()
    sync_folder(part)


def _behind(progress: Callable[[int], None], done: int, size: int) -> None:
    progress(done + size)


def _bring(file: ReleaseFile, target: Path, read: Read, have: Path | None, progress: Callable[[int], None]) -> None:
    """One file, from the running program or from the district, durable and right."""
    known = have / file.path if have is not None else None
    coming = target.with_name(target.name + ".coming")
    if known is not None and _is_whole(known, file):
        shutil.copyfile(known, coming)
    else:
        _fetch(file, coming, read, progress)
    with coming.open("rb+") as opened:
        os.fsync(opened.fileno())
    if not _is_whole(coming, file):
        coming.unlink()
        raise UpdateError(UpdateReason.UNTRUSTED)
    coming.replace(target)


def _fetch(file: ReleaseFile, coming: Path, read: Read, progress: Callable[[int], None]) -> None:
    """Go on behind what lies there; never a byte more than was signed."""
    with coming.open("ab") as opened:
        offset = opened.tell()
        while offset < file.size:
            piece = read(f"targets/blobs/{file.sha256}", offset)
            if not piece or offset + len(piece) > file.size:
                opened.truncate(0)
                raise UpdateError(UpdateReason.UNTRUSTED)
            opened.write(piece)
            offset += len(piece)
            progress(offset)


def _is_whole(path: Path, file: ReleaseFile) -> bool:
    try:
        if path.is_symlink() or path.stat().st_size != file.size:
            return False
        digest = hashlib.sha256()
        with path.open("rb") as opened:
            while chunk := opened.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return False
    return digest.hexdigest() == file.sha256


def _check(program: Path) -> None:
    """Let the new program look whether it has all that it needs. Raises UpdateError (DOES_NOT_START)."""
    try:
        done = subprocess.run([program, "--selfcheck"], capture_output=True, timeout=CHECK_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UpdateError(UpdateReason.DOES_NOT_START) from error
    if done.returncode:
        raise UpdateError(UpdateReason.DOES_NOT_START)


def _tidy(slots: Path, keep: set[str]) -> None:
    """What runs, what is next and what was before it stay."""
    for old in slots.iterdir():
        if old.name not in keep:
            shutil.rmtree(old, ignore_errors=True)
