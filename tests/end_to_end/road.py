"""The road: district, counter, no network, back office, another counter, issuance, citizen, through real windows.

One script for the demonstration and for the tests. Every step is one function and one line with its time; the parts are
real: server processes, packaged or plain clients in their windows driven by keys, libsane, an IPP printer, a browser.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.end_to_end.office import Office
from tests.end_to_end.story import STORY
from tests.end_to_end.window_desk import WindowDesk


class Road:
    """One day, step by step, in a folder that keeps papers, pictures and the report."""

    def __init__(
        self, folder: Path, say: Callable[[str], None] = print, *, bundle: Path | None = None, display: str = ""
    ) -> None:
        """``bundle``: the packaged client instead of the source; ``display``: where the windows open, else unseen."""
        self.folder = folder
        self._say = say
        self.report: dict[str, Any] = {"client": "bundle" if bundle else "source", "steps": []}
        self.stack = ExitStack()
        self.office = Office(folder, self.stack, bundle=bundle, display=display)
        self.counter: WindowDesk
        self.market: WindowDesk
        self.health: WindowDesk
        self.first = self.second = self.item = ""
        self.receipt = self.second_receipt = b""

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, Any]]:
        """One line of the story, with its time; facts put into the dict go into the report."""
        facts: dict[str, Any] = {}
        start = time.monotonic()
        yield facts
        took = round((time.monotonic() - start) * 1000)
        self.report["steps"].append({"step": name, "ms": took, **facts})
        shown = "".join(f"  {key}={value}" for key, value in facts.items())
        self._say(f"{took:>7} ms  {name}{shown}")

    def play(self) -> dict[str, Any]:
        """The whole day. Returns the report; raises at the first thing that is not as it should be."""
        for chapter in STORY:
            chapter(self)
        self.report["cases"] = {
            name: self._case(case) for name, case in (("first", self.first), ("second", self.second))
        }
        self.report["sizes"] = self.office.sizes()
        self.report["pictures"] = self.office.names(self.office.pictures)
        self.report["papers"] = self.office.names(self.office.papers)
        (self.folder / "report.json").write_text(json.dumps(self.report, ensure_ascii=False, indent=1))
        return self.report

    def _case(self, case: str) -> dict[str, Any]:
        records = self.office.district.records(case)
        kinds = [record["event"]["type"] for record in records]
        return {
            "case": case,
            "pages": kinds.count("PageAttached"),
            "events": kinds,
            "irregular": sorted({reason for record in records for reason in record["irregular"]}),
        }

    def close(self) -> None:
        """End the windows, the server and the printer."""
        self.stack.close()
