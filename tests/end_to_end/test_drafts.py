"""Half an application, key by key: through SIGKILL, a sign-out and a new catalogue; and what is received."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end import clerk, handing
from tests.end_to_end.handing import recorded
from tests.end_to_end.office import Office
from tests.end_to_end.people import GU, Citizen
from tests.end_to_end.window_desk import WindowDesk
from tests.support.district import empty_sources
from yichuang_server.config import public_data

pytestmark = pytest.mark.long
RENEWAL, RENEWAL_CODE = "食品经营许可（延续", "11330402MB0A271067400013101000301"
TRADER = Citizen(kind=1, typed=GU.typed, form={})
ADDED = {"key": "photo", "name": "店面照片", "form": "ORIGINAL", "copies": 1, "note": "", "required_when": []}


def test_a_draft_outlives_the_machine_the_person_and_the_catalogue(office: Office, tmp_path: Path) -> None:
    desk = office.desk("counter", "fengqiao")
    desk.sign_in(office.district, "wuminmin")
    desk.desktop.now("catalogue arrived")
    handing.fill(desk, RENEWAL, TRADER)
    handing.scan_each(desk, office, 1)
    case = str(desk.desktop.seen("draft saved")[-1]["case"])
    desk.desktop.settle()
    desk.kill()
    desk.restart()
    desk.sign_in(office.district, "wuminmin")
    reopen(desk, case)
    desk.shot("draft_after_kill")
    desk.change_person(office.district, "wuminmin")
    reopen(desk, case)
    desk.go("ctrl+2", "cases")
    publish_another_version(office, tmp_path)
    desk.desktop.now("catalogue arrived", version=2, timeout=60)
    desk.go("F2", "intake")
    desk.desktop.settle()
    if desk.desktop.seen("banner")[-1]["kind"] != "new_version":
        desk.change_person(office.district, "wuminmin")
        reopen(desk, case)
    desk.desktop.now("banner", kind="new_version")
    desk.shot("draft_of_new_version")
    assert clerk.receive(desk) == case
    (received,) = recorded(office, desk, case, "Received")
    assert received["item_version"] == 2
    assert [material["material"] for material in received["materials"]] == ["application"]
    assert recorded(office, desk, case, "PageAttached")
    assert "Traceback" not in desk.desktop.noise


def reopen(desk: WindowDesk, case: str) -> None:
    """The first draft of the start page, by its key."""
    desk.desktop.at("intake.search")
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("alt+q")
    desk.wait("item chosen", item=RENEWAL_CODE)
    desk.wait("focus")


def publish_another_version(office: Office, folder: Path) -> None:
    """The same catalogue, in which the renewal asks for one material more."""
    items = json.loads((public_data() / "sample" / "items.json").read_bytes())
    for item in items:
        if item["code"] == RENEWAL_CODE:
            item["version"] += 1
            item["materials"].append({**item["materials"][0], **ADDED})
    changed = folder / "items.json"
    changed.write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
    sources = empty_sources(folder / "again")
    office.district.run("catalog", "import", "--folder", str(sources), "--sample", str(changed))
