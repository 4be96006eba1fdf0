"""目录导入: rows of other people's catalogues become item versions.

Rules kept here:

* Every row is accounted for: read = loaded + refused; a polluted row is refused and reported, never a reason to die.
* A code is a text, and the item's identity here; one 实施编码 covers many variants, and a code that comes twice for
  different items gives two variants that are kept apart.
* Type codes are mapped per source: 20 is 公共服务 nationally and 其他行政权力 in Guangdong.
* What the source does not state stays ``None``; a promise of one day does not make an item instant; 无 means none.
* A wrong check character of a body's credit code is a doubt, never a refusal.
* The functions are pure: they get lines, mapping and the first day, and return values.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from yichuang_domain.catalog import ItemVersion, Limit, LimitUnit, Pickup
from yichuang_domain.identity import CodeFault, normal_code, read_credit_code
from yichuang_domain.ids import ItemCode
from yichuang_domain.material import Material
from yichuang_domain.numbering import SubItem, read_implementation_code
from yichuang_server.services.catalog_report import (
    Doubt,
    DoubtKind,
    ImportedCatalog,
    ImportReport,
    RefusalReason,
    RefusedRow,
    RowError,
)

__all__ = ["SourceMapping", "import_folder", "read_guangan", "read_guangdong", "read_mappings"]

GUANGDONG_FILE = "guangdong-items-normalized.jsonl"
GUANGAN_FILE = "guangan-district-items.csv"
MAPPING_FILE = "mapping.json"
GUANGAN_COLUMNS = ("department", "main_item", "name", "item_code", "task_type", "area_code", "dept_code")

_MARKUP = re.compile(
    r"</?(?:a|b|br|div|font|h[1-6]|hr|i|img|input|li|o:p|ol|p|pre|script|span|strong|style|table|tbody|td|th|tr|u|ul)"
    r"(?:\s[^<>]*)?/?>|<!--|<!\[|&(?:nbsp|lt|gt|amp|quot|ldquo|rdquo|middot|#[0-9]+|#x[0-9a-f]+);",
    re.IGNORECASE,
)
_BROKEN = "\N{REPLACEMENT CHARACTER}"
Row = Mapping[str, Any]
Numbered = Iterator[tuple[int, Row | RowError]]


@dataclass(frozen=True, kw_only=True)
class SourceMapping:
    """来源映射: what the words and codes of one source mean here."""

    source: str
    """Short name of the source."""
    title: str
    """Name of the source as it is shown at an item."""
    types: Mapping[str, str]
    """The source's type code to the national one."""
    units: Mapping[str, LimitUnit]
    """The source's word for a unit."""
    no_materials: frozenset[str] = frozenset()
    """Entries of a material list that say that nothing is needed."""
    no_main_item: str = ""
    """The source's word for an item without a main item."""
    posted: str = ""
    """The source's word for: the result can be posted."""


def read_mappings(text: str) -> dict[str, SourceMapping]:
    """读取来源映射: the mapping of each source, from ``mapping.json``."""
    return {
        source: SourceMapping(
            source=source,
            title=entry["title"],
            types=entry["types"],
            units={word: LimitUnit(unit) for word, unit in entry.get("units", {}).items()},
            no_materials=frozenset(entry.get("no_materials", ())),
            no_main_item=entry.get("no_main_item", ""),
            posted=entry.get("posted", ""),
        )
        for source, entry in json.loads(text).items()
    }


def import_folder(folder: Path, effective_on: date) -> tuple[ImportedCatalog, ...]:
    """导入目录文件夹: both sources of a folder such as ``data/items``, each with its report.

    Bytes that are no UTF-8 refuse their row. Raises OSError when a file cannot be read.
    """
    mappings = read_mappings((folder / MAPPING_FILE).read_text(encoding="utf-8"))
    with (folder / GUANGDONG_FILE).open(encoding="utf-8", errors="replace", newline="\n") as lines:
        guangdong = read_guangdong(lines, mappings["guangdong"], effective_on)
    with (folder / GUANGAN_FILE).open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        guangan = read_guangan(lines, mappings["guangan"], effective_on)
    return guangdong, guangan


def read_guangdong(lines: Iterable[str], mapping: SourceMapping, effective_on: date) -> ImportedCatalog:
    """导入广东事项: one JSON object a line."""
    return _load(_json_rows(lines), mapping, effective_on, _guangdong_item)


def read_guangan(lines: Iterable[str], mapping: SourceMapping, effective_on: date) -> ImportedCatalog:
    """导入广安区事项: a CSV table with a head; names and codes only, so that everything else is 目录未载."""
    return _load(_csv_rows(lines), mapping, effective_on, _guangan_item)


def _json_rows(lines: Iterable[str]) -> Numbered:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            yield number, RowError(RefusalReason.SYNTAX)
            continue
        yield number, row if isinstance(row, dict) else RowError(RefusalReason.SYNTAX)


def _csv_rows(lines: Iterable[str]) -> Numbered:
    reader = csv.reader(lines, strict=True)
    head: list[str] | None = None
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, RowError(RefusalReason.SYNTAX)
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if head is None:
            head = cells
        elif len(cells) != len(head):
            yield reader.line_num, RowError(RefusalReason.COLUMNS)
        else:
            yield reader.line_num, dict(zip(head, cells, strict=True))


def _load(
    rows: Numbered,
    mapping: SourceMapping,
    effective_on: date,
    make: Callable[[Row, SourceMapping, date], ItemVersion],
) -> ImportedCatalog:
    items: dict[str, ItemVersion] = {}
    seen: set[str] = set()
    names: set[tuple[str, str]] = set()
    refused: list[RefusedRow] = []
    doubts: list[Doubt] = []
    read = 0
    for line, row in rows:
        read += 1
        try:
            if isinstance(row, RowError):
                raise row
            fingerprint = json.dumps(row, sort_keys=True)
            if fingerprint in seen:
                raise RowError(RefusalReason.IDENTICAL)
            item = make(row, mapping, effective_on)
        except RowError as error:
            refused.append(RefusedRow(line=line, reason=error.reason, field=error.field))
            continue
        seen.add(fingerprint)
        doubts += [Doubt(line=line, kind=kind, code=code) for kind, code in _doubts(item, row)]
        if item.code in items:
            doubts.append(Doubt(line=line, kind=DoubtKind.CODE_TWICE, code=item.code))
            item = replace(item, code=_free_code(item.code, items))
        if (item.department, item.name) in names:
            doubts.append(Doubt(line=line, kind=DoubtKind.NAME_TWICE, code=item.code))
        names.add((item.department, item.name))
        items[item.code] = item
    report = ImportReport(
        source=mapping.source,
        read=read,
        loaded=len(items),
        refused=tuple(refused),
        doubts=tuple(doubts),
        no_materials=sum(item.lists_materials and not item.materials for item in items.values()),
    )
    return ImportedCatalog(items=tuple(items.values()), report=report)


def _guangdong_item(row: Row, mapping: SourceMapping, effective_on: date) -> ItemVersion:
    code, name = _text(row, "code"), _text(row, "name")
    main_name = _optional_text(row, "main_name")
    parts = read_implementation_code(code)
    names = [entry for entry in _texts(row, "materials") if entry not in mapping.no_materials]
    posted = _optional_text(row, "express") == mapping.posted
    return ItemVersion(
        code=ItemCode(code),
        version=1,
        name=name,
        main_name=main_name if main_name != name else None,
        implementation_code=parts.code if parts else None,
        handling_code=code if parts and parts.handling else None,
        local_codes=() if parts else (code,),
        department=_text(row, "dept"),
        body_code=_optional_text(row, "uscc"),
        type_code=_type_code(row, "type_code", mapping),
        objects=tuple(_texts(row, "objects")),
        statutory_limit=_limit(row, "legal_days", "legal_unit", mapping),
        promised_limit=_limit(row, "promise_days", "promise_unit", mapping),
        visits=_number(row, "visits"),
        pickups=(Pickup.COUNTER, Pickup.POST) if posted else (Pickup.COUNTER,),
        materials=tuple(Material(key=f"m{n:02d}", name=entry) for n, entry in enumerate(names, 1)),
        condition=_optional_text(row, "condition"),
        effective_on=effective_on,
        source=mapping.title,
    )


def _guangan_item(row: Row, mapping: SourceMapping, effective_on: date) -> ItemVersion:
    missing = [column for column in GUANGAN_COLUMNS if column not in row]
    if missing:
        raise RowError(RefusalReason.COLUMNS, missing[0])
    code, main_name = _text(row, "item_code"), _text(row, "main_item")
    bodies = [part for part in (*code.split("-"), normal_code(_text(row, "dept_code"))) if len(part) == 18]
    return ItemVersion(
        code=ItemCode(code),
        version=1,
        name=_text(row, "name"),
        main_name=main_name if main_name != mapping.no_main_item else None,
        local_codes=(code,),
        department=_text(row, "department"),
        body_code=bodies[0] if bodies else None,
        type_code=_type_code(row, "task_type", mapping),
        lists_materials=False,
        effective_on=effective_on,
        source=mapping.title,
    )


def _doubts(item: ItemVersion, row: Row) -> Iterator[tuple[DoubtKind, str]]:
    if item.body_code is not None and isinstance(read_credit_code(item.body_code), CodeFault):
        yield DoubtKind.BODY_CODE, item.body_code
    parts = read_implementation_code(item.code)
    if parts is not None:
        if parts.sub_item is SubItem.MAIN:
            yield DoubtKind.MAIN_ITEM, item.code
        if (parts.body, parts.basic) != (row.get("uscc", parts.body), row.get("basic_code", parts.basic)):
            yield DoubtKind.CODE_PARTS, item.code
    statutory, promised = item.statutory_limit, item.promised_limit
    if statutory and promised and statutory.unit is promised.unit and promised.amount > statutory.amount:
        yield DoubtKind.PROMISE_LONGER, item.code


def _free_code(code: ItemCode, taken: Mapping[str, object]) -> ItemCode:
    number = 2
    while f"{code}#{number}" in taken:
        number += 1
    return ItemCode(f"{code}#{number}")


def _text(row: Row, field: str) -> str:
    text = _optional_text(row, field)
    if text is None:
        raise RowError(RefusalReason.EMPTY, field)
    return text


def _optional_text(row: Row, field: str) -> str | None:
    value = row.get(field)
    return None if value is None else _clean(value, field) or None


def _texts(row: Row, field: str) -> list[str]:
    value = row.get(field, [])
    if not isinstance(value, list):
        raise RowError(RefusalReason.FIELD_TYPE, field)
    return [text for entry in value if (text := _clean(entry, field))]


def _clean(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise RowError(RefusalReason.FIELD_TYPE, field)
    if _MARKUP.search(value):
        raise RowError(RefusalReason.HTML, field)
    if any(c == _BROKEN or (unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\r\n") for c in value):
        raise RowError(RefusalReason.CHARACTER, field)
    return value.strip()


def _number(row: Row, field: str) -> int | None:
    value = row.get(field)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 31:
        raise RowError(RefusalReason.FIELD_TYPE, field)
    return value


def _type_code(row: Row, field: str, mapping: SourceMapping) -> str:
    try:
        return mapping.types[_text(row, field)]
    except KeyError as error:
        raise RowError(RefusalReason.TYPE_UNKNOWN, field) from error


def _limit(row: Row, days: str, unit: str, mapping: SourceMapping) -> Limit | None:
    amount = _number(row, days)
    if amount is None:
        return None
    word = _text(row, unit)
    if word not in mapping.units:
        raise RowError(RefusalReason.UNIT_UNKNOWN, unit)
    return Limit(amount=amount, unit=mapping.units[word])
