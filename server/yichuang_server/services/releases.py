"""升级: the releases of the desk's program that this district hands out, signed after The Update Framework.

Rules kept here: a desk believes two release keys of two administrators, never this server; what names a release (its
list of files, the rings) is signed by both; three root keys, of which two change any key; only that nothing newer is
held back is signed by a key of the server itself, for two days at a time; a release that was published never changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from yichuang_server.config import write_private

PIECE = 192 * 1024
"""Bytes of one answer."""
ROOT_KEYS, ROOT_THRESHOLD, RELEASE_KEYS = 3, 2, 2
_ROOT_LIFE, _RELEASE_LIFE, _FRESH = timedelta(days=730), timedelta(days=365), timedelta(days=2)
_RINGS = "rings.json"


class ReleaseError(Exception):
    """A release was not published, or cannot be read; the text says what to do."""


class Releases:
    """The folder of releases of one district."""

    def __init__(self, folder: Path) -> None:
        self._metadata, self._targets = folder / "metadata", folder / "targets"
        self._online = folder / "online.key"

    @property
    def root(self) -> Path:
        """What desks pin: it goes into the package, or onto the desk by hand."""
        return self._metadata / "1.root.json"

    def begin(self, root: Sequence[Ed25519PrivateKey], release: Sequence[Ed25519PrivateKey], now: datetime) -> None:
        """Make the first signed set, which names no release. Raises ReleaseError."""
        if self.root.exists():
            raise ReleaseError(f"{self._metadata} has releases already")
        names = {_signer(key).public_key.keyid for key in (*root, *release)}
        if len(root) != ROOT_KEYS or len(release) != RELEASE_KEYS or len(names) != ROOT_KEYS + RELEASE_KEYS:
            raise ReleaseError(f"{ROOT_KEYS} root keys and {RELEASE_KEYS} release keys are needed, all different")
        for folder in (self._metadata, self._targets / "blobs"):
            folder.mkdir(parents=True, exist_ok=True)
        online = Ed25519PrivateKey.generate()
        form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        write_private(self._online, online.private_bytes(*form))
        signed = Root(expires=now + _ROOT_LIFE, consistent_snapshot=True)
        for role, keys in ((Root.type, root), (Targets.type, release), ("snapshot", [online]), ("timestamp", [online])):
            for key in keys:
                signed.add_key(_signer(key).public_key, role)
        signed.roles[Root.type].threshold, signed.roles[Targets.type].threshold = ROOT_THRESHOLD, RELEASE_KEYS
        self._write("1.root.json", _sealed(signed, root))
        self._sign(Targets(expires=now + _RELEASE_LIFE), {_RINGS: b"[]"}, release, now)

    def publish(
        self, program: Path, version: str, platform: str, keys: Sequence[Ed25519PrivateKey], now: datetime
    ) -> int:
        """Take a program's folder in as a release; no desk takes it before a ring names it.

        Returns how many files it has. Raises ReleaseError.
        """
        name = f"releases/{platform}/{version}.json"
        if name in self._current(keys).targets:
            raise ReleaseError(f"{version} was published already and never changes: give it another version")
        files = [self._take_in(program, file) for file in sorted(program.rglob("*")) if file.is_file()]
        if not files:
            raise ReleaseError(f"{program} holds no program")
        text = json.dumps({"version": version, "platform": platform, "files": files}, separators=(",", ":"))
        self._sign(self._current(keys), {name: text.encode()}, keys, now)
        return len(files)

    def set_ring(self, ring: dict[str, Any], keys: Sequence[Ed25519PrivateKey], now: datetime) -> list[dict[str, Any]]:
        """Say which desks of a ring take which version: so many of a hundred, the others ``fallback`` or nothing new.

        Returns all rings. Raises ReleaseError.
        """
        signed = self._current(keys)
        for version in filter(None, (ring["version"], ring["fallback"])):
            if f"releases/{ring['platform']}/{version}.json" not in signed.targets:
                raise ReleaseError(f"{version} for {ring['platform']} was not published")
        same = ring["ring"], ring["platform"]
        rings = [ring, *(one for one in self.rings() if (one["ring"], one["platform"]) != same)]
        rings.sort(key=lambda one: (one["platform"], one["ring"]))
        self._sign(signed, {_RINGS: json.dumps(rings).encode()}, keys, now)
        return rings

    def rings(self) -> list[dict[str, Any]]:
        """What each ring takes now. Raises ReleaseError."""
        try:
            return list(json.loads((self._targets / _RINGS).read_bytes()))
        except OSError as error:
            raise ReleaseError("there are no releases yet: yichuang-server update begin") from error

    def read(self, path: str, offset: int, now: datetime) -> bytes | None:
        """One piece of a file; None where there is none. A name cannot leave the folder."""
        place, _, name = path.partition("/")
        folder = {"metadata": self._metadata, "targets": self._targets}.get(place)
        if folder is None or not self.root.exists() or offset < 0:
            return None
        if path == "metadata/timestamp.json":
            self._keep_fresh(now)
        file = (folder / name).resolve()
        if not file.is_relative_to(folder.resolve()) or not file.is_file():
            return None
        with file.open("rb") as opened:
            opened.seek(offset)
            return opened.read(PIECE)

    def _take_in(self, program: Path, file: Path) -> dict[str, Any]:
        content = file.read_bytes()
        name = hashlib.sha256(content).hexdigest()
        kept = self._targets / "blobs" / name
        if not kept.exists():
            write_private(kept, content)
        path, mode = file.relative_to(program).as_posix(), file.stat().st_mode & 0o111
        return {"path": path, "sha256": name, "size": len(content), "executable": bool(mode)}

    def _current(self, keys: Sequence[Ed25519PrivateKey]) -> Targets:
        known: Root = self._load(Root.type)
        if {_signer(key).public_key.keyid for key in keys} != set(known.roles[Targets.type].keyids):
            raise ReleaseError(f"both release keys are needed, and no other: {RELEASE_KEYS} administrators")
        targets: Targets = self._load(Targets.type)
        return targets

    def _sign(
        self, targets: Targets, contents: dict[str, bytes], keys: Sequence[Ed25519PrivateKey], now: datetime
    ) -> None:
        """Name these contents in the next version of everything, from the innermost to the outermost file."""
        for name, content in contents.items():
            (self._targets / name).parent.mkdir(parents=True, exist_ok=True)
            write_private(self._targets / name, content)
            targets.targets[name] = TargetFile.from_data(name, content, ["sha256"])
        number = self._newest(Targets.type) + 1
        targets.version, targets.expires = number, now + _RELEASE_LIFE
        self._write(f"{number}.targets.json", _sealed(targets, keys))
        snapshot = Snapshot(version=number, expires=now + _RELEASE_LIFE, meta={"targets.json": MetaFile(number)})
        self._write(f"{number}.snapshot.json", _sealed(snapshot, [self._online_key()]))
        self._stamp(number, now)

    def _keep_fresh(self, now: datetime) -> None:
        stamp = Metadata[Timestamp].from_file(str(self._metadata / "timestamp.json")).signed
        if stamp.expires - now < _FRESH / 2:
            self._stamp(stamp.snapshot_meta.version, now)

    def _stamp(self, snapshot: int, now: datetime) -> None:
        file = self._metadata / "timestamp.json"
        before = Metadata[Timestamp].from_file(str(file)).signed.version if file.exists() else 0
        stamp = Timestamp(version=before + 1, expires=now + _FRESH, snapshot_meta=MetaFile(snapshot))
        self._write(file.name, _sealed(stamp, [self._online_key()]))

    def _online_key(self) -> Ed25519PrivateKey:
        key = serialization.load_pem_private_key(self._online.read_bytes(), None)
        assert isinstance(key, Ed25519PrivateKey)
        return key

    def _newest(self, role: str) -> int:
        files = self._metadata.glob(f"*.{role}.json")
        return max((int(file.name.split(".")[0]) for file in files), default=0)

    def _load(self, role: str) -> Any:
        """The newest signed content of a role. Raises ReleaseError."""
        file = self._metadata / f"{self._newest(role)}.{role}.json"
        try:
            return Metadata.from_bytes(file.read_bytes()).signed
        except OSError as error:
            raise ReleaseError("there are no releases yet: yichuang-server update begin") from error
        except RepositoryError as error:
            raise ReleaseError(f"{file} cannot be read: restore it from a backup") from error

    def _write(self, name: str, content: bytes) -> None:
        write_private(self._metadata / name, content)


def _signer(key: Ed25519PrivateKey) -> CryptoSigner:
    return CryptoSigner(key)


def _sealed(signed: Root | Targets | Snapshot | Timestamp, keys: Sequence[Ed25519PrivateKey]) -> bytes:
    whole: Metadata[Any] = Metadata(signed)
    for key in keys:
        whole.sign(_signer(key), append=True)
    return whole.to_bytes()


def at_whole_seconds() -> datetime:
    """Now, as this kind of metadata writes it."""
    return datetime.now(UTC).replace(microsecond=0)
