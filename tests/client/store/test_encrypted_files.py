"""Page files: whole and of this case, or refused."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tests.client.store.wiring import open_store
from yichuang_client.store.encrypted_files import CHUNK_BYTES, EncryptedFiles, open_file, seal_file
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_domain.ids import CaseId

KEY = bytes(range(32))
HEADER, CHUNK = 32, CHUNK_BYTES + 16


def refused(sealed: bytes, owner: str = "case", page: str = "page", key: bytes = KEY) -> StoreReason:
    with pytest.raises(StoreError) as caught:
        open_file(key, owner, page, sealed)
    return caught.value.reason


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_any_size_comes_back(size: int) -> None:
    data = secrets.token_bytes(size)
    sealed = bytes(seal_file(KEY, "case", "page", data))
    assert open_file(KEY, "case", "page", sealed) == data
    assert size < 8 or data[:8] not in sealed


def test_cut_swapped_repeated_flipped_and_foreign_are_refused() -> None:
    sealed = bytes(seal_file(KEY, "case", "page", secrets.token_bytes(3 * CHUNK_BYTES)))
    head, first, second, last = sealed[:HEADER], *(sealed[HEADER + n * CHUNK :][:CHUNK] for n in range(3))
    bad = [head + first, head + first + second, head, head + second + first + last, head + first + first + last]
    bad += [sealed + b"\0", sealed[:-1], sealed[:20], b"", head + first + last, b"XXXX" + sealed[4:]]
    assert {refused(text) for text in bad} == {StoreReason.DAMAGED}
    assert refused(sealed, owner="other") is StoreReason.DAMAGED
    assert refused(sealed, page="other") is StoreReason.DAMAGED
    assert refused(sealed, key=bytes(32)) is StoreReason.DAMAGED
    assert refused(sealed[:4] + b"\x02" + sealed[5:]) is StoreReason.NEWER_DATABASE


@given(st.integers(0, 300), st.integers(0, 7))
def test_no_bit_can_be_flipped(position: int, bit: int) -> None:
    sealed = seal_file(KEY, "case", "page", b"x" * 300)
    sealed[position % len(sealed)] ^= 1 << bit
    assert refused(bytes(sealed)) in {StoreReason.DAMAGED, StoreReason.NEWER_DATABASE}


def test_start_up_removes_what_no_row_names(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    case = CaseId("c" * 32)
    page = store.pages.keep(case, b"kept")
    assert store.pages.keep(case, b"kept") == page
    store.close()
    orphan = tmp_path / "pages" / "aa" / ("a" * 32)
    EncryptedFiles(tmp_path / "pages", KEY).write(case, "x", b"orphan")
    orphan.parent.mkdir(exist_ok=True)
    orphan.with_name("half.part").write_bytes(b"half")
    assert len(list((tmp_path / "pages").glob("*/*"))) == 3
    store = open_store(tmp_path)
    assert len(list((tmp_path / "pages").glob("*/*"))) == 1
    assert store.pages.read(case, page) == b"kept"
    store.pages.drop(case, page)
    assert not list((tmp_path / "pages").glob("*/*"))
    with pytest.raises(StoreError) as missing:
        store.pages.read(case, page)
    assert missing.value.reason is StoreReason.PAGE_MISSING
    store.close()
