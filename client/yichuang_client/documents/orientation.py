"""方向: which way up a page lies, as a suggestion; never on the feeder's path.

A small classifier (PP-LCNet x1.0 for text images, see NOTICE) looks at two parts of the page: all that is written, and
the densest 90 mm. Each part is shown to it in all four turns and the answers are turned back and averaged, so that a
habit of the model for one side cancels out. Rules kept here:

* a page without marks has no direction;
* the suggestion is trusted only from `TRUSTED_FROM` on; under it a person decides;
* the model runs in OpenCV, needs no other library, and is loaded when it is first asked.
"""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

import cv2
import numpy
from numpy.typing import NDArray

from yichuang_client.documents.page_copy import PageCopy
from yichuang_client.documents.pages import Orientation

TRUSTED_FROM = 0.75
"""Confidence from which a page may be turned without asking; the model itself never says more than 0.93."""
_MODEL = Path(__file__).parent / "models" / "orientation.onnx"
_SIDE = 224
"""Pixels of the square that the model looks at."""
_SHORT = 256
"""Pixels of the shorter side of the picture out of which that square is cut."""
_DENSE_MM = 90.0
_BORDER_MM = 4.0
_RIM_MM = 5.0
"""Outermost part of the sheet, whose shadows say nothing."""
_MARK_CONTRAST = 30
_MEAN = numpy.array((0.485, 0.456, 0.406), dtype=numpy.float32)
_DEVIATION = numpy.array((0.229, 0.224, 0.225), dtype=numpy.float32)
_LEAST = 1e-4
"""Floor of a probability, so that one sure mistake does not outweigh everything."""
_one_at_a_time = threading.Lock()
_Pixels = NDArray[numpy.uint8]


def suggest_orientation(pixels: _Pixels, copy: PageCopy) -> Orientation:
    """Suggest how a page lies; `copy` is that of the same page."""
    views = _views(pixels, copy)
    if not views:
        return Orientation(turned=0, confidence=0.0, is_trusted=False)
    # the model's classes are quarter turns with the clock; showing a view turned against it adds to its answer
    shown = numpy.stack([_blob(numpy.rot90(view, turn)) for view in views for turn in range(4)])
    with _one_at_a_time:
        network = _network()
        network.setInput(shown)
        answers = numpy.log(numpy.maximum(network.forward(), _LEAST))
    votes = numpy.zeros(4)
    for index, answer in enumerate(answers):
        votes += numpy.roll(answer, index % 4)
    likely = numpy.exp((votes - votes.max()) / len(answers))
    confidence = float(likely.max() / likely.sum())
    turned = int(votes.argmax()) * 90
    return Orientation(turned=turned, confidence=round(confidence, 3), is_trusted=confidence >= TRUSTED_FROM)


def turn_upright(pixels: _Pixels, orientation: Orientation) -> _Pixels:
    """Turn a page by what it needs."""
    return numpy.ascontiguousarray(numpy.rot90(pixels, -(orientation.to_turn // 90)))


@cache
def _network() -> cv2.dnn.Net:
    return cv2.dnn.readNetFromONNX(str(_MODEL))


def _views(pixels: _Pixels, copy: PageCopy) -> list[_Pixels]:
    """The parts of the page that are shown, in colour, ready for the model."""
    marks = _marks(copy)
    rows, columns = numpy.flatnonzero(marks.any(axis=1)), numpy.flatnonzero(marks.any(axis=0))
    if len(rows) < 3 or len(columns) < 3:
        return []
    border = copy.pixels(_BORDER_MM)
    written = (int(rows[0]) - border, int(rows[-1]) + border, int(columns[0]) - border, int(columns[-1]) + border)
    views = []
    for top, bottom, left, right in (written, _densest(copy, marks)):
        factor = min(pixels.shape[:2]) / min(copy.gray.shape)
        part = pixels[
            max(0, round(top * factor)) : max(1, round(bottom * factor)),
            max(0, round(left * factor)) : max(1, round(right * factor)),
        ]
        views.append(_square(part))
    return views


def _marks(copy: PageCopy) -> _Pixels:
    if min(copy.gray.shape) < _MARK_CONTRAST:
        return numpy.zeros_like(copy.gray)
    marks = cv2.compare(copy.relief, _MARK_CONTRAST, cv2.CMP_GT)
    marks = numpy.asarray(cv2.morphologyEx(marks, cv2.MORPH_OPEN, numpy.ones((2, 2), numpy.uint8)), dtype=numpy.uint8)
    rim = min(copy.pixels(_RIM_MM), min(marks.shape) // 8)
    marks[:rim] = marks[marks.shape[0] - rim :] = 0
    marks[:, :rim] = marks[:, marks.shape[1] - rim :] = 0
    return marks


def _densest(copy: PageCopy, marks: _Pixels) -> tuple[int, int, int, int]:
    side = min(copy.pixels(_DENSE_MM), *marks.shape)
    counts = cv2.boxFilter(
        (marks > 0).astype(numpy.float32),
        -1,
        (side, side),
        anchor=(0, 0),
        normalize=False,
        borderType=cv2.BORDER_CONSTANT,
    )
    counts = counts[: marks.shape[0] - side + 1, : marks.shape[1] - side + 1]
    top, left = (int(value) for value in numpy.unravel_index(int(numpy.argmax(counts)), counts.shape))
    return top, top + side, left, left + side


def _square(part: _Pixels) -> _Pixels:
    """The middle of a part as a square in colour."""
    height, width = part.shape[:2]
    scale = _SHORT / min(height, width)
    size = (max(_SIDE, round(width * scale)), max(_SIDE, round(height * scale)))
    whole = cv2.resize(part, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    top, left = (size[1] - _SIDE) // 2, (size[0] - _SIDE) // 2
    square = numpy.asarray(whole[top : top + _SIDE, left : left + _SIDE], dtype=numpy.uint8)
    # the model was taught on blue-green-red
    return numpy.dstack([square] * 3) if square.ndim == 2 else numpy.ascontiguousarray(square[..., ::-1])


def _blob(view: _Pixels) -> NDArray[numpy.float32]:
    values = (view.astype(numpy.float32) / numpy.float32(255) - _MEAN) / _DEVIATION
    return numpy.ascontiguousarray(values.transpose(2, 0, 1), dtype=numpy.float32)
