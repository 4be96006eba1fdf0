"""Which release this desk shall run, by signatures alone (The Update Framework).

Rules kept here: the root that was installed with the program is the only thing believed from the start; everything
else is believed by its signatures, versions and dates, which the library checks; what was once seen is never followed
by something older; a file is never longer than what was signed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tuf.api.exceptions import DownloadError, DownloadHTTPError, ExpiredMetadataError, RepositoryError
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from yichuang_client.update.status import UpdateError, UpdateReason

Read = Callable[[str, int], bytes]
"""One piece of a file from a byte on, empty at its end; ``UpdateError`` OFFLINE or NOT_FOUND."""
_LONGEST_PATH = 400


@dataclass(frozen=True, kw_only=True)
class ReleaseFile:
    """One file of the program."""

    path: str
    sha256: str
    size: int
    executable: bool

    def __post_init__(self) -> None:
        """Raises ValueError for a path that leaves its folder, or a hash that is none."""
        path = PurePosixPath(self.path)
        is_inside = self.path == str(path) and not path.is_absolute() and ".." not in path.parts
        if not is_inside or len(self.path) > _LONGEST_PATH or "\\" in self.path or ":" in self.path:
            raise ValueError("path")
        if len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef") or self.size < 0:
            raise ValueError("hash")


@dataclass(frozen=True, kw_only=True)
class Release:
    """A version with its files, as both release keys signed it."""

    version: str
    files: tuple[ReleaseFile, ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(file.size for file in self.files)


class _Pieces(FetcherInterface):
    """Metadata over the desk's own channel; the library stops reading at the longest length that it allows."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            first = self._read(url, 0)
        except UpdateError as error:
            if error.reason is UpdateReason.NOT_FOUND:
                raise DownloadHTTPError(url, 404) from error
            raise DownloadError(url) from error
        return self._rest(url, first)

    def _rest(self, url: str, piece: bytes) -> Iterator[bytes]:
        offset = 0
        while piece:
            yield piece
            offset += len(piece)
            try:
                piece = self._read(url, offset)
            except UpdateError as error:
                raise DownloadError(url) from error


def bucket(version: str, desk: str) -> int:
    """0 to 99: which desks take a version first; another order for each version."""
    return int.from_bytes(hashlib.sha256(f"{version}\0{desk}".encode()).digest()[:8]) % 100


def find_release(read: Read, folder: Path, root: bytes, *, desk: str, ring: int, platform: str) -> Release | None:
    """What this desk shall run; None where no ring names anything for it.

    ``folder`` keeps what was seen, ``root`` is what was installed. Raises UpdateError.
    """
    try:
        (folder / "metadata").mkdir(parents=True, exist_ok=True)
        (folder / "lists").mkdir(exist_ok=True)
        updater = Updater(
            str(folder / "metadata"),
            "metadata/",
            str(folder / "lists"),
            "targets/",
            fetcher=_Pieces(read),
            config=UpdaterConfig(prefix_targets_with_hash=False),
            bootstrap=root,
        )
        updater.refresh()
        rings = json.loads(_target(updater, "rings.json"))
        version = _version_for(rings, desk, ring, platform)
        if not version:
            return None
        named = json.loads(_target(updater, f"releases/{platform}/{version}.json"))
        if (named["version"], named["platform"]) != (version, platform):
            raise UpdateError(UpdateReason.UNTRUSTED)
        return Release(version=version, files=tuple(ReleaseFile(**file) for file in named["files"]))
    except ExpiredMetadataError as error:
        raise UpdateError(UpdateReason.OUT_OF_DATE) from error
    except DownloadHTTPError as error:
        raise UpdateError(UpdateReason.NOT_FOUND) from error
    except DownloadError as error:
        raise UpdateError(_why(error)) from error
    except (RepositoryError, ValueError, TypeError, KeyError) as error:
        raise UpdateError(UpdateReason.UNTRUSTED) from error
    except OSError as error:
        raise UpdateError(UpdateReason.DISK) from error


def _why(error: DownloadError) -> UpdateReason:
    """A line that broke, or a file that did not end where it should."""
    return UpdateReason.OFFLINE if isinstance(error.__cause__, UpdateError) else UpdateReason.UNTRUSTED


def _target(updater: Updater, name: str) -> bytes:
    known = updater.get_targetinfo(name)
    if known is None:
        raise UpdateError(UpdateReason.UNTRUSTED)
    return Path(updater.find_cached_target(known) or updater.download_target(known)).read_bytes()


def _version_for(rings: list[dict[str, object]], desk: str, ring: int, platform: str) -> str:
    for one in rings:
        if (one["ring"], one["platform"]) == (ring, platform):
            version, percent = str(one["version"]), int(str(one["percent"]))
            chosen = version if bucket(version, desk) < percent else str(one["fallback"])
            if chosen and not all(part.isdigit() for part in chosen.split(".")):
                raise ValueError("version")
            return chosen
    return ""
