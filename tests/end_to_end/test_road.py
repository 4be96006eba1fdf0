"""The whole road runs, and leaves what it promises."""

from __future__ import annotations

import json
from pathlib import Path

from tests.end_to_end.road import Road


def test_one_day_at_the_counter(tmp_path: Path) -> None:
    Road(tmp_path / "day").play()
    report = json.loads((tmp_path / "day" / "report.json").read_text())
    assert len(report["steps"]) > 20
    assert {path.name.split("-", 1)[1] for path in (tmp_path / "day" / "papers").iterdir()} == {
        "receipt.pdf",
        "material_slip.pdf",
        "acceptance.pdf",
        "supplement.pdf",
        "grant.pdf",
        "certificate.pdf",
        "delivery.pdf",
    }
    assert len(list((tmp_path / "day" / "pictures").iterdir())) == 2
