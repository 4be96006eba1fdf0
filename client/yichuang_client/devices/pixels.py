"""像素: raw rows of a scanner as an array."""

from __future__ import annotations

from typing import Any

import numpy
from numpy.typing import NDArray

from yichuang_client.devices.scanning import Frame

Pixels = NDArray[Any]
"""Rows × columns (gray) or rows × columns × 3 (red, green, blue) of uint8 or uint16; 0 is black."""
_BITS = 8


def as_they_lie(frame: Frame, rows: memoryview) -> Pixels | None:
    """The page without a copy, None unless the rows are one array already."""
    samples = frame.width * frame.channels
    if frame.planes or frame.depth == 1 or frame.stride != samples * frame.depth // _BITS:
        return None
    kind = numpy.uint8 if frame.depth == _BITS else numpy.uint16
    flat = numpy.frombuffer(rows, dtype=kind, count=frame.height * samples)
    return flat.reshape(_shape(frame, frame.channels))


def to_pixels(frame: Frame, rows: memoryview) -> Pixels:
    """Copy raw rows into an array: padding cut, planes put together, 1-bit unpacked, 16-bit in host order."""
    count = max(1, len(frame.planes))
    table = numpy.frombuffer(rows, dtype=numpy.uint8, count=count * frame.height * frame.stride)
    if not frame.planes:
        return _samples(frame, table.reshape(frame.height, frame.stride), frame.channels)
    planes = [_samples(frame, plane, 1) for plane in table.reshape(count, frame.height, frame.stride)]
    return numpy.dstack([planes[frame.planes.index(colour)] for colour in range(count)])


def _samples(frame: Frame, table: Pixels, channels: int) -> Pixels:
    if frame.depth == 1:
        return _unpacked(frame, table, channels)
    flat: Pixels = table[:, : frame.width * channels * frame.depth // _BITS].copy()
    if frame.depth == 16:
        flat = flat.view(numpy.uint16)
    return flat.reshape(_shape(frame, channels))


def _shape(frame: Frame, channels: int) -> tuple[int, ...]:
    return (frame.height, frame.width) if channels == 1 else (frame.height, frame.width, channels)


def _unpacked(frame: Frame, table: Pixels, channels: int) -> Pixels:
    """Black and white, where a set bit is black; or colours, where it is light and bytes of 8 pixels take turns."""
    groups = -(-frame.width // _BITS)
    packed = table[:, : groups * channels].reshape(frame.height, groups, channels, 1)
    bits = numpy.unpackbits(packed, axis=3).transpose(0, 1, 3, 2).reshape(frame.height, groups * _BITS, channels)
    cut = bits[:, : frame.width]
    light = cut if frame.channels > 1 else 1 - cut
    pixels = numpy.asarray(light * numpy.uint8(255), dtype=numpy.uint8)
    return pixels if channels > 1 else numpy.ascontiguousarray(pixels[..., 0])
