"""One Xvfb a test run and worker, for tests that open windows in their own process.

Rules kept here: the server is started by the first test that needs it and ended with the run; each xdist worker has
its own, so that two never fight over the focus; an existing display is left alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.support.desktop import Display


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of a display of this worker's own, set as DISPLAY for the process."""
    server = Display(1920, 1080)
    before = os.environ.get("DISPLAY")
    os.environ["DISPLAY"] = server.name
    yield server.name
    if before is None:
        del os.environ["DISPLAY"]
    else:
        os.environ["DISPLAY"] = before
    server.close()
