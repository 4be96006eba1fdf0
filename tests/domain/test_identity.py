"""ID numbers, credit codes, names and their masks; all numbers are invented."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st

from yichuang_domain.identity import (
    CitizenId,
    CodeFault,
    CodeFaultKind,
    CreditCode,
    HolderKind,
    NameFault,
    Sex,
    mask_credit_code,
    mask_id,
    mask_id_public,
    mask_name,
    mask_phone,
    match_key,
    name_fault,
    read_citizen_id,
    read_credit_code,
)
from yichuang_domain.iso7064 import mod_11_2, mod_37_36

TODAY = date(2026, 11, 24)


def _number(first_17: str) -> str:
    return first_17 + mod_11_2(first_17)


def _fault(text: str) -> CodeFault:
    fault = read_citizen_id(text, TODAY)
    assert isinstance(fault, CodeFault)
    return fault


def test_a_valid_number_is_taken_apart() -> None:
    """Area, birth date, sex and document; blanks, full width and a small x are accepted."""
    number = _number("33040219900307001")
    read = read_citizen_id(f" {number[:6]} {number[6:]} ", TODAY)
    assert read == CitizenId(
        number=number, area="330402", birth_on=date(1990, 3, 7), sex=Sex.MALE, holder=HolderKind.CITIZEN
    )
    ending_in_x = next(n for n in (_number(f"3304021990030700{d}") for d in range(10)) if n.endswith("X"))
    assert isinstance(read_citizen_id(ending_in_x.lower(), TODAY), CitizenId)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    assert read_citizen_id(wide, TODAY) == read


def test_the_exact_fault_is_named() -> None:
    """Length, character, birth date, future, check; each with what a sentence needs."""
    assert _fault("3304021990").length == 10
    assert _fault("").kind is CodeFaultKind.LENGTH
    assert _fault("33O402199003070012") == CodeFault(kind=CodeFaultKind.CHARACTER, length=18, position=3)
    assert _fault(_number("33040219900229001")).kind is CodeFaultKind.BIRTH_DATE
    assert _fault(_number("33040200010229001")).kind is CodeFaultKind.BIRTH_DATE
    assert _fault(_number("33040220261125001")).kind is CodeFaultKind.FUTURE
    assert isinstance(read_citizen_id(_number("33040220261124001"), TODAY), CitizenId)
    right = _number("33040219900307001")
    wrong = right[:17] + ("0" if right[17] != "0" else "1")
    assert _fault(wrong) == CodeFault(kind=CodeFaultKind.CHECK, length=18, position=18, expected=right[17])


@pytest.mark.parametrize("area", ["330113", "512902", "999999", "000000"])
def test_never_rejected_on_its_area(area: str) -> None:
    """Abolished codes of a first registration stay valid, and unknown ones are no reason either."""
    assert isinstance(read_citizen_id(_number(area + "19620815002"), TODAY), CitizenId)


@pytest.mark.parametrize(
    ("prefix", "holder"),
    [
        ("810000", HolderKind.HONG_KONG),
        ("820000", HolderKind.MACAO),
        ("830000", HolderKind.TAIWAN),
        ("933156", HolderKind.FOREIGNER),
    ],
)
def test_residence_permits(prefix: str, holder: HolderKind) -> None:
    """港澳台 residents and foreigners with a permanent residence card."""
    read = read_citizen_id(_number(prefix + "19880808002"), TODAY)
    assert isinstance(read, CitizenId)
    assert (read.holder, read.sex) == (holder, Sex.FEMALE)


@given(st.text(max_size=30))
def test_any_text_gives_an_answer(text: str) -> None:
    """Whatever is typed, there is a value or a fault, never an exception."""
    assert isinstance(read_citizen_id(text, TODAY), CitizenId | CodeFault)
    assert isinstance(read_credit_code(text), CreditCode | CodeFault)


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(digits: str, at: int, by: int) -> None:
    """MOD 11-2 finds every single wrong digit."""
    other = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]
    assert mod_11_2(digits) != mod_11_2(other)


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
def test_credit_code_says_what_the_check_should_be(first_17: str) -> None:
    """With the expected character in place the code is valid."""
    fault = read_credit_code(first_17 + "0")
    if isinstance(fault, CodeFault):
        assert fault.kind is CodeFaultKind.CHECK
        assert read_credit_code(first_17 + str(fault.expected)) == CreditCode(code=first_17 + str(fault.expected))


def test_trap_2_real_bodies_with_a_wrong_check() -> None:
    """Two of 177 real bodies fail; the fault is data for a warning."""
    assert read_credit_code("11440000006939756B") == CreditCode(code="11440000006939756B")
    for code, kind in (("13440000515356094L", CodeFaultKind.CHECK), ("TE440000GD030003VV", CodeFaultKind.CHARACTER)):
        fault = read_credit_code(code)
        assert isinstance(fault, CodeFault)
        assert fault.kind is kind


def test_trap_13_names_are_kept() -> None:
    """Names with ·, one to fifty characters, rare characters beyond the basic plane."""
    for name in ("阿依古丽·买买提", "王", "字" * 50, "䶮", "𬭎", "𠮷野", "葛\U000e0100", "O'Brien"):
        assert name_fault(name) is None
    assert name_fault("  ") is NameFault.EMPTY
    assert name_fault("字" * 51) is NameFault.LONG
    assert name_fault("王\n小") is NameFault.CHARACTER
    assert name_fault("\ud800") is NameFault.CHARACTER


def test_trap_13_brackets_and_dots_compare_equal() -> None:
    """Both widths of a company's brackets match; different names do not."""
    assert match_key("小满（嘉兴）餐饮有限公司") == match_key("小满(嘉兴)餐饮 有限公司")
    assert match_key("阿依古丽·买买提") == match_key("阿依古丽•买买提")
    assert match_key("䶮") != match_key("龑")


def test_masks() -> None:
    """王*, first 4 and last 4, the last 4 on public pages, 138****8000; short texts are hidden whole."""
    assert [mask_name(n) for n in ("王小满", "王五", "王", "阿依古丽·买买提", "𠮷野", "")] == [
        "王*", "王*", "*", "阿*", "𠮷*", "*",
    ]  # fmt: skip
    assert mask_name("葛\U000e0100城") == "葛\U000e0100*"
    assert mask_id("330402199003070012") == "3304**********0012"
    assert mask_id_public("330402199003070012") == "**************0012"
    assert mask_id("12345678") == "********"
    assert mask_phone("13800008000") == "138****8000"
    assert mask_phone("8000") == "****"
    assert mask_credit_code("92330402MA2XXXXX7K") == "92330402********7K"


def test_iso_7064_says_no_to_foreign_characters() -> None:
    """Neither system guesses."""
    with pytest.raises(ValueError, match="digits"):
        mod_11_2("12٣")
    with pytest.raises(ValueError, match="capital"):
        mod_37_36("abc")
    with pytest.raises(ValueError, match="capital"):
        mod_37_36("")
