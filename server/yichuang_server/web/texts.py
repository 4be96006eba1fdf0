"""网页文字: the words of the public pages, in Chinese and in English.

Rules kept here: every sentence that a citizen reads stands in ``texts/*.toml``, under the same key in each language;
Chinese is the default and what any unknown language gets.
"""

from __future__ import annotations

import enum
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources

from yichuang_domain.deed import CHINA


class Language(enum.Enum):
    """语言: value as in ``?lang=``."""

    CHINESE = "zh"
    ENGLISH = "en"

    @classmethod
    def of(cls, asked: str | None) -> Language:
        """The language asked for; Chinese when it is not one of ours."""
        return cls.ENGLISH if asked == cls.ENGLISH.value else cls.CHINESE


class Texts:
    """文字目录 of one language: ``texts("situation.DECIDED.next")``."""

    def __init__(self, language: Language, sentences: Mapping[str, str]) -> None:
        self.language = language
        self._sentences = sentences

    @property
    def keys(self) -> frozenset[str]:
        """Names of all sentences."""
        return frozenset(self._sentences)

    def __call__(self, key: str, **values: object) -> str:
        """The sentence, its places filled. Raises KeyError for a key or a place that is not there."""
        return self._sentences[key].format_map(values) if values else self._sentences[key]

    def day(self, on: date) -> str:
        """A day, with its weekday: a citizen plans by it."""
        return self("format.day", year=on.year, month=self(f"month.{on.month}"), day=on.day, weekday=self.weekday(on))

    def weekday(self, on: date) -> str:
        """Name of the day of the week."""
        return self(f"weekday.{on.isoweekday()}")

    def moment(self, time: datetime) -> str:
        """A time of Beijing, to the minute."""
        local = time.astimezone(CHINA)
        return self("format.moment", day=self.day(local.date()), time=f"{local:%H:%M}")


@cache
def texts(language: Language) -> Texts:
    """The catalogue of a language; read once."""
    name = f"{language.value}.toml"
    content = resources.files(__package__).joinpath("texts", name).read_text(encoding="utf-8")
    return Texts(language, dict(_flatten(tomllib.loads(content))))


def _flatten(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
