"""The fonts of the papers, taken from the system's packages into the bundle together with their licences."""

from __future__ import annotations

from pathlib import Path

from yichuang_client.documents.fonts import HANAZONO, NOTO, WENKAI, find_fonts

LICENCES = Path("/usr/share/doc")


def font_data() -> list[tuple[str, str]]:
    """What PyInstaller shall copy: (file, folder in the bundle).

    Raises PaperError(FONTS_MISSING) naming the packages to install, FileNotFoundError if one has lost its licence.
    """
    data = [(str(file), "fonts") for file in find_fonts().files]
    for package in (NOTO, WENKAI, HANAZONO):
        licence = LICENCES / package / "copyright"
        if not licence.is_file():
            raise FileNotFoundError(licence)
        data.append((str(licence), f"licences/{package}"))
    return data
