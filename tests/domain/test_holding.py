"""Which certificates of a holder stand for a paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.support.cases import ITEM, act, context, page, receive, secret
from yichuang_domain import actions as a
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.certificate import make_certificate_id
from yichuang_domain.holding import best, checked, is_same_holder, issued, offered
from yichuang_domain.material import Material, MaterialForm
from yichuang_domain.party import Evidence, HandedIn, MadeCertificate, Trust

TYPE, ISSUER = "11100000MB0143028R001", "11330402MB0A271067"
MARK = make_certificate_id(TYPE, ISSUER, "0137000001")
ON = date(2026, 11, 24)
INSTANT = replace(ITEM, counter_grants=True)
ID = "11010519491231002X"


def granted(*made: MadeCertificate) -> Case:
    """A case that was granted at the counter with these certificates."""
    given = context(item=INSTANT)
    case = act(None, receive("form", "lease", "health", item=INSTANT), given)
    case = act(case, a.Accept(docno="1", stays=True), given)
    return act(case, a.GrantAtCounter(docno="准1", text=secret("符合"), certificates=made), given)


def licence(**changes: object) -> MadeCertificate:
    return replace(MadeCertificate(name="营业执照", identifier=MARK, valid_from=ON), **changes)  # type: ignore[arg-type]


def test_a_certificate_that_was_granted_is_of_level_a_while_it_is_in_force() -> None:
    (held,) = issued(granted(licence(valid_until=date(2026, 11, 25))), ON)
    assert (held.trust, held.type_code, held.identifier, held.docno) == (Trust.ISSUED, TYPE, MARK, "准1")
    assert issued(granted(licence(valid_until=date(2026, 11, 23))), ON) == ()
    assert issued(granted(licence(valid_from=date(2026, 11, 25))), ON) == ()
    assert issued(granted(licence(identifier=""), licence(identifier=MARK[:-1] + "?")), ON) == ()
    assert issued(act(None, receive("form")), ON) == ()


def compared(evidence: Evidence, *, with_page: bool = True) -> tuple[Case, ItemVersion]:
    item = replace(ITEM, materials=(Material(key="form", name="营业执照", certificate_type=TYPE), *ITEM.materials[1:]))
    came = replace(receive("lease", item=item), materials=(HandedIn(material="form", evidence=evidence, pages=1),))
    case = act(None, came)
    return (act(case, a.AttachPage(page=page("form"))) if with_page else case), item


def test_a_paper_that_was_compared_and_scanned_is_of_level_b() -> None:
    (held,) = checked(*compared(Evidence.ORIGINAL_CHECKED))
    assert (held.trust, held.type_code, held.material, held.on) == (Trust.CHECKED, TYPE, "form", ON)
    assert checked(*compared(Evidence.SCANNED)) == ()
    assert checked(*compared(Evidence.CERTIFICATE)) == ()
    assert checked(*compared(Evidence.ORIGINAL_CHECKED, with_page=False)) == ()


def test_what_was_issued_goes_before_what_was_compared_and_never_stands_for_an_original_that_stays() -> None:
    old, new = issued(granted(licence()), ON)[0], checked(*compared(Evidence.ORIGINAL_CHECKED))[0]
    newest = replace(new, on=date(2026, 11, 30))
    held = best([newest, old])
    assert held == {TYPE: old}
    wanted = Material(key="licence", name="营业执照", certificate_type=TYPE)
    kept = replace(wanted, key="kept", form=MaterialForm.ORIGINAL)
    assert offered([wanted, kept, Material(key="other", name="别的")], held) == {"licence": old}


def test_two_bodies_of_one_person_are_two_holders() -> None:
    person = act(None, receive("form")).applicant
    body = replace(person, credit_code=secret("91330402MA2B000001"))
    assert is_same_holder(person, ID)
    assert is_same_holder(body, ID, "91330402MA2B000001")
    assert not is_same_holder(body, ID, "91330402MA2B000002")
    assert not is_same_holder(person, "330402199001010019")
    assert not is_same_holder(replace(person, id_number=secret("")), "")
