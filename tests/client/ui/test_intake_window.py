"""The intake's window: where the focus goes is told, banners stand above, long choices and sentences are broken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.client.ui.conftest import Person
from tests.support import samples_frame as frame, samples_intake as intake
from tests.support.cards import NUMBER
from tests.support.screens import Shot
from yichuang_client.presenters.models.common import Banner, Field, FieldInput, FieldMark, Option
from yichuang_client.presenters.models.intake import IntakeModel, StartModel
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.typed_card import TypedCard


def shot(model: IntakeModel, focus: str) -> Shot:
    """The intake at work."""
    return Shot(name="x", screen=ScreenName.INTAKE, model=model, shell=frame.shell(ScreenName.INTAKE), focus=focus)


def with_fields(*fields: Field) -> IntakeModel:
    """The form with these fields of the applicant."""
    return replace(intake.FILLED, body=replace(intake.FORM, applicant=replace(intake.APPLICANT, fields=fields)))


def test_where_the_focus_goes_is_told_after_the_field_that_was_left(person: Person) -> None:
    person.pose(shot(intake.FILLED, "name"))
    person.press("Tab")
    heard = [call for call in person.studio.listener(ScreenName.INTAKE).heard if call[0] in ("enter", "leave")]
    assert heard == [("leave", ("name",)), ("enter", ("credit_code",))]


def test_enter_without_a_hit_is_told_too(person: Person) -> None:
    assert isinstance(intake.START.body, StartModel)
    person.pose(shot(intake.START, "search"))
    person.type("zzz")
    person.press("Return")
    assert person.studio.listener(ScreenName.INTAKE).last("choose_hit") == ("",)


def test_a_step_is_taken_back_from_within_a_field_of_one_line(person: Person) -> None:
    person.pose(shot(intake.FILLED, "name"))
    person.press("ctrl+z")
    assert person.studio.listener(ScreenName.INTAKE).last("act") == ("undo",)


def test_a_card_that_a_reader_types_is_told_and_leaves_the_field_as_it_was(person: Person) -> None:
    person.pose(shot(intake.FILLED, "name"))
    person.type("ab")
    person.press(*NUMBER, "Return")
    listener = person.studio.listener(ScreenName.INTAKE)
    assert listener.last("typed_card") == (TypedCard(number=NUMBER),)
    assert listener.last("type_in")[1].endswith("ab")
    assert person.focus == "intake.name"
    person.type(NUMBER)
    person.press("Return")  # a person's Enter: the next field
    assert [call[0] for call in listener.heard].count("typed_card") == 1
    assert person.focus == "intake.credit_code"


def test_a_banner_stands_above_the_page(person: Person) -> None:
    person.pose(shot(intake.START, "search"))
    person.studio.outlets[ScreenName.INTAKE].show(replace(intake.START, banner=Banner(kind="x", text="已收件")))
    person.studio.settle(50)
    field = person.studio.bench.window.focus_get()
    banners = [
        widget
        for widget in _all(person.studio.bench.window)
        if widget.winfo_class() == "TLabel" and widget.cget("text") == "已收件"
    ]
    assert field is not None
    assert banners[0].winfo_rooty() < field.winfo_rooty()


def test_a_long_choice_is_broken_into_rows(person: Person) -> None:
    options = tuple(Option(key=str(n), text="热食类食品制售") for n in range(6))
    choice = Field(key="form.scope", label="经营项目", input=FieldInput.CHOICE, options=options)
    person.pose(shot(with_fields(choice), "form.scope"))
    person.studio.settle(100)
    buttons = [
        widget
        for widget in _all(person.studio.bench.window)
        if widget.winfo_class() == "TRadiobutton" and str(widget.cget("text")) == "热食类食品制售"
    ]
    rows = {widget.winfo_rooty() for widget in buttons}
    assert len(buttons) == 6
    assert len(rows) == 2
    edge = buttons[0].master.winfo_rootx() + buttons[0].master.winfo_width()
    assert all(widget.winfo_rootx() + widget.winfo_width() <= edge for widget in buttons)


def test_a_sentence_below_a_narrow_field_is_read_whole(person: Person) -> None:
    note = "手机号要 11 位，现在 10 位"
    fields = (
        Field(key="id_number", label="身份证", is_half=True),
        Field(key="phone", label="手机", is_half=True, mark=FieldMark.BAD, note=note),
    )
    person.pose(shot(with_fields(*fields), "phone"))
    person.studio.settle(100)
    (shown,) = [
        str(widget.cget("text"))
        for widget in _all(person.studio.bench.window)
        if widget.winfo_class() == "TLabel" and str(widget.cget("text")).startswith("手机号要")
    ]
    assert "\n" in shown
    assert "".join(shown.split()) == "".join(note.split())


def _all(widget: Any) -> Iterator[Any]:
    """Every widget below."""
    for child in widget.winfo_children():
        yield child
        yield from _all(child)
