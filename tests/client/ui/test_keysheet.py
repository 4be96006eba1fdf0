"""F1: the keys of the page in front lie over it, say what the bar and the rail say, and go again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client.ui.conftest import Person
from tests.support.screens import Studio, shots
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.ui.keysheet import KeySheet


def sheets(studio: Studio) -> list[KeySheet]:
    """The sheets that lie over the page."""
    found: list[Any] = [studio.bench.window]
    for widget in found:
        found.extend(widget.winfo_children())
    return [widget for widget in found if isinstance(widget, KeySheet)]


def words(widget: Any) -> str:
    """All that stands on a surface."""
    options = widget.keys()
    own = str(widget.cget("text")) if "text" in options else ""
    return " ".join([own, *(words(child) for child in widget.winfo_children())])


@pytest.fixture
def at_sync(person: Person, studio: Studio) -> Person:
    person.pose(next(shot for shot in shots() if shot.name == "sync"))
    return person


def test_the_sheet_says_what_the_bar_and_the_rail_say(at_sync: Person, studio: Studio) -> None:
    studio.bench.toggle_keys()
    (sheet,) = sheets(studio)
    for word in ("F5", "马上重试", "Ctrl+D", "复制诊断", "Ctrl+2", "我的办件", "Ctrl+L", "改密码", "空格 看全原因"):
        assert word in words(sheet)
    studio.bench.toggle_keys()
    assert sheets(studio) == []


def test_esc_takes_it_away_and_the_page_hears_its_keys_again(at_sync: Person, studio: Studio) -> None:
    before = at_sync.focus
    studio.bench.toggle_keys()
    at_sync.press("F5")
    assert studio.listener(ScreenName.SYNC).names() == []
    at_sync.press("Escape")
    assert sheets(studio) == [] and at_sync.focus == before
    assert studio.listener(ScreenName.SYNC).names() == []
    at_sync.press("F5")
    assert studio.listener(ScreenName.SYNC).last("act") == ("retry",)


def test_another_page_takes_it_away_and_f1_is_told(at_sync: Person, studio: Studio) -> None:
    at_sync.press("F1")
    assert studio.shell_events.names()[-1] == "help"
    at_sync.press("ctrl+u")
    assert studio.shell_events.names()[-1] == "choose_password"
    studio.bench.toggle_keys()
    studio.bench.raise_screen(ScreenName.DEVICES)
    assert sheets(studio) == []


def test_a_screen_alone_has_no_sheet(person: Person, studio: Studio) -> None:
    person.pose(next(shot for shot in shots() if shot.name == "lock"))
    studio.bench.toggle_keys()
    assert sheets(studio) == []
