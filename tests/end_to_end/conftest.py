"""The office of a story: a district with the sample items, a printer, scanners, and the desks it opens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.end_to_end.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Open, with nobody in it."""
    with ExitStack() as stack:
        opened = Office(tmp_path / "office", stack)
        opened.begin(items=True)
        opened.open_doors()
        yield opened
