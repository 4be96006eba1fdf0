"""Chinese sentences are broken where a reader expects it."""

from __future__ import annotations

from hypothesis import given, strategies as st

from yichuang_client.ui.lines import broken, shortened

TEXT = "11-24 受理，次日起算 7 个工作日；因 11-28 周六、11-29 周日顺延 2 天（暂定）。"


def test_a_line_never_starts_with_a_closing_mark() -> None:
    for width in range(6, 40):
        for line in broken(TEXT, width, len).split("\n"):
            assert line[0] not in "，。；、）"
            assert line[-1] != "（"
            assert line == line.strip()


def test_numbers_are_not_torn() -> None:
    assert "11-28" in broken(TEXT, 9, len).replace("\n", "|")
    assert broken("日期 2026-11-24 周二", 6, len) == "日期\n2026-11-24\n周二"


def test_what_fits_stays_and_given_breaks_stay() -> None:
    assert broken(TEXT, 100, len) == TEXT
    assert broken("一\n二", 10, len) == "一\n二"


@given(st.text(alphabet="一二三，。（）ab1 -", max_size=60), st.integers(2, 30))
def test_nothing_but_spaces_is_lost(text: str, width: int) -> None:
    assert "".join(broken(text, width, len).split()) == "".join(text.split())


def test_what_does_not_fit_is_cut_with_an_ellipsis() -> None:
    assert shortened("公共场所卫生许可", 8, len) == "公共场所卫生许可"
    assert shortened("公共场所卫生许可", 7, len) == "公共场所卫生…"
    assert shortened("公共场所卫生许可", 0, len) == "公…"
