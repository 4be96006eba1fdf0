"""Personal values: a disclosure is believed only when it gives its commitment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from yichuang_domain.personal import SALT_BYTES, Personal, seal


def test_value_and_salt_give_the_commitment() -> None:
    sealed = seal("顾小燕", b"s" * SALT_BYTES)
    assert sealed.is_true()
    assert not replace(sealed, value="顾小雁").is_true()
    assert not Personal(commitment=sealed.commitment).is_true()


@pytest.mark.parametrize(
    "salt", ["", "zz" * SALT_BYTES, "73 " * SALT_BYTES, "73" * (SALT_BYTES - 1), "７３" * SALT_BYTES]
)
def test_a_bad_salt_proves_nothing(salt: str) -> None:
    assert not replace(seal("顾小燕", b"s" * SALT_BYTES), salt=salt).is_true()


def test_a_commitment_in_another_script_proves_nothing() -> None:
    assert not replace(seal("顾小燕", b"s" * SALT_BYTES), commitment="一" * 64).is_true()
