"""Pages that come as files: whole ones become rows, everything else becomes a trouble and no page."""

from __future__ import annotations

import io
import struct
import zlib

import cv2
import numpy
import pikepdf
import pytest
from PIL import Image

from tests.support.page_sink import Pages
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.page_images import put_pages
from yichuang_client.devices.scanning import ColourMode

NOISE = numpy.random.default_rng(4).integers(0, 255, (200, 300, 3), dtype=numpy.uint8)
JPEG = cv2.imencode(".jpg", NOISE)[1].tobytes()
START = JPEG.index(b"\xff\xc0")
HUGE_JPEG = JPEG[: START + 5] + struct.pack(">HH", 65_000, 65_000) + JPEG[START + 9 :]


HUGE_IHDR = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
HUGE_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\r" + HUGE_IHDR + struct.pack(">I", zlib.crc32(HUGE_IHDR)) + b"\0" * 99


def saved(kind: str, image: Image.Image, **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def pdf(size: tuple[float, float], **protection: object) -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page(page_size=size)
    document.save(out, **protection)
    return out.getvalue()


@pytest.mark.parametrize("end", [b"", b"\0" * 7, b"\r\n"])
def test_padding_after_a_jpeg_does_no_harm(end: bytes) -> None:
    pages = Pages()
    assert put_pages(JPEG + end, ColourMode.COLOUR, 300, pages) == 1
    assert pages.pixels[0].shape == NOISE.shape


def test_one_bit_pages_are_read() -> None:
    bits = Image.fromarray(NOISE[:, :, 0] > 128)
    for raw in (saved("TIFF", bits, compression="group4"), saved("PNG", bits)):
        pages = Pages()
        assert put_pages(raw, ColourMode.LINEART, 300, pages) == 1
        assert (pages.pixels[0] == numpy.where(NOISE[:, :, 0] > 128, 255, 0)).all()


@pytest.mark.parametrize(
    ("raw", "trouble"),
    [
        (JPEG[: len(JPEG) // 2], Trouble.COMMUNICATION),
        (JPEG[: len(JPEG) // 2] + b"\xff\xd9", Trouble.COMMUNICATION),
        (JPEG[:20] + b"\xff\xd9", Trouble.COMMUNICATION),
        (HUGE_JPEG, Trouble.BAD_SETTING),
        (pdf((14_000, 14_000)), Trouble.BAD_SETTING),
        (pdf((72, 72), encryption=pikepdf.Encryption(owner="o", user="u")), Trouble.COMMUNICATION),
        (pdf((72, 72))[:-60], Trouble.COMMUNICATION),
        (b"%PDF-1.7\n%%EOF", Trouble.COMMUNICATION),
        (HUGE_PNG, Trouble.COMMUNICATION),
        (saved("GIF", Image.new("L", (9, 9))), Trouble.COMMUNICATION),
        (b"<html>please log in</html>", Trouble.COMMUNICATION),
        (b"\xff\xd8", Trouble.COMMUNICATION),
    ],
)
def test_what_is_no_whole_page_gives_none(raw: bytes, trouble: Trouble) -> None:
    pages = Pages()
    with pytest.raises(DeviceError) as caught:
        put_pages(raw, None, 300, pages)
    assert (caught.value.trouble, pages.frames) == (trouble, [])


def test_a_page_larger_than_the_memory_for_one_is_dropped() -> None:
    pages = Pages(page_bytes=1000)
    with pytest.raises(DeviceError) as caught:
        put_pages(JPEG, None, 300, pages)
    assert (caught.value.trouble, pages.dropped, pages.frames) == (Trouble.BAD_SETTING, 1, [])
