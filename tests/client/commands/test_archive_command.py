"""``yichuang pages pdf``: one PDF/A, its pictures as they are kept, with text to search in."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont

from yichuang_client.__main__ import main
from yichuang_client.documents.fonts import find_fonts
from yichuang_client.documents.page_encoding import decode_page
from yichuang_client.documents.page_import import import_file
from yichuang_client.documents.page_pipeline import prepare_page

PAGES = Path(__file__).parents[3] / "data" / "pages"
WORDS = "行政许可申请书"


@pytest.fixture
def one_bit(tmp_path: Path) -> Path:
    image = Image.new("1", (900, 600), 1)
    font = ImageFont.truetype(str(find_fonts().covering()[1]), 64)
    for line in range(3):
        ImageDraw.Draw(image).text((150, 100 + 150 * line), WORDS, 0, font)
    image.save(tmp_path / "one bit.tif", compression="group4", dpi=(300, 300))
    return tmp_path / "one bit.tif"


def pdf(*words: object) -> int:
    return main(["pages", "pdf", *map(str, words)])


def test_pages_stand_in_it_as_they_are_kept(one_bit: Path, tmp_path: Path) -> None:
    out = tmp_path / "卷.pdf"
    assert pdf(one_bit, PAGES / "health-colour.jpg", "--out", out) == 0
    kept = [prepare_page(raw).data for file in (one_bit, PAGES / "health-colour.jpg") for raw in import_file(file)]
    with pikepdf.open(out) as document:
        pictures = [page.Resources.XObject.Page for page in document.pages]
        assert [str(picture.Filter) for picture in pictures] == ["/CCITTFaxDecode", "/DCTDecode"]
        assert pictures[1].read_raw_bytes() == kept[1]
        assert [float(side) for side in document.pages[0].MediaBox] == [0, 0, 216, 144]
    (picture,) = pypdfium2.PdfDocument(out)[0].get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,))
    assert numpy.array_equal(picture.get_bitmap().to_pil().convert("L"), decode_page(kept[0])[0])


def test_it_says_that_it_is_pdf_a_and_keeps_what_that_asks_for(one_bit: Path, tmp_path: Path) -> None:
    """No validator could be had on this machine: the demands that such a file can break are looked at one by one."""
    outs = [tmp_path / name for name in ("a.pdf", "b.pdf")]
    for out in outs:
        assert pdf(one_bit, "--out", out, "--title", "卷一") == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()
    with pikepdf.open(outs[0]) as document, document.open_metadata() as about:
        assert document.check_pdf_syntax() == []  # as `qpdf --check`
        assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "B")
        assert about["dc:title"] == str(document.docinfo.Title) == "卷一"
        (intent,) = document.Root.OutputIntents
        assert (intent.S, intent.DestOutputProfile.N) == (pikepdf.Name.GTS_PDFA1, 3)
        assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"
        assert "/Metadata" in document.Root and "/Filter" not in document.Root.Metadata
        assert document.trailer.ID[0] and "/Encrypt" not in document.trailer
        drawing = document.pages[0].Contents.read_bytes()
        assert b" Do" in drawing and b"3 Tr" in drawing  # the one font is drawn by nothing, so it needs no program
        assert not {"/AA", "/Annots"} & set(document.pages[0].keys())


@pytest.mark.long  # reading takes seconds of both cores
def test_its_text_is_found(one_bit: Path, tmp_path: Path) -> None:
    out = tmp_path / "read.pdf"
    assert pdf(one_bit, "--out", out, "--text") == 0
    page = pypdfium2.PdfDocument(out)[0].get_textpage()
    assert page.get_text_range().split() == [WORDS] * 3
    left, bottom, right, top = page.get_charbox(0)
    assert (36 - 4 < left < 36 + 4) and (144 - 24 - 20 < bottom < top < 144 - 20) and right - left < 20


def test_without_the_extra_it_says_so(
    one_bit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)  # as Python itself notes what cannot be imported
    assert pdf(one_bit, "--out", tmp_path / "x.pdf", "--text") == 3
    assert capsys.readouterr().err.startswith("这台机器不能识字：装上 yichuang[ocr]")
    assert not list(tmp_path.glob("x.pdf*"))


def test_all_pages_or_none(one_bit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cut.jpg").write_bytes((PAGES / "layout.jpg").read_bytes()[:-5000])
    out = tmp_path / "x.pdf"
    out.write_bytes(b"old")
    assert pdf(one_bit, tmp_path / "cut.jpg", "--out", out) == 1
    assert "cut.jpg 1 " in capsys.readouterr().err
    assert out.read_bytes() == b"old" and not list(tmp_path.glob("*.part"))
    assert pdf(one_bit, "--out", tmp_path / "no folder" / "x.pdf") == 1
