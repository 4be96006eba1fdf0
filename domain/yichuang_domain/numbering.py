"""编号: case numbers, document numbers, and the national shape of an item's code.

Rules kept here:

* A case number is area(6)-device(4)-yyyymmdd-serial(4, grows to 5)-check, unique without a line because a device
  number is never given again. It is a LABEL: nothing looks a case up by taking its number apart.
* The check character (ISO 7064 MOD 37,36) covers everything before it, without the dashes; a wrong one is reported
  together with the right one, so that a number read out over the telephone can be mended.
* Codes of items come in many shapes; ``read_implementation_code`` knows the national one and says ``None`` to others.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import date

from yichuang_domain.iso7064 import mod_37_36

__all__ = [
    "CaseNumber",
    "DocumentNumber",
    "ImplementationCode",
    "NumberError",
    "NumberFault",
    "SubItem",
    "following_document_number",
    "make_case_number",
    "read_case_number",
    "read_implementation_code",
]

LAST_SERIAL = 99_999
"""Highest serial of one device on one day."""

# All dashes or none: with one of them mistyped as a digit, what remains could be the number of another case.
_CASE_NUMBER = re.compile(r"([0-9]{6})(-?)([0-9]{4})\2([0-9]{8})\2([0-9]{4,5})\2([0-9A-Z])")
_IMPLEMENTATION_CODE = re.compile(
    r"([0-9A-Z]{18})([0-9A-Z])([0-9A-Z]{2})([0-9A-Z]{2})([0-9A-Z]{5})([0-9A-Z]{3})([0-9]{2})?"
)


class NumberFault(enum.StrEnum):
    """编号错误: why a text is not a number of the given kind."""

    SHAPE = "SHAPE"
    """Parts are missing, too long or of other characters."""
    DATE = "DATE"
    """The date part is no day of the calendar."""
    SERIAL = "SERIAL"
    """The serial is 0, above the highest, or written with a needless leading zero."""
    CHECK = "CHECK"
    """The check character is wrong."""


class NumberError(ValueError):
    """A text is not a number of the given kind; ``fault`` says why, ``expected`` what the check should be."""

    def __init__(self, fault: NumberFault, expected: str | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.expected = expected


@dataclass(frozen=True, kw_only=True)
class CaseNumber:
    """办件编号: a valid one, taken apart."""

    area: str
    """Six digits of the district (GB/T 2260)."""
    device: str
    """Four digits given to the desk at enrolment."""
    on: date
    """The day of receipt at the desk."""
    serial: int
    """1, 2, … on that desk and day."""

    @property
    def check(self) -> str:
        """校验字符 over all parts."""
        return mod_37_36(f"{self.area}{self.device}{_day(self.on)}{self.serial:04d}")

    @property
    def text(self) -> str:
        """The number as printed, with dashes."""
        return f"{self.area}-{self.device}-{_day(self.on)}-{self.serial:04d}-{self.check}"

    def __str__(self) -> str:
        """The number as printed."""
        return self.text


def make_case_number(area: str, device: str, on: date, serial: int) -> str:
    """编制办件编号: the number as printed.

    Raises:
        NumberError: a part has the wrong shape or the serial is out of range.
    """
    if not (re.fullmatch(r"[0-9]{6}", area) and re.fullmatch(r"[0-9]{4}", device)):
        raise NumberError(NumberFault.SHAPE)
    if not 1 <= serial <= LAST_SERIAL:
        raise NumberError(NumberFault.SERIAL)
    return CaseNumber(area=area, device=device, on=on, serial=serial).text


def _day(on: date) -> str:
    """Eight digits; ``strftime`` would print an early year with fewer."""
    return on.isoformat().replace("-", "")


def read_case_number(text: str) -> CaseNumber:
    """核验办件编号: take a number apart, typed with or without dashes, in letters of any case.

    Raises:
        NumberError: it is not a valid one; for a wrong check character ``expected`` is set.
    """
    match = _CASE_NUMBER.fullmatch(text.strip().upper())
    if match is None:
        raise NumberError(NumberFault.SHAPE)
    area, device, day, serial, check = match.group(1, 3, 4, 5, 6)
    try:
        on = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError as error:
        raise NumberError(NumberFault.DATE) from error
    number = CaseNumber(area=area, device=device, on=on, serial=int(serial))
    if number.serial == 0 or f"{number.serial:04d}" != serial:
        raise NumberError(NumberFault.SERIAL)
    if number.check != check:
        raise NumberError(NumberFault.CHECK, number.check)
    return number


@dataclass(frozen=True, kw_only=True)
class DocumentNumber:
    """文号: the parts of an official document's number; the brackets belong to the paper's template."""

    prefix: str
    """机关代字 with the kind of document, as the section uses it."""
    year: int
    """Year of issue, four digits."""
    serial: int
    """1, 2, … within prefix and year; printed without leading zeros."""


def following_document_number(prefix: str, year: int, last: DocumentNumber | None) -> DocumentNumber:
    """下一文号: the number after ``last``; the count begins at 1 with another prefix or year."""
    follows = last is not None and (last.prefix, last.year) == (prefix, year)
    return DocumentNumber(prefix=prefix, year=year, serial=last.serial + 1 if last is not None and follows else 1)


class SubItem(enum.StrEnum):
    """子项标志: what the last three characters of a basic code say."""

    WHOLE = "WHOLE"
    """000: a main item without sub-items."""
    MAIN = "MAIN"
    """00Y: a main item that has sub-items; nobody applies for it itself."""
    SUB = "SUB"
    """001 and on: a sub-item."""


@dataclass(frozen=True, kw_only=True)
class ImplementationCode:
    """实施编码 of the national shape, taken apart; one of them may cover many variants."""

    body: str
    """统一社会信用代码 of the implementing body, 18 characters; its check may be wrong."""
    level: str
    """行使层级."""
    area: str
    """Area of the basic code, 2 characters; 00 national."""
    type_code: str
    """Type of item in the SOURCE's table."""
    main: str
    """Main item, 5 characters."""
    sub: str
    """Sub-item, 3 characters."""
    handling: str | None
    """业务办理项 serial, 2 digits, when the code is one of a variant."""

    @property
    def code(self) -> str:
        """实施编码: the 31 characters without the variant."""
        return self.body + self.level + self.basic

    @property
    def basic(self) -> str:
        """基本编码: 12 characters."""
        return self.area + self.type_code + self.main + self.sub

    @property
    def sub_item(self) -> SubItem:
        """What the sub-item characters mean."""
        return {"000": SubItem.WHOLE, "00Y": SubItem.MAIN}.get(self.sub, SubItem.SUB)


def read_implementation_code(text: str) -> ImplementationCode | None:
    """拆解实施编码: the parts of a code of 31 or 33 characters, ``None`` for any other shape (which is no fault)."""
    match = _IMPLEMENTATION_CODE.fullmatch(text)
    if match is None:
        return None
    body, level, area, type_code, main, sub, handling = match.groups()
    return ImplementationCode(
        body=body, level=level, area=area, type_code=type_code, main=main, sub=sub, handling=handling
    )
