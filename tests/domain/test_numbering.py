"""Case numbers, document numbers, item codes and certificate marks."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, strategies as st

from yichuang_domain.certificate import (
    ROOT,
    CertificateIdError,
    CertificateIdFault,
    make_certificate_id,
    read_certificate_id,
)
from yichuang_domain.iso7064 import ALPHANUMERIC
from yichuang_domain.numbering import (
    DocumentNumber,
    NumberError,
    NumberFault,
    SubItem,
    following_document_number,
    make_case_number,
    read_case_number,
    read_implementation_code,
)

DAY = date(2026, 11, 24)
PUBLIC_MARK = "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0"


@given(
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.from_regex(r"[0-9]{4}", fullmatch=True),
    st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    st.integers(1, 99_999),
)
def test_case_number_round_trip(area: str, device: str, on: date, serial: int) -> None:
    """What was made is read back, with dashes or without, in small letters too; the serial may grow to five digits."""
    text = make_case_number(area, device, on, serial)
    number = read_case_number(text)
    assert (number.area, number.device, number.on, number.serial) == (area, device, on, serial)
    assert read_case_number(text.replace("-", "").lower()) == number
    assert str(number) == text
    assert len(text.split("-")[3]) == (4 if serial < 10_000 else 5)


@given(st.integers(0, 24), st.sampled_from(ALPHANUMERIC))
@example(12, "0")
def test_one_wrong_character_of_a_case_number_is_found(at: int, other: str) -> None:
    """A slip of one character never gives another valid number."""
    text = make_case_number("330402", "0137", DAY, 42)
    slipped = text[:at] + other + text[at + 1 :]
    if slipped != text:
        with pytest.raises(NumberError):
            read_case_number(slipped)


def test_case_number_faults() -> None:
    """Each fault is named; a wrong check character comes with the right one."""
    right = make_case_number("330402", "0137", DAY, 42)
    wrong = right[:-1] + ("A" if right[-1] != "A" else "B")
    for text, fault in (
        ("", NumberFault.SHAPE),
        ("330402-0137-20261324-0042-K", NumberFault.DATE),
        ("330402-0137-20261124-0000-K", NumberFault.SERIAL),
        ("330402-0137-20261124-00042-K", NumberFault.SERIAL),
        (wrong, NumberFault.CHECK),
    ):
        with pytest.raises(NumberError) as caught:
            read_case_number(text)
        assert caught.value.fault is fault
    assert caught.value.expected == right[-1]
    for area, device in (("33040", "0137"), ("330402", "x")):
        with pytest.raises(NumberError):
            make_case_number(area, device, DAY, 1)
    for serial in (0, 100_000):
        with pytest.raises(NumberError):
            make_case_number("330402", "0137", DAY, serial)


def test_document_numbers_follow_each_other() -> None:
    """The count begins anew with the year and with the prefix."""
    first = following_document_number("南市监许受", 2026, None)
    assert first == DocumentNumber(prefix="南市监许受", year=2026, serial=1)
    assert following_document_number("南市监许受", 2026, first).serial == 2
    assert following_document_number("南市监许受", 2027, first).serial == 1
    assert following_document_number("南市监许准", 2026, first).serial == 1


def test_trap_1_code_shapes_vary() -> None:
    """The national shape is taken apart; other shapes are no fault, and nothing is read into them."""
    code = read_implementation_code("11440000006939756B2440101007000")
    assert code is not None
    assert (code.body, code.level, code.basic, code.handling) == ("11440000006939756B", "2", "440101007000", None)
    for other in (
        "0100431000",
        "511Z07001006-511602000000-000-11511301008778183N-1-00",
        "G-000007-001-511602000000-000-115113010833722043-1-00",
        "",
    ):
        assert read_implementation_code(other) is None


def test_trap_4_main_items_and_sub_items() -> None:
    """000 is whole, 00Y has sub-items, 001 is one."""
    kinds = []
    for sub in ("000", "00Y", "001"):
        code = read_implementation_code("11440000006939756B2440101007" + sub)
        assert code is not None
        kinds.append(code.sub_item)
    assert kinds == [SubItem.WHOLE, SubItem.MAIN, SubItem.SUB]


def test_trap_5_one_code_covers_many_variants() -> None:
    """Two variants share the 31 characters and differ in the two that follow."""
    one, two = (read_implementation_code("11440000006939756B2440101007000" + n) for n in ("01", "02"))
    assert one is not None and two is not None
    assert one.code == two.code == "11440000006939756B2440101007000"
    assert (one.handling, two.handling) == ("01", "02")


def test_the_public_example_of_a_certificate_mark() -> None:
    """A published mark verifies, and is made again from its parts."""
    mark = read_certificate_id(PUBLIC_MARK)
    assert (mark.serial, mark.version, mark.check) == ("2025052201", 2, "0")
    assert make_certificate_id(mark.type_code, mark.issuer, mark.serial, mark.version) == PUBLIC_MARK == str(mark)


def test_certificate_mark_faults() -> None:
    """Each part is named; a wrong check character comes with the right one."""
    type_code, issuer = "11100000000013338W009", "11330105002500287C"
    for text, fault in (
        ("", CertificateIdFault.ROOT),
        ("2.2" + PUBLIC_MARK[3:], CertificateIdFault.ROOT),
        (f"{ROOT}.{type_code}.{issuer}.1.001", CertificateIdFault.ROOT),
        (f"{ROOT}.x.{issuer}.1.001.0", CertificateIdFault.TYPE),
        (f"{ROOT}.{type_code}.x.1.001.0", CertificateIdFault.ISSUER),
        (f"{ROOT}.{type_code}.{issuer}..001.0", CertificateIdFault.SERIAL),
        (f"{ROOT}.{type_code}.{issuer}.1.1.0", CertificateIdFault.VERSION),
        (PUBLIC_MARK[:-1] + "Z", CertificateIdFault.CHECK),
    ):
        with pytest.raises(CertificateIdError) as caught:
            read_certificate_id(text)
        assert caught.value.fault is fault
    assert caught.value.expected == "0"
    with pytest.raises(CertificateIdError):
        make_certificate_id(type_code, issuer, "1", 1000)


@given(st.text(ALPHANUMERIC, min_size=1, max_size=22), st.integers(0, 999))
def test_certificate_mark_round_trip(serial: str, version: int) -> None:
    """What was made is read back."""
    mark = read_certificate_id(make_certificate_id("11100000000013338W009", "11330105002500287C", serial, version))
    assert (mark.serial, mark.version) == (serial, version)
