"""The importers on the shipped rows, every one accounted for, and on rows that are polluted."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from yichuang_domain.catalog import ItemVersion, LimitUnit, Pickup
from yichuang_domain.catalog_check import ProblemKind, problems
from yichuang_server.services.catalog_import import import_folder, read_guangan, read_guangdong, read_mappings
from yichuang_server.services.catalog_report import DoubtKind, ImportedCatalog, RefusalReason

FOLDER = Path(__file__).parents[2] / "data" / "items"
DAY = date(2026, 1, 1)
MAPPINGS = read_mappings((FOLDER / "mapping.json").read_text(encoding="utf-8"))
HEAD = "department,main_item,name,item_code,task_type,area_code,dept_code"
ROW = {
    "code": "11440000006939756B2440101007000",
    "uscc": "11440000006939756B",
    "basic_code": "440101007000",
    "name": "提价申报",
    "main_name": "提价申报",
    "dept": "发展和改革委员会",
    "type_code": "01",
    "legal_days": 30,
    "legal_unit": "工作日",
    "promise_days": 7,
    "promise_unit": "工作日",
    "visits": 0,
    "materials": ["申报报告"],
    "objects": ["企业法人"],
    "condition": "符合《<价格法>实施办法》",
    "express": "是",
}


@pytest.fixture(scope="module")
def shipped() -> tuple[ImportedCatalog, ...]:
    """Both shipped sources, imported once."""
    return import_folder(FOLDER, DAY)


def _guangdong(*rows: object) -> ImportedCatalog:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    return read_guangdong([line + "\n" for line in lines], MAPPINGS["guangdong"], DAY)


def _one(**changes: object) -> ItemVersion:
    (item,) = _guangdong({**ROW, **changes}).items
    return item


def test_every_shipped_row_is_accounted_for(shipped: tuple[ImportedCatalog, ...]) -> None:
    """2,262 rows of 177 bodies and 1,135 rows of 34 departments."""
    numbers = []
    for catalog in shipped:
        report = catalog.report
        assert report.read == report.loaded + len(report.refused)
        assert report.loaded == len(catalog.items) == len({item.code for item in catalog.items})
        departments = {item.department for item in catalog.items}
        numbers.append((report.source, report.read, report.loaded, len(departments)))
    assert numbers == [("guangdong", 2262, 2262, 177), ("guangan", 1135, 1135, 34)]


def test_a_shipped_row_keeps_its_facts(shipped: tuple[ImportedCatalog, ...]) -> None:
    """What the source says is there, what it does not say is None."""
    item = shipped[0].items[0]
    assert (item.code, item.implementation_code) == ("11440000006939756B2440101007000",) * 2
    assert item.handling_code is None
    assert (item.type_code, item.visits, item.pickups) == ("01", 0, (Pickup.COUNTER, Pickup.POST))
    assert item.statutory_limit is not None and item.promised_limit is not None
    assert (item.statutory_limit.amount, item.promised_limit.amount) == (30, 7)
    assert [material.name for material in item.materials] == ["提价申报申请报告"]
    assert (item.fee, item.grade, item.section, item.instant) == (None, None, None, None)
    assert not item.sample
    units = Counter(i.statutory_limit.unit for i in shipped[0].items if i.statutory_limit)
    assert units == {LimitUnit.WORKDAYS: 1538, LimitUnit.CALENDAR_DAYS: 11}
    bare = shipped[1].items[0]
    assert (bare.promised_limit, bare.visits, bare.lists_materials, bare.main_name) == (None, None, False, None)


def test_shipped_rows_have_no_problem_but_the_known(shipped: tuple[ImportedCatalog, ...]) -> None:
    """The domain's own check finds missing sections (none is set up) and faulty credit codes, nothing else."""
    kinds = Counter(problem.kind for catalog in shipped for item in catalog.items for problem in problems(item))
    assert kinds == {ProblemKind.SECTION_MISSING: 3397, ProblemKind.BODY_CODE: 13}


def test_trap_1_code_shapes_vary(shipped: tuple[ImportedCatalog, ...]) -> None:
    """31 and 33 characters on the national shape, 23 to 55 elsewhere; all are kept as texts."""
    assert Counter(len(item.code) for item in shipped[0].items) == {31: 1899, 33: 363}
    lengths = Counter(len(item.code) for item in shipped[1].items)
    assert lengths == {55: 709, 53: 274, 54: 97, 47: 28, 46: 15, 50: 8, 44: 1, 31: 1, 29: 1, 23: 1}
    assert all(item.local_codes == (item.code,) for item in shipped[1].items)


def test_trap_2_bodies_with_a_wrong_check_are_doubted(shipped: tuple[ImportedCatalog, ...]) -> None:
    """Two of 177 bodies, six rows: loaded all the same."""
    report = shipped[0].report
    assert report.faulty_bodies == ("13440000515356094L", "TE440000GD030003VV")
    assert report.doubts_by_kind[DoubtKind.BODY_CODE] == 6
    assert shipped[1].report.faulty_bodies == ("TE5116020105116050",)


def test_trap_3_type_codes_are_mapped_per_source(shipped: tuple[ImportedCatalog, ...]) -> None:
    """Code 20 of Guangdong is 其他类别 (10), 21 is 公共服务 (20); in the other source 20 is 公共服务."""
    assert Counter(item.type_code for item in shipped[0].items) == {
        "20": 1586, "01": 510, "10": 77, "08": 52, "07": 26, "05": 8, "09": 3,
    }  # fmt: skip
    assert Counter(item.type_code for item in shipped[1].items) == {
        "01": 536, "20": 348, "10": 182, "07": 50, "05": 9, "09": 8, "08": 2,
    }  # fmt: skip


def test_trap_4_a_main_item_is_doubted() -> None:
    """00Y is a main item with sub-items; 000 and 001 are not."""
    base = str(ROW["code"])[:28]
    rows = [{**ROW, "code": base + sub, "basic_code": "440101007" + sub, "name": sub} for sub in ("00Y", "000", "001")]
    report = _guangdong(*rows).report
    assert [(doubt.kind, doubt.code) for doubt in report.doubts] == [(DoubtKind.MAIN_ITEM, base + "00Y")]


def test_trap_5_one_code_covers_many_variants(shipped: tuple[ImportedCatalog, ...]) -> None:
    """81 of 2,015 implementation codes are shared by variants."""
    shared = Counter(item.implementation_code for item in shipped[0].items)
    assert (len(shared), sum(count > 1 for count in shared.values())) == (2015, 81)


def test_trap_5_the_same_code_for_two_items_is_kept_apart() -> None:
    """Two variants with one code are two items; the very same row again is refused."""
    catalog = _guangdong(ROW, {**ROW, "name": "另一项"}, ROW, {**ROW, "name": "第三项"})
    assert [item.code[31:] for item in catalog.items] == ["", "#2", "#3"]
    assert catalog.report.doubts_by_kind == {DoubtKind.CODE_TWICE: 2}
    assert [(row.line, row.reason) for row in catalog.report.refused] == [(3, RefusalReason.IDENTICAL)]


def test_trap_6_names_repeat_in_a_district(shipped: tuple[ImportedCatalog, ...]) -> None:
    """Two names come twice in one department; a promise of one day proves nothing."""
    assert shipped[1].report.doubts_by_kind[DoubtKind.NAME_TWICE] == 2
    one_day = [i for i in shipped[0].items if i.promised_limit is not None and i.promised_limit.amount == 1]
    assert len(one_day) == 1160
    assert {item.instant for item in one_day} == {None}


def test_trap_7_no_material_means_none(shipped: tuple[ImportedCatalog, ...]) -> None:
    """无 needs nothing; the shipped rows hold it as an empty list (1,453 rows, 809 list some)."""
    assert shipped[0].report.no_materials == 1453
    assert sum(bool(item.materials) for item in shipped[0].items) == 809
    for none in ([], ["无"], ["  "], ["非依申请事项，无需提供申请材料"]):
        item = _one(materials=none)
        assert item.materials == ()
        assert item.lists_materials
    assert [m.name for m in _one(materials=["无犯罪记录证明"]).materials] == ["无犯罪记录证明"]


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"name": "提价<br/>申报"}, RefusalReason.HTML, "name"),
        ({"condition": '<p class="x">条件</p>'}, RefusalReason.HTML, "condition"),
        ({"materials": ["申报&nbsp;报告"]}, RefusalReason.HTML, "materials"),
        ({"condition": "<!--StartFragment -->"}, RefusalReason.HTML, "condition"),
        ({"name": "提价\x00申报"}, RefusalReason.CHARACTER, "name"),
        ({"name": "提价\N{REPLACEMENT CHARACTER}申报"}, RefusalReason.CHARACTER, "name"),
        ({"name": " "}, RefusalReason.EMPTY, "name"),
        ({"code": None}, RefusalReason.EMPTY, "code"),
        ({"dept": 7}, RefusalReason.FIELD_TYPE, "dept"),
        ({"legal_days": "30"}, RefusalReason.FIELD_TYPE, "legal_days"),
        ({"legal_days": True}, RefusalReason.FIELD_TYPE, "legal_days"),
        ({"visits": -1}, RefusalReason.FIELD_TYPE, "visits"),
        ({"materials": "申报报告"}, RefusalReason.FIELD_TYPE, "materials"),
        ({"type_code": "99"}, RefusalReason.TYPE_UNKNOWN, "type_code"),
        ({"legal_unit": "月"}, RefusalReason.UNIT_UNKNOWN, "legal_unit"),
        ({"legal_unit": None}, RefusalReason.EMPTY, "legal_unit"),
    ],
)
def test_trap_11_polluted_rows_are_counted_and_reported(
    changes: dict[str, object], reason: RefusalReason, field: str
) -> None:
    """A bad row is refused by line, reason and field; the rows around it are loaded."""
    catalog = _guangdong({**ROW, **changes}, "", ROW)
    assert [item.name for item in catalog.items] == ["提价申报"]
    assert [(row.line, row.reason, row.field) for row in catalog.report.refused] == [(1, reason, field)]
    assert (catalog.report.read, catalog.report.loaded) == (2, 1)
    assert catalog.report.refused_by_reason == {reason: 1}


def test_trap_11_angle_brackets_of_a_law_are_no_markup() -> None:
    """《广东省实施<中华人民共和国…法>办法》 is text."""
    assert _one().condition == "符合《<价格法>实施办法》"


def test_trap_11_lines_that_are_no_rows() -> None:
    """Broken JSON, another kind of value, deep nesting: refused, never fatal."""
    catalog = _guangdong("{", "[]", "7", "[" * 100_000, ROW)
    assert catalog.report.refused_by_reason == {RefusalReason.SYNTAX: 4}
    assert catalog.report.loaded == 1


def test_trap_11_a_table_with_bad_rows() -> None:
    """Too few cells, a quote that never ends, a missing column."""
    good = "区教体局,未分类,入学,511A-1,1,511602000000,083372204"
    bad = ["区教体局,未分类,入学", "区教体局,未分类,入<br>学,511A-2,1,511602000000,083372204", '区教体局,"未分类']
    catalog = read_guangan([f"{line}\n" for line in (HEAD, good, *bad)], MAPPINGS["guangan"], DAY)
    assert [item.code for item in catalog.items] == ["511A-1"]
    reasons = [(row.line, row.reason) for row in catalog.report.refused]
    assert reasons == [(3, RefusalReason.COLUMNS), (4, RefusalReason.HTML), (5, RefusalReason.SYNTAX)]
    assert catalog.report.read == 4
    headless = read_guangan(["name,item_code\n", "入学,511A\n"], MAPPINGS["guangan"], DAY)
    assert headless.report.refused_by_reason == {RefusalReason.COLUMNS: 1}


def test_doubts_about_a_row() -> None:
    """Parts that disagree with the code, and a promise longer than the law's limit."""
    report = _guangdong({**ROW, "basic_code": "440101008000", "promise_days": 31}).report
    assert report.doubts_by_kind == {DoubtKind.CODE_PARTS: 1, DoubtKind.PROMISE_LONGER: 1}


def test_bytes_that_are_no_text_refuse_their_row(tmp_path: Path) -> None:
    """A line in another encoding is refused; the file is read to its end."""
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes() if path.suffix == ".json" else b"")
    name = next(FOLDER.glob("guangan*")).name
    row = "区教体局,未分类,{},511A-{},1,511602000000,083372204\n"
    (tmp_path / name).write_bytes(
        f"{HEAD}\n".encode() + row.format("入学", 1).encode("gb18030") + row.format("入学", 2).encode()
    )
    guangdong, guangan = import_folder(tmp_path, DAY)
    assert (guangdong.report.read, guangan.report.read, guangan.report.loaded) == (0, 2, 1)
    assert guangan.report.refused_by_reason == {RefusalReason.CHARACTER: 1}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)
)


@given(st.lists(st.dictionaries(st.sampled_from(sorted(ROW)), json_values, max_size=4), max_size=5))
def test_any_row_is_loaded_or_refused(changes: list[dict[str, object]]) -> None:
    """Whatever stands in a row, read = loaded + refused, and the importer never dies."""
    report = _guangdong(*({**ROW, **change} for change in changes)).report
    assert report.read == len(changes) == report.loaded + len(report.refused)


def test_an_import_is_repeatable(shipped: tuple[ImportedCatalog, ...]) -> None:
    """The same rows give the same versions; another first day changes nothing but the day."""
    again = import_folder(FOLDER, date(2026, 2, 1))
    assert [replace(item, effective_on=DAY) for item in again[0].items] == list(shipped[0].items)
