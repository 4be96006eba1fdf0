"""The review desk's window: blocked keys, read-only text, templates in words, columns that grow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.client.ui.conftest import Person
from tests.support import samples_frame as frame, samples_review as review
from tests.support.screens import Shot
from yichuang_client.presenters.models.common import ActKind, Bar, Confirm, Field, msg
from yichuang_client.presenters.models.queues import EventLine
from yichuang_client.presenters.models.review import ReviewAct, ReviewModel
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.ui import actionbar

BLOCKED = replace(review.ACTS[0], is_enabled=False, kind=ActKind.NORMAL, blocked_by="opinion", reason="SAME_PERSON")


def shot(model: ReviewModel, focus: str = "queue") -> Shot:
    return Shot(
        name="review",
        screen=ScreenName.REVIEW,
        model=model,
        shell=frame.shell(ScreenName.REVIEW, is_slim=True),
        focus=focus,
    )


def test_a_blocked_key_says_why_and_leads_to_what_blocks_it(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(actionbar, "trace", lambda event, **ids: told.append((event, ids)))
    person.pose(shot(replace(review.DESK, bar=Bar(acts=(BLOCKED,)))))
    person.press("F9")
    assert told == [("act blocked", {"act": "agree", "reason": "SAME_PERSON"})]
    assert person.focus == "review.opinion"
    assert person.studio.listener(ScreenName.REVIEW).names() == []


def test_a_read_only_opinion_can_be_focused_and_not_changed(person: Person) -> None:
    person.pose(shot(review.OVERTAKEN, focus="opinion"))
    person.type("abc")
    heard = person.studio.listener(ScreenName.REVIEW).names()
    assert "write_opinion" not in heard


def test_a_suggested_text_is_told_as_if_typed(person: Person) -> None:
    field = Field(key="reason", label="理由", suggested=msg("review.reason_missing"))
    asked = Confirm(act=ReviewAct.TELL_SUPPLEMENT, title="一次告知？", fields=(field,), confirm_label="告知")
    person.pose(shot(replace(review.DESK, bar=replace(review.DESK.bar, confirm=asked))))
    heard = person.studio.listener(ScreenName.REVIEW)
    person.studio.outlets[ScreenName.REVIEW].show(review.DESK)
    person.studio.outlets[ScreenName.REVIEW].show(
        replace(review.DESK, bar=replace(review.DESK.bar, confirm=replace(asked, act=ReviewAct.DECLINE)))
    )
    person.wait(lambda: heard.heard != [])
    assert heard.last("type_in") == ("reason", "没有提交这份材料")
    person.studio.outlets[ScreenName.REVIEW].show(review.DESK)


def test_a_column_scrolls_to_lines_that_came_later(person: Person) -> None:
    person.pose(shot(replace(review.DESK, tab="events")))
    screen: Any = person.studio.outlets[ScreenName.REVIEW].screen
    canvas = screen._column._canvas
    assert canvas.yview() == (0.0, 1.0)
    case = review.DESK.case
    assert case is not None
    longer = replace(case, events=tuple(EventLine(at="11-24 10:26", text=f"第 {n} 步") for n in range(60)))
    person.studio.outlets[ScreenName.REVIEW].show(replace(review.DESK, tab="events", case=longer))
    person.wait(lambda: canvas.yview()[1] < 0.6)
    person.studio.outlets[ScreenName.REVIEW].show(replace(review.DESK, tab="events"))
    person.wait(lambda: canvas.yview() == (0.0, 1.0))
