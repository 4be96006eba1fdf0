"""Finds the benchmarks, runs them, prints the table and writes the figures.

Rules kept here: a benchmark that breaks does not stop the others, and the run ends with an error; a bar that does not
hold is shown, it is a figure and no failed test; a quick run checks the shape of every row and judges no bar.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.bench.row import Row, Size

Benchmark = Callable[[Size], list[Row]]
COLUMNS = ("name", "value", "unit", "bar", "holds", "ratio", "reference", "reference_value")


def find(package: str) -> list[tuple[str, Benchmark]]:
    """Every function ``bench_*`` of the modules ``bench_*`` of ``package``, by module and place in it."""
    folder = importlib.import_module(package).__path__
    found: list[tuple[str, Benchmark]] = []
    for module in sorted(info.name for info in pkgutil.iter_modules(folder) if info.name.startswith("bench_")):
        loaded = importlib.import_module(f"{package}.{module}")
        for name, function in vars(loaded).items():
            if name.startswith("bench_") and inspect.isfunction(function) and function.__module__ == loaded.__name__:
                found.append((f"{module}.{name}", function))
    return found


def run(benchmarks: Iterable[tuple[str, Benchmark]], size: Size) -> tuple[list[Row], list[str]]:
    """The rows of all, and the names of the benchmarks that broke."""
    rows: list[Row] = []
    broken = []
    for name, benchmark in benchmarks:
        print(f"… {name}", file=sys.stderr, flush=True)
        try:
            rows += benchmark(size)
        except Exception:
            traceback.print_exc()
            broken.append(name)
    return rows, broken


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text, one a line."""
    cells = [COLUMNS, *(tuple(_cell(row.to_json()[column]) for column in COLUMNS) for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )


def _cell(value: str | float | bool | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return value if isinstance(value, str) else f"{value:g}"


def main(package: str, output: Path, *, is_quick: bool, only: Sequence[str] = ()) -> int:
    """Run the benchmarks whose name holds one of ``only`` (all if empty); the exit code."""
    chosen = [(name, b) for name, b in find(package) if not only or any(word in name for word in only)]
    rows, broken = run(chosen, Size(is_quick=is_quick))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(
        json.dumps([row.to_json() for row in rows], ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    print(table(rows))
    names = [row.name for row in rows]
    broken += sorted(f"{name} measured twice" for name in set(names) if names.count(name) > 1)
    judged = [row for row in rows if row.holds is not None]
    if is_quick:
        print(f"{len(rows)} figures, shape only")
    else:
        print(f"{sum(bool(row.holds) for row in judged)} of {len(judged)} bars hold")
    if broken:
        print("broken: " + ", ".join(broken))
    return 1 if broken or not rows else 0
