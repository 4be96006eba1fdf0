"""打进来的字: what no field of free text can take, said beside the field, and figures in the width that they are meant.

Rules kept here: a text is judged, never changed or cut, and nothing is done with one that cannot stay; only figures,
letters and blanks of full width are read as narrow ones, brackets and points stay as they are; pure.
"""

from __future__ import annotations

from dataclasses import replace

from yichuang_client.presenters.models.common import Confirm, Field, FieldInput, FieldMark, Text, msg
from yichuang_domain.identity import is_unseen

_FULL = 0xFEE0
"""From a narrow character to that of full width."""
_NARROW = {code + _FULL: code for code in range(0x21, 0x7F) if chr(code).isalnum() or chr(code) == "-"} | {0x3000: 0x20}
_LINES = "\n\t"


def narrow(text: str) -> str:
    """The same with figures, letters, the hyphen and the blank as a keyboard types them."""
    return text.translate(_NARROW)


def fault_of(text: str, longest: int, *, has_lines: bool = False) -> Text:
    """Why a text cannot stay, in one sentence; empty for one that can."""
    if len(text) > longest:
        return msg("intake.bad.long", n=longest, now=len(text))
    if any(is_unseen(character) and not (has_lines and character in _LINES) for character in text):
        return msg("intake.bad.unseen")
    return ""


def sound(field: Field) -> Field:
    """The field, marked where its text cannot stay."""
    if field.input not in (FieldInput.TEXT, FieldInput.LONG_TEXT) or field.mark is FieldMark.BAD:
        return field
    note = fault_of(field.text, field.max_length, has_lines=field.input is FieldInput.LONG_TEXT)
    return field if note == "" else replace(field, mark=FieldMark.BAD, note=note, masked=None)


def first_fault(fields: tuple[Field, ...]) -> Field | None:
    """The first field whose text cannot stay."""
    return next((field for field in fields if field.mark is FieldMark.BAD), None)


def sound_strip(confirm: Confirm) -> Confirm:
    """The strip, which is not confirmed with a text that cannot stay."""
    fields = tuple(sound(field) for field in confirm.fields)
    bad = first_fault(fields)
    if bad is None:
        return confirm
    return replace(confirm, fields=fields, can_confirm=False, blocked_text=bad.note)
