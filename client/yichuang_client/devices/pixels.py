"""像素: raw rows of a scanner as an array."""

from __future__ import annotations

from typing import Any

import numpy
from numpy.typing import NDArray

from yichuang_client.devices.scanning import Frame

Pixels = NDArray[Any]
"""Rows × columns (gray) or rows × columns × 3 (red, green, blue) of uint8 or uint16; 0 is black."""


def to_pixels(frame: Frame, rows: memoryview) -> Pixels:
    """Copy raw rows into an array: padding cut, 1-bit unpacked (a set bit is black), 16-bit in host order."""
    table = numpy.frombuffer(rows, dtype=numpy.uint8, count=frame.height * frame.stride)
    table = table.reshape(frame.height, frame.stride)
    samples = frame.width * frame.channels
    if frame.depth == 1:
        bits = numpy.unpackbits(table, axis=1, count=samples)
        return numpy.asarray((1 - bits) * numpy.uint8(255), dtype=numpy.uint8)
    flat: Pixels = table[:, : samples * frame.depth // 8].copy()
    if frame.depth == 16:
        flat = flat.view(numpy.uint16)
    return flat if frame.channels == 1 else flat.reshape(frame.height, frame.width, frame.channels)
