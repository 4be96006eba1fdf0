"""A real browser without a window: Chromium, one fresh profile a call.

Rules kept here: only what was asked for is loaded; a page that cannot be loaded is an error, not an empty picture.
"""

from __future__ import annotations

import html.parser
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_LONGEST_S = 90
_QUIET = (
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)
_UNSEEN = frozenset({"script", "style", "head", "template", "svg"})
_BLOCKS = frozenset(
    {"address", "article", "div", "dl", "dt", "dd", "footer", "h1", "h2", "h3", "header", "li", "main", "ol", "p"}
    | {"section", "table", "td", "th", "tr", "ul"}
)


class BrowserError(RuntimeError):
    """Chromium is not there, did not load the page or did not draw it."""


def screenshot(url: str, path: Path, width: int = 1280, height: int = 900) -> Path:
    """Draw the page in a window of ``width`` x ``height`` CSS pixels and write it to ``path`` as PNG.

    Raises BrowserError when there is no picture.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    noise = _chromium([f"--screenshot={path}", f"--window-size={width},{height}", url])[1]
    if not path.exists() or path.stat().st_size == 0:
        raise BrowserError(f"no picture of the page: {noise[-400:]}")
    return path


def page_source(url: str) -> str:
    """The page as the browser holds it after loading. Raises BrowserError when it did not load."""
    source, noise = _chromium(["--dump-dom", url])
    if "<body" not in source or 'id="main-frame-error"' in source:
        raise BrowserError(f"the page did not load: {noise[-400:]}")
    return source


def page_text(url: str) -> str:
    """The text of the page as a reader meets it, one line a block. Raises BrowserError when it did not load."""
    return visible_text(page_source(url))


def visible_text(source: str) -> str:
    """The text of an HTML page without its head, scripts, styles and pictures."""
    reader = _Reader()
    reader.feed(source)
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line)


class _Reader(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        if tag in _BLOCKS or tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN and self._unseen:
            self._unseen -= 1
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def _chromium(arguments: Sequence[str]) -> tuple[str, str]:
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        raise BrowserError("Chromium is not installed")
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as profile:
        # Root may not use Chromium's own sandbox (containers of the CI).
        rights = ["--no-sandbox"] if os.geteuid() == 0 else []
        command = [program, *rights, *_QUIET, f"--user-data-dir={profile}", *arguments]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LONGEST_S, check=False
            )
        except subprocess.TimeoutExpired as late:
            raise BrowserError(f"Chromium gave no answer in {_LONGEST_S} s") from late
    return done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
