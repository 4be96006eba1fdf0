"""身份: ID numbers, credit codes and names: what is wrong with them, and how they are masked.

Rules kept here:

* An ID number (公民身份号码, GB 11643) is checked for its shape, a real birth date that is not in the future, and its
  check character; NEVER for its area, because abolished codes of a first registration stay valid.
* Residence permits of 港澳台 residents start with 81, 82, 83; permanent residence cards of foreigners with 9.
* A credit code (统一社会信用代码, GB 32100) with a wrong check character is a warning: real bodies have such codes.
* A name is kept as typed: 1 to 50 characters of any plane, never folded, never dropped; ``match_key`` only compares.
* A fault is data: which one, and what should stand there; the sentence comes from the catalogue of texts.
* Masks show what the law's data-minimum allows: 王*, first 4 and last 4 of an ID number, 138****8000.
"""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass
from datetime import date

from yichuang_domain.iso7064 import mod_11_2

__all__ = [
    "CitizenId",
    "CodeFault",
    "CodeFaultKind",
    "CreditCode",
    "HolderKind",
    "NameFault",
    "Sex",
    "mask_credit_code",
    "mask_id",
    "mask_id_public",
    "mask_name",
    "mask_phone",
    "match_key",
    "name_fault",
    "normal_code",
    "read_citizen_id",
    "read_credit_code",
]

ID_LENGTH = 18
CREDIT_CODE_LENGTH = 18
NAME_MAX_LENGTH = 50
_EARLIEST_BIRTH_YEAR = 1800
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_MASK = "*"


class CodeFaultKind(enum.StrEnum):
    """号码错误: what is wrong with an ID number or a credit code."""

    LENGTH = "LENGTH"
    """It has another number of characters; ``length`` says how many."""
    CHARACTER = "CHARACTER"
    """A character cannot stand at ``position``."""
    BIRTH_DATE = "BIRTH_DATE"
    """Characters 7 to 14 are no day of the calendar."""
    FUTURE = "FUTURE"
    """The birth date lies after today."""
    CHECK = "CHECK"
    """The last character should be ``expected``."""


@dataclass(frozen=True, kw_only=True)
class CodeFault:
    """号码错误及位置: one fault, the first that was found, with what a sentence about it needs."""

    kind: CodeFaultKind
    """Which fault."""
    length: int
    """Number of characters that were given."""
    position: int | None = None
    """Position of the character at fault, from 1."""
    expected: str | None = None
    """What should stand there, for a wrong check character."""


class HolderKind(enum.StrEnum):
    """持证人类别: which document the number belongs to, read from its first digits."""

    CITIZEN = "CITIZEN"
    """居民身份证."""
    HONG_KONG = "HONG_KONG"
    """港澳台居民居住证 of a Hong Kong resident (81)."""
    MACAO = "MACAO"
    """港澳台居民居住证 of a Macao resident (82)."""
    TAIWAN = "TAIWAN"
    """港澳台居民居住证 of a Taiwan resident (83)."""
    FOREIGNER = "FOREIGNER"
    """外国人永久居留身份证 (9)."""


class Sex(enum.StrEnum):
    """性别, read from the 17th digit."""

    FEMALE = "FEMALE"
    MALE = "MALE"


@dataclass(frozen=True, kw_only=True)
class CitizenId:
    """公民身份号码: a valid one, taken apart."""

    number: str
    """18 characters."""
    area: str
    """Six digits of the first registration; may be abolished."""
    birth_on: date
    """Date of birth."""
    sex: Sex
    """Odd 17th digit: male."""
    holder: HolderKind
    """Which document it belongs to."""


@dataclass(frozen=True, kw_only=True)
class CreditCode:
    """统一社会信用代码: a valid one."""

    code: str
    """18 characters."""


class NameFault(enum.StrEnum):
    """姓名错误: why a text cannot be a name."""

    EMPTY = "EMPTY"
    """Nothing but blanks."""
    LONG = "LONG"
    """More than 50 characters."""
    CHARACTER = "CHARACTER"
    """A control character, a line break or half of a surrogate pair."""


def normal_code(text: str) -> str:
    """归一: the code with blanks removed, full-width characters made half-width, letters capital.

    For codes only, never for names.
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def read_citizen_id(text: str, today: date) -> CitizenId | CodeFault:
    """核验公民身份号码: take an ID number apart, or say which fault it has.

    ``today`` is the day against which a future birth date is judged. Blanks, full-width digits and a small ``x`` are
    accepted as typed by hand.
    """
    number = normal_code(text)
    length = len(number)
    if length != ID_LENGTH:
        return CodeFault(kind=CodeFaultKind.LENGTH, length=length)
    for position, character in enumerate(number, 1):
        if character not in ("0123456789X" if position == ID_LENGTH else "0123456789"):
            return CodeFault(kind=CodeFaultKind.CHARACTER, length=length, position=position)
    birth_on = _birth_date(number[6:14])
    if birth_on is None:
        return CodeFault(kind=CodeFaultKind.BIRTH_DATE, length=length, position=7)
    if birth_on > today:
        return CodeFault(kind=CodeFaultKind.FUTURE, length=length, position=7)
    expected = mod_11_2(number[:17])
    if number[17] != expected:
        return CodeFault(kind=CodeFaultKind.CHECK, length=length, position=ID_LENGTH, expected=expected)
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return CitizenId(number=number, area=number[:6], birth_on=birth_on, sex=sex, holder=_holder(number))


def read_credit_code(text: str) -> CreditCode | CodeFault:
    """核验统一社会信用代码: accept a credit code, or say which fault it has.

    On import a fault is a warning; at the counter the clerk sees it and may go on.
    """
    code = normal_code(text)
    length = len(code)
    if length != CREDIT_CODE_LENGTH:
        return CodeFault(kind=CodeFaultKind.LENGTH, length=length)
    for position, character in enumerate(code, 1):
        if character not in _CREDIT_ALPHABET:
            return CodeFault(kind=CodeFaultKind.CHARACTER, length=length, position=position)
    total = sum(_CREDIT_ALPHABET.index(c) * w for c, w in zip(code[:17], _CREDIT_WEIGHTS, strict=True))
    expected = _CREDIT_ALPHABET[(31 - total % 31) % 31]
    if code[17] != expected:
        return CodeFault(kind=CodeFaultKind.CHECK, length=length, position=CREDIT_CODE_LENGTH, expected=expected)
    return CreditCode(code=code)


_UNSEEN_KINDS = frozenset({"Cc", "Cs", "Zl", "Zp"})
_UNSEEN = frozenset(map(chr, (0x200B, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Blanks without width, and marks that turn the direction of what follows: another name is read than was typed.

The joiners U+200C and U+200D are letters' business in several scripts and stay.
"""


def is_unseen(character: str) -> bool:
    """不可见字符: whether nobody could see that the character stands in a text, or half of one."""
    return unicodedata.category(character) in _UNSEEN_KINDS or character in _UNSEEN


def name_fault(name: str) -> NameFault | None:
    """姓名是否可录: why the text cannot be a name, or ``None``. Rare characters and · are fine."""
    if not name.strip():
        return NameFault.EMPTY
    if len(name) > NAME_MAX_LENGTH:
        return NameFault.LONG
    if any(is_unseen(character) for character in name):
        return NameFault.CHARACTER
    return None


def match_key(name: str) -> str:
    """比对键: equal for names that differ only in the width of brackets, the kind of middle dot, or blanks.

    For comparing and searching; the name itself is kept as typed.
    """
    return "".join(name.split()).translate(_SAME)


_SAME = str.maketrans({"（": "(", "）": ")", "•": "·", "・": "·", "‧": "·", "．": "·", "･": "·"})


def mask_name(name: str) -> str:
    """姓名脱敏: the first character and one star (王*), also for names with ·; a single character becomes a star."""
    first, rest = _first_character(name.strip())
    return first + _MASK if rest else _MASK


def mask_id(number: str) -> str:
    """证件号脱敏: first 4 and last 4; a text of 8 characters or fewer is hidden whole."""
    return _mask_middle(number, 4, 4)


def mask_id_public(number: str) -> str:
    """公开页证件号脱敏: the last 4 only."""
    return _mask_middle(number, 0, 4)


def mask_credit_code(code: str) -> str:
    """信用代码脱敏: first 8 and last 2, for traders whose code leads to a person."""
    return _mask_middle(code, 8, 2)


def mask_phone(number: str) -> str:
    """电话脱敏: 138****8000; a number of 7 characters or fewer is hidden whole."""
    return _mask_middle(number, 3, 4)


def _mask_middle(text: str, first: int, last: int) -> str:
    text = text.strip()
    hidden = len(text) - first - last
    if hidden <= 0:
        return _MASK * len(text)
    return text[:first] + _MASK * hidden + text[-last:]


def _first_character(name: str) -> tuple[str, str]:
    """Split off the first character together with the variation selectors and marks that belong to it."""
    end = 1
    while end < len(name) and unicodedata.category(name[end]).startswith("M"):
        end += 1
    return name[:end], name[end:]


def _birth_date(digits: str) -> date | None:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return born if born.year >= _EARLIEST_BIRTH_YEAR else None


def _holder(number: str) -> HolderKind:
    by_prefix = {"81": HolderKind.HONG_KONG, "82": HolderKind.MACAO, "83": HolderKind.TAIWAN}
    if number[0] == "9":
        return HolderKind.FOREIGNER
    return by_prefix.get(number[:2], HolderKind.CITIZEN)
