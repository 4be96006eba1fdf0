"""A planted name and the bytes of scanned pages are nowhere on the disk; without encryption the same search finds each.

Searched: the data folder with its write-ahead log, the temporary and working folder (spool, core); as they are and
inside every zlib stream; the name in UTF-8, UTF-16LE and GB 18030.
"""

from __future__ import annotations

import zlib
from pathlib import Path

from tests.client.store.processes import write_and_kill
from tests.client.store.wiring import KEYS
from tests.support.leaks import ENCODINGS, found, in_each_encoding

NAME = "欧阳䶮测试"
"""Nobody's name; with a character beyond GB 2312."""
_INNER = bytes((7 * n * n + 13 * n) % 251 for n in range(4096))
"""Picture bytes that occur nowhere else."""
PICTURE = (
    b"\xff\xd8" + b"".join(NAME.encode(encoding) for encoding in ENCODINGS) + zlib.compress(_INNER + NAME.encode())
)
PLANTED = in_each_encoding(NAME) | {
    "picture": PICTURE[:64],
    "picture inside a stream": _INNER[:256],
}


def test_nothing_of_a_citizen_is_on_the_disk(tmp_path: Path) -> None:
    data, temporary = tmp_path / "data", tmp_path / "temporary"
    temporary.mkdir()
    assert len(write_and_kill(data, NAME, PICTURE, after=12, temporary=temporary)) >= 12
    assert (data / "desk.db-wal").stat().st_size > 0
    assert len(list(data.glob("pages/*/*"))) >= 12
    assert found(PLANTED, data, temporary) == set()
    kept = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert not any(key in kept or key.hex().encode() in kept for key in (KEYS.data, KEYS.database, KEYS.files))


def test_without_encryption_the_same_search_finds_each(tmp_path: Path) -> None:
    data, temporary = tmp_path / "data", tmp_path / "temporary"
    temporary.mkdir()
    write_and_kill(data, NAME, PICTURE, after=12, mode="plain", temporary=temporary)
    assert found(PLANTED, data, temporary) == set(PLANTED)
    (data / "pages").rename(tmp_path / "away")
    assert found(PLANTED, data) >= {f"{NAME} utf-8"}
