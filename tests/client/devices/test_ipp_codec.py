"""The IPP codec: against bytes of RFC 8010's own examples, and against anything else."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given, settings, strategies as st

from yichuang_client.devices.ipp_codec import Group, IPPError, Operation, Tag, attribute, decode, encode

HEAD = b"\x02\x00\x00\x00\x00\x00\x00\x07"


def field(tag: int, name: bytes, value: bytes) -> bytes:
    return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value


def test_a_request_is_written_as_the_standard_shows_it() -> None:
    """RFC 8010 appendix A.1, the first attributes of its Print-Job request."""
    raw = encode(
        Operation.PRINT_JOB,
        1,
        [
            (
                Group.OPERATION,
                [
                    attribute("attributes-charset", Tag.CHARSET, "utf-8"),
                    attribute("attributes-natural-language", Tag.LANGUAGE, "en-us"),
                    attribute("ipp-attribute-fidelity", Tag.BOOLEAN, True),
                ],
            ),
            (Group.JOB, [attribute("copies", Tag.INTEGER, 20)]),
        ],
    )
    assert raw == (
        b"\x02\x00\x00\x02\x00\x00\x00\x01\x01"
        b"\x47\x00\x12attributes-charset\x00\x05utf-8"
        b"\x48\x00\x1battributes-natural-language\x00\x05en-us"
        b"\x22\x00\x16ipp-attribute-fidelity\x00\x01\x01"
        b"\x02\x21\x00\x06copies\x00\x04\x00\x00\x00\x14\x03"
    )


def test_every_syntax_is_read() -> None:
    size = field(0x34, b"", b"") + field(0x4A, b"", b"x-dimension") + field(0x21, b"", b"\0\0\x52\x08")
    raw = b"".join(
        (
            HEAD,
            b"\x04",
            field(0x23, b"printer-state", b"\0\0\0\x03"),
            field(0x44, b"sides", b"one-sided") + field(0x44, b"", b"two-sided-long-edge"),
            field(0x32, b"resolution", struct.pack(">iiB", 600, 300, 3)),
            field(0x33, b"copies", struct.pack(">ii", 1, 999)),
            field(0x13, b"media-ready", b""),
            field(0x35, b"info", b"\x00\x02zh\x00\x06\xe7\xaa\x97\xe5\x8f\xa3"),
            field(0x34, b"media-col", b"")
            + field(0x4A, b"", b"media-size")
            + size
            + field(0x37, b"", b"")
            + field(0x4A, b"", b"media-color")
            + field(0x44, b"", b"blue")
            + field(0x37, b"", b""),
            field(0x22, b"last", b"\x01"),
            b"\x03",
        )
    )
    row = decode(raw).group(Group.PRINTER)
    assert row == {
        "printer-state": [3],
        "sides": ["one-sided", "two-sided-long-edge"],
        "resolution": [(600, 300, 3)],
        "copies": [(1, 999)],
        "media-ready": [None],
        "info": ["窗口"],
        "media-col": [{"media-size": [{"x-dimension": [21000]}], "media-color": ["blue"]}],
        "last": [True],
    }


def test_several_groups_of_a_kind_stay_apart() -> None:
    job = b"\x02" + field(0x21, b"job-id", b"\0\0\0\x01") + b"\x02" + field(0x21, b"job-id", b"\0\0\0\x02")
    assert [row["job-id"] for row in decode(HEAD + job + b"\x03").all_of(Group.JOB)] == [[1], [2]]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        HEAD,
        b"<html>not a printer</html>",
        HEAD + b"\x04" + field(0x21, b"copies", b"\0\0\x01") + b"\x03",
        HEAD + b"\x04" + field(0x44, b"", b"nameless") + b"\x03",
        HEAD + b"\x04\x44\xff\xff",
        HEAD + b"\x04" + field(0x34, b"col", b"") + b"\x03",
    ],
)
def test_malformed_answers_are_refused(raw: bytes) -> None:
    with pytest.raises(IPPError):
        decode(raw)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_decode_or_be_refused(raw: bytes) -> None:
    with contextlib.suppress(IPPError):
        decode(HEAD + raw)
