"""``yichuang pages inspect``: a row a page, a row a bad file, exit code 0 for both."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
from pathlib import Path
from typing import Any

import numpy
import pikepdf
import pytest
from PIL import Image

from tests.client.documents import sheets
from yichuang_client.__main__ import main

WRITTEN = sheets.page(sheets.inked(sheets.paper(), sheets.words(24)))
GRAY = Image.fromarray(WRITTEN).convert("L")


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    room = io.BytesIO()
    image.save(room, kind, **options)
    return room.getvalue()


def rows(capsys: pytest.CaptureFixture[str], *files: Path) -> list[dict[str, Any]]:
    assert main(["pages", "inspect", "--json", *map(str, files)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def write(folder: Path, name: str, data: bytes) -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


def test_a_page_is_one_row_with_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = rows(capsys, write(tmp_path, "页.jpg", saved(GRAY, "JPEG", dpi=(150, 150))))
    assert row["file"].endswith("页.jpg")
    assert (row["page"], row["format"], row["width"], row["height"], row["dpi"]) == (1, "JPEG", 1240, 1754, 150)
    assert (row["blank"], row["skew"], row["orientation"], row["turn"]) == (False, 0.0, 0, 0)
    assert (row["codes"], row["quality"], row["error"]) == ([], [], None)
    assert row["skew_confidence"] > 0.5
    assert row["orientation_confidence"] > 0.75


def test_a_page_that_lies_on_its_side_says_how_to_turn_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    aside = GRAY.transpose(Image.Transpose.ROTATE_90)
    (row,) = rows(capsys, write(tmp_path, "aside.png", saved(aside, "PNG")))
    assert (row["orientation"], row["turn"], row["skew"]) == (270, 90, 0.0)


def kinds() -> dict[str, bytes]:
    """One page in every way in which files hold pages."""
    exif = Image.Exif()
    exif[0x0112] = 6
    colour = Image.fromarray(WRITTEN)
    deep = Image.fromarray(numpy.asarray(GRAY).astype(numpy.uint16) * 257)
    return {
        "one-bit.tif": saved(GRAY.convert("1"), "TIFF", compression="group4", dpi=(150, 150)),
        "fax.tif": saved(GRAY.resize((1240, 877)).convert("1"), "TIFF", compression="group4", dpi=(150, 75)),
        "deep.png": saved(deep, "PNG"),
        "deep.tif": saved(deep, "TIFF"),
        "float.tif": saved(Image.fromarray(numpy.asarray(GRAY).astype(numpy.float32) / 255), "TIFF"),
        "cmyk.jpg": saved(colour.convert("CMYK"), "JPEG"),
        "cmyk.tif": saved(colour.convert("CMYK"), "TIFF"),
        "alpha.png": saved(colour.convert("RGBA"), "PNG"),
        "palette.png": saved(colour.convert("P"), "PNG"),
        "turned.jpg": saved(colour.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif),
        "page.webp": saved(colour, "WEBP"),
        "page.bmp": saved(colour, "BMP"),
    }


def test_every_kind_gives_the_same_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {name: write(tmp_path, name, data) for name, data in kinds().items()}
    found = {Path(row["file"]).name: row for row in rows(capsys, *files.values())}
    assert found.keys() == files.keys()
    same = {"error": None, "blank": False, "quality": [], "turn": 0, "width": 1240, "height": 1754}
    assert {name: {key: row[key] for key in same} for name, row in found.items()} == dict.fromkeys(files, same)


def pdf(pages: int, password: str = "") -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    room = io.BytesIO()
    document.save(room, encryption=pikepdf.Encryption(user=password, owner="o") if password else False)
    return room.getvalue()


def test_bad_files_are_rows_with_their_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jpeg, png = saved(GRAY, "JPEG"), saved(GRAY, "PNG")
    files = {
        "nothing.jpg": (b"", "empty-file"),
        "letter.pdf": (b"dear diary", "not-an-image"),
        "cut.jpg": (jpeg[: len(jpeg) // 2], "broken"),
        "cut.png": (png[: len(png) // 2], "broken"),
        "cut.pdf": (pdf(1)[:200], "broken"),
        "locked.pdf": (pdf(1, "secret"), "encrypted"),
        "empty.pdf": (pdf(0), "no-pages"),
        "bomb.png": (saved(Image.new("1", (20_000, 20_000)), "PNG"), "too-large"),
    }
    paths = [write(tmp_path, name, data) for name, (data, _) in files.items()]
    os.mkfifo(tmp_path / "pipe.jpg")
    paths += [tmp_path / "gone.jpg", tmp_path, tmp_path / "pipe.jpg"]
    found = rows(capsys, *paths, write(tmp_path, "good.jpg", jpeg))
    reasons = [reason for _, reason in files.values()]
    assert [row["error"] for row in found] == [*reasons, "unreadable", "unreadable", "unreadable", None]


def test_good_pages_before_a_broken_one_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = GRAY.resize((400, 566))
    data = bytearray(saved(small, "TIFF", save_all=True, append_images=[small], compression="tiff_lzw"))
    with Image.open(io.BytesIO(bytes(data))) as whole:
        whole.seek(1)
        start = whole.tag_v2[273][0]  # type: ignore[attr-defined]  # a TIFF's
    data[start + 10 : start + 2000] = b"\xff" * 1990
    good, bad = rows(capsys, write(tmp_path, "two.tif", bytes(data)))
    assert (good["page"], good["error"]) == (1, None)
    assert (bad["page"], bad["error"]) == (2, "broken")


def test_a_file_of_many_pages_is_never_in_memory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blank = Image.fromarray(sheets.page(sheets.paper())).convert("L").resize((620, 877))
    file = tmp_path / "many.tif"
    blank.save(file, "TIFF", save_all=True, append_images=[blank] * 119)
    tracemalloc.start()
    found = rows(capsys, file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [row["page"] for row in found] == list(range(1, 121))
    assert peak < 12 << 20 < file.stat().st_size


@pytest.mark.parametrize(("language", "word"), [("", "空白"), ("en", "blank")])
def test_people_get_a_table_in_their_language(
    language: str, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YICHUANG_LANG", language)
    file = write(tmp_path, "blank.png", saved(Image.fromarray(sheets.page(sheets.paper())), "PNG"))
    assert main(["pages", "inspect", str(file), str(write(tmp_path, "bad.pdf", b""))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert word in lines[1]


@pytest.mark.parametrize("arguments", [["pages"], ["pages", "inspect"], ["pages", "inspect", "--wrong", "a"]])
def test_wrong_arguments_end_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
