"""纸件数据的共同部分: what every paper states, how facts are checked, and how they become plain JSON.

Rules kept here:

* A fact that the law or the citizen needs is never printed empty: a required field that is blank is refused here,
  before anything is printed. A fact that the CATALOGUE does not state is None and the paper says 目录未载.
* An ID number or a mobile number given in clear is masked here once more, whatever the caller did.
* No wording here: enumerations travel by name and the templates put them into words.
* Times are printed in the country's one time (UTC+8), whatever the machine's zone.
"""

from __future__ import annotations

import dataclasses
import enum
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import ClassVar

from yichuang_client.documents.paper import Paper, PaperError, PaperTrouble
from yichuang_client.documents.qr import qr_svg
from yichuang_domain.identity import mask_id, mask_phone

CHINA = timezone(timedelta(hours=8))
"""北京时间."""
_CLEAR_ID_LENGTHS = frozenset({15, 18})


class Mark(enum.StrEnum):
    """样张标记: what a paper that counts for nothing says of itself."""

    NONE = "NONE"
    """A real paper."""
    SAMPLE = "SAMPLE"
    """样张: invented data."""
    PRACTICE = "PRACTICE"
    """练习: made in training mode."""


@dataclass(frozen=True, kw_only=True)
class PaperHead:
    """纸件共同项: who printed the paper, for which case, and its code."""

    paper: ClassVar[Paper]
    """The paper that these facts make."""
    required: ClassVar[tuple[str, ...]] = ()
    """Names of the fields that may not be empty, beside those of the head."""
    code_level: ClassVar[str] = "m"
    """Level of correction of the paper's code."""

    case_number: str
    """申办编号 as printed; on a hand-over slip the number of the batch."""
    office: str
    """Place that printed the paper."""
    phone: str | None = None
    """Phone of the place; None leaves it out."""
    digest: str | None = None
    """校验摘要: 3 groups of 4 hex; None leaves it out."""
    qr: str | None = None
    """What the paper's code holds (`qr.tracking_url`); None leaves the code out."""
    mark: Mark = Mark.NONE
    """Whether the paper counts."""

    def __post_init__(self) -> None:
        """Raises PaperError(BAD_DATA) naming the field that is empty."""
        for name in ("case_number", "office", *self.required):
            if is_empty(getattr(self, name)):
                raise bad(self, name)

    def to_data(self) -> dict[str, object]:
        """The facts as plain JSON, codes drawn."""
        data = {field.name: plain(getattr(self, field.name)) for field in dataclasses.fields(self)}
        code = None if self.qr is None else qr_svg(self.qr, self.code_level)
        data["qr"] = None if code is None else code.text
        data["qr_modules"] = None if code is None else code.width
        return data

    def _mask(self, *, ids: tuple[str, ...] = (), phones: tuple[str, ...] = ()) -> None:
        for name in ids:
            object.__setattr__(self, name, masked_id(getattr(self, name)))
        for name in phones:
            object.__setattr__(self, name, masked_phone(getattr(self, name)))


@dataclass(frozen=True, kw_only=True)
class LabelledText:
    """标签和内容: one line of a decision or a certificate."""

    label: str
    text: str | None
    """None prints 目录未载."""


def bad(value: object, field: str) -> PaperError:
    """The error for a field that cannot be printed; it names the field, never its content."""
    return PaperError(PaperTrouble.BAD_DATA, f"{type(value).__name__}.{field}")


def is_empty(value: object) -> bool:
    """Whether nothing would be printed: None, a blank text, an empty list or a list with an empty member."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, tuple):
        return not value or any(is_empty(member) for member in value)
    return value is None


def masked_id(number: str | None) -> str | None:
    """证件号脱敏, unless it is masked already."""
    if number is None or "*" in number or len(number.strip()) not in _CLEAR_ID_LENGTHS:
        return number
    return mask_id(number)


def masked_phone(number: str | None) -> str | None:
    """电话脱敏, unless it is masked already."""
    return number if not number or "*" in number else mask_phone(number)


def plain(value: object) -> object:
    """A value as plain JSON: dates as ISO text, times in UTC+8 to the minute, enumerations by value."""
    if isinstance(value, datetime):
        return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, tuple):
        return [plain(member) for member in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value
