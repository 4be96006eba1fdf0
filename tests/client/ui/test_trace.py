"""A story can follow the client by its trace: screens, focus, banners; nothing when it is off."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.client.ui.conftest import Person
from tests.support.screens import shots
from yichuang_client import trace


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tracing switched on for one test."""
    monkeypatch.setenv("YICHUANG_TRACE", "1")
    trace.is_on.cache_clear()
    yield
    monkeypatch.delenv("YICHUANG_TRACE")
    trace.is_on.cache_clear()


def test_screens_focus_and_banners_are_traced(person: Person, traced: None, capsys: pytest.CaptureFixture[str]) -> None:
    person.pose(next(shot for shot in shots() if shot.name == "scan_jam"))
    form = next(shot for shot in shots() if shot.name == "intake")
    person.pose(form)
    person.studio.outlets[form.screen].focus("name")
    person.wait(lambda: person.focus == "intake.name")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    said = [{key: value for key, value in line.items() if key != "at"} for line in lines]
    assert {"event": "screen", "name": "scan"} in said
    assert {"event": "banner", "kind": "JAM"} in said
    assert {"event": "screen", "name": "intake"} in said
    assert {"event": "focus", "field": "intake.name"} in said
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)


def test_nothing_is_written_when_it_is_off(capsys: pytest.CaptureFixture[str]) -> None:
    trace.trace("screen", name="intake")
    assert capsys.readouterr().err == ""
