"""What is pasted by mistake or malice into every field of the counter: kept, refused beside the field, never a crash.

Rules kept here: the real presenters on a real store; each text goes into each field; what cannot stay is said in a
sentence, and no act is done with it; figures of full width are meant as narrow ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.client.presenters.test_case import Screen as CaseScreen, taken_in
from tests.client.presenters.test_handover import Screen as HandoverScreen, accepted
from tests.client.presenters.test_issue import Screen as IssueScreen, granted
from tests.client.presenters.test_queues import Screen as ListScreen
from tests.client.presenters.test_supplement import Screen as SupplementScreen, told
from tests.support.counter import WORDS, Immediate, Line, Shown, a_desk
from tests.support.desk import open_store
from tests.support.intake_clerk import ANSWERS, IntakeClerk
from yichuang_client.documents.press import Press
from yichuang_client.presenters.handover_model import PERSON
from yichuang_client.presenters.models.common import Field, FieldInput, FieldMark
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_client.presenters.models.queues import CaseAct, HandoverAct, IssueAct, SupplementAct
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.queues_model import DISTRICT
from yichuang_client.presenters.scan_file import ask_for_file, file_of
from yichuang_client.presenters.sign_in import SignInPresenter
from yichuang_client.presenters.supplement_draft import SEEN
from yichuang_client.presenters.typed_text import narrow
from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.store import Store
from yichuang_client.sync.desk_session import SignedIn
from yichuang_client.sync.door import Door
from yichuang_domain.party import ApplicantKind

HOSTILE = {
    "long": "\u957f" * 10_000,
    "control": "\u738b\x07\x1b[31m\r\n\u5c0f",
    "nul": "\u738b\x00\u660e",
    "half_pair": "\ud83d",
    "turned": "\u738b\u202e\u660e",
    "no_width": "\u738b\u200b\u660e",
}
"""What can stay nowhere."""
FEW = {key: HOSTILE[key] for key in ("long", "half_pair")}
"""For strips of many fields, which are all judged in one place."""
HARMLESS = {
    "arabic": "\u0639\u0628\u062f \u0627\u0644\u0644\u0647",
    "thai": "\u0e2a\u0e21\u0e0a\u0e32\u0e22",
    "emoji": "\U0001f600",
    "rare": "\U0002b36f\u4dae",
    "quotes": "'; DROP TABLE case_row; --\"<b>%s{}",
}
"""What is strange, and may be somebody's name."""
FULL = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()


def typed_fields(fields: Iterable[Field]) -> list[str]:
    """The fields of free text."""
    return [field.key for field in fields if field.input in (FieldInput.TEXT, FieldInput.LONG_TEXT)]


def refuses(field: Field, text: str) -> bool:
    """Whether the field keeps the text and says in a sentence why it cannot stay."""
    return field.mark is FieldMark.BAD and WORDS.say(field.note) != "" and (field.masked or field.text) == text


# ---- the intake --------------------------------------------------------------------------------------------------


def test_every_field_of_the_intake(store: Store) -> None:
    clerk = IntakeClerk(store)
    clerk.choose("spjyxk")
    for question, option in ANSWERS.items():
        clerk.screen.answer(question, option)
    clerk.screen.toggle_agent(True)
    judged = set[str]()
    for kind in ApplicantKind:
        clerk.screen.choose_kind(kind.name)
        parts = clerk.form.applicant
        for key in typed_fields((*parts.fields, *parts.agent_fields)):
            for name, text in (HOSTILE if key not in judged else {}).items():
                clerk.type(key, text)
                assert refuses(clerk.field(key), text), (key, name)
            clerk.type(key, HARMLESS["quotes"])
            assert clerk.field(key).text == HARMLESS["quotes"]
            judged.add(key)
        clerk.screen.act(IntakeAct.RECEIVE)
        assert clerk.cases() == []
    (draft,) = store.drafts.list(DraftKind.INTAKE)
    assert draft.body["texts"]["operator"] == HARMLESS["quotes"]


def test_the_search_of_items_and_the_strips_of_the_intake(store: Store) -> None:
    clerk = IntakeClerk(store)
    for text in (*HOSTILE.values(), *HARMLESS.values()):
        clerk.screen.search(text)
        assert clerk.start.search.hits == ()
    clerk.screen.search("")
    clerk.take_food()
    for act in (IntakeAct.TELL_SUPPLEMENT, IntakeAct.DECLINE):
        clerk.screen.act(act)
        for key in typed_fields(clerk.strip.fields):
            for name, text in FEW.items():
                clerk.screen.type_in(key, text)
                field = next(one for one in clerk.strip.fields if one.key == key)
                assert refuses(field, text), (key, name)
                assert not clerk.strip.can_confirm
                clerk.screen.confirm(act)
                assert clerk.cases() == []
        clerk.screen.cancel()


# ---- lists -------------------------------------------------------------------------------------------------------


def test_the_search_of_cases_says_why_and_asks_nobody(store: Store) -> None:
    screen = ListScreen(a_desk(store, line=(line := Line())), ScreenName.SEARCH)
    for text in HOSTILE.values():
        screen.presenter.search(text)
        assert screen.says
        screen.presenter.filter(DISTRICT)
        assert line.asked == [] and screen.model.progress is None


def test_a_strange_name_is_looked_for(store: Store) -> None:
    screen = ListScreen(a_desk(store), ScreenName.SEARCH)
    for text in HARMLESS.values():
        screen.presenter.search(text)
        assert screen.model.banner is None and "本机没有" in WORDS.say(screen.model.table.empty)


def test_a_number_of_full_width_finds_its_case(store: Store) -> None:
    case = taken_in(store, "食品经营许可（新办）", "application", "licence")
    screen = ListScreen(a_desk(store), ScreenName.SEARCH)
    screen.presenter.search(case.number.translate(FULL))
    assert screen.keys == [case.case]


# ---- the screens of one case -------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [CaseAct.TELL_SUPPLEMENT, CaseAct.DECLINE, CaseAct.CORRECT, CaseAct.WITHDRAW])
def test_every_strip_of_the_case(store: Store, act: CaseAct) -> None:
    screen = CaseScreen(store, taken_in(store, "食品经营许可（新办）", "application", "licence"))
    before = len(store.outbox.list())
    screen.presenter.act(act)
    assert screen.model.bar.confirm is not None
    for key in typed_fields(screen.model.bar.confirm.fields):
        for name, text in FEW.items():
            screen.presenter.type_in(key, text)
            strip = screen.model.bar.confirm
            assert refuses(next(field for field in strip.fields if field.key == key), text), (key, name)
            screen.presenter.confirm(act)
            assert len(store.outbox.list()) == before
            screen.presenter.type_in(key, "")


def test_the_fields_of_the_issuance(store: Store, press: Press) -> None:
    screen = IssueScreen(store, granted(store), press)
    sent = len(store.outbox.list())
    for key in ("recipient", "serial"):
        was = next(field.text for field in screen.model.fields if field.key == key)
        for name, text in HOSTILE.items():
            screen.presenter.type_in(key, text)
            assert refuses(next(field for field in screen.model.fields if field.key == key), text), (key, name)
            assert IssueAct.PRINT not in screen.acts
            screen.presenter.act(IssueAct.PRINT)
            screen.presenter.act(IssueAct.DELIVER)
            assert len(store.outbox.list()) == sent and screen.model.bar.confirm is None
        screen.presenter.type_in(key, was)
    screen.print()
    screen.print("FC-0071".translate(FULL))
    (run,) = [run for run in store.view(screen.case).prints if run.serial]
    assert run.serial == "FC-0071"


def test_who_brings_a_supplement(store: Store) -> None:
    screen = SupplementScreen(store, told(store, "rules").case)
    screen.presenter.choose("rules", SEEN)
    sent = len(store.outbox.list())
    for key in ("name", "phone"):
        was = next(field.text for field in screen.model.person if field.key == key)
        for name, text in HOSTILE.items():
            screen.presenter.type_in(key, text)
            assert refuses(next(field for field in screen.model.person if field.key == key), text), (key, name)
            screen.presenter.act(SupplementAct.BRING)
            assert len(store.outbox.list()) == sent
        screen.presenter.type_in(key, was)


def test_the_fields_of_the_hand_over(store: Store, press: Press) -> None:
    accepted(store)
    screen = HandoverScreen(store, press)
    screen.presenter.act(HandoverAct.SEND)
    strip = screen.model.bar.confirm
    assert strip is not None
    for key in typed_fields(strip.fields):
        for name, text in HOSTILE.items():
            screen.presenter.type_in(key, text)
            strip = screen.model.bar.confirm
            assert strip is not None
            assert refuses(next(field for field in strip.fields if field.key == key), text), (key, name)
            screen.presenter.confirm(HandoverAct.SEND)
            assert screen.model.bar.confirm is not None  # nothing was sent
        screen.presenter.type_in(key, "")
    screen.presenter.type_in(PERSON, HARMLESS["arabic"])
    assert screen.model.bar.confirm is not None and screen.model.bar.confirm.can_confirm


# ---- signing in, files -------------------------------------------------------------------------------------------


def test_the_sign_in_refuses_in_a_sentence_and_asks_nobody() -> None:
    view, asked = Shown(), list[tuple[str, str, str]]()

    def sign_in(account: str, password: str, code: str) -> SignedIn:
        asked.append((account, password, code))
        raise OSError("stop")

    screen = SignInPresenter(view, Immediate(), sign_in, lambda _: None, Door)
    screen.open()
    for text in HOSTILE.values():
        for account, password in ((text, "secret"), ("limin", text)):
            screen.sign_in(account, password, "")
            assert asked == [] and WORDS.say(view.last.error) != "" and view.last.is_enabled
    screen.sign_in("limin".translate(FULL), "ｓecret", "")
    assert asked == [("limin", "ｓecret", "")]  # a password is never changed


def test_a_file_that_is_none() -> None:
    for text in HOSTILE.values():
        strip = ask_for_file(text)
        assert not strip.can_confirm and refuses(strip.fields[0], text)
    for text in ("file://[", "~nobody-of-that-name/x.png", "file:///a%00b.png", *HARMLESS.values()):
        assert not file_of(text).is_file()


def test_only_figures_letters_and_blanks_are_narrowed() -> None:
    assert narrow("３３０４－ＡＢ　ｃ（南湖）·。") == "3304-AB c（南湖）·。"
