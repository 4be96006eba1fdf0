"""The benchmark runner: finds, judges, writes; a broken benchmark is told and does not hide the others."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.row import Row, percentile
from tests.bench.runner import main, table

GOOD = '''"""Planted."""

from tests.bench.row import Row, Size


def bench_good(size: Size) -> list[Row]:
    """Planted."""
    value = size.of(10, 1)
    return [Row(name="good_ms", value=value, unit="ms", reference="half of it", reference_value=value / 2, bar=5)]
'''
BAD = '"""Planted."""\n\n\ndef bench_bad(size):\n    """Planted."""\n    raise OSError("planted")\n'


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package ``planted_benches`` with nothing in it."""
    folder = tmp_path / "planted_benches"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [name for name in sys.modules if name.startswith("planted_benches")]:
        del sys.modules[name]


def test_rows_are_written_with_ratio_and_judgement(planted: Path, tmp_path: Path) -> None:
    (planted / "bench_good.py").write_text(GOOD, encoding="utf-8")
    output = tmp_path / "build" / "bench.json"
    assert main("planted_benches", output, is_quick=False) == 0
    assert json.loads(output.read_text(encoding="utf-8")) == [
        {
            "name": "good_ms",
            "value": 10,
            "unit": "ms",
            "reference": "half of it",
            "reference_value": 5.0,
            "ratio": 2.0,
            "bar": 5,
            "holds": False,
        }
    ]


def test_a_broken_benchmark_is_told_and_the_others_run(
    planted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (planted / "bench_bad.py").write_text(BAD, encoding="utf-8")
    (planted / "bench_good.py").write_text(GOOD, encoding="utf-8")
    output = tmp_path / "bench.json"
    assert main("planted_benches", output, is_quick=True) == 1
    assert [row["name"] for row in json.loads(output.read_text(encoding="utf-8"))] == ["good_ms"]
    assert "broken: bench_bad.bench_bad" in capsys.readouterr().out


def test_a_figure_that_two_benchmarks_measure_is_an_error(
    planted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("bench_good", "bench_other"):
        (planted / f"{name}.py").write_text(GOOD, encoding="utf-8")
    assert main("planted_benches", tmp_path / "bench.json", is_quick=True) == 1
    assert "good_ms measured twice" in capsys.readouterr().out


def test_a_run_without_a_figure_is_an_error(planted: Path, tmp_path: Path) -> None:
    assert planted.is_dir()
    assert main("planted_benches", tmp_path / "bench.json", is_quick=True) == 1


def test_the_table_marks_what_does_not_hold() -> None:
    text = table([Row(name="a", value=3, unit="ms", bar=2), Row(name="b", value=1, unit="ms", bar=2)])
    assert "NO" in text.splitlines()[1]
    assert "yes" in text.splitlines()[2]


@pytest.mark.parametrize(("share", "expected"), [(0.5, 5), (0.95, 10), (1.0, 10), (0.0, 1)])
def test_percentile_is_a_measured_value(share: float, expected: float) -> None:
    assert percentile(list(range(1, 11)), share) == expected


@pytest.mark.parametrize(("value", "holds"), [(1200.0, True), (1199.0, False)])
def test_a_figure_may_have_a_least(value: float, holds: bool) -> None:
    row = Row(name="scan_gray_ipm", value=value, unit="images/min", least=1200.0)
    assert row.holds is holds
    assert (row.to_json()["bar"], row.to_json()["holds"]) == (1200.0, holds)
