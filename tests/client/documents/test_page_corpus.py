"""The page images beside a checkout, where they are: other people's scans, which are not copied into the project.

A clone has nothing beside it; then these tests hold on nothing and the drawn sheets alone speak.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from yichuang_client.documents.inspection import InspectedPage, inspect_file
from yichuang_client.documents.pages import CodeKind

SCANS = Path(__file__).resolve().parents[4] / "shared" / "data" / "scans"
BLANK = {
    ("naps2_blank1.jpg", 1),
    ("ocrmypdf_blank.pdf", 1),
    *(("pngx_split_asn2.pdf", page) for page in (2, 7, 8, 10, 12)),
}
ASKEW = {"naps2_skewed.jpg": 16.0, "naps2_deskewed.jpg": 0.0, "ocrmypdf_skew.pdf": 1.79, "ocrmypdf_linn.png": 0.0}
"""Pairs: registered against each other by their features."""
PATTERNS = ("lept_warped_paper.jpg", "naps2_upc_barcode.jpg", "pocr_1.jpg")
TURNED = {"rdoc_table_10_90.png": 270, "rori_rot180.jpg": 180, "tess_phototestrot.tif": 270, "tess_rot180.png": 180}
CODES = {
    ("naps2_patcht.jpg", 1): {"PATCHT", "T"},
    ("naps2_skewed.jpg", 1): {"PATCHT", "T"},
    ("naps2_deskewed.jpg", 1): {"PATCHT", "T"},
    ("pngx_patcht_qr.pdf", 1): {"PATCHT"},
    ("pngx_split_asn2.pdf", 1): {"ASN00123"},
    ("pngx_split_asn2.pdf", 3): {"PATCHT", "T"},
    ("pngx_split_asn2.pdf", 5): {"ASN00124"},
    ("pngx_split_asn2.pdf", 6): {"ASN00125"},
    ("pngx_split_asn2.pdf", 9): {"ASN00126"},
    ("pngx_split_asn2.pdf", 11): {"ASN00127"},
    ("naps2_upc_barcode.jpg", 1): {"0725272730706"},
}


@cache
def inspected() -> dict[tuple[str, int], InspectedPage]:
    """Every page of the collection, looked at once."""
    files = sorted(file for file in SCANS.glob("*") if file.suffix != ".md") if SCANS.is_dir() else []
    return {(file.name, page.number): page for file in files for page in inspect_file(file)}


def pages_of(names: dict[str, float] | tuple[str, ...]) -> Iterator[tuple[str, InspectedPage]]:
    return ((name, page) for (name, _), page in inspected().items() if name in names)


def test_the_blank_pages_and_no_others_are_marked() -> None:
    assert {key for key, page in inspected().items() if page.look.is_blank} == BLANK & inspected().keys()


def test_skew_is_true_where_there_is_a_pair() -> None:
    for name, page in pages_of(ASKEW):
        assert page.look.skew.is_trusted, name
        assert abs(page.look.skew.degrees - ASKEW[name]) <= 0.1, name


def test_patterns_and_photographs_stay_as_they_are() -> None:
    for name, page in pages_of(PATTERNS):
        assert not page.look.is_askew, name


def test_turned_pages_are_known_and_no_upright_one_is_turned() -> None:
    for (name, _), page in inspected().items():
        applied = page.orientation.turned if page.orientation.is_trusted else 0
        assert applied == TURNED.get(name, 0), name


def test_every_code_is_read_and_none_is_imagined() -> None:
    for key, page in inspected().items():
        texts = {code.text for code in page.look.codes if code.kind is not CodeKind.CODE_128}
        assert texts == CODES.get(key, set()), key
