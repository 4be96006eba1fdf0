"""How long a desk may stand idle before it covers itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from yichuang_client.config import LOCK_SECONDS, DataFolder, lock_seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", LOCK_SECONDS),
        ("lock_after_seconds = 120\n[[printer]]\nname = '回执机'", 120),
        ("lock_after_seconds = 0", 30),
        ("lock_after_seconds = 999999", 1800),
        ("lock_after_seconds = 'never'", LOCK_SECONDS),
        ("this is no toml", LOCK_SECONDS),
    ],
)
def test_the_time_is_the_desk_s_within_bounds(tmp_path: Path, text: str, seconds: int) -> None:
    assert lock_seconds(DataFolder(root=tmp_path)) == LOCK_SECONDS, "nothing is named"
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    assert lock_seconds(DataFolder(root=tmp_path)) == seconds
