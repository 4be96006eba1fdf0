"""导入图片: the strip that asks for a file, and what is said of one that gives no page."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote

from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Confirm, Field, Text, msg
from yichuang_client.presenters.models.scan import ScanAct
from yichuang_client.presenters.typed_text import sound_strip
from yichuang_client.trace import trace

_LONGEST_PATH = 4000


def ask_for_file(typed: str) -> Confirm:
    """The strip, with what was typed so far."""
    where = msg("scan.import_where")
    field = Field(key="file", label=msg("scan.import_file"), text=typed, placeholder=where, max_length=_LONGEST_PATH)
    strip = Confirm(
        act=ScanAct.IMPORT,
        title=msg("scan.import_title"),
        lines=(msg("scan.import_kinds"),),
        fields=(field,),
        confirm_label=msg("scan.import_confirm"),
        can_confirm=bool(typed.strip()),
        blocked_text=msg("scan.import_empty"),
    )
    return sound_strip(strip)


def file_of(typed: str) -> Path:
    """The file that is meant: a path, in quotes or not, or an address as a file manager copies it."""
    text = typed.strip().strip("'\"")
    if text.startswith("file://"):
        text = unquote(text.removeprefix("file://").partition("?")[0])
        text = text[text.find("/") :]  # without the machine's name
    return Path(os.path.expanduser(text.replace("\0", "")))  # Path.expanduser fails for a user who is not there


def fault_of(error: Exception) -> Text:
    """The sentence of what ended a batch; none for a stop that was wished."""
    from yichuang_client.documents.pages import PageError  # loaded by then; not needed before the first page

    if isinstance(error, PageError):
        trace("error shown", kind=type(error).__name__, reason=error.problem.name)
        return msg(f"page.{error.problem.name}")
    if isinstance(error, OSError):
        trace("error shown", kind=type(error).__name__)
        return msg("scan.import_unreadable")
    return sentence(error)
