"""页面上的码: the codes on a page, above all those of separator sheets.

Rules kept here: a page is read at about 150 dots per inch, where the codes of a sheet are large and reading is quick;
only kinds that check themselves or are long enough count, because writing can look like a short code; a code whose
checksum fails is not told.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy
import zxingcpp
from numpy.typing import NDArray

from yichuang_client.documents.pages import CodeKind, PageCode

LEAST_CODE_39 = 3
"""Code 39 has no checksum: a shorter one may be an accident."""
_KINDS = {
    zxingcpp.BarcodeFormat.QRCode: CodeKind.QR,
    zxingcpp.BarcodeFormat.Code128: CodeKind.CODE_128,
    zxingcpp.BarcodeFormat.Code39: CodeKind.CODE_39,
    zxingcpp.BarcodeFormat.EAN13: CodeKind.EAN,
    zxingcpp.BarcodeFormat.UPCA: CodeKind.EAN,
}
_BARS = [kind for kind in _KINDS if kind is not zxingcpp.BarcodeFormat.QRCode]


def read_codes(gray: NDArray[numpy.uint8]) -> tuple[PageCode, ...]:
    """The codes on a gray page, from top to bottom, each once."""
    found = [(code.position.top_left.y, code) for code in _read(gray, _KINDS)]
    # bars that run level are read on the page turned: the reader itself goes down the columns, which is slower
    found += [
        (code.position.top_left.x, code) for code in _read(numpy.asarray(cv2.transpose(gray), dtype=numpy.uint8), _BARS)
    ]
    rows = [code for _, code in sorted(found, key=lambda row: (row[0], row[1].text))]
    codes = (PageCode(kind=_KINDS[code.format], text=code.text) for code in rows if code.format in _KINDS)
    return tuple(dict.fromkeys(code for code in codes if _is_likely(code)))


def _read(gray: NDArray[numpy.uint8], kinds: Iterable[zxingcpp.BarcodeFormat]) -> list[zxingcpp.Barcode]:
    found = zxingcpp.read_barcodes(gray, formats=list(kinds), try_rotate=False, try_downscale=False, try_invert=False)
    return [code for code in found if code.valid]


def _is_likely(code: PageCode) -> bool:
    return len(code.text) >= LEAST_CODE_39 if code.kind is CodeKind.CODE_39 else bool(code.text)
