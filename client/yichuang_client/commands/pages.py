"""``yichuang pages``: judging the pages of files.

Rules kept here: a bad file is a row with its reason and never an error of the command; one page is in memory at a
time; no page is kept anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from yichuang_client.commands.output import print_cells, print_json, words
from yichuang_client.documents.inspection import InspectedPage, inspect_file
from yichuang_client.documents.page_import import file_format
from yichuang_client.documents.pages import PageError, PageFlaw, PageProblem
from yichuang_client.ui.i18n.catalogue import Catalogue

_HEAD_BYTES = 1024
_COLUMNS = {"file": 28, "page": 4, "size": 11, "dpi": 4, "blank": 12, "skew": 13, "turn": 10, "quality": 12, "codes": 0}


def inspect(files: Sequence[Path], *, is_json: bool) -> int:
    """Write one row for each page of the files, and one for each file that gives none. Returns the exit code."""
    say = words()
    if not is_json:
        print_cells([say.key(f"pages.{column}") for column in _COLUMNS], tuple(_COLUMNS.values()))
    for path in files:
        for row in rows(path):
            if is_json:
                print_json(row)
            else:
                print_cells(_cells(row, say), tuple(_COLUMNS.values()))
    return 0


def rows(path: Path) -> Iterator[dict[str, object]]:
    """The rows of one file; the last one tells what is wrong with the rest of it, if anything is."""
    file: dict[str, object] = {"file": _shown(path), "page": 0, "format": "", "bytes": 0}
    number = 0
    try:
        if path.is_file():
            with path.open("rb") as stream:
                file |= {"format": file_format(stream.read(_HEAD_BYTES)), "bytes": path.stat().st_size}
        for page in inspect_file(path):
            number = page.number
            yield {**file, **_measured(page), "error": None}
    except PageError as error:
        yield {**file, "page": error.page, "error": error.problem.value}
    except (OSError, ValueError):
        yield {**file, "page": number + 1 if number else 0, "error": PageProblem.UNREADABLE.value}


def _measured(page: InspectedPage) -> dict[str, object]:
    look, orientation = page.look, page.orientation
    return {
        "page": page.number,
        "width": page.width,
        "height": page.height,
        "dpi": page.dpi,
        "blank": look.is_blank,
        "blank_score": round(look.blank_score, 4),
        "skew": look.skew.degrees if look.skew.is_trusted else 0.0,
        "skew_confidence": look.skew.confidence,
        "orientation": orientation.turned if orientation.is_trusted else 0,
        "orientation_suggested": orientation.turned,
        "orientation_confidence": orientation.confidence,
        "turn": orientation.to_turn if orientation.is_trusted else 0,
        "codes": [{"kind": code.kind.value, "text": code.text} for code in look.codes],
        "quality": [flaw.value for flaw in look.flaws],
    }


def _cells(row: dict[str, object], say: Catalogue) -> list[str]:
    file, page = str(row["file"]), str(row["page"] or "")
    if row["error"]:
        name = PageProblem(row["error"]).name
        return [file, page, "", "", say.key(f"page.{name}"), "", "", "", ""]
    blank = say.key("pages.is_blank") if row["blank"] else say.key("pages.is_written")
    flaws = row["quality"] if isinstance(row["quality"], list) else []
    codes = row["codes"] if isinstance(row["codes"], list) else []
    return [
        file,
        page,
        f"{row['width']}×{row['height']}",
        str(row["dpi"] or "-"),
        f"{blank} {row['blank_score']}",
        f"{row['skew']}° ({row['skew_confidence']})",
        f"{row['turn']}° ({row['orientation_confidence']})",
        " ".join(say.key(f"flaw.{PageFlaw(flaw).name}") for flaw in flaws) or say.key("pages.good"),
        " ".join(f"{code['kind']}={code['text']}" for code in codes),
    ]


def _shown(path: Path) -> str:
    """The path as text; bytes that are none are replaced."""
    return os.fsencode(path).decode("utf-8", "replace")
