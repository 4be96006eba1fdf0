"""The table of a list: what it shows after any change of its lines, and that what stays is not drawn anew."""

from __future__ import annotations

import random
from dataclasses import replace
from tkinter import ttk
from typing import Any

from tests.client.ui.conftest import Person
from tests.client.ui.test_screens import widgets
from tests.support import samples_frame as frame, samples_queues as queues
from tests.support.screens import Shot
from yichuang_client.presenters.models.common import Row
from yichuang_client.presenters.models.session import ScreenName

ROUNDS, MOST = 40, 12


def shown(person: Person, rows: tuple[Row, ...]) -> ttk.Treeview:
    """The list with these lines."""
    table = replace(queues.QUEUE.table, rows=rows, selected=rows[0].key if rows else None)
    shell = frame.shell(ScreenName.CASES)
    model: Any = replace(queues.QUEUE, table=table)
    person.studio.outlets[ScreenName.CASES].show(model)
    if not person.studio.bench.is_seen(ScreenName.CASES):
        person.pose(Shot(name="x", screen=ScreenName.CASES, model=model, shell=shell))
    trees = [w for w in widgets(person.studio.bench.window) if isinstance(w, ttk.Treeview) and w.winfo_ismapped()]
    assert len(trees) == 1
    return trees[0]


def test_any_change_of_the_lines_is_shown_as_it_is(person: Person) -> None:
    chance = random.Random(20261124)
    line = queues.QUEUE.table.rows[0]
    for _ in range(ROUNDS):
        keys = chance.sample(range(MOST), chance.randint(0, MOST))
        rows = tuple(
            replace(line, key=str(key), cells=(f"{key} {chance.randint(0, 1)}", *line.cells[1:])) for key in keys
        )
        tree = shown(person, rows)
        assert list(tree.get_children()) == [row.key for row in rows]
        assert [tree.item(row.key, "values")[0] for row in rows] == [row.cells[0] for row in rows]
        assert tree.selection() == ((rows[0].key,) if rows else ())


def test_what_is_chosen_by_the_model_is_not_told_as_news(person: Person) -> None:
    line = queues.QUEUE.table.rows[0]
    shown(person, (line, replace(line, key="other")))
    person.studio.settle(50)
    assert "select" not in person.studio.listener(ScreenName.CASES).names()
    person.press("Down")
    person.wait(lambda: "select" in person.studio.listener(ScreenName.CASES).names())
    assert person.studio.listener(ScreenName.CASES).last("select") == ("other",)


def test_of_a_long_list_the_first_lines_are_there_at_once_and_the_rest_soon(person: Person) -> None:
    line = queues.QUEUE.table.rows[0]
    rows = tuple(replace(line, key=f"n{number}") for number in range(170))
    tree = shown(person, rows)
    first = tree.get_children()
    assert first == tuple(row.key for row in rows[: len(first)])
    assert 0 < len(first) < len(rows)
    person.wait(lambda: len(tree.get_children()) == len(rows))
    assert tree.get_children() == tuple(row.key for row in rows)


def test_a_long_list_that_changes_while_it_comes_ends_as_it_is(person: Person) -> None:
    line = queues.QUEUE.table.rows[0]
    rows = [replace(line, key=f"m{number}") for number in range(200)]
    chance = random.Random(20261125)
    for _ in range(4):
        shown(person, tuple(rows))
        chance.shuffle(rows)
        rows = [replace(row, cells=(str(chance.random()), *row.cells[1:])) for row in rows[chance.randint(0, 30) :]]
    tree = shown(person, tuple(rows))
    person.wait(lambda: [tree.set(key, 0) for key in tree.get_children()] == [row.cells[0] for row in rows])
    assert tree.get_children() == tuple(row.key for row in rows)
