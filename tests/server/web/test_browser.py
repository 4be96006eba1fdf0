"""The pages in a real browser: text, layout, no wish for anything from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.server.web.views import KNOWN, Views
from tests.support.browser import BrowserError, page_text, screenshot, visible_text
from yichuang_server.web import WebServer


def test_browser_shows_the_stages(site: WebServer) -> None:
    text = page_text(f"{site.url}/q/{KNOWN}#the-part-that-stays-in-the-phone")
    lines = text.splitlines()
    starts = [
        next(n for n, line in enumerate(lines) if line.startswith(s)) for s in ("收件", "受理", "审查", "决定", "出件")
    ]
    assert starts == sorted(starts)
    assert "2026年11月24日 周二 10:26" in lines and "区市场监管局" in lines


@pytest.mark.parametrize("width,height", [(390, 844), (1280, 900)])
def test_browser_draws_the_page_with_its_style(site: WebServer, tmp_path: Path, width: int, height: int) -> None:
    picture = Image.open(screenshot(f"{site.url}/q/{KNOWN}", tmp_path / "page.png", width, height)).convert("RGB")
    assert picture.size == (width, height)
    colours = {colour for _, colour in picture.getcolors(maxcolors=1 << 24) or []}
    assert {(0x1B, 0x5F, 0xAA), (0xF1, 0xF4, 0xF7), (0xFF, 0xFF, 0xFF)} <= colours, "the style was applied"
    assert picture.getpixel((width - 2, height // 2)) == (0xF1, 0xF4, 0xF7), "nothing runs over the edge"


def test_a_page_that_is_not_there_is_an_error(views: Views) -> None:
    with pytest.raises(BrowserError, match="did not load"):
        page_text("http://127.0.0.1:9/")


def test_visible_text_leaves_out_what_nobody_reads() -> None:
    source = "<head><title>t</title></head><body><p>一 <b>二</b></p><svg><text>x</text></svg><script>y</script><p>三"
    assert visible_text(source) == "一 二\n三"
