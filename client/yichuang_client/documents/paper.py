"""纸件: the papers that a desk prints, and what can go wrong when one is set.

Rules kept here: a paper is named by one member of `Paper`, whose values agree with `PaperKind` of the domain where the
log speaks of it; a trouble is one member of `PaperTrouble`, its sentence for people comes from the catalogue of texts;
the detail of an error is for logs and never holds a citizen's data.
"""

from __future__ import annotations

import enum

LETTER_FITS = (1.0, 0.95, 0.9, 0.87)
"""Factors of the line pitch that a letter may take to stay on one page (GB/T 9704 allows it); 0.87 gives 25 lines."""
FORM_FITS = (1.0, 0.85, 0.7)
"""Factors of the row padding that a form may take to stay on one page."""


class Paper(enum.Enum):
    """纸件种类: one template each."""

    RECEIPT = "RECEIPT"
    """接收回执, half of an A4."""
    RECEIPT_ROLL = "RECEIPT_ROLL"
    """接收回执 on a roll of 80 mm, from the same data."""
    MATERIAL_SLIP = "MATERIAL_SLIP"
    """收件材料单: goes with the papers of one case."""
    MATERIAL_LABEL = "MATERIAL_LABEL"
    """材料标签: sticks on the bag or case of those papers, from the data of the slip."""
    SEPARATOR = "SEPARATOR"
    """材料分隔页: tells the scanner where a material begins."""
    ACCEPTANCE = "ACCEPTANCE"
    """受理通知书."""
    SUPPLEMENT = "SUPPLEMENT"
    """一次性补正告知书."""
    NON_ACCEPTANCE = "NON_ACCEPTANCE"
    """不予受理通知书."""
    GRANT = "GRANT"
    """准予决定书."""
    REFUSAL = "REFUSAL"
    """不予决定书."""
    SPECIAL_PROCEDURE = "SPECIAL_PROCEDURE"
    """特别程序告知书."""
    EXTENSION = "EXTENSION"
    """延长办理期限告知书."""
    WITHDRAWAL = "WITHDRAWAL"
    """撤回申请回执, half of an A4."""
    CERTIFICATE = "CERTIFICATE"
    """行政许可证, for items without a national form."""
    CERTIFICATE_COPY = "CERTIFICATE_COPY"
    """证照调用件: stands for a paper in a case; of no printer."""
    DELIVERY = "DELIVERY"
    """送达回证."""
    HANDOVER = "HANDOVER"
    """物料流转交接单."""
    BRIEFING = "BRIEFING"
    """一口清告知单."""
    DAILY = "DAILY"
    """日结单: of no case."""
    TEST_PAGE = "TEST_PAGE"
    """打印测试页: of no case."""

    @property
    def template(self) -> str:
        """File name of the template."""
        return f"{self.value.lower()}.typ"

    @property
    def fits(self) -> tuple[float, ...]:
        """版面收紧: the factors to try, widest first, until the paper needs one page only."""
        if self in _LETTERS:
            return LETTER_FITS
        return FORM_FITS if self in _FITTED_FORMS else (1.0,)

    @property
    def saves_pages(self) -> bool:
        """Whether a paper of several pages is set narrower when that saves one; letters go back to the full pitch."""
        return self in _FITTED_FORMS


_LETTERS = frozenset(
    {
        Paper.ACCEPTANCE,
        Paper.SUPPLEMENT,
        Paper.NON_ACCEPTANCE,
        Paper.GRANT,
        Paper.REFUSAL,
        Paper.SPECIAL_PROCEDURE,
        Paper.EXTENSION,
    }
)
_FITTED_FORMS = frozenset({Paper.RECEIPT, Paper.HANDOVER, Paper.MATERIAL_SLIP, Paper.DELIVERY})


class PaperTrouble(enum.Enum):
    """出纸故障: why a paper could not be set."""

    BAD_DATA = "bad-data"
    """A fact that the paper must state is empty or wrong; detail names the field."""
    FONTS_MISSING = "fonts-missing"
    """The fonts are not on this machine; detail names the packages."""
    TEMPLATE = "template"
    """The template and the data do not fit together: a fault of the program."""
    WORKER_DIED = "worker-died"
    """The setting process ended twice over the same paper."""
    TOO_SLOW = "too-slow"
    """The setting process gave no answer in time and was ended."""


class PaperError(Exception):
    """出纸错误: a paper could not be set.

    Attributes:
        trouble: the kind of trouble.
        detail: a technical word for logs (a field, a package, a line of a template); never a citizen's data.
    """

    def __init__(self, trouble: PaperTrouble, detail: str = "") -> None:
        super().__init__(f"{trouble.value}: {detail}" if detail else trouble.value)
        self.trouble = trouble
        self.detail = detail
