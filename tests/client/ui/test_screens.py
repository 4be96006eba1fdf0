"""Every screen draws in every state, in both languages and at other densities, with readable type."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from tkinter import font as tkfont

import pytest

from tests.client.ui.conftest import Person
from tests.support.screens import Shot, Studio, shots

FLOOR = 14
ALL = shots()


def widgets(top: tk.Misc) -> Iterator[tk.Misc]:
    """A widget and all that lies on it."""
    yield top
    for child in top.winfo_children():
        yield from widgets(child)


def sizes_of_type(studio: Studio) -> set[int]:
    """Sizes of all type that is shown, in logical pixels."""
    found = set()
    for widget in widgets(studio.bench.window):
        if widget.winfo_ismapped() and "font" in (widget.configure() or {}):
            name = str(widget.cget("font"))
            if name:
                size = tkfont.Font(studio.bench.window, name=name, exists=True).cget("size")
                found.add(round(-int(size) / studio.bench.kit.look.factor))
    return found


@pytest.mark.parametrize("shot", ALL, ids=[shot.name for shot in ALL])
def test_a_screen_draws_and_its_type_is_large_enough(person: Person, shot: Shot) -> None:
    for size in shot.sizes:
        person.studio.pose(shot, size)
    assert person.studio.bench.window.winfo_viewable()
    assert min(sizes_of_type(person.studio)) >= FLOOR


def test_a_hidden_screen_waits_with_its_newest_model(person: Person) -> None:
    first, second = (shot for shot in ALL if shot.name in ("queue", "sync"))
    person.pose(first)
    outlet = person.studio.outlets[second.screen]
    drawn = outlet.screen.model if outlet.screen else None
    changed = type(second.model)(headline="全部已到区里", safe="", table=second.model.table)
    outlet.show(changed)
    assert (outlet.screen.model if outlet.screen else None) == drawn
    person.studio.bench.raise_screen(second.screen)
    assert outlet.screen is not None
    assert outlet.screen.model == changed


def test_a_screen_remembers_its_focus(person: Person) -> None:
    intake, queue = (shot for shot in ALL if shot.name in ("intake", "queue"))
    person.pose(intake)
    person.studio.outlets[intake.screen].focus("id_number")
    person.wait(lambda: person.focus == "intake.id_number")
    person.pose(queue)
    person.wait(lambda: person.focus == "cases.table")
    person.studio.bench.raise_screen(intake.screen)
    person.wait(lambda: person.focus == "intake.id_number")
    person.pose(queue)
    person.wait(lambda: person.focus == "cases.table")
    person.studio.outlets[intake.screen].focus("phone")  # asked for while another screen is in front
    assert person.focus == "cases.table"
    person.studio.bench.raise_screen(intake.screen)
    person.wait(lambda: person.focus == "intake.phone")
