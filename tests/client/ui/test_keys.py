"""Keys through the X server: F-keys, Alt, digits, Space, Esc, Tab, and fields that keep what is typed."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import Any

import pytest

from tests.client.ui.conftest import Person
from tests.support import (
    samples_casework as cases,
    samples_frame as frame,
    samples_intake as intake,
    samples_queues as queues,
    samples_review as review,
    samples_scan as scan,
)
from tests.support.screens import Shot
from yichuang_client.presenters.models.common import Confirm, Field, FieldInput, Option
from yichuang_client.presenters.models.session import ScreenName

NAMES = ScreenName


def shot(screen: ScreenName, model: Any, focus: str = "") -> Shot:
    """A screen to work at."""
    shell = frame.shell(screen, is_slim=screen is NAMES.REVIEW)
    return Shot(name="x", screen=screen, model=model, shell=shell, focus=focus)


@pytest.mark.parametrize(
    ("key", "act"),
    [("F5", "scan"), ("F6", "check"), ("F8", "receive"), ("F10", "tell_supplement"), ("F12", "decline")],
)
def test_function_keys_reach_the_presenter_and_no_menu(person: Person, key: str, act: str) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "search"))
    person.press(key)
    assert person.studio.listener(NAMES.INTAKE).last("act") == (act,)
    assert person.focus == "intake.search"


@pytest.mark.parametrize(("key", "act"), [("F3", "read_card"), ("F7", "brief"), ("alt+r", "defer"), ("F2", "search")])
def test_keys_with_a_place_of_their_own(person: Person, key: str, act: str) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "name"))
    person.press(key)
    assert person.studio.listener(NAMES.INTAKE).last("act") == (act,)


def test_a_disabled_key_moves_the_focus_to_what_blocks_it(person: Person) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "search"))
    person.press("F9")
    assert "act" not in person.studio.listener(NAMES.INTAKE).names()
    assert person.focus == "intake.materials"


def test_digits_pick_a_hit_once_the_query_starts_with_a_letter(person: Person) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "search"))
    person.press("2")
    assert person.studio.listener(NAMES.INTAKE).last("choose_hit") == ("2",)
    assert "search" not in person.studio.listener(NAMES.INTAKE).names()


def test_a_query_of_digits_is_an_item_code(person: Person) -> None:
    body = replace(intake.FORM, search=replace(intake.SEARCH, query="11"))
    person.pose(shot(NAMES.INTAKE, replace(intake.FILLED, body=body), "search"))
    person.press("2")
    person.wait(lambda: "search" in person.studio.listener(NAMES.INTAKE).names())
    assert person.studio.listener(NAMES.INTAKE).last("search") == ("112",)
    assert "choose_hit" not in person.studio.listener(NAMES.INTAKE).names()


def test_arrows_and_enter_in_the_search(person: Person) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "search"))
    person.press("Down", "Up", "Return")
    heard = [call for call in person.studio.listener(NAMES.INTAKE).heard if call[0] != "leave"]
    assert heard == [("move_hit", (1,)), ("move_hit", (-1,)), ("choose_hit", ("1",))]


def test_alt_and_digit_choose_a_frequent_item_or_a_material(person: Person) -> None:
    person.pose(shot(NAMES.INTAKE, intake.START, "search"))
    person.press("alt+3", "alt+w")
    heard = person.studio.listener(NAMES.INTAKE)
    assert heard.last("choose_hit") == ("2",)
    assert heard.last("open_draft") == ("b",)
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "search"))
    person.press("alt+4", "alt+d")
    assert person.studio.listener(NAMES.INTAKE).last("select_material") == ("m4",)
    assert person.studio.listener(NAMES.INTAKE).last("toggle_agent") == (True,)


def test_single_letters_belong_to_a_field_that_is_typed_in(person: Person) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "name"))
    person.type("a")
    heard = person.studio.listener(NAMES.INTAKE)
    assert heard.last("type_in") == ("name", "嘉兴市南湖区凤桥镇小满面馆a")
    assert "act" not in heard.names()
    person.press("F9")
    person.press("a")
    assert heard.last("act") == ("see_all_originals",)


def test_tab_goes_through_the_blocks_in_their_order(person: Person) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "search"))
    passed = [person.focus]
    for _ in range(22):
        person.press("Tab")
        if person.focus != passed[-1]:
            passed.append(person.focus)
        if person.focus == "intake.act.receive":
            break
    order = ["search", "answer.kind", "kind", "name", "credit_code", "operator", "id_number", "phone", "agent"]
    order += ["materials", "act.scan", "act.check", "act.receive"]
    wanted = [f"intake.{name}" for name in order]
    assert [name for name in passed if name in wanted] == wanted


def test_an_arrow_chooses_the_neighbour_and_one_tab_leaves_the_row(person: Person) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "kind"))
    person.press("Right")
    kinds = [option.key for option in intake.FILLED.body.applicant.kinds]
    assert person.studio.listener(NAMES.INTAKE).last("choose_kind") == (kinds[1],)
    person.press("Tab")
    assert not person.focus.startswith("intake.kind")


@pytest.mark.parametrize("enter", ["Return", "KP_Enter"])
def test_enter_in_a_field_goes_to_the_next(person: Person, enter: str) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "name"))
    person.press(enter)
    assert person.focus == "intake.credit_code"
    assert person.studio.listener(NAMES.INTAKE).last("leave") == ("name",)


def test_control_enter_is_the_primary_button(person: Person) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "name"))
    person.press("ctrl+Return")
    assert person.studio.listener(NAMES.INTAKE).last("act") == ("scan",)


def test_a_masked_field_shows_its_value_only_with_the_focus(person: Person) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "search"))
    person.studio.outlets[NAMES.INTAKE].focus("phone")
    person.studio.settle(50)
    field = person.studio.bench.window.focus_get()
    assert field is not None
    assert field.tk.call(str(field), "get") == "13800005521"
    assert person.studio.listener(NAMES.INTAKE).last("unmask") == ("phone",)
    person.press("shift+Tab")
    assert field.tk.call(str(field), "get") == "138****5521"
    assert "type_in" not in person.studio.listener(NAMES.INTAKE).names()


def test_a_redraw_never_takes_what_is_being_typed(person: Person) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "name"))
    person.type("xy")
    field = person.studio.bench.window.focus_get()
    assert field is not None
    changed = replace(intake.FORM, situation=replace(intake.SITUATION, summary="3 问已答 2"))
    person.studio.outlets[NAMES.INTAKE].show(replace(intake.FILLED, body=changed))
    assert str(field.tk.call(str(field), "get")).endswith("xy")
    assert person.focus == "intake.name"


def test_the_strip_starts_on_back_and_esc_or_enter_goes_back(person: Person) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "name"))
    person.studio.outlets[NAMES.INTAKE].show(intake.ACCEPTING)
    person.wait(lambda: person.focus == "confirm.back")
    heard = person.studio.listener(NAMES.INTAKE)
    person.press("Return")
    assert heard.names()[-1] == "cancel"
    person.press("F5", "Escape")
    assert "act" not in heard.names()
    assert heard.names().count("cancel") == 2
    person.press("Tab", "space")
    assert heard.last("confirm") == ("accept",)
    person.studio.outlets[NAMES.INTAKE].show(intake.FILLED)
    person.wait(lambda: person.focus == "intake.name")


def test_the_strips_fields_tell_and_a_blocked_confirm_does_nothing(person: Person) -> None:
    person.pose(shot(NAMES.INTAKE, intake.DECLINING))
    person.wait(lambda: person.focus.startswith("confirm."))
    person.studio.bench.kit.focus.move("confirm.reason")
    person.type("no")
    heard = person.studio.listener(NAMES.INTAKE)
    assert heard.last("type_in") == ("reason", "no")
    person.press("Tab", "Tab", "Return")
    assert "confirm" not in heard.names()


def test_a_strip_keeps_the_focus_while_its_screen_is_drawn_anew(person: Person) -> None:
    """The case screen has no field of its own: each redraw once took the keyboard from the strip over it."""
    reasons = tuple(Option(key=key, text=key) for key in ("copy", "lost", "spoiled"))
    why = Field(key="why", label="为什么", text="lost", input=FieldInput.CHOICE, options=reasons)
    asked = Confirm(act="print", title="补打哪一张？", fields=(why,), confirm_label="打印")
    person.pose(shot(NAMES.CASE, replace(cases.CASE, bar=replace(cases.CASE.bar, confirm=asked))))
    person.wait(lambda: person.focus == "confirm.why.lost")
    heard = person.studio.listener(NAMES.CASE)
    for key, chosen in (("Right", "spoiled"), ("Right", "copy"), ("Left", "spoiled")):
        person.press(key)
        assert heard.last("type_in") == ("why", chosen)
        now = replace(asked, fields=(replace(why, text=chosen),))
        person.studio.outlets[NAMES.CASE].show(replace(cases.CASE, bar=replace(cases.CASE.bar, confirm=now)))


def test_the_focus_of_a_field_that_goes_away_goes_to_the_screens_first(person: Person) -> None:
    person.pose(shot(NAMES.ISSUE, cases.ISSUE))
    gone = next(field.key for field in cases.ISSUE.fields if field.input is FieldInput.TEXT)
    person.studio.bench.kit.focus.move(f"issue.{gone}")
    person.wait(lambda: person.focus == f"issue.{gone}")
    rest = tuple(field for field in cases.ISSUE.fields if field.key != gone)
    person.studio.outlets[NAMES.ISSUE].show(replace(cases.ISSUE, fields=rest))
    person.wait(lambda: person.focus == "issue.papers")


def test_what_is_typed_in_the_list_of_the_search_begins_another_search(person: Person) -> None:
    person.pose(shot(NAMES.SEARCH, queues.DISTRICT_SEARCH, "query"))
    person.type("ab")
    person.press("Return")
    assert person.focus == "search.table"
    person.type("3304")
    assert person.focus == "search.query"
    heard = person.studio.listener(NAMES.SEARCH)
    person.wait(lambda: heard.last("search") == ("3304",))
    heard.heard.clear()
    subprocess.run(["xdotool", "type", "--delay", "1", "5"], check=True)
    person.press("alt+2")
    assert [call for call in heard.heard if call[0] in ("search", "filter")] == [
        ("search", ("33045",)),
        ("filter", ("DISTRICT",)),
    ]


def test_space_presses_a_focused_button(person: Person) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "act.receive"))
    person.press("space")
    assert person.studio.listener(NAMES.INTAKE).last("act") == ("receive",)


def test_control_digit_and_f1_belong_to_the_frame(person: Person) -> None:
    person.pose(shot(NAMES.CASES, queues.QUEUE))
    person.press("ctrl+7", "F1", "ctrl+l", "F2")
    assert person.studio.shell_events.heard[-4:] == [
        ("go", (NAMES.SYNC,)),
        ("help", ()),
        ("lock", ()),
        ("go", (NAMES.INTAKE,)),
    ]


def test_control_keys_do_not_edit_a_field(person: Person) -> None:
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "name"))
    field = person.studio.bench.window.focus_get()
    assert field is not None
    before = field.tk.call(str(field), "get")
    person.press("Home", "ctrl+d", "ctrl+h", "ctrl+w")
    assert field.tk.call(str(field), "get") == before
    assert person.studio.listener(NAMES.INTAKE).last("act") == ("withdraw",)


def test_the_table_selects_opens_and_filters(person: Person) -> None:
    person.pose(shot(NAMES.SYNC, cases.SYNC, "table"))
    heard = person.studio.listener(NAMES.SYNC)
    person.press("Down")
    assert heard.last("select") == ("c",)
    person.press("Down")
    assert ("select", ("g",)) not in heard.heard
    assert heard.last("select") == ("s0",)
    person.press("Return", "alt+2", "space")
    assert heard.names()[-3:] == ["open_row", "filter", "expand"]
    assert heard.last("open_row") == ("s0",)


def test_arrows_cut_the_page_while_it_has_a_frame_and_ctrl_moves_it(person: Person) -> None:
    person.pose(shot(NAMES.SCAN, scan.JAM, "page"))
    heard = person.studio.listener(NAMES.SCAN)
    person.press("c", "Left", "ctrl+Left", "ctrl+Down")
    framed = replace(scan.JAM, page=replace(scan.JAM.page, frame=(4, 0, 0, 10)))
    person.studio.outlets[NAMES.SCAN].show(framed)
    person.press("Left", "Down", "alt+Up")
    told = [call for call in heard.heard if call[0] != "page_area"]
    assert told == [
        ("act", ("crop",)),
        ("move", (-1,)),
        ("act", ("shift_back",)),
        ("act", ("shift_on",)),
        ("crop_edge", ("right", 1)),
        ("crop_edge", ("top", 1)),
        ("crop_edge", ("bottom", -1)),
    ]


def test_enter_cuts_f11_prints_separators_and_alt_c_uses_certificates(person: Person) -> None:
    person.pose(shot(NAMES.SCAN, scan.CROP, "page"))
    person.press("Return")
    assert person.studio.listener(NAMES.SCAN).last("act") == ("cut",)
    person.pose(shot(NAMES.SCAN, scan.EMPTY, "page"))
    person.press("F11")
    assert person.studio.listener(NAMES.SCAN).last("act") == ("separators",)
    person.pose(shot(NAMES.INTAKE, intake.FILLED, "name"))
    person.press("alt+c")
    assert person.studio.listener(NAMES.INTAKE).last("act") == ("use_certificates",)


def test_space_continues_a_scan_and_m_with_a_digit_assigns(person: Person) -> None:
    person.pose(shot(NAMES.SCAN, scan.JAM, "page"))
    heard = person.studio.listener(NAMES.SCAN)
    person.press("space", "3", "m")
    person.studio.outlets[NAMES.SCAN].show(replace(scan.JAM, is_assigning=True))
    person.press("3", "w", "bracketright", "Delete", "F4", "Page_Down", "Escape")
    told = [call for call in heard.heard if call[0] != "page_area"]
    assert told == [
        ("act", ("continue",)),
        ("act", ("assign",)),
        ("choose_target", ("m3",)),
        ("fit", ("WIDTH",)),
        ("rotate", (1,)),
        ("act", ("drop",)),
        ("act", ("finish",)),
        ("move", (1,)),
        ("act", ("stop",)),
    ]


def test_opinion_templates_are_inserted_at_the_cursor(person: Person) -> None:
    person.pose(shot(NAMES.REVIEW, review.DESK, "opinion"))
    heard = person.studio.listener(NAMES.REVIEW)
    person.press("ctrl+Home", "alt+2")
    assert heard.last("insert_template") == ("defer",)
    assert heard.last("write_opinion") == ("。" + review.OPINION.text,)
    person.press("n", "F10", "alt+c", "alt+Page_Up", "F3")
    assert heard.last("write_opinion") == ("。n" + review.OPINION.text,)
    assert heard.last("act") == ("queue",)
    assert ("act", ("return",)) in heard.heard
    assert heard.last("tab") == ("materials",)
    assert heard.last("move_material") == (-1,)
    assert person.focus == "review.queue"
    person.press("Down")
    assert heard.last("select") == ("4",)


def test_sign_in_goes_from_field_to_field_and_tells_once(person: Person) -> None:
    model = replace(frame.SIGN_IN, needs_code=True, clear_secrets=person.studio.bench.kit.look.px(1))
    person.pose(Shot(name="x", screen=NAMES.SIGN_IN, model=model))
    heard = person.studio.listener(NAMES.SIGN_IN)
    person.studio.outlets[NAMES.SIGN_IN].focus("password")
    person.type("secret word")
    person.press("Return")
    assert person.focus == "sign_in.code"
    person.type("123456")
    person.press("Return")
    assert heard.last("sign_in") == ("limin", "secret word", "123456")
    person.studio.outlets[NAMES.SIGN_IN].show(replace(model, clear_secrets=9, error="密码不对。"))
    person.wait(lambda: person.focus == "sign_in.password")
    person.press("Return")
    assert heard.names().count("sign_in") == 1


def test_the_lock_hears_nothing_but_its_own_keys(person: Person) -> None:
    person.pose(Shot(name="x", screen=NAMES.LOCK, model=frame.LOCK))
    before = len(person.studio.shell_events.heard)
    person.press("F9", "ctrl+2", "alt+1", "F1")
    assert len(person.studio.shell_events.heard) == before
    person.type("pw")
    person.press("Return")
    assert person.studio.listener(NAMES.LOCK).last("unlock") == ("pw",)


def test_enrolment_is_told_only_when_it_can_be(person: Person) -> None:
    person.pose(Shot(name="x", screen=NAMES.ENROL, model=frame.ENROL, focus="fingerprint"))
    heard = person.studio.listener(NAMES.ENROL)
    person.type("4f")
    person.press("Return")
    assert heard.last("type_in") == ("fingerprint", "4f")
    assert "enrol" not in heard.names()
    person.studio.outlets[NAMES.ENROL].show(replace(frame.ENROL, can_enrol=True))
    person.press("Return")
    assert heard.names()[-1] == "enrol"
