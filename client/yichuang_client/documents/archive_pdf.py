"""归档 PDF: pages as one PDF/A-2b, the bytes of their pictures as they were kept, with a layer of text if there is one.

Rules kept here: a JPEG or G4 page goes in as it is, nothing is compressed again; a page is as large as its dots per
inch say; the text is invisible and in one font that stands for every character (ISO 19005-2 asks for no font program
where nothing is drawn with it), so what is copied or found is Unicode; colours are told by sRGB; no moment is in it,
so that the same pages make the same file.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageCms, TiffImagePlugin

from yichuang_client.documents.text_reading import ReadLine

_USUAL_DPI = 200
"""Of a page that does not tell its resolution."""
_MOST_POINTS = 14400
"""Longest side of a page (PDF 1.7, annex C)."""
_EM = 1000
_ICC_DATE = slice(24, 36)
_STRIP_OFFSETS, _STRIP_BYTES = 273, 279


@dataclass(frozen=True, kw_only=True)
class ArchivePage:
    """归档页: one page's file and what was read on it."""

    data: bytes
    """JPEG, or TIFF in G4 as one strip, as `page_encoding` makes them."""
    lines: Sequence[ReadLine] = ()


def write_archive_pdf(file: Path, pages: Iterable[ArchivePage], *, title: str) -> int:
    """Write the pages; returns how many. Raises OSError, ValueError for a page of another kind."""
    document = pikepdf.new()
    font = document.make_indirect(_font(document))
    count = 0
    for page in pages:
        _add(document, page, font)
        count += 1
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_ICC_DATE] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    colours = Stream(document, bytes(profile), N=3)
    document.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String("sRGB"),
                DestOutputProfile=document.make_indirect(colours),
            )
        ]
    )
    document.Root.Lang = String("zh-CN")
    with document.open_metadata(set_pikepdf_as_editor=False) as about:
        about["pdfaid:part"], about["pdfaid:conformance"], about["dc:title"] = "2", "B", title
    document.docinfo.Title = String(title)
    document.save(file, deterministic_id=True, min_version="1.7")
    return count


def _add(document: pikepdf.Pdf, page: ArchivePage, font: pikepdf.Object) -> None:
    picture, dpi = _picture(document, page.data)
    columns, rows = int(picture.Width), int(picture.Height)
    scale = min(72 / dpi, _MOST_POINTS / max(columns, rows))
    width, height = round(columns * scale, 3), round(rows * scale, 3)
    drawing = f"q {width} 0 0 {height} 0 0 cm /Page Do Q\n" + _text(page.lines, scale, height)
    added = document.add_blank_page(page_size=(width, height))
    added.Resources = Dictionary(XObject=Dictionary(Page=document.make_indirect(picture)), Font=Dictionary(Read=font))
    added.Contents = Stream(document, drawing.encode("ascii"))


def _picture(document: pikepdf.Pdf, data: bytes) -> tuple[Stream, int]:
    with Image.open(io.BytesIO(data), formats=("JPEG", "TIFF")) as image:
        (columns, rows), mode, kind = image.size, image.mode, image.format
        dpi = round(float(image.info.get("dpi", (0, 0))[0])) or _USUAL_DPI
        if kind == "JPEG" and mode in ("L", "RGB"):
            raw, bits, coding = data, 8, Dictionary(Filter=Name.DCTDecode)
        elif isinstance(image, TiffImagePlugin.TiffImageFile) and (strip := _g4_strip(image)):
            # what the fax code calls black is a set bit, which is white in these files (BlackIsZero)
            fax = Dictionary(K=-1, Columns=columns, Rows=rows, BlackIs1=True)
            raw, bits, coding = data[strip], 1, Dictionary(Filter=Name.CCITTFaxDecode, DecodeParms=fax)
        else:
            raise ValueError(f"no page: {kind} {mode}")
    space = Name.DeviceRGB if mode == "RGB" else Name.DeviceGray
    stream = Stream(document, raw, Type=Name.XObject, Subtype=Name.Image, Width=columns, Height=rows, ColorSpace=space)
    stream.BitsPerComponent = bits
    for key, value in coding.items():
        stream[key] = value
    return stream, dpi


def _g4_strip(image: TiffImagePlugin.TiffImageFile) -> slice | None:
    """Where the pixels of a TIFF lie, if they are one strip of G4."""
    starts, sizes = image.tag_v2[_STRIP_OFFSETS], image.tag_v2[_STRIP_BYTES]
    is_g4 = image.mode == "1" and image.info.get("compression") == "group4" and len(starts) == 1
    return slice(starts[0], starts[0] + sizes[0]) if is_g4 else None


def _text(lines: Sequence[ReadLine], scale: float, height: float) -> str:
    """The lines, each as wide and high as it stands on the page, drawn by nothing (mode 3)."""
    parts = ["BT 3 Tr"]
    for line in lines:
        codes = line.text.encode("utf-16-be")
        text = [codes[place : place + 2] for place in range(0, len(codes), 2)]
        text = [code for code in text if not 0xD8 <= code[0] <= 0xDF]  # beyond the basic plane: no code of two bytes
        size = (line.bottom - line.top) * scale
        if not text or size <= 0:
            continue
        stretch = 100 * (line.right - line.left) * scale / (size * len(text))
        across, up = line.left * scale, height - line.bottom * scale + 0.15 * size
        parts.append(
            f"/Read {size:.2f} Tf {stretch:.2f} Tz 1 0 0 1 {across:.2f} {up:.2f} Tm <{b''.join(text).hex()}> Tj"
        )
    return "\n".join((*parts, "ET"))


def _font(document: pikepdf.Pdf) -> Dictionary:
    """A font without glyphs whose codes are the characters themselves."""
    about = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.Read,
        Flags=4,
        FontBBox=Array([0, -200, _EM, 800]),
        ItalicAngle=0,
        Ascent=800,
        Descent=-200,
        CapHeight=800,
        StemV=80,
    )
    characters = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.Read,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=document.make_indirect(about),
        DW=_EM,
        CIDToGIDMap=Name.Identity,
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name.Read,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([document.make_indirect(characters)]),
        ToUnicode=Stream(document, _to_unicode()),
    )


def _to_unicode() -> bytes:
    """Every code is its own character; a range may not leave its row of 256, a block holds 100 at most."""
    rows = [f"<{row:02x}00> <{row:02x}ff> <{row:02x}00>" for row in range(256) if not 0xD8 <= row <= 0xDF]
    blocks = [rows[place : place + 100] for place in range(0, len(rows), 100)]
    ranges = "\n".join(f"{len(block)} beginbfrange\n" + "\n".join(block) + "\nendbfrange" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{ranges}\nendcmap CMapName currentdict /CMap defineresource pop end end\n"
    ).encode("ascii")
