"""导入报告: what an import read, loaded, refused and doubted; data only, the words come from the catalogue of texts.

Rule kept here: read = loaded + refused, row by row; a refused row is named by its line and its reason, so that the
keeper can mend the source; a warning never costs a row.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from yichuang_domain.catalog import ItemVersion

__all__ = ["Doubt", "DoubtKind", "ImportReport", "ImportedCatalog", "RefusalReason", "RefusedRow", "RowError"]


class RefusalReason(enum.StrEnum):
    """拒收原因: why a row was not loaded."""

    SYNTAX = "SYNTAX"
    """The line is no JSON object or no row of the table."""
    COLUMNS = "COLUMNS"
    """A column is missing or there is one too many."""
    FIELD_TYPE = "FIELD_TYPE"
    """A value is of another type than the source's format says."""
    EMPTY = "EMPTY"
    """Code, name or department is blank."""
    HTML = "HTML"
    """A text is polluted by the markup of the page that it was taken from."""
    CHARACTER = "CHARACTER"
    """A text holds a control character or one that was broken on its way."""
    TYPE_UNKNOWN = "TYPE_UNKNOWN"
    """The source's type code is not in its mapping."""
    UNIT_UNKNOWN = "UNIT_UNKNOWN"
    """The unit of a time limit is not in the source's mapping."""
    IDENTICAL = "IDENTICAL"
    """The very same row stood in the source before."""


class DoubtKind(enum.StrEnum):
    """导入疑点: what the keeper should look at in a row that was loaded."""

    BODY_CODE = "BODY_CODE"
    """The credit code of the implementing body has a fault."""
    CODE_PARTS = "CODE_PARTS"
    """The code and the parts that the source gives for it disagree."""
    MAIN_ITEM = "MAIN_ITEM"
    """00Y: a main item that has sub-items; nobody applies for it itself."""
    CODE_TWICE = "CODE_TWICE"
    """The code stood in the source before, for another item; the variants were kept apart."""
    NAME_TWICE = "NAME_TWICE"
    """Another item of the same department has this name."""
    PROMISE_LONGER = "PROMISE_LONGER"
    """The promised limit is longer than the statutory one."""


class RowError(ValueError):
    """A row cannot be loaded; ``reason`` says why, ``field`` where."""

    def __init__(self, reason: RefusalReason, field: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.field = field


@dataclass(frozen=True, kw_only=True)
class RefusedRow:
    """拒收的行."""

    line: int
    """Line of the file, from 1."""
    reason: RefusalReason
    """Why it was refused."""
    field: str = ""
    """Column or key at fault, where there is one."""


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """有疑点的行."""

    line: int
    """Line of the file, from 1."""
    kind: DoubtKind
    """What to look at."""
    code: str
    """The code in doubt: the item's, for BODY_CODE the body's."""


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """导入报告 of one source."""

    source: str
    """Name of the source in the mapping."""
    read: int
    """Rows that were not blank."""
    loaded: int
    """Rows that became item versions."""
    refused: tuple[RefusedRow, ...] = ()
    """In the order of the lines."""
    doubts: tuple[Doubt, ...] = ()
    """In the order of the lines."""
    no_materials: int = 0
    """Loaded rows for which the source says that no material is needed."""

    @property
    def refused_by_reason(self) -> Mapping[RefusalReason, int]:
        """Number of refused rows for each reason."""
        return Counter(row.reason for row in self.refused)

    @property
    def doubts_by_kind(self) -> Mapping[DoubtKind, int]:
        """Number of doubts of each kind."""
        return Counter(doubt.kind for doubt in self.doubts)

    @property
    def faulty_bodies(self) -> tuple[str, ...]:
        """Credit codes of bodies that have a fault, each once."""
        return tuple(sorted({doubt.code for doubt in self.doubts if doubt.kind is DoubtKind.BODY_CODE}))


@dataclass(frozen=True, kw_only=True)
class ImportedCatalog:
    """导入结果: the item versions of one source and the report about them."""

    items: tuple[ItemVersion, ...]
    """In the order of the source, their codes all different."""
    report: ImportReport
    """What happened to each row."""
