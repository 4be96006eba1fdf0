"""The whole road runs, and leaves what it promises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.road import Road
from tests.end_to_end.unseen_road import UnseenRoad


def test_one_day_without_windows(tmp_path: Path) -> None:
    report = UnseenRoad(tmp_path / "day").play()
    assert len(report["steps"]) > 20


@pytest.mark.long
def test_one_day_at_the_counter(tmp_path: Path) -> None:
    road = Road(tmp_path / "day")
    try:
        road.play()
    finally:
        road.close()
    report = json.loads((tmp_path / "day" / "report.json").read_text())
    assert len(report["steps"]) > 20
    assert [name.split("-", 1)[1] for name in report["papers"]] == [
        "receipt.pdf",
        "material_slip.pdf",
        "acceptance.pdf",
        "receipt.pdf",
        "material_slip.pdf",
        "supplement.pdf",
        "supplement_receipt.pdf",
        "grant.pdf",
        "certificate.pdf",
        "delivery.pdf",
    ]
    screens = {Path(name).stem for name in report["pictures"]}
    assert {"enrol", "sign_in", "sign_in_code", "home", "briefing", "scan_feeder", "devices", "lock"} <= screens
    assert {"sync", "cases_after_kill", "review_agree", "supplement", "issue", "tracking-phone"} <= screens
