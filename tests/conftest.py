"""What all tests share: property tests without a time limit of their own (the machine may be busy), the same examples
on every run of CI, and nothing inherited from the developer's own desk."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest
from hypothesis import settings

from tests.support.district import PLACE_OF_BEGUN

settings.register_profile("house", deadline=None, print_blob=True)
settings.register_profile("ci", parent=settings.get_profile("house"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "house")

for name in [name for name in os.environ if name.startswith("YICHUANG_")]:
    del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The day at the counter first: it takes longest, and the others run beside it."""
    items.sort(key=lambda item: item.path.name != "test_road.py")


def pytest_configure(config: pytest.Config) -> None:
    """A folder for what is begun once and copied by the tests of all workers."""
    if not hasattr(config, "workerinput"):
        os.environ[PLACE_OF_BEGUN] = tempfile.mkdtemp(prefix="begun-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """And away with it, when the workers have ended."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(PLACE_OF_BEGUN), ignore_errors=True)
