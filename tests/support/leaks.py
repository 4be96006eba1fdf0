"""Looks for planted values in everything that lies in some folders: as it is, and inside every zlib stream."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

ENCODINGS = ("utf-8", "utf-16-le", "gb18030")
_MOST = 1 << 24
"""Bytes of a stream that are looked at."""


def in_each_encoding(*texts: str) -> dict[str, bytes]:
    """The bytes of texts in each encoding, by text and encoding."""
    return {f"{text} {encoding}": text.encode(encoding) for text in texts for encoding in ENCODINGS}


def found(planted: Mapping[str, bytes], *folders: Path) -> set[str]:
    """Which planted values are in names or bytes of the folders' files, raw or in a stream."""
    texts: list[bytes] = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                texts += [path.name.encode(), data := path.read_bytes(), *_streams(data)]
    return {label for label, value in planted.items() if any(value in text for text in texts)}


def _streams(data: bytes) -> Iterator[bytes]:
    """What every zlib stream in ``data`` holds."""
    view = memoryview(data)
    for second in (b"\x01", b"\x5e", b"\x9c", b"\xda"):
        at = data.find(b"\x78" + second)
        while at >= 0:
            with contextlib.suppress(zlib.error):
                yield zlib.decompressobj().decompress(view[at:], _MOST)
            at = data.find(b"\x78" + second, at + 1)
