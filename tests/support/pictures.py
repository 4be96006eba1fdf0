"""Pictures of every screen: ``python -m tests.support.pictures [--handbook] [--language en] [name…]``.

Rules kept here: real windows on an Xvfb of its own; every picture lands in build/screens; with ``--handbook`` those
that the handbook shows are also written beside it, small enough to be kept.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageGrab

from tests.support.desktop import Display
from tests.support.scenes import scenes
from tests.support.scenes.stage import Scene, Stage
from tests.support.screens import NORMAL, WIDE, Shot, Studio, shots

FOLDER, HANDBOOK = Path("build/screens"), Path("docs/handbook")
_COLOURS, _WIDTH = 64, 1120
"""What a picture of the handbook keeps: colours, and points across."""


class Gallery:
    """Takes pictures on one display."""

    def __init__(self, folder: Path, display: str, language: str = "zh") -> None:
        self._folder, self._display, self._language = folder, display, language
        self._studio: Studio | None = None
        self._is_practice = False

    def take(self, shot: Shot, *, is_practice: bool = False) -> Iterator[Path]:
        """Pose a screen in each of its sizes; yields the files."""
        studio = self._at(is_practice)
        for width, height in shot.sizes:
            studio.pose(shot, (width, height))
            suffix = "" if (width, height) == NORMAL else f"_{height if width < WIDE[0] else width}"
            file = self._folder / f"{shot.name}{suffix}.png"
            ImageGrab.grab(bbox=(0, 0, width, height), xdisplay=self._display).save(file)
            yield file

    def _at(self, is_practice: bool) -> Studio:
        """The workbench of that world: one is open at a time."""
        if self._studio is None or is_practice != self._is_practice:
            self.close()
            self._studio, self._is_practice = Studio(self._language, is_practice=is_practice), is_practice
        return self._studio

    def close(self) -> None:
        """Close the window."""
        if self._studio is not None:
            self._studio.close()
        self._studio = None


def as_shot(scene: Scene) -> Shot:
    """A scene in the size of a counter's screen."""
    return Shot(
        name=scene.name,
        screen=scene.screen,
        model=scene.model,
        shell=scene.shell,
        focus=scene.focus,
        tour=scene.tour,
    )


def take_all(wanted: list[str], folder: Path, display: str, language: str = "zh") -> Iterator[Path]:
    """Take the pictures whose names start with one of ``wanted`` (all, if none) on a display; yields the files."""

    def is_wanted(name: str) -> bool:
        return not wanted or any(name.startswith(start) for start in wanted)

    folder.mkdir(parents=True, exist_ok=True)
    gallery = Gallery(folder, display, language)
    try:
        if language == "zh":  # the samples' words are written out
            for shot in shots():
                if is_wanted(shot.name):
                    yield from gallery.take(shot)
        with tempfile.TemporaryDirectory() as place:
            stage = Stage(Path(place), language)
            for scene in scenes(stage):
                if is_wanted(scene.name):
                    yield from gallery.take(as_shot(scene), is_practice=scene.is_practice)
            stage.close()
    finally:
        gallery.close()


def named_in_handbook(language: str) -> set[str]:
    """Names of the pictures that the handbook shows in this language."""
    place = "pictures" if language == "zh" else f"pictures/{language}"
    texts = [file.read_text(encoding="utf-8") for file in HANDBOOK.glob("*.md")]
    return {name for text in texts for name in re.findall(rf"\({place}/([\w-]+)\.png\)", text)}


def keep(file: Path, language: str) -> None:
    """Write a picture beside the handbook, smaller and in few colours."""
    with Image.open(file) as image:
        height = round(image.height * _WIDTH / image.width)
        small = image.convert("RGB").resize((_WIDTH, height), Image.Resampling.LANCZOS)
    few = small.quantize(_COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    folder = HANDBOOK / "pictures" if language == "zh" else HANDBOOK / "pictures" / language
    folder.mkdir(exist_ok=True)
    few.save(folder / file.name, optimize=True)


def main() -> None:
    """Take the pictures and name them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--handbook", action="store_true", help="also keep those that the handbook shows")
    parser.add_argument("--language", choices=("zh", "en"), help="else Chinese, and of English what is kept")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    server = Display(*WIDE)  # one for all: Tk ends with the first display that it loses
    os.environ["DISPLAY"] = server.name
    for language in (options.language,) if options.language else ("zh", "en"):
        named = named_in_handbook(language) if options.handbook else set()
        wanted = options.names
        if language == "en" and options.language is None:
            wanted = sorted(name for name in named if not wanted or name.startswith(tuple(wanted)))
            if not wanted:
                continue
        for file in take_all(wanted, FOLDER if language == "zh" else FOLDER / language, server.name, language):
            if file.stem in named:
                keep(file, language)
            print(file, flush=True)
    server.close()


if __name__ == "__main__":
    main()
