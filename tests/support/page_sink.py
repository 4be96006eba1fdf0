"""A `PageSink` in memory, for drivers that are run in the test's own process."""

from __future__ import annotations

import numpy

from yichuang_client.devices.errors import DeviceError
from yichuang_client.devices.pixels import Pixels, to_pixels
from yichuang_client.devices.scanning import Frame

PAGE_BYTES = 40 << 20


class Pages:
    """Keeps whole pages; counts what was dropped and every byte that was told."""

    def __init__(self, page_bytes: int = PAGE_BYTES) -> None:
        self._room = numpy.zeros(page_bytes, dtype=numpy.uint8)
        self.pixels: list[Pixels] = []
        self.frames: list[Frame] = []
        self.dropped = 0
        self.pulse = 0
        self.ended: tuple[DeviceError | None, ...] = ()
        """How the batch ended, once it was told."""

    def open_page(self) -> memoryview:
        """As `PageSink.open_page`."""
        return memoryview(self._room)

    def advanced(self, count: int) -> None:
        """As `PageSink.advanced`."""
        self.pulse += count

    def commit(self, frame: Frame) -> None:
        """As `PageSink.commit`."""
        self.frames.append(frame)
        self.pixels.append(to_pixels(frame, memoryview(self._room)).copy())

    def drop(self) -> None:
        """As `PageSink.drop`."""
        self.dropped += 1

    def ending(self, error: DeviceError | None) -> None:
        """As `PageSink.ending`."""
        self.ended = (error,)
