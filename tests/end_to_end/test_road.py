"""The whole road runs, and leaves what it promises."""

from __future__ import annotations

import json
from pathlib import Path

from tests.end_to_end.road import Road


def test_one_day_at_the_counter(tmp_path: Path) -> None:
    road = Road(tmp_path / "day")
    try:
        road.play()
    finally:
        road.close()
    report = json.loads((tmp_path / "day" / "report.json").read_text())
    assert len(report["steps"]) > 20
    first, second = report["cases"]["first"], report["cases"]["second"]
    assert (first["pages"], first["events"][-1], first["irregular"]) == (16, "Archived", [])
    assert (second["pages"], second["irregular"]) == (6, ["ITEM_CANCELLED"])
    assert {"Accepted", "Granted", "SupplementTold", "SupplementBrought"} <= set(second["events"])
    assert [name.split("-", 1)[1] for name in report["papers"]] == [
        *("receipt.pdf", "material_slip.pdf", "acceptance.pdf"),
        *("grant.pdf", "certificate.pdf", "delivery.pdf"),
        *("receipt.pdf", "material_slip.pdf", "acceptance.pdf"),
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
