"""密码规矩: what a chosen password must be in this district; judged here and nowhere else.

Rules kept here: the district chooses, for the standards disagree (long and never aged, or mixed and changed every
ninety days); a rule that is broken is named, so that the screen can say what to do; former passwords are known by
their hashes alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum

from yichuang_server.config import PasswordPolicy
from yichuang_server.store import times

SHORTEST_BANNED = 4
"""A banned word below it counts only as the whole password."""


class Broken(Enum):
    """Which rule a password breaks."""

    SHORT = "SHORT"
    KINDS = "KINDS"
    """Too few of: small letters, capitals, digits, other characters."""
    LOGIN = "LOGIN"
    """It holds the login."""
    BANNED = "BANNED"
    """It holds a word that the district has banned."""
    SAME = "SAME"
    FORMER = "FORMER"
    """It is one of the person's last ones."""


def broken(policy: PasswordPolicy, login: str, old: str, new: str) -> Broken | None:
    """The first rule that a password breaks; None for a good one; its history is the caller's to look at."""
    folded = unicodedata.normalize("NFKC", new).casefold()
    if len(new) < policy.shortest:
        return Broken.SHORT
    if new == old:
        return Broken.SAME
    if login and login.casefold() in folded:
        return Broken.LOGIN
    if sum(_kinds(new)) < policy.kinds:
        return Broken.KINDS
    if any(_holds(folded, word.casefold()) for word in policy.banned):
        return Broken.BANNED
    return None


def _kinds(text: str) -> Iterable[bool]:
    yield any(character.islower() for character in text)
    yield any(character.isupper() for character in text)
    yield any(character.isdigit() for character in text)
    yield any(not character.isalnum() for character in text)


def _holds(folded: str, word: str) -> bool:
    return word in folded if len(word) >= SHORTEST_BANNED else word == folded


def number(policy: PasswordPolicy, rule: Broken) -> int:
    """What the sentence of a rule counts; 0 where it counts nothing."""
    return {Broken.SHORT: policy.shortest, Broken.KINDS: policy.kinds, Broken.FORMER: policy.history}.get(rule, 0)


def is_too_old(policy: PasswordPolicy, chosen_time: str, now: datetime) -> bool:
    """Whether a password must be changed for its age; one of unknown age must, where ages count."""
    if not policy.days:
        return False
    return not chosen_time or now > times.moment(chosen_time) + timedelta(days=policy.days)
