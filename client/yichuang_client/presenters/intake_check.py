"""逐项核对: what is wrong with one field, in one sentence, at every key stroke.

Rules kept here: a text is judged, never changed or cleared; a credit code that only fails its check character is
told and let pass (real bodies have such codes); blanks and full-width figures are read as a person means them; pure.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from yichuang_client.presenters.models.common import FieldMark, Text, TimeStyle, When, msg
from yichuang_domain.catalog import FieldKind, FormField
from yichuang_domain.identity import (
    NAME_MAX_LENGTH,
    CodeFault,
    CodeFaultKind,
    NameFault,
    is_unseen,
    name_fault,
    normal_code,
    read_citizen_id,
    read_credit_code,
)

BODY_NAME_LENGTH = 200
SCOPE_LENGTH = 100
_MOBILE = 11
_LANDLINE = re.compile(r"\+?\d[\d-]{5,16}\d")
_LONGEST_DAY = 12
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the live check says of a text."""

    mark: FieldMark
    note: Text = ""
    is_open: bool = False
    """Whether the papers cannot be taken in with it."""
    is_short: bool = False
    """Whether more of the same would mend it: not told as wrong while it is being typed."""


GOOD = Judged(mark=FieldMark.GOOD)
EMPTY = Judged(mark=FieldMark.NONE, is_open=True)
LEFT_OUT = Judged(mark=FieldMark.NONE)


def bad(note: Text, *, is_short: bool = False) -> Judged:
    """A text that cannot stay."""
    return Judged(mark=FieldMark.BAD, note=note, is_open=True, is_short=is_short)


def judge_name(text: str, _today: date) -> Judged:
    """姓名, of a person."""
    fault = name_fault(text)
    if fault is None:
        return GOOD
    if fault is NameFault.EMPTY:
        return EMPTY
    return _long(text, NAME_MAX_LENGTH) if fault is NameFault.LONG else bad(msg("intake.bad.unseen"))


def judge_body_name(text: str, _today: date) -> Judged:
    """名称, of a body."""
    return judge_text(text, BODY_NAME_LENGTH)


def judge_scope(text: str, _today: date) -> Judged:
    """委托事项."""
    return judge_text(text, SCOPE_LENGTH)


def judge_text(text: str, longest: int, *, is_required: bool = True) -> Judged:
    """Any one line of text."""
    if not text.strip():
        return EMPTY if is_required else LEFT_OUT
    if len(text) > longest:
        return _long(text, longest)
    if any(is_unseen(character) for character in text):
        return bad(msg("intake.bad.unseen"))
    return GOOD


def _long(text: str, longest: int) -> Judged:
    return bad(msg("intake.bad.long", n=longest, now=len(text)))


def judge_id(text: str, today: date) -> Judged:
    """身份证号; the sentence names the right check digit."""
    if not text.strip():
        return EMPTY
    read = read_citizen_id(text, today)
    if not isinstance(read, CodeFault):
        return GOOD
    return _code_fault(read, "id", 18)


def judge_credit_code(text: str, _today: date) -> Judged:
    """统一社会信用代码."""
    if not text.strip():
        return EMPTY
    read = read_credit_code(text)
    if not isinstance(read, CodeFault):
        return GOOD
    if read.kind is CodeFaultKind.CHECK:
        note = msg("intake.bad.credit_check", expected=read.expected or "")
        return Judged(mark=FieldMark.NONE, note=note)
    return _code_fault(read, "credit", 18)


def _code_fault(fault: CodeFault, name: str, length: int) -> Judged:
    if fault.kind is CodeFaultKind.LENGTH:
        short = fault.length < length
        key = f"intake.bad.{name}_short" if short else f"intake.bad.{name}_long"
        return bad(msg(key, n=abs(length - fault.length), now=fault.length), is_short=short)
    if fault.kind is CodeFaultKind.CHARACTER:
        return bad(msg("intake.bad.character", n=fault.position or 0))
    if fault.kind is CodeFaultKind.CHECK:
        return bad(msg("intake.bad.id_check", expected=fault.expected or ""))
    return bad(msg("intake.bad.birth" if fault.kind is CodeFaultKind.BIRTH_DATE else "intake.bad.future"))


def judge_phone(text: str, _today: date) -> Judged:
    """手机 or another number at which a person can be reached."""
    number = normal_phone(text)
    if not number:
        return EMPTY
    if number.startswith("1") and number.isdecimal():
        if len(number) == _MOBILE:
            return GOOD
        short = len(number) < _MOBILE
        return bad(msg("intake.bad.mobile", now=len(number)), is_short=short)
    if _LANDLINE.fullmatch(number):
        return GOOD
    return bad(msg("intake.bad.phone"), is_short=len(number) < 8)


def judge_until(text: str, today: date) -> Judged:
    """委托到期: a day that is not over."""
    if not text.strip():
        return EMPTY
    day = read_day(text)
    if day is None:
        return bad(msg("intake.bad.day"), is_short=len(text) < 10)
    if day < today:
        return bad(msg("intake.bad.over", day=When(value=day, style=TimeStyle.DAY)))
    return GOOD


def judge_form(form_field: FormField, text: str) -> Judged:
    """One field of the item's own form."""
    if form_field.kind is FieldKind.TEXT:
        return judge_text(text, form_field.max_length, is_required=form_field.required)
    if not text.strip():
        return EMPTY if form_field.required else LEFT_OUT
    if form_field.kind is FieldKind.NUMBER:
        return GOOD if _NUMBER.fullmatch(normal_number(text)) else bad(msg("intake.bad.number"))
    if form_field.kind is FieldKind.DATE:
        return GOOD if read_day(text) else bad(msg("intake.bad.day"), is_short=len(text) < 10)
    return GOOD if text in form_field.choices else EMPTY


def read_day(text: str) -> date | None:
    """The day that a person typed, in whatever order of marks: 20261124, 2026-11-24, 2026.11.24."""
    if len(text.strip()) > _LONGEST_DAY:
        return None
    parts = re.findall(r"\d+", unicodedata.normalize("NFKC", text))
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    if len(parts) != 3 or len(parts[0]) != 4:
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def normal_phone(text: str) -> str:
    """A telephone number without blanks, in half-width figures."""
    return normal_code(text).replace("—", "-")


def normal_number(text: str) -> str:
    """A number without blanks and thousands marks, in half-width figures."""
    return normal_code(text).replace(",", "")


def normal_day(text: str) -> str:
    """A day as 2026-11-24; what is no day stays as it was typed."""
    day = read_day(text)
    return day.isoformat() if day is not None else text


def normal_form(form_field: FormField, text: str) -> str:
    """What a field of the item's form means."""
    if form_field.kind is FieldKind.NUMBER:
        return normal_number(text)
    return normal_day(text) if form_field.kind is FieldKind.DATE else text.strip()
