"""The same screens in English and on dense displays: one window after the other."""

from __future__ import annotations

import pytest

from tests.support.screens import Studio, shots


@pytest.mark.parametrize(
    ("language", "factor"),
    [("en", 1.5), pytest.param("en", 1.0, marks=pytest.mark.long), pytest.param("zh", 1.5, marks=pytest.mark.long)],
)
def test_screens_draw_in_english_and_at_150_percent(display: str, language: str, factor: float) -> None:
    studio = Studio(language, factor, patience=5)
    failed: list[str] = []
    studio.bench.window.report_callback_exception = lambda *error: failed.append(repr(error[1]))  # type: ignore[method-assign]
    try:
        for shot in shots():
            studio.pose(shot, (1366, 697))
        assert studio.bench.kit.look.font(14).cget("size") == round(-14 * factor)
        assert failed == []
    finally:
        studio.close()
