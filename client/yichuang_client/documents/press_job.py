"""排版任务: what goes through the pipe to the setting process and back.

Rule kept here: importing this module does not bring the typesetter into the client's own process.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from yichuang_client.processes import PipeEnd


@dataclass(frozen=True, kw_only=True)
class Job:
    """排版任务: one paper to set."""

    template: str
    """File name in the folder of templates."""
    data: str
    """The paper's facts as one JSON object."""
    fits: tuple[float, ...]
    """Factors to try until the paper needs one page only."""
    saves_pages: bool
    """When no factor gives one page: whether the one with the fewest pages is taken, or the first."""
    blanks: str
    """Characters known to be without a glyph."""
    is_practice: bool = False
    """Whether the watermark of practice lies on every page."""
    timestamp: int
    """Seconds since 1970, written into the PDF: the same job gives the same bytes."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """Answer: the paper."""

    pdf: bytes


@dataclass(frozen=True, kw_only=True)
class Spoiled:
    """Answer: the template and the data do not fit together."""

    detail: str


def plain_json(data: object) -> str:
    """``data`` as the text of one JSON object; raises ValueError or TypeError for what is not plain JSON."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    text.encode()  # a lone surrogate cannot be printed and is found here
    return text


def run_worker(pipe: PipeEnd, fonts: tuple[str, ...], idle_seconds: float) -> None:
    """The target of the spawned process."""
    from yichuang_client.documents.press_worker import serve  # here, so that only the child loads the typesetter

    serve(pipe, fonts, idle_seconds)
