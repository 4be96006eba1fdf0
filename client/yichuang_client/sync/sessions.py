"""Who is on line at this desk: session tokens, in memory alone.

Rules kept here: a token lives in this process only; it is shown to nobody but the district; a person without one
works under the lease.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from yichuang_client.store.exchange_values import SignedText
from yichuang_domain.ids import PersonId
from yichuang_domain.organisation import Person


@dataclass(frozen=True, kw_only=True)
class Session:
    """A person signed in at the district."""

    token: str = field(repr=False)
    person: Person
    lease: SignedText
    has_second_factor: bool
    must_change_password: bool


class Sessions:
    """Tokens of the people signed in at the district from this desk; safe from any thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._tokens: dict[PersonId, str] = {}
        self._strong: set[PersonId] = set()

    def open(self, person: PersonId, token: str, *, has_second_factor: bool = False) -> None:
        """A person has signed in, with a second factor or with the password alone."""
        with self._guard:
            self._tokens[person] = token
            (self._strong.add if has_second_factor else self._strong.discard)(person)

    def close(self, person: PersonId) -> str | None:
        """A person's session is over; the token it had."""
        with self._guard:
            return self._tokens.pop(person, None)

    def token(self, person: PersonId) -> str | None:
        """A person's token."""
        with self._guard:
            return self._tokens.get(person)

    def has_second_factor(self, person: PersonId) -> bool:
        """Whether the person's session was opened with a second factor."""
        with self._guard:
            return person in self._tokens and person in self._strong

    def people(self) -> tuple[PersonId, ...]:
        """Who has a session."""
        with self._guard:
            return tuple(self._tokens)

    def tokens(self) -> tuple[str, ...]:
        """All tokens, for the exchange."""
        with self._guard:
            return tuple(self._tokens.values())
