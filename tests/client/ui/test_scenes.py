"""Every scene of ``make screens`` can be shown, in both languages, and every screen has its scenes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.pictures import as_shot
from tests.support.scenes import scenes
from tests.support.scenes.stage import Stage
from tests.support.screens import Studio
from yichuang_client.presenters.models.session import ScreenName


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_is_shown_in_its_states(display: str, tmp_path: Path, language: str) -> None:
    studio, stage = Studio(language, patience=5), Stage(tmp_path, language)
    failed: list[str] = []
    studio.bench.window.report_callback_exception = lambda *error: failed.append(repr(error[1]))  # type: ignore[method-assign]
    seen = set()
    try:
        for scene in scenes(stage):
            studio.pose(as_shot(scene), (1366, 697))
            seen.add(scene.screen)
        assert seen == set(ScreenName)
        assert failed == []
    finally:
        stage.close()
        studio.close()
