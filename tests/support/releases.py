"""A district's real releases in a folder, read as a desk reads them, and what an attacker can do to what is read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from yichuang_client.update.releases import Release, find_release
from yichuang_client.update.status import UpdateError, UpdateReason
from yichuang_server.services.releases import Releases

PLATFORM = "linux-x86_64"
DESK = "0137"
NOW = datetime.now(UTC).replace(microsecond=0)


def program(folder: Path, *, version: str, starts: bool = True) -> Path:
    """A program of three files that answers to its own check; ``starts`` says how."""
    (folder / "lib").mkdir(parents=True)
    (folder / "yichuang").write_text(f"#!/bin/sh\necho {version}\nexit {0 if starts else 3}\n")
    (folder / "yichuang").chmod(0o755)
    (folder / "lib" / "same").write_bytes(b"as it was" * 50_000)
    (folder / "lib" / "new").write_bytes(version.encode() * 100_000)
    return folder


class Publisher:
    """Three root keys, two release keys and what they have published."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root_keys = [Ed25519PrivateKey.generate() for _ in range(3)]
        self.keys = [Ed25519PrivateKey.generate() for _ in range(2)]
        self.releases = Releases(folder)
        self.releases.begin(self.root_keys, self.keys, NOW)
        self.asked: list[tuple[str, int]] = []

    @property
    def root(self) -> bytes:
        """What desks pin."""
        return self.releases.root.read_bytes()

    def publish(self, version: str, *, percent: int = 100, fallback: str = "", starts: bool = True) -> None:
        """Publish a version and open it to ring 1."""
        made = program(self.folder.with_name(f"made-{version}"), version=version, starts=starts)
        self.releases.publish(made, version, PLATFORM, self.keys, NOW)
        self.ring(version, percent=percent, fallback=fallback)

    def ring(self, version: str, *, percent: int = 100, fallback: str = "") -> None:
        """Open a version to ring 1."""
        ring = {"ring": 1, "platform": PLATFORM, "version": version, "percent": percent, "fallback": fallback}
        self.releases.set_ring(ring, self.keys, NOW)

    def read(self, path: str, offset: int) -> bytes:
        """As the wire answers."""
        self.asked.append((path, offset))
        piece = self.releases.read(path, offset, NOW)
        if piece is None:
            raise UpdateError(UpdateReason.NOT_FOUND)
        return piece

    def keep(self, name: str) -> Path:
        """A copy of everything as it is now."""
        copy = self.folder.with_name(name)
        shutil.copytree(self.folder, copy)
        return copy

    def file(self, name: str) -> Path:
        """A file of the releases, for who wants to change it."""
        return self.folder / name


def look(publisher: Publisher, folder: Path, read: Callable[[str, int], bytes] | None = None) -> Release | None:
    """What the desk would run. Raises UpdateError."""
    return find_release(read or publisher.read, folder, publisher.root, desk=DESK, ring=1, platform=PLATFORM)
