"""The screens before the work: secrets stay in their fields, only what is missing is typed, Enter leads on."""

from __future__ import annotations

from dataclasses import replace

from tests.client.ui.conftest import Person
from tests.support import samples_casework as cases, samples_frame as frame
from tests.support.screens import Shot, Studio
from yichuang_client.presenters.models.common import Option
from yichuang_client.presenters.models.session import ScreenName

NAMES = ScreenName
PASSWORD = "Juzi-Shui-2026"
ANEW = "Pingguo-Zhi-1"


def test_the_password_stays_in_its_field_while_the_digits_are_typed(person: Person, studio: Studio) -> None:
    plain = replace(frame.SIGN_IN, account="", people=())
    person.pose(Shot(name="x", screen=NAMES.SIGN_IN, model=plain, focus="account"))
    person.type("zhoujing")
    person.press("Tab")
    person.type(PASSWORD)
    person.press("Return")
    heard = studio.listener(NAMES.SIGN_IN)
    assert heard.last("sign_in") == ("zhoujing", PASSWORD, "")
    asks = replace(plain, account="zhoujing", needs_code=True, clear_code=1)
    studio.outlets[NAMES.SIGN_IN].show(asks)
    person.wait(lambda: person.focus == "sign_in.code")
    person.type("000000")
    person.press("Return")
    assert heard.last("sign_in") == ("zhoujing", PASSWORD, "000000")
    studio.outlets[NAMES.SIGN_IN].show(replace(asks, clear_code=2, error="动态码不对，或者用过了。"))
    person.type("123456")
    person.press("Return")
    assert heard.last("sign_in") == ("zhoujing", PASSWORD, "123456")
    studio.outlets[NAMES.SIGN_IN].show(replace(asks, clear_code=2, clear_secrets=1, needs_code=False))
    person.wait(lambda: person.focus == "sign_in.password")
    person.press("Return")
    assert len([name for name in heard.names() if name == "sign_in"]) == 3, "nothing is sent with empty fields"


def test_a_person_is_chosen_by_alt_and_a_digit(person: Person, studio: Studio) -> None:
    model = replace(
        frame.SIGN_IN, account="", people=(Option(key="limin", text="李敏"), Option(key="wuhao", text="吴昊"))
    )
    person.pose(Shot(name="x", screen=NAMES.SIGN_IN, model=model, focus="account"))
    person.press("alt+2")
    assert studio.listener(NAMES.SIGN_IN).last("choose_account") == ("wuhao",)
    assert person.focus == "sign_in.password"


def test_a_password_is_chosen_in_three_fields(person: Person, studio: Studio) -> None:
    person.pose(Shot(name="x", screen=NAMES.PASSWORD, model=frame.PASSWORD, focus="old"))
    for text in (PASSWORD, ANEW):
        person.type(text)
        person.press("Return")
    person.type(ANEW)
    heard = studio.listener(NAMES.PASSWORD)
    assert heard.last("type_in") == (PASSWORD, ANEW, ANEW)
    person.press("Return")
    assert "change" not in heard.names(), "the rules are not kept yet"
    studio.outlets[NAMES.PASSWORD].show(replace(frame.PASSWORD, can_change=True))
    person.press("Return")
    assert heard.last("change") == (PASSWORD, ANEW, ANEW)
    studio.outlets[NAMES.PASSWORD].show(replace(frame.PASSWORD, can_change=False, clear_secrets=1))
    person.wait(lambda: person.focus == "password.old")
    person.type("x")
    assert heard.last("type_in") == ("x", "", "")
    person.press("Escape")
    assert heard.names()[-1] == "cancel"


def test_the_cover_sends_its_password_once_and_is_emptied(person: Person, studio: Studio) -> None:
    person.pose(Shot(name="x", screen=NAMES.LOCK, model=frame.LOCK, focus="password"))
    person.type(PASSWORD)
    person.press("Return")
    heard = studio.listener(NAMES.LOCK)
    assert heard.last("unlock") == (PASSWORD,)
    studio.outlets[NAMES.LOCK].show(replace(frame.LOCK, error="密码不对。数据都在，请再输一次。", clear_secrets=1))
    person.press("Return")
    assert heard.names().count("unlock") == 1


def test_the_diagnosis_lies_on_the_clipboard(person: Person, studio: Studio) -> None:
    person.pose(Shot(name="x", screen=NAMES.SYNC, model=cases.SYNC, shell=frame.shell(NAMES.SYNC)))
    studio.outlets[NAMES.SYNC].show(replace(cases.SYNC, clipboard="line: OFFLINE\n", copied=1))
    assert studio.bench.window.clipboard_get() == "line: OFFLINE\n"
