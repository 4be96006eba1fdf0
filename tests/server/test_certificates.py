"""The certificates of who stands at a counter: who may ask, what is shown, what the log keeps; on both databases."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pytest

from tests.server.houses import OTHER_CLERK, TestDesk, TestHouse
from tests.server.test_exchange import received
from tests.server.test_searching import notices
from tests.support.cases import REVIEWER, VERIFIER, secret
from yichuang_domain import actions as a
from yichuang_domain.certificate import make_certificate_id
from yichuang_domain.party import HeldCertificate, MadeCertificate, Trust
from yichuang_server.services.certificates import Certificates
from yichuang_server.services.errors import DistrictError, Fault

TYPE = "11100000MB0143028R001"
MARK = make_certificate_id(TYPE, "11330402MB0A271067", "0137000001")
HOLDER = "11010519491231002X"


@pytest.fixture
def town(house: TestHouse) -> TestDesk:
    """A counter with a case that its section has granted, with a licence."""
    desk = house.desk("town")
    case = received(desk)
    assert desk.act(case, 1, a.Accept(docno="受1")) == "RECORDED"
    opinion, text = a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("符合")), secret("同意")
    first, second = house.desk("hall", "market", REVIEWER), house.desk("hall", "market", VERIFIER)
    assert [first.act(case, 1, a.Claim()), first.act(case, 2, opinion)] == ["RECORDED"] * 2
    assert [second.act(case, 2, a.Claim()), second.act(case, 3, a.Verify(verdict=a.Verdict.GRANT, text=text))] == [
        "RECORDED"
    ] * 2
    made = MadeCertificate(name="营业执照", identifier=MARK, valid_from=date(2026, 11, 24))
    assert second.act(case, 3, a.Grant(docno="准1")) == "RECORDED"
    assert second.act(case, 3, a.MakeReady(certificates=(made,))) == "RECORDED"
    return desk


def find(desk: TestDesk, id_number: str = HOLDER, types: Collection[str] = (TYPE,)) -> tuple[HeldCertificate, ...]:
    return Certificates(desk.home.house).find(desk.value, desk.token, id_number, "", types)


def refused(desk: TestDesk, id_number: str = HOLDER, types: Collection[str] = (TYPE,)) -> Fault:
    with pytest.raises(DistrictError) as caught:
        find(desk, id_number, types)
    return caught.value.fault


def test_any_counter_sees_what_the_holder_was_given_and_every_look_is_a_leaf(house: TestHouse, town: TestDesk) -> None:
    elsewhere = house.desk("other", who=OTHER_CLERK)
    (held,) = find(elsewhere, HOLDER.lower())
    assert (held.trust, held.identifier, held.docno) == (Trust.ISSUED, MARK, "准1")
    assert find(elsewhere, types=["11100000MB0143028R010"]) == ()
    assert find(elsewhere, "330402199001010019") == ()
    first, *_, other = notices(house)[-3:]
    assert first["kind"] == "CERTIFICATES"
    assert (first["means"], first["person"], first["replica"]) == ("ID_NUMBER", "other-clerk", elsewhere.value.replica)
    assert (first["cases"], other["cases"]) == ([held.source], [])
    assert HOLDER not in str(notices(house))


def test_a_section_and_a_number_that_is_none_are_refused(house: TestHouse, town: TestDesk) -> None:
    assert refused(house.desk("hall", "market", REVIEWER)) is Fault.NO_RIGHT
    assert refused(house.desk("town", who=None)) is Fault.NO_SESSION
    assert refused(town, "110105194912310021") is Fault.MALFORMED
    assert refused(town, "%") is Fault.MALFORMED
    assert refused(town, types=()) is Fault.MALFORMED
