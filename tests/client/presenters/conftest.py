"""What the presenters' tests share: the real store of a desk, and a typesetter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import open_store
from yichuang_client.documents.press import Press
from yichuang_client.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as made:
        yield made
