"""An events object for views whose events do not matter: it hears everything and keeps what it heard.

It stands for a presenter only where a view is looked at or its keys are tested.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Listener:
    """Every method exists; calls are kept as ``(name, arguments)``; some names may be given an answer."""

    def __init__(self, **answers: Any) -> None:
        self.heard: list[tuple[str, tuple[Any, ...]]] = []
        self._answers = answers

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def hear(*arguments: Any) -> Any:
            self.heard.append((name, arguments))
            return self._answers.get(name)

        return hear

    def names(self) -> list[str]:
        """What was heard, in order, without arguments."""
        return [name for name, _ in self.heard]

    def last(self, name: str) -> tuple[Any, ...]:
        """The arguments of the last call of that name; raises LookupError."""
        for heard, arguments in reversed(self.heard):
            if heard == name:
                return arguments
        raise LookupError(name)
