"""高拍仪: a UVC document camera through Video4Linux and OpenCV, as a `ScannerDriver`.

Rules kept here: a picture is taken only after the exposure has settled; of some pictures the sharpest one is taken; a
black picture (lens covered) is no page. It has no resolution in dots per inch: nobody knows how far the paper is.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.page_images import put_page
from yichuang_client.devices.scanning import (
    ColourMode,
    PageSink,
    ScannerCapabilities,
    ScannerDevice,
    ScannerOption,
    ScanSettings,
    Source,
)

PREFIX = "camera:"
SIZE_OPTION = "size"
SIZES = ((4208, 3120), (3264, 2448), (2592, 1944), (1920, 1080), (1280, 720), (640, 480))
"""Asked for from the largest down; what a camera does not have it answers with another one."""
_MOST_FRAMES = 60
_CALM = 0.01
"""Change of the mean brightness from one picture to the next under which the exposure has settled."""
_CALM_FRAMES = 4
_BLACK = 4.0
"""Mean of 255 under which nothing can be on the picture."""
_CHOICES = 3


class Camera(Protocol):
    """摄像头: what is used of OpenCV's VideoCapture."""

    def isOpened(self) -> bool:
        """Whether it could be opened."""

    def read(self) -> tuple[bool, Any]:
        """The next picture (blue, green, red) and whether there was one."""

    def set(self, what: int, value: float) -> bool:
        """Set a property."""

    def get(self, what: int) -> float:
        """Read a property."""

    def release(self) -> None:
        """Let it go."""


def open_camera(path: str) -> Camera:
    """The camera at this node."""
    import cv2

    camera: Camera = cv2.VideoCapture(path, cv2.CAP_V4L2)
    return camera


@dataclass(kw_only=True)
class CameraDriver:
    """高拍仪驱动: a device's name is "camera:" and the path of its node."""

    open_node: Callable[[str], Camera] = open_camera
    nodes: Path = Path("/dev")
    names: Path = Path("/sys/class/video4linux")

    def list(self) -> tuple[ScannerDevice, ...]:
        """The cameras of this machine; a node for anything but pictures is left out."""
        found = []
        for entry in sorted(self.names.glob("video*")):
            if _text(entry / "index") in ("0", "") and (self.nodes / entry.name).exists():
                name = _text(entry / "name") or entry.name
                found.append(ScannerDevice(name=f"{PREFIX}{self.nodes / entry.name}", vendor="", model=name))
        return tuple(found)

    def capabilities(self, device: str) -> ScannerCapabilities:
        """One sheet at a time; raises DeviceError."""
        _node(device)
        sizes = tuple(f"{width}x{height}" for width, height in SIZES)
        option = ScannerOption(name=SIZE_OPTION, kind="string", unit="pixel", value=sizes[0], choices=sizes)
        modes = (ColourMode.COLOUR, ColourMode.GRAY)
        return ScannerCapabilities(
            sources=(Source.FLATBED,),
            modes=modes,
            depths=(8,),
            resolutions=(),
            area=None,
            options={SIZE_OPTION: option},
        )

    def scan(self, settings: ScanSettings, sink: PageSink, cancel: Callable[[], bool]) -> int:
        """Take one picture; see `ScannerDriver.scan`."""
        import cv2

        sizes = _sizes(settings)
        camera = self.open_node(_node(settings.device))
        try:
            if not camera.isOpened():
                raise DeviceError(Trouble.BUSY, "the camera does not open")
            camera.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            for width, height in sizes:
                camera.set(cv2.CAP_PROP_FRAME_WIDTH, width)
                camera.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
                if (round(camera.get(cv2.CAP_PROP_FRAME_WIDTH)), round(camera.get(cv2.CAP_PROP_FRAME_HEIGHT))) == (
                    width,
                    height,
                ):
                    break
            picture = _picture(camera, sink, cancel)
        finally:
            camera.release()
        is_gray = settings.mode is ColourMode.GRAY
        put_page(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY if is_gray else cv2.COLOR_BGR2RGB), 0, sink)
        return 1


def _picture(camera: Camera, sink: PageSink, cancel: Callable[[], bool]) -> Any:
    """The sharpest of some pictures after the exposure has settled."""
    import cv2

    before, calm, best, sharpness, chosen = -1.0, 0, None, -1.0, 0
    for _ in range(_MOST_FRAMES):
        if cancel():
            raise DeviceError(Trouble.CANCELLED, "before a picture")
        is_there, picture = camera.read()
        if not is_there or picture is None or picture.size == 0:
            raise DeviceError(Trouble.COMMUNICATION, "no picture")
        sink.advanced(picture.nbytes)
        gray = cv2.cvtColor(picture[::4, ::4], cv2.COLOR_BGR2GRAY)
        mean = float(gray.mean())
        calm = calm + 1 if abs(mean - before) <= _CALM * max(before, 1.0) else 0
        before = mean
        if calm < _CALM_FRAMES or mean < _BLACK:
            continue
        chosen += 1
        sharp = float(cv2.Laplacian(gray, cv2.CV_64F).var())
        if sharp > sharpness:
            best, sharpness = picture.copy(), sharp
        if chosen == _CHOICES:
            break
    if best is None:
        raise DeviceError(
            Trouble.COMMUNICATION, "only black pictures" if before < _BLACK else "the light never settles"
        )
    return best


def _sizes(settings: ScanSettings) -> tuple[tuple[int, int], ...]:
    """The sizes to try; raises DeviceError(BAD_SETTING)."""
    wanted = dict(settings.options)
    size = str(wanted.pop(SIZE_OPTION, ""))
    known = {f"{width}x{height}": (width, height) for width, height in SIZES}
    if wanted or settings.source not in (None, Source.FLATBED) or settings.mode is ColourMode.LINEART:
        raise DeviceError(Trouble.BAD_SETTING, next(iter(wanted), "source"))
    if not size:
        return SIZES
    if size not in known:
        raise DeviceError(Trouble.BAD_SETTING, SIZE_OPTION)
    return (known[size],)


def _node(device: str) -> str:
    path = device.removeprefix(PREFIX)
    if not os.path.exists(path):
        raise DeviceError(Trouble.OFFLINE, "no such camera")
    if not os.access(path, os.R_OK | os.W_OK):
        raise DeviceError(Trouble.ACCESS, "camera")
    return path


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
