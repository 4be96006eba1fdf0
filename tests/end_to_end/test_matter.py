"""A matter through the real window, key by key, without a line and with it: what the district then holds."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end import clerk
from tests.end_to_end.people import LIU, Citizen
from tests.end_to_end.window_desk import WindowDesk
from tests.support.district import RunningDistrict

MATTER = "失业一件事"
QUESTIONS = ("p2_why", "p3_agent")
NOBODY_PRINTS = {"CUPS_SERVER": "localhost:9"}


@pytest.fixture
def district(tmp_path: Path) -> Iterator[RunningDistrict]:
    running = RunningDistrict(tmp_path / "district")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def desk(district: RunningDistrict, tmp_path: Path) -> Iterator[WindowDesk]:
    made = WindowDesk(tmp_path / "desk", tmp_path, environment=NOBODY_PRINTS)
    made.enrol(district, "lianfeng")
    made.sign_in(district, "yaolan")
    made.desktop.now("catalogue arrived")
    yield made
    made.close()


def held(district: RunningDistrict) -> dict[str, list[dict[str, object]]]:
    """Matter to the receipts of its cases, as the district's log has them."""
    path = district.folder / "district.sqlite"
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT text FROM record WHERE n = 1 ORDER BY position").fetchall()
    found: dict[str, list[dict[str, object]]] = {}
    for (text,) in rows:
        event = json.loads(text)["event"]
        found.setdefault(event["matter"]["matter"], []).append(event)
    return found


@pytest.mark.long
def test_one_form_becomes_three_cases_of_one_matter_with_and_without_a_line(
    district: RunningDistrict, desk: WindowDesk
) -> None:
    hand_in(desk, district)
    arrived(district, desk, 1)
    (events,) = held(district).values()
    compare(events)
    desk.go("ctrl+2", "cases")
    desk.shot("matter_list")
    desk.key("Return")
    desk.wait("case shown", state="RECEIVED")
    desk.shot("matter_case")
    desk.go("F2", "intake")
    desk.desktop.mark()
    district.stop()
    desk.wait("line", state="OFFLINE", timeout=90)
    hand_in(desk, district)
    assert len(held(district)) == 1
    desk.kill()
    desk.restart()
    district.start()
    desk.sign_in(district, "yaolan")
    arrived(district, desk, 2)
    both = held(district)
    assert len(both) == 2
    for events in both.values():
        compare(events)
    assert district.outcomes() == {"RECORDED": district.outcomes()["RECORDED"]}


def arrived(district: RunningDistrict, desk: WindowDesk, count: int) -> None:
    """Until the district has so many matters."""
    while len(held(district)) < count:
        desk.wait("deeds answered", timeout=90)


def hand_in(desk: WindowDesk, district: RunningDistrict) -> None:
    """The matter found, asked, typed, its originals seen, received by F8."""
    clerk.choose_item(desk, MATTER)
    clerk.describe(desk, QUESTIONS, Citizen(kind=0, typed=LIU.typed, form={}))
    clerk.see_originals(desk, 1, 2, 3)
    desk.shot("matter")
    desk.desktop.mark()
    desk.key("F8")
    assert desk.wait("handed in")["n"] == 3


def compare(events: list[dict[str, object]]) -> None:
    """One matter, one token, three items with numbers of their own, each with what it asks for."""
    matters = [event["matter"] for event in events]
    assert matters[0] == matters[1] == matters[2] and len(events) == 3
    assert isinstance(matters[0], dict) and matters[0]["name"] == MATTER
    assert [event["item"] for event in events] == matters[0]["items"]
    assert len({event["token_digest"] for event in events}) == 1
    assert len({event["number"] for event in events} | {matters[0]["number"]}) == 4
    answers = [[answer["question"] for answer in event["answers"]] for event in events]  # type: ignore[attr-defined]
    assert answers == [[], ["why"], ["agent"]]
    assert all("identity" in [m["material"] for m in e["materials"]] for e in events)  # type: ignore[attr-defined]
