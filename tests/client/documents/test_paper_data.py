"""Facts are checked before anything is printed; codes hold what they should and nothing else."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import cv2
import numpy
import pypdfium2
import pytest
import segno
import zxingcpp

from tests.support import papers
from yichuang_client.documents import qr
from yichuang_client.documents.fonts import Coverage, find_fonts
from yichuang_client.documents.paper import Paper, PaperError, PaperTrouble
from yichuang_client.documents.paper_data import PaperHead, SupplementPointData
from yichuang_client.documents.press_job import Job
from yichuang_client.documents.press_worker import TEMPLATES, Typesetter, page_count, unprintable
from yichuang_domain.actions import DeclineGround, PaperKind

TOKEN = "RbNpYUXMDrFQu6a36mXEyu"


def test_every_paper_has_a_template_and_the_log_can_name_it() -> None:
    assert all((TEMPLATES / paper.template).is_file() for paper in Paper)
    assert {kind.value for kind in PaperKind} <= {paper.value for paper in Paper}


@pytest.mark.parametrize("make", papers.EVERY, ids=lambda make: make.__name__)
def test_facts_become_plain_json(make: Callable[..., PaperHead]) -> None:
    facts = make()
    assert json.loads(json.dumps(facts.to_data(), ensure_ascii=False)) == facts.to_data()


@pytest.mark.parametrize("make", papers.EVERY, ids=lambda make: make.__name__)
def test_an_empty_fact_is_refused_by_name(make: Callable[..., PaperHead]) -> None:
    for field in ("case_number", "office", *make().required):
        empty: object = () if isinstance(getattr(make(), field), tuple) else "  "
        if field == "due_after":
            empty = None
        with pytest.raises(PaperError) as caught:
            make(**{field: empty})
        assert caught.value.trouble is PaperTrouble.BAD_DATA
        assert caught.value.detail.endswith(f".{field}")


def test_a_refusal_names_every_fact_and_article() -> None:
    for change in ({"facts": ("一条。", " ")}, {"articles": ("",)}, {"facts": ()}):
        with pytest.raises(PaperError):
            papers.refusal(**change)


def test_a_supplement_tells_why_and_how() -> None:
    with pytest.raises(PaperError):
        papers.supplement(points=(SupplementPointData(material="身份证", reason="未提交。", remedy=""),))


def test_a_wrong_office_names_the_right_one() -> None:
    with pytest.raises(PaperError):
        papers.non_acceptance(ground=DeclineGround.WRONG_OFFICE, right_office=None)


def test_an_extension_is_ten_working_days_at_most() -> None:
    with pytest.raises(PaperError):
        papers.extension(workdays=11)


def test_clear_numbers_are_masked_once_more() -> None:
    facts = papers.receipt(person_id="330402198001010012", mobile="13812345678")
    assert facts.person_id == "3304**********0012"
    assert facts.mobile == "138****5678"
    assert papers.receipt(person_id=None).person_id is None


def test_times_are_printed_in_the_time_of_the_country() -> None:
    assert papers.receipt().to_data()["received_time"] == "2026-11-24 09:42"


def test_tracking_address() -> None:
    assert qr.tracking_url("https://yc.example.gov.cn/", TOKEN) == f"https://yc.example.gov.cn/q/{TOKEN}"
    url = qr.tracking_url("https://yc.example.gov.cn", TOKEN, fragment=bytes(90), page="v")
    assert url == f"https://yc.example.gov.cn/v/{TOKEN}#{'A' * 120}"
    for public_url, token in (("ftp://x", TOKEN), ("https://", TOKEN), ("https://x/?a", TOKEN), ("https://x", "short")):
        with pytest.raises(ValueError, match=r"public_url|token"):
            qr.tracking_url(public_url, token)


def picture(drawing: qr.Drawing, *, scale: int = 8) -> numpy.ndarray:
    """The drawing as pixels, from its path alone: one module is ``scale`` pixels."""
    height = int(drawing.text.split('height="')[1].split('"')[0])
    pixels = numpy.full((height, drawing.width), 255, numpy.uint8)
    for run in drawing.text.split('<path d="')[1].split('"')[0].split("M")[1:]:
        at, width = run.split("h")[0], run.split("h")[1]
        x, y = (int(part) for part in at.split())
        pixels[y, x : x + int(width.split("v")[0])] = 0
    return pixels.repeat(scale, axis=0).repeat(scale, axis=1)


@pytest.mark.parametrize("error", ["l", "m", "q", "h"])
def test_codes_are_read_and_sized_like_another_encoder_does(error: str) -> None:
    for payload in (papers.URL, f"https://yc.example.gov.cn/q/{TOKEN}", qr.separator_payload(papers.CASE, 3, 7)):
        drawing = qr.qr_svg(payload, error)
        assert [code.text for code in zxingcpp.read_barcodes(picture(drawing))] == [payload]
        oracle = segno.make(payload, error=error, micro=False, boost_error=False)
        assert drawing.width - 2 * qr.QUIET_MODULES == len(oracle.matrix)


def test_codes_are_read_by_another_reader() -> None:
    for payload, error in ((papers.URL, "m"), (qr.separator_payload(papers.CASE, 3, 7), "h")):
        assert cv2.QRCodeDetector().detectAndDecode(picture(qr.qr_svg(payload, error)))[0] == payload


def test_bar_code() -> None:
    drawing = qr.code128_svg("013720261124004203")
    bars = numpy.pad(picture(drawing, scale=3).repeat(40, axis=0), 40, constant_values=255)
    (code,) = zxingcpp.read_barcodes(bars)
    assert (code.text, code.format) == ("013720261124004203", zxingcpp.BarcodeFormat.Code128)
    assert drawing.width == 11 * 11 + 13, "two digits a symbol"
    for digits in ("123", "12a4", "１２"):
        with pytest.raises(ValueError, match="even number"):
            qr.code128_svg(digits)


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(find_fonts().folders)


def job(text: str, blanks: str = "") -> Job:
    data = json.dumps(papers.acceptance(applicant=text).to_data(), ensure_ascii=False)
    return Job(template="acceptance.typ", data=data, fits=(1.0,), saves_pages=False, blanks=blanks, timestamp=0)


def test_coverage_agrees_with_the_typesetter(typesetter: Typesetter) -> None:
    """What the tables of the fonts promise is set; what they lack is what the typesetter cannot set."""
    coverage = Coverage(find_fonts().covering())
    draw = random.Random(20261124)
    planes = ((0x3400, 0x9FFF), (0x20000, 0x2FA1F), (0x30000, 0x323AF))
    sample = {chr(draw.randint(*draw.choice(planes))) for _ in range(600)}
    missing = set(coverage.missing("".join(sorted(sample))))
    assert missing
    assert len(sample - missing) > 300
    assert page_count(typesetter.make(job("".join(sorted(sample - missing))))) >= 1
    found: set[str] = set()
    for character in sorted(missing)[:40]:
        with pytest.raises(Exception, match="could not be displayed") as caught:
            typesetter._compile(job(character), 1.0, "")
        found |= set(unprintable(caught.value))
    assert found == set(sorted(missing)[:40])


def test_a_glyph_that_only_the_typesetter_misses_is_a_blank_too(typesetter: Typesetter) -> None:
    pdf = typesetter.make(job("顾\U0002ebf0\ue000清"))
    document = pypdfium2.PdfDocument(pdf)
    assert "U+E000 U+2EBF0" in document[0].get_textpage().get_text_range()
    document.close()
