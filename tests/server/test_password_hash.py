"""What a guess of a stored password costs."""

from __future__ import annotations

from argon2 import extract_parameters
from argon2.low_level import Type

from yichuang_server.services.people import hash_password


def test_a_password_is_kept_as_argon2id_with_64_mib_three_passes_and_a_salt() -> None:
    first, second = hash_password("一个够长的密码"), hash_password("一个够长的密码")
    found = extract_parameters(first)
    assert (found.type, found.memory_cost, found.time_cost, found.parallelism) == (Type.ID, 64 * 1024, 3, 2)
    assert (found.salt_len, found.hash_len) == (16, 32)
    assert first != second
