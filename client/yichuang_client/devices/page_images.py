"""页面图像: pages that a device sends as files (JPEG, PDF, PNG, TIFF) become rows in a sink's memory.

Rules kept here: a file that is cut, broken, locked or too large gives no page, never part of one; what the file is, its
first bytes say and not its sender. Runs in a driver's process; the libraries are loaded when the first page comes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.scanning import ColourMode, Frame, PageSink, ScanCancelled

if TYPE_CHECKING:
    from yichuang_client.devices.pixels import Pixels

_BROKEN = DeviceError(Trouble.COMMUNICATION, "the page is not whole")
_MOST_PAGES = 2000
_MOST_PIXEL_BYTES = 512 << 20
"""A4 in colour at 1200 dots per inch is 418 MB; a small file that says it is larger is no page."""
_NEARLY_ONE = 1 - 1e-4
"""Sizes in points are rounded, and the renderer rounds up: a scanned page would gain a row."""
_HALF = 128
"""Grays under it are black where only black and white were asked for."""


def put_pages(raw: bytes, mode: ColourMode | None, dpi: int, sink: PageSink, *, most: int | None = None) -> int:
    """Put the pages of a file into the sink, `most` at most; return how many.

    Raises DeviceError: COMMUNICATION for a file that is not whole, BAD_SETTING for a page larger than the sink's
    memory, CANCELLED.
    """
    count = 0
    for pixels in _pages(raw, mode, dpi):
        if most is not None and count >= most:
            break
        put_page(pixels, dpi, sink)
        count += 1
    return count


def put_page(pixels: Pixels, dpi: int, sink: PageSink) -> None:
    """Put one page into the sink; raises as `put_pages`."""
    import numpy

    try:
        room = sink.open_page()
    except ScanCancelled:
        raise DeviceError(Trouble.CANCELLED, "before a page") from None
    if pixels.nbytes > len(room):
        room.release()
        sink.drop()
        raise DeviceError(Trouble.BAD_SETTING, "the page is larger than the memory for one page")
    height, width = pixels.shape[:2]
    channels = 1 if pixels.ndim == 2 else 3
    target = numpy.frombuffer(room, dtype=numpy.uint8, count=pixels.nbytes)
    target[:] = numpy.ascontiguousarray(pixels).reshape(-1)
    del target
    room.release()
    sink.advanced(pixels.nbytes)
    sink.commit(Frame(width=width, height=height, depth=8, channels=channels, stride=width * channels, dpi=dpi))


def check_whole(raw: bytes) -> None:
    """Raise DeviceError(COMMUNICATION) unless a file opens and all its pages can be read."""
    for _ in _pages(raw, None, 75):
        pass


def _pages(raw: bytes, mode: ColourMode | None, dpi: int) -> Iterator[Pixels]:
    if raw.startswith(b"\xff\xd8"):
        yield _in_mode(_jpeg(raw, mode), mode)
    elif raw[:1024].lstrip().startswith(b"%PDF-"):
        for pixels in _pdf(raw, dpi):
            yield _in_mode(pixels, mode)
    else:
        for pixels in _others(raw):
            yield _in_mode(pixels, mode)


def _jpeg(raw: bytes, mode: ColourMode | None) -> Pixels:
    import simplejpeg

    if b"\xff\xd9" not in raw[-4096:]:
        raise _BROKEN
    try:
        height, width, colours, _ = simplejpeg.decode_jpeg_header(raw)
        is_gray = colours == "Gray" or mode in (ColourMode.GRAY, ColourMode.LINEART)
        _check_size(width * height * (1 if is_gray else 3))
        space = "GRAY" if is_gray else "RGB"
        try:
            pixels: Pixels = simplejpeg.decode_jpeg(raw, space)
        except ValueError as error:
            if "extraneous bytes" not in str(error):  # some firmware pads; nothing of the picture is missing
                raise
            pixels = simplejpeg.decode_jpeg(raw, space, strict=False)
    except (ValueError, MemoryError) as error:
        raise _BROKEN from error
    return pixels[:, :, 0] if is_gray else pixels


def _pdf(raw: bytes, dpi: int) -> Iterator[Pixels]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
        if not 0 < len(document) <= _MOST_PAGES or b"%%EOF" not in raw[-4096:]:
            raise _BROKEN
        for number in range(len(document)):
            page = document[number]
            width, height = page.get_size()
            _check_size(round(width * dpi / 72) * round(height * dpi / 72) * 4)
            pixels: Pixels = page.render(scale=dpi / 72 * _NEARLY_ONE, rev_byteorder=True).to_numpy()
            yield pixels[:, :, :3] if pixels.ndim == 3 and pixels.shape[2] > 1 else pixels.reshape(pixels.shape[:2])
    except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
        raise _BROKEN from error


def _others(raw: bytes) -> Iterator[Pixels]:
    import numpy
    from PIL import Image, ImageSequence

    try:
        with Image.open(io.BytesIO(raw), formats=("PNG", "TIFF", "BMP")) as image:
            for frame in ImageSequence.Iterator(image):
                _check_size(frame.width * frame.height * 3)
                kind = "L" if frame.mode in ("1", "L", "I;16", "LA") else "RGB"
                yield numpy.asarray(frame.convert(kind))
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError, Image.DecompressionBombError) as error:
        raise _BROKEN from error


def _check_size(count: int) -> None:
    if count > _MOST_PIXEL_BYTES:
        raise DeviceError(Trouble.BAD_SETTING, "the page is larger than the memory for one page")


def _in_mode(pixels: Pixels, mode: ColourMode | None) -> Pixels:
    """What was asked for: devices send gray for black and white, and colours for gray."""
    import numpy

    if mode in (ColourMode.GRAY, ColourMode.LINEART) and pixels.ndim == 3:
        weights = numpy.array([0.299, 0.587, 0.114], dtype=numpy.float32)
        pixels = (pixels.astype(numpy.float32) @ weights).round().astype(numpy.uint8)
    if mode is ColourMode.LINEART:
        pixels = numpy.where(pixels < _HALF, numpy.uint8(0), numpy.uint8(255))
    return pixels
