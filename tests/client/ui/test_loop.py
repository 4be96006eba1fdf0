"""Work comes back to the Tk thread, in order, also when it fails."""

from __future__ import annotations

import threading

from tests.client.ui.conftest import Person
from yichuang_client.ui.loop import Worker


def test_results_and_errors_come_back_on_the_tk_thread(person: Person) -> None:
    worker = Worker("test", person.studio.bench.loop)
    came: list[tuple[str, bool]] = []
    here = threading.get_ident()

    def told(what: str) -> None:
        came.append((what, threading.get_ident() == here))

    def fail() -> str:
        raise ValueError("no")

    worker.run(lambda: str(threading.get_ident() != here), told, lambda error: told("failed"))
    worker.run(fail, told, lambda error: told(type(error).__name__))
    person.wait(lambda: len(came) == 2)
    assert came == [("True", True), ("ValueError", True)]
    worker.close()


def test_posted_calls_keep_their_order_and_an_error_ends_nothing(person: Person) -> None:
    loop, came = person.studio.bench.loop, list[int]()
    for number in range(200):
        loop.post(lambda number=number: came.append(number))  # type: ignore[misc]
    loop.post(lambda: 1 // 0)
    loop.post(lambda: came.append(-1))
    person.wait(lambda: -1 in came)
    assert came == [*range(200), -1]
    assert person.errors == ["ZeroDivisionError: integer division or modulo by zero"]
    person.errors.clear()


def test_a_later_call_can_be_cancelled(person: Person) -> None:
    came: list[str] = []
    cancel = person.studio.bench.loop.after(1, lambda: came.append("cancelled"))
    person.studio.bench.loop.after(2, lambda: came.append("kept"))
    cancel()
    person.wait(lambda: bool(came))
    assert came == ["kept"]
