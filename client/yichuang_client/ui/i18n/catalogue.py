"""文案目录: gettext catalogues by language, one ``.po`` file for each first part of a key.

Rules kept here: ``intake.missing`` stands in ``<language>/intake.po``; a file is read when its first text is asked
for, so that the start reads little; a key that is missing is a defect and raises; an argument that is left over or
missing is one too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from yichuang_client.presenters.models.common import Argument, Joined, Message, Span, Text, When
from yichuang_client.ui.i18n.moments import span_text, when_text

_FOLDER = Path(__file__).parent
_LINE = re.compile(r'^(msgid|msgstr)?\s*"(.*)"\s*$')
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}
LANGUAGES = {"zh": "zh_CN", "en": "en"}


class UnknownTextError(LookupError):
    """The catalogue has no such key."""


def read_po(path: Path) -> dict[str, str]:
    """Key to text of one gettext catalogue; the header (empty key) is left out. Raises OSError, ValueError."""
    return {key: text for key, text in _entries(path.read_text(encoding="utf-8")) if key}


def _entries(content: str) -> Iterator[tuple[str, str]]:
    parts: dict[str, list[str]] = {}
    current = ""
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            raise ValueError(f"line {number} of a catalogue cannot be read")
        if match[1] == "msgid" and "msgstr" in parts:
            yield "".join(parts["msgid"]), "".join(parts["msgstr"])
            parts = {}
        current = match[1] or current
        parts.setdefault(current, []).append(re.sub(r"\\(.)", lambda m: _ESCAPES[m[1]], match[2]))
    if "msgstr" in parts:
        yield "".join(parts["msgid"]), "".join(parts["msgstr"])


class Catalogue:
    """The words of one language."""

    def __init__(self, language: str = "zh") -> None:
        self.language = language if language in LANGUAGES else "zh"
        self._folder = _FOLDER / LANGUAGES[self.language]
        self._files: dict[str, dict[str, str]] = {}

    def has(self, key: str) -> bool:
        """Whether the catalogue has this key."""
        try:
            self._text(key)
        except UnknownTextError:
            return False
        return True

    def say(self, text: Text) -> str:
        """What a person reads.

        Raises UnknownTextError for a key that no catalogue has.
        """
        if isinstance(text, str):
            return text
        if isinstance(text, Message):
            words = self._text(text.key)
            return words.format(**{name: self._argument(value) for name, value in text.args}) if text.args else words
        if isinstance(text, When):
            return when_text(text, self._text("common.weekdays").split())
        if isinstance(text, Span):
            return span_text(text, self._text("common.minutes"), self._text("common.hours_minutes"))
        if isinstance(text, Joined):
            return self._text(text.separator).join(self.say(part) for part in text.parts)
        raise TypeError(type(text).__name__)

    def key(self, key: str, **args: Argument) -> str:
        """The text of a key of the screen itself."""
        return self.say(Message(key, tuple(args.items())))

    def _argument(self, value: Argument) -> str:
        return f"{value:,}" if isinstance(value, int) else self.say(value)

    def _text(self, key: str) -> str:
        file = key.partition(".")[0]
        if file not in self._files:
            path = self._folder / f"{file}.po"
            self._files[file] = read_po(path) if path.is_file() else {}
        try:
            return self._files[file][key]
        except KeyError:
            raise UnknownTextError(key) from None
