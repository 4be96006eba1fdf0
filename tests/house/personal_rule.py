"""No text of an action or an event may hold a person's data outside ``Personal``.

Rule kept here: a text field is an id with a type of its own, an enumeration, ``Personal``, or stands in
``PLAIN_TEXT`` with the reason why nobody can write about a citizen in it.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import Enum

from yichuang_domain.personal import Personal

HARMLESS = (bool, int, date, datetime, types.NoneType)

PLAIN_TEXT: Mapping[str, str] = {
    "number": "a label made by the desk: area, device, day, serial, check",
    "token_digest": "a digest",
    "docno": "number of a paper, made by the desk",
    "serial": "number of printed stock",
    "material": "key in the published item version",
    "question": "key in the published item version",
    "option": "key in the published item version",
    "key": "key in the published item version",
    "articles": "articles of the law",
    "right_office": "published name and address of an office",
    "by": "published name of a body",
    "name": "name of the certificate as the item version prints it",
    "type_code": "type of a certificate, as published",
    "identifier": "GB/T 36904 identifier, made by the district",
}


def exposed_fields(root: type, plain: Mapping[str, str] = PLAIN_TEXT) -> list[str]:
    """Fields under the dataclass ``root`` that could carry a person's data in the hashed text."""
    return [
        f"{owner.__name__}.{field}: {leaf!r}"
        for owner, field, leaf in _leaves(root, frozenset())
        if not (leaf is str and field in plain) and not _is_harmless(leaf)
    ]


def _is_harmless(leaf: object) -> bool:
    if isinstance(leaf, typing.NewType):
        return True
    return isinstance(leaf, type) and (leaf in HARMLESS or leaf is Personal or issubclass(leaf, Enum))


def _leaves(owner: type, seen: frozenset[type]) -> Iterator[tuple[type, str, object]]:
    hints = typing.get_type_hints(owner)
    for field in dataclasses.fields(owner):
        for leaf in _members(hints[field.name]):
            if leaf is not Personal and dataclasses.is_dataclass(leaf) and isinstance(leaf, type):
                if leaf not in seen:
                    yield from _leaves(leaf, seen | {owner})
            else:
                yield owner, field.name, leaf


def _members(hint: object) -> Iterator[object]:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType, tuple, frozenset):
        for argument in typing.get_args(hint):
            if argument is not Ellipsis:
                yield from _members(argument)
    else:
        yield hint
