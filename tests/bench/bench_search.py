"""Item search: what one more key stroke costs in a catalogue of 20,000 items on the encrypted database.

The reference is the same store on plain SQLite. The items are the real rows of ``data/items``, repeated as if more
bodies of the province offered them.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import sqlcipher3.dbapi2 as sqlite

from tests.bench.row import Row, Size, percentile
from tests.bench.workplace import folder
from yichuang import codec
from yichuang_client.config import DataFolder
from yichuang_client.store.catalogue import CatalogueHead
from yichuang_client.store.database import Connection, Opener, encrypted
from yichuang_client.store.encrypted_files import EncryptedFiles
from yichuang_client.store.store import Store
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import ItemCode
from yichuang_server.config import public_data
from yichuang_server.services.catalog_import import import_folder

BAR_MS = 16.0
TODAY = date(2026, 11, 24)
TYPED = (
    "spjyxk", "slgw", "jsgc", "ggcs", "yljg", "zcdj", "lsxx", "qyzx", "bzx", "cyfw",
    "食品经营许可", "公共场所卫生", "建设工程规划", "失业", "残疾", "营业执照", "医疗机构", "道路运输",
    "变更登记", "补发",
    "shipin", "gongcheng", "weisheng", "dengji", "1144", "11440",
)  # fmt: skip
"""What clerks type: initials, characters, syllables, the head of a code."""


def bench_search_key(size: Size) -> list[Row]:
    """``search_key_p95_ms``: 95 of 100 key strokes are answered within it."""
    texts = list(_texts(size.of(full=20_000, quick=300)))
    with folder() as place:
        sealed = _p95_ms(place / "sealed", encrypted(bytes(32)), texts, rounds=size.of(full=10, quick=1))
        plain = _p95_ms(place / "plain", _plain, texts, rounds=size.of(full=10, quick=1))
    return [
        Row(
            name="search_key_p95_ms",
            value=sealed,
            unit="ms",
            reference="the same on plain SQLite",
            reference_value=plain,
            bar=BAR_MS,
        )
    ]


def _plain(path: Path) -> Connection:
    return sqlite.connect(str(path), isolation_level=None, check_same_thread=False)


def _p95_ms(place: Path, opener: Opener, texts: Iterable[tuple[str, bytes]], rounds: int) -> float:
    data = DataFolder(root=place)
    lines = [f"{code} 1 {codec.digest(text)}" for code, text in sorted(texts)]
    head = CatalogueHead(version=1, hash=codec.digest("\n".join(lines).encode()))
    with_catalogue = Store.assemble(data, opener, EncryptedFiles(data.pages, bytes(32)))
    with_catalogue.catalogue.take_in([text for _, text in texts], head)
    with_catalogue.close()

    store = Store.assemble(data, opener, EncryptedFiles(data.pages, bytes(32)))
    store.search.warm(1)
    strokes = [word[:length] for word in TYPED for length in range(1, len(word) + 1)]
    found = sum(bool(store.search.search(typed, TODAY)) for typed in strokes)
    if found < len(strokes) // 2:
        raise AssertionError(f"only {found} of {len(strokes)} key strokes found anything")
    times = []
    for typed in strokes * rounds:
        start = time.perf_counter()
        store.search.search(typed, TODAY)
        times.append((time.perf_counter() - start) * 1000)
    store.close()
    return percentile(times, 0.95)


def _texts(count: int) -> Iterator[tuple[str, bytes]]:
    """``count`` items as the district would send them: (code, canonical text)."""
    for item in itertools.islice(_items(), count):
        yield item.code, codec.encode(item).text


def _items() -> Iterator[ItemVersion]:
    real = [item for source in import_folder(public_data() / "items", TODAY) for item in source.items]
    codes = set()
    for turn in itertools.count():
        for item in real:
            code = ItemCode(item.code if turn == 0 else f"{item.code}-{turn}")
            if code not in codes:
                codes.add(code)
                yield replace(item, code=code, version=1)
