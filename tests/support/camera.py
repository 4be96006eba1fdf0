"""模拟的高拍仪: a document camera of OUR OWN in the place of OpenCV's VideoCapture, because none is at hand.

It behaves as cameras do: it has some sizes and answers a wish for another one with its next smaller one, its first
pictures are dark until the exposure has settled, one of the settled ones is sharper than the others.
"""

from __future__ import annotations

import functools
import os
import threading
from typing import Any

import cv2
import numpy

SIZE = (1280, 720)
SHARP_FRAME = 9


@functools.cache
def _paper(size: tuple[int, int], is_sharp: bool) -> Any:
    width, height = size
    picture = numpy.full((height, width, 3), (200, 210, 220), dtype=numpy.uint8)
    cv2.putText(picture, "paper", (width // 5, height // 2), cv2.FONT_HERSHEY_SIMPLEX, width / 200, (0, 0, 0), 9)
    return picture if is_sharp else cv2.blur(picture, (25, 25))


class SimulatedCamera:
    """One camera; the end of its path says what is wrong with it: -black, -gone, -busy, -stall."""

    def __init__(self, path: str) -> None:
        self._fault = os.path.basename(path).partition("-")[2]
        self._size = (640, 480)
        self._number = 0

    def isOpened(self) -> bool:
        """As VideoCapture."""
        return self._fault != "busy"

    def set(self, what: int, value: float) -> bool:
        """As VideoCapture: the size goes with the width."""
        if what == cv2.CAP_PROP_FRAME_WIDTH:
            self._size = SIZE if value >= SIZE[0] else (640, 480)
        return True

    def get(self, what: int) -> float:
        """As VideoCapture."""
        return float(self._size[0] if what == cv2.CAP_PROP_FRAME_WIDTH else self._size[1])

    def read(self) -> tuple[bool, Any]:
        """As VideoCapture."""
        self._number += 1
        if self._fault == "stall" and self._number > 2:
            threading.Event().wait(30)
        if self._fault == "gone" and self._number > 2:
            return False, None
        picture = _paper(self._size, self._number == SHARP_FRAME)
        light = 0.0 if self._fault == "black" else min(1.0, 0.2 + 0.2 * self._number)
        return True, cv2.convertScaleAbs(picture, alpha=light)

    def release(self) -> None:
        """As VideoCapture."""
