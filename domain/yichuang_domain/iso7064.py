"""校验字符: the two systems of ISO 7064 that the field uses, in one place.

MOD 11-2 ends an ID number (GB 11643); MOD 37,36 ends a case number and the mark of an electronic certificate
(GB/T 36904). The credit code's own system is no part of ISO 7064 and lives in ``identity``.
"""

from __future__ import annotations

__all__ = ["ALPHANUMERIC", "is_alphanumeric", "mod_11_2", "mod_37_36"]

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""The 36 characters of MOD 37,36 in the order of their values."""

_MOD_11_2_CHARACTERS = "0123456789X"
_VALUES = {character: value for value, character in enumerate(ALPHANUMERIC)}


def is_alphanumeric(text: str) -> bool:
    """Tell whether the text is not empty and of ``ALPHANUMERIC`` characters only."""
    return bool(text) and all(character in _VALUES for character in text)


def mod_11_2(digits: str) -> str:
    """MOD 11-2: the check character, ``0``–``9`` or ``X``, of a text of ASCII digits.

    Raises:
        ValueError: a character is not an ASCII digit.
    """
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("MOD 11-2 is defined on digits only")
    remainder = 0
    for digit in digits:
        remainder = (remainder + int(digit)) * 2 % 11
    return _MOD_11_2_CHARACTERS[(12 - remainder) % 11]


def mod_37_36(text: str) -> str:
    """MOD 37,36: the check character of a text of ``ALPHANUMERIC`` characters.

    Raises:
        ValueError: the text is empty or a character is not in the alphabet.
    """
    if not is_alphanumeric(text):
        raise ValueError("MOD 37,36 is defined on digits and capital letters only")
    product = 36
    for character in text:
        product = ((product + _VALUES[character]) % 36 or 36) * 2 % 37
    return ALPHANUMERIC[(37 - product) % 36]
