"""Whatever is pasted into a field of any screen stays in it as it came, is told, and breaks nothing."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from tkinter import ttk

import pytest

from tests.client.ui.conftest import Person
from tests.support.screens import Shot, shots

LONG = "\u957f" * 10_000
_SCRIPTS = "\u738b\x07\x1b[31m \u0639\u0628\u062f \u202e\u0e2a\u0e21 "
ODD = _SCRIPTS + '\U0001f600\U0002b36f \uff11\uff12\uff21 {}[$\\;"%s'
"""Control and direction marks, right-to-left and other scripts, beyond the BMP, full width, what Tcl reads."""
NUL = "\u738b\x00\u660e"
"""A clipboard ends at it."""
WITH_FIELDS = (
    "sign_in_code",
    "enrol",
    "password",
    "lock",
    "intake_start",
    "intake",
    "intake_declining",
    "search",
    "supplement",
    "issue",
    "handover",
    "review_refusing",
)
TOLD_AT_ONCE = ("supplement", "issue", "handover", "review_refusing")
"""Screens that tell each key; the others wait a moment, or tell all fields with the act."""
NAMED = {shot.name: shot for shot in shots()}


def fields(top: tk.Misc) -> Iterator[ttk.Entry | tk.Text]:
    """What a person can type into now."""
    for child in top.winfo_children():
        is_free = isinstance(child, ttk.Entry) and not child.instate(["disabled"])
        is_open = isinstance(child, tk.Text) and str(child.cget("state")) == "normal"
        if isinstance(child, ttk.Entry | tk.Text) and child.winfo_viewable() and (is_free or is_open):
            yield child
        yield from fields(child)


def text_of(field: ttk.Entry | tk.Text) -> str:
    """What stands in it."""
    return field.get() if isinstance(field, ttk.Entry) else field.get("1.0", "end-1c")


def paste(person: Person, field: ttk.Entry | tk.Text, text: str) -> str:
    """Paste in place of what stands there; what stands there then."""
    window = person.studio.bench.window
    window.clipboard_clear()
    window.clipboard_append(text)
    field.focus_force()
    window.update()
    if isinstance(field, ttk.Entry):
        field.delete(0, "end")
    else:
        field.delete("1.0", "end")
    field.event_generate("<<Paste>>")
    window.update()
    return text_of(field)


@pytest.mark.parametrize("shot", [NAMED[name] for name in WITH_FIELDS], ids=WITH_FIELDS)
def test_what_is_pasted_stays_and_is_told(person: Person, shot: Shot) -> None:
    person.pose(shot)
    found = list(fields(person.studio.bench.window))
    assert found
    listener = person.studio.listener(shot.screen)
    for field in found:
        for text in (LONG, ODD):
            listener.heard.clear()
            assert NUL.startswith(paste(person, field, NUL))
            assert paste(person, field, text) == text
            told = [argument for _, arguments in listener.heard for argument in arguments]
            assert text in told or shot.name not in TOLD_AT_ONCE
