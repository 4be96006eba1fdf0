"""Pictures of the project's own sample pages, as a presenter would hand them to a view."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import Image

from yichuang_client.presenters.models.common import Picture, PixelFormat

_FOLDER = Path("data/pages")
APPLICATION, LEASE, LAYOUT, HEALTH, IDENTITY, BLANK = (
    "application",
    "lease-askew",
    "layout",
    "health-colour",
    "identity-copy",
    "blank-back",
)


@cache
def _page(name: str) -> Image.Image:
    return Image.open(_FOLDER / f"{name}.jpg").convert("RGB")


@cache
def picture(name: str, *, height: int = 0, width: int = 0) -> Picture:
    """A page in this height or width, with a hairline when it is small."""
    page = _page(name)
    scale = height / page.height if height else width / page.width
    size = (round(page.width * scale), round(page.height * scale))
    small = page.resize(size, Image.Resampling.LANCZOS)
    if max(size) < 200:
        framed = Image.new("RGB", size, "#C3CBD4")
        framed.paste(small.crop((1, 1, size[0] - 1, size[1] - 1)), (1, 1))
        small = framed
    key = f"{name}-{size[0]}x{size[1]}"
    return Picture(key=key, width=size[0], height=size[1], format=PixelFormat.RGB, pixels=small.tobytes())
