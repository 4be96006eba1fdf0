"""当场更正: what an applicant puts right on the spot, on the real store and press."""

from __future__ import annotations

from tests.client.presenters.test_case import FOOD, Screen, said, taken_in
from tests.support.counter import at_counter
from yichuang_client.actions import deciding
from yichuang_client.documents.press import Press
from yichuang_client.presenters.models.queues import CaseAct
from yichuang_client.store.store import Store
from yichuang_domain.actions import PaperKind
from yichuang_domain.errors import Irregularity


def test_a_field_and_the_phone_are_corrected_and_the_receipt_prints_anew(store: Store, press: Press) -> None:
    screen = Screen(store, taken_in(store, FOOD), press=press)
    screen.presenter.act(CaseAct.CORRECT)
    strip = screen.model.bar.confirm
    assert strip is not None and not strip.can_confirm and said(strip.blocked_text) == "还没有改动。"
    before = {field.key: field.text for field in strip.fields}
    assert before["applicant_phone"] == "13800005521" and before["address"] == "凤桥镇桃园路 1 号"
    screen.presenter.type_in("address", "凤桥镇桃园路 12 号")
    screen.presenter.type_in("applicant_phone", "")
    strip = screen.model.bar.confirm
    assert strip is not None and said(strip.blocked_text) == "手机不能空着。"
    screen.presenter.type_in("applicant_phone", "13900001234")
    screen.presenter.confirm(CaseAct.CORRECT)
    case = store.view(screen.case)
    assert case.applicant.phone.value == "13900001234"
    assert {f.key: f.value.value for f in case.fields}["address"] == "凤桥镇桃园路 12 号"
    assert len(case.fields) == len({f.key for f in case.fields}) and not case.irregular
    assert screen.printed == [PaperKind.RECEIPT]
    assert any("当场更正" in said(line.text) for line in screen.model.events)


def test_after_acceptance_nothing_is_corrected_on_the_spot(store: Store, press: Press) -> None:
    case = deciding.accept(at_counter(store), taken_in(store, FOOD))
    screen = Screen(store, case, press=press)
    assert CaseAct.CORRECT not in [act.id for act in screen.model.bar.acts]
    assert Irregularity.WRONG_STATE not in store.view(case.case).irregular
