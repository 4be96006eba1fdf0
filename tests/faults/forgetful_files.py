"""A file system that forgets at a power cut: ``python -m tests.faults.forgetful_files MOUNT IMAGE`` (FUSE).

Rules kept here: what is written is seen at once and durable only after fsync of the file; a name is durable only after
fsync of its folder; looking at ``/.cut-SEED`` is the power cut: of the pages of 4 KiB that were not synced some have
reached the disk and some have not, drawn by the seed, and what a disk would hold then is written to IMAGE.
"""

from __future__ import annotations

import errno
import itertools
import os
import random
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mfusepy

_PAGE = 4096


@dataclass
class Node:
    """A file or a folder, as it is seen and as it is durable."""

    mode: int
    data: bytearray = field(default_factory=bytearray)
    safe: bytes = b""
    names: dict[str, Node] = field(default_factory=dict)
    safe_names: dict[str, Node] = field(default_factory=dict)
    number: int = field(default_factory=itertools.count(1).__next__)

    @property
    def is_folder(self) -> bool:
        """Whether it holds names."""
        return stat.S_ISDIR(self.mode)

    def sync(self) -> None:
        """Make it durable."""
        self.safe, self.safe_names = bytes(self.data), dict(self.names)

    def after_cut(self, chance: random.Random, survives: float) -> bytes:
        """The bytes that the disk holds."""
        found = bytearray(self.safe)
        for start in range(0, len(self.data), _PAGE):
            new = self.data[start : start + _PAGE]
            if new != self.safe[start : start + _PAGE] and chance.random() < survives:
                found.extend(b"\0" * (start + len(new) - len(found)))
                found[start : start + len(new)] = new
        return bytes(found)


class ForgetfulFiles(mfusepy.Operations):
    """The operations that the kernel asks for."""

    use_ns = True

    def __init__(self, image: Path) -> None:
        self._image = image
        self._root = Node(mode=stat.S_IFDIR | 0o755)
        self._open: dict[int, Node] = {}
        self._handles = itertools.count(1)

    def _find(self, path: str) -> Node:
        node = self._root
        for part in path.strip("/").split("/") if path != "/" else ():
            if part not in node.names:
                raise mfusepy.FuseOSError(errno.ENOENT)
            node = node.names[part]
        return node

    def _place(self, path: str) -> tuple[Node, str]:
        folder, _, name = path.rpartition("/")
        return self._find(folder or "/"), name

    def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
        """Attributes; of ``/.cut-SEED`` the power cut."""
        if path.startswith("/.cut-"):
            self._cut(random.Random(int(path.removeprefix("/.cut-"))))
            raise mfusepy.FuseOSError(errno.ENOENT)
        node = self._open[fh] if fh in self._open else self._find(path)
        owner = {"st_uid": os.getuid(), "st_gid": os.getgid()}
        return {"st_mode": node.mode, "st_size": len(node.data), "st_nlink": 1, "st_ino": node.number, **owner}

    def _cut(self, chance: random.Random) -> None:
        survives = chance.choice((0.0, 0.5, 0.9))
        self._write_out(self._root, self._image, chance, survives)

    def _write_out(self, node: Node, to: Path, chance: random.Random, survives: float) -> None:
        to.mkdir()
        names = {**node.safe_names}
        for name, child in node.names.items():
            if chance.random() < survives:
                names[name] = child
        for name, child in names.items():
            if child.is_folder:
                self._write_out(child, to / name, chance, survives)
            else:
                (to / name).write_bytes(child.after_cut(chance, survives))

    def readdir(self, path: str, fh: int) -> list[str]:
        """Names."""
        return [".", "..", *self._find(path).names]

    def mkdir(self, path: str, mode: int) -> int:
        """A folder."""
        return self._make(path, stat.S_IFDIR | mode)

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        """A file, opened."""
        self._make(path, stat.S_IFREG | mode)
        return self.open(path, 0)

    def _make(self, path: str, mode: int) -> int:
        folder, name = self._place(path)
        folder.names[name] = Node(mode=mode)
        return 0

    def open(self, path: str, flags: int) -> int:
        """A handle; it stays when the name goes."""
        handle = next(self._handles)
        self._open[handle] = self._find(path)
        return handle

    def release(self, path: str, fh: int) -> int:
        """End a handle."""
        self._open.pop(fh, None)
        return 0

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        """Bytes as they are seen."""
        return bytes(self._open[fh].data[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        """Bytes that a power cut may forget."""
        held = self._open[fh].data
        held.extend(b"\0" * (offset - len(held)))
        held[offset : offset + len(data)] = data
        return len(data)

    def truncate(self, path: str, length: int, fh: int | None = None) -> int:
        """A new length."""
        held = (self._open[fh] if fh in self._open else self._find(path)).data
        held.extend(b"\0" * (length - len(held)))
        del held[length:]
        return 0

    def fsync(self, path: str, datasync: int, fh: int) -> int:
        """Durable from here on."""
        self._open[fh].sync()
        return 0

    def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
        """Names durable from here on."""
        folder = self._find(path)
        folder.safe_names = dict(folder.names)
        return 0

    def rename(self, old: str, new: str) -> int:
        """Another name, durable with its folder."""
        (source, before), (target, after) = self._place(old), self._place(new)
        target.names[after] = source.names.pop(before)
        return 0

    def unlink(self, path: str) -> int:
        """A name less."""
        folder, name = self._place(path)
        folder.names.pop(name, None)
        return 0

    def rmdir(self, path: str) -> int:
        """A folder less."""
        return self.unlink(path)

    def chmod(self, path: str, mode: int) -> int:
        """Other rights."""
        node = self._find(path)
        node.mode = stat.S_IFMT(node.mode) | stat.S_IMODE(mode)
        return 0

    def statfs(self, path: str) -> dict[str, int]:
        """Room enough."""
        return {"f_bsize": _PAGE, "f_blocks": 1 << 20, "f_bavail": 1 << 19, "f_bfree": 1 << 19}


if __name__ == "__main__":
    mfusepy.FUSE(
        ForgetfulFiles(Path(sys.argv[2])), sys.argv[1], foreground=True, nothreads=True, default_permissions=False
    )
