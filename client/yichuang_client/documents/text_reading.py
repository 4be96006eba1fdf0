"""识字: the words on a page and where they stand, for a layer of text that can be searched.

Read by RapidOCR on this machine, which is an extra (`pip install 'yichuang[ocr]'`): a desk does without. What is read
helps a search to find a page; it is nobody's transcript.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import cv2
import numpy
from numpy.typing import NDArray

LEAST_SCORE = 0.6
"""How sure a line must be."""
_MOST_SIDE = 2000
"""Longer side of what is read, in pixels: enough for small print, and a second a page instead of many."""


class NoReaderError(Exception):
    """不能识字: the extra is not installed, or does not start."""


@dataclass(frozen=True, kw_only=True)
class ReadLine:
    """读出的一行: pixels of the page, from its upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class TextReader:
    """识字器: loads its models once."""

    def __init__(self) -> None:
        """Raises NoReaderError."""
        params = {"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": 1}
        try:
            self._read: Any = importlib.import_module("rapidocr").RapidOCR(params=params)
        except Exception as error:  # whatever a library that is not there, or half there, raises
            raise NoReaderError from error

    def read(self, pixels: NDArray[numpy.uint8]) -> tuple[ReadLine, ...]:
        """The lines of a gray or red-green-blue page, from top to bottom."""
        scale = min(1.0, _MOST_SIDE / max(pixels.shape[:2]))
        size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA) if scale < 1 else pixels
        way = cv2.COLOR_GRAY2BGR if small.ndim == 2 else cv2.COLOR_RGB2BGR
        found = self._read(cv2.cvtColor(small, way))
        if found.boxes is None:
            return ()
        rows = zip(found.boxes, found.txts, found.scores, strict=True)
        lines = (_line(numpy.asarray(box) / scale, text) for box, text, score in rows if score >= LEAST_SCORE)
        return tuple(line for line in lines if line.text.strip())


def _line(corners: NDArray[numpy.float64], text: str) -> ReadLine:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return ReadLine(text=text, left=float(left), top=float(top), right=float(right), bottom=float(bottom))
