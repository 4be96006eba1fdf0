"""二维码: the codes on the papers, as one vector path each, and the addresses that they hold.

Rules kept here:

* The address holds the tracking token, which is random, and nothing that tells about a person (domain, section 9).
* What follows ``#`` is never sent to a server: it lets a paper be checked without a line.
* Modules are squares drawn as merged runs in one path: no raster, no hair lines between rows, no file.
* A quiet zone of 4 modules (ISO 18004) is part of the image.

The encoder is zxing-cpp, which also reads the codes: it takes 1 ms for a receipt's code where a pure Python encoder
takes 18, more than setting the page.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import zxingcpp

QUIET_MODULES = 4
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_SEPARATOR = re.compile(r"YC1:S:[^:]*:(\d{1,3})/(\d{1,3})")


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """图: a code as SVG text, and its width in modules."""

    text: str
    width: int


def tracking_url(public_url: str, token: str, *, fragment: bytes = b"", page: str = "q") -> str:
    """查询网址: the address on a citizen's paper.

    ``public_url`` is where the district's public pages are (``https://HOST``); ``fragment`` are the bytes for checking
    without a line: version 1, type 1, date 4, hash of the body 16, Ed25519 signature 64, key id 4; none leaves it out.
    ``page`` is ``q`` for progress, ``v`` for verification. Raises ValueError for a bad address or token.
    """
    parts = urlsplit(public_url)
    if parts.scheme not in {"https", "http"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("public_url")
    if not _TOKEN.fullmatch(token):
        raise ValueError("token")
    tail = "#" + base64.urlsafe_b64encode(fragment).rstrip(b"=").decode() if fragment else ""
    return f"{public_url.rstrip('/')}/{page}/{token}{tail}"


def separator_payload(case_number: str, ordinal: int, total: int) -> str:
    """分隔页码: what the codes of a separator sheet hold."""
    return f"YC1:S:{case_number}:{ordinal:02}/{total:02}"


def read_separator(text: str) -> tuple[int, int] | None:
    """Which material of how many the code of a separator sheet begins, None for any other code."""
    found = _SEPARATOR.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def slip_payload(case_number: str) -> str:
    """材料单码: what the code of a material slip holds."""
    return f"YC1:M:{case_number}"


def batch_payload(batch: str) -> str:
    """交接码: what the code of a hand-over slip holds."""
    return f"YC1:B:{batch}"


@lru_cache(maxsize=64)
def qr_svg(payload: str, error: str = "m") -> Drawing:
    """The code for ``payload``, quiet zone included; ``error`` is the level of correction: l, m, q or h."""
    code = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level=error.upper())
    return _svg(_dark(code), quiet=QUIET_MODULES)


@lru_cache(maxsize=64)
def code128_svg(digits: str) -> Drawing:
    """条码: Code 128 of an even number of digits (two a symbol, subset C), one module high, without a quiet zone.

    Raises ValueError for anything else.
    """
    if not digits.isascii() or not digits.isdigit() or len(digits) % 2:
        raise ValueError("an even number of digits is needed")
    barcode = zxingcpp.create_barcode(digits, zxingcpp.BarcodeFormat.Code128)
    return _svg(_dark(barcode)[:1], quiet=0)


def _dark(barcode: zxingcpp.Barcode) -> list[list[bool]]:
    image = memoryview(barcode.to_image(scale=1, add_quiet_zones=False))
    height, width = image.shape or (0, 0)
    levels = image.tobytes()
    return [[level == 0 for level in levels[y * width : (y + 1) * width]] for y in range(height)]


def _svg(rows: Sequence[Sequence[bool]], *, quiet: int) -> Drawing:
    width, height = len(rows[0]) + 2 * quiet, len(rows) + 2 * quiet
    path = "".join(
        f"M{first + quiet} {y + quiet}h{last - first}v1h{first - last}z"
        for y, row in enumerate(rows)
        for first, last in _runs(row)
    )
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' preserveAspectRatio="none"><path d="{path}"/></svg>'
    )
    return Drawing(text=text, width=width)


def _runs(row: Iterable[bool]) -> list[tuple[int, int]]:
    """The dark runs of a row as half-open spans."""
    runs: list[tuple[int, int]] = []
    for x, is_dark in enumerate(row):
        if is_dark and runs and runs[-1][1] == x:
            runs[-1] = (runs[-1][0], x + 1)
        elif is_dark:
            runs.append((x, x + 1))
    return runs
