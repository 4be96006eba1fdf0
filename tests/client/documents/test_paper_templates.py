"""Every paper is set, archived, read back: by a machine (codes) and as words."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import numpy
import pikepdf
import pytest

from tests.client.documents import paper_reading as reading
from tests.support import papers
from yichuang_client.documents.paper import Paper
from yichuang_client.documents.paper_data import (
    Form,
    LabelledText,
    Mark,
    PaperHead,
    ReceiptKind,
    ReceivedMaterial,
    SupplementPointData,
)
from yichuang_client.documents.press import Press
from yichuang_domain.actions import DeclineGround

LETTERS = {Paper.ACCEPTANCE, Paper.SUPPLEMENT, Paper.NON_ACCEPTANCE, Paper.GRANT, Paper.REFUSAL}
TWO_PAGES = {Paper.SUPPLEMENT, Paper.REFUSAL, Paper.BRIEFING}
UNKNOWN = "\U0002ebf0"
"""A character of Unicode's extension I, which no font of the papers has."""


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as made:
        yield made


def render(press: Press, facts: PaperHead, paper: Paper | None = None) -> bytes:
    return press.render(paper or facts.paper, facts.to_data(), timestamp=papers.STAMP)


@pytest.fixture(scope="module")
def practice() -> Iterator[Press]:
    with Press(is_practice=True) as made:
        yield made


@pytest.mark.parametrize("make", papers.EVERY, ids=lambda make: make.__name__)
def test_every_page_of_every_paper_of_practice_says_so(practice: Press, make: Callable[..., PaperHead]) -> None:
    facts = make(mark=Mark.NONE)
    pdf = render(practice, facts)
    assert all("练习" in text and "不是正式文书" in text for text in reading.texts(pdf))
    assert facts.qr is None or facts.qr in reading.codes(reading.pictures(pdf)[0])


def forty() -> tuple[ReceivedMaterial, ...]:
    return tuple(ReceivedMaterial(name=f"第{n}件材料", form=Form.COPY, pages=n, note="加盖公章") for n in range(1, 41))


@pytest.mark.parametrize("make", papers.EVERY, ids=lambda make: make.__name__)
def test_paper_is_archivable_gray_and_read_back(press: Press, make: Callable[..., PaperHead]) -> None:
    facts = make()
    pdf = render(press, facts)
    pictures = reading.pictures(pdf)
    assert reading.conformance(pdf) == ("2", "B")
    assert len(pictures) == (2 if facts.paper in TWO_PAGES else 1)
    with_code = pictures if facts.paper in LETTERS else pictures[:1]
    assert all(facts.qr in reading.codes(picture) for picture in with_code)
    assert facts.case_number in reading.texts(pdf)[-1]
    assert "样张" in "".join(reading.texts(pdf))
    assert all(numpy.ptp(picture, axis=2).max() == 0 for picture in pictures), "a colour on a paper"


@pytest.mark.parametrize("make", papers.EVERY, ids=lambda make: make.__name__)
def test_fonts_are_embedded_and_subset(press: Press, make: Callable[..., PaperHead]) -> None:
    pdf = render(press, make())
    with pikepdf.open(io.BytesIO(pdf)) as document:
        descriptors = [
            value
            for value in document.objects
            if isinstance(value, pikepdf.Dictionary) and value.get("/Type") == "/FontDescriptor"
        ]
        assert descriptors
        for descriptor in descriptors:
            assert str(descriptor["/FontName"])[7] == "+", "a subset is named ABCDEF+Name"
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
    assert len(pdf) < 200_000


def test_titles_hold_no_personal_value(press: Press) -> None:
    for make in papers.EVERY:
        with pikepdf.open(io.BytesIO(render(press, make()))) as document:
            words = str(dict(document.docinfo)) + str(document.open_metadata())
        assert "顾禾清" not in words
        assert papers.APPLICANT not in words


def test_receipt_on_a_roll_has_whole_dots(press: Press) -> None:
    pdf = render(press, papers.receipt(), Paper.RECEIPT_ROLL)
    (picture,) = reading.pictures(pdf, dpi=203)
    assert reading.codes((picture > 127).astype(numpy.uint8) * 255) == [papers.URL]
    long = reading.pictures(render(press, papers.receipt(materials=forty()), Paper.RECEIPT_ROLL))
    assert len(long) == 1


def test_receipt_says_what_it_is(press: Press) -> None:
    (text,) = reading.texts(render(press, papers.receipt()))
    assert "这是收件凭证，不是受理通知" in text
    assert "2026年12月1日" in text
    assert "盖章处" not in text
    assert "3304**********0012" in text
    assert "138****0012" in text
    assert "原件3项，复印件1项，原件核验1项，免交1项，容缺1项" in text


def test_later_hand_in_has_its_own_title_line(press: Press) -> None:
    later = papers.receipt(kind=ReceiptKind.SUPPLEMENT, notice_due_on=None, outstanding=("房屋使用证明",))
    (text,) = reading.texts(render(press, later))
    assert "接收回执（补正材料）" in text
    assert "还差1项：房屋使用证明" in text
    done = papers.receipt(kind=ReceiptKind.SUPPLEMENT, all_in_on=date(2026, 12, 4))
    assert "2026年12月4日全部收到" in reading.texts(render(press, done))[0]


def test_missing_facts_say_so(press: Press) -> None:
    silent = papers.acceptance(statutory=None, promised=None, due_on=None, pickups=())
    (text,) = reading.texts(render(press, silent))
    assert "法定期限目录未载，承诺期限目录未载" in text
    assert "领取方式目录未载" in text
    briefing = papers.briefing(
        materials=None, places=None, promised=None, statutory=None, steps=None, is_charged=None, fee=None,
        mistakes=None, after=None, basis=None, situation=None, is_instant=None,
    )  # fmt: skip
    (text,) = reading.texts(render(press, briefing))
    assert text.count("目录未载") == 7
    assert "窗口不会再要" not in text, "a promise over an unknown list"


def test_provisional_dates_say_so(press: Press) -> None:
    sentence = "暂按现行放假规则推算，以放假通知公布后为准"
    for facts in (
        papers.acceptance(is_provisional=True),
        papers.supplement(is_provisional=True),
        papers.receipt(is_provisional=True),
        papers.extension(is_provisional=True),
    ):
        assert sentence in "".join(reading.texts(render(press, facts)))
    assert sentence not in "".join(reading.texts(render(press, papers.acceptance())))


def test_marks(press: Press) -> None:
    real = "".join(reading.texts(render(press, papers.acceptance(mark=Mark.NONE))))
    assert "样张" not in real
    assert "练习" not in real
    assert "练习" in "".join(reading.texts(render(press, papers.acceptance(mark=Mark.PRACTICE))))


@pytest.mark.parametrize("name", ["䶮𬭎", "𪚥𠮷𰻝〇", "阿依古丽·买买提·吾布力卡斯木江"])
def test_names_beyond_the_basic_plane_are_printed(press: Press, name: str) -> None:
    for facts in (papers.receipt(person=name, applicant=name), papers.acceptance(applicant=name, is_person=True)):
        text = "".join(reading.texts(render(press, facts)))
        assert name in text
        assert "字库缺字" not in text


def test_character_without_a_glyph_becomes_a_framed_blank(press: Press) -> None:
    name = f"顾{UNKNOWN}清"
    assert press.missing_characters(name) == (UNKNOWN,)
    for make in papers.EVERY:
        facts = make()
        changed = {field: name for field in ("applicant", "person", "holder", "recipient") if hasattr(facts, field)}
        pages = reading.texts(render(press, make(**changed or {"office": name})))
        assert "字库缺字，请手写：U+2EBF0" in "".join(pages), make.__name__


def test_nothing_is_evaluated_as_markup(press: Press) -> None:
    name = "#strong[x]*a*$x^2$[b]_c_@d<e>\\u{41}=/*名*/"
    for facts in (
        papers.receipt(applicant=name, item=name),
        papers.grant(terms=(LabelledText(label="名", text=name),)),
    ):
        assert name in "".join(reading.texts(render(press, facts)))


def test_long_names_do_not_push_a_fixed_sheet_over(press: Press) -> None:
    long = "嘉兴市南湖区凤桥镇阿依古丽·买买提清真餐饮服务管理有限责任公司第一分公司（个体工商户）"
    item = "特种设备使用登记（按台套登记的锅炉、压力容器、电梯、起重机械等）新办"
    separator = papers.separator(applicant=long, item=item, material=item)
    (picture,) = reading.pictures(render(press, separator), dpi=150)
    assert sorted(reading.codes(picture)) == sorted([separator.qr] * 5 + [separator.bar_digits])
    fields = tuple(LabelledText(label="许可内容", text=item) for _ in range(5))
    (text,) = reading.texts(render(press, papers.certificate(holder=long, title=item, fields=fields)))
    assert long in text


def test_forty_materials_repeat_the_head_of_the_table(press: Press) -> None:
    pages = reading.texts(render(press, papers.receipt(materials=forty())))
    assert 2 <= len(pages) <= 4
    assert sum("收到的材料" in page for page in pages) >= len(pages) - 1
    assert "第40件材料" in "".join(pages)
    assert "签名" in pages[-1]
    points = tuple(SupplementPointData(material=f"第{n}项", reason="未提交。", remedy="补交1份。") for n in range(40))
    pages = reading.texts(render(press, papers.supplement(points=points)))
    assert "共40项" in pages[0]
    assert "嘉兴市南湖区市场监督管理局" in pages[-1]


def test_letter_is_narrowed_only_to_stay_on_one_page(press: Press) -> None:
    """The letter that needs one line more than a page is set narrower; a longer one goes back to the full pitch."""
    plain = papers.extension()
    assert reading.line_pitch(render(press, plain)) == pytest.approx(28.99, abs=0.02)
    tight = papers.extension(reason=plain.reason * 4)
    pdf = render(press, tight)
    assert len(reading.texts(pdf)) == 1
    assert 25.1 <= reading.line_pitch(pdf) < 28.9
    over = render(press, papers.extension(reason=plain.reason * 9))
    assert len(reading.texts(over)) == 2
    assert reading.line_pitch(over) == pytest.approx(28.99, abs=0.02)


def test_a_refusal_of_a_free_item_needs_no_right_office(press: Press) -> None:
    free = papers.non_acceptance(ground=DeclineGround.NOT_REQUIRED, right_office=None, originals=0, review_body=None)
    (text,) = reading.texts(render(press, free))
    assert "第三十二条第一款第（一）项" in text
    assert "六十日内，依法向有权受理的行政复议机关申请行政复议" in text


def test_same_facts_and_time_give_the_same_bytes(press: Press) -> None:
    first = render(press, papers.receipt())
    assert render(press, papers.receipt()) == first
    with Press() as other:
        assert render(other, papers.receipt()) == first
    later = papers.STAMP + timedelta(seconds=1)
    assert press.render(Paper.RECEIPT, papers.receipt().to_data(), timestamp=later) != first
    assert press.render(Paper.RECEIPT, papers.receipt().to_data(), timestamp=datetime.fromtimestamp(0, UTC)) != first
