"""From a case to paper: the real press, a real IPP printer, the code read back from what was printed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from tests.client.actions.test_actions import FOOD, intake
from tests.support.desk import REVIEWER, at_work, open_store, sample_items
from tests.support.ipp_printer import IPPPrinterProcess
from tests.support.raw_port import RawPort
from tests.support.thermal import codes_in, read_escpos, read_tspl
from yichuang_client.actions import briefing_sheet, deciding, printing, receiving
from yichuang_client.actions.papers import NothingToPrintError, facts
from yichuang_client.actions.work import Work
from yichuang_client.devices.errors import Trouble
from yichuang_client.devices.ipp_printer import IPPPrinter
from yichuang_client.devices.printer_drivers import printer_driver
from yichuang_client.documents.press import Press
from yichuang_domain import actions as a
from yichuang_domain.case import Case, PrintState


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as made:
        yield made


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    store = open_store(tmp_path / "desk")
    yield at_work(store)
    store.close()


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[IPPPrinterProcess]:
    with IPPPrinterProcess(tmp_path / "printer") as running:
        yield running


def granted(work: Work) -> Case:
    case = deciding.accept(work, receiving.receive(work, intake()))
    reviewer = replace(work, person=REVIEWER)
    case = deciding.sign(reviewer, deciding.claim(reviewer, case.case), a.Verdict.GRANT, "材料齐全。")
    other = replace(work, person=replace(REVIEWER, person=REVIEWER.person.__class__("chenliqun")))
    return deciding.sign(other, deciding.claim(other, case.case), a.Verdict.GRANT, "同意。")


def codes_of(pdf: bytes) -> list[str]:
    page = pypdfium2.PdfDocument(pdf)[0]
    image = page.render(scale=200 / 72, grayscale=True).to_numpy()
    return [code.text for code in zxingcpp.read_barcodes(image)]


def test_the_receipt_comes_out_with_its_code_and_is_confirmed(
    work: Work, press: Press, printer: IPPPrinterProcess
) -> None:
    case = receiving.receive(work, intake())
    done = printing.print_paper(work, press, IPPPrinter(printer.uri), case, a.PaperKind.RECEIPT)
    assert done.is_confirmed
    assert not done.troubles
    (pdf,) = printer.printed()
    assert codes_of(pdf.read_bytes() if isinstance(pdf, Path) else pdf) == [
        f"https://yc.example.gov.cn/q/{case.token.value}"
    ]
    assert work.store.view(case.case).prints[-1].state is PrintState.CONFIRMED


def test_numbered_stock_waits_for_the_clerk(work: Work, press: Press, printer: IPPPrinterProcess) -> None:
    case = granted(work)
    done = printing.print_paper(
        work, press, IPPPrinter(printer.uri), case, a.PaperKind.CERTIFICATE, sheet=printing.Sheet(serial="A0001")
    )
    assert not done.is_confirmed
    assert [run.serial for run in work.store.prints.unfinished()] == ["A0001"]


def test_an_aborted_job_leaves_the_run_open(work: Work, press: Press, printer: IPPPrinterProcess) -> None:
    case = receiving.receive(work, intake())
    printer.plan("abort")
    done = printing.print_paper(work, press, IPPPrinter(printer.uri), case, a.PaperKind.RECEIPT)
    assert not done.is_confirmed
    assert Trouble.ABORTED in done.troubles
    assert work.store.view(case.case).prints[-1].state is PrintState.STARTED


@pytest.mark.parametrize(
    "paper",
    [
        a.PaperKind.RECEIPT,
        a.PaperKind.MATERIAL_SLIP,
        a.PaperKind.ACCEPTANCE,
        a.PaperKind.GRANT,
        a.PaperKind.CERTIFICATE,
        a.PaperKind.DELIVERY,
    ],
)
def test_every_paper_of_a_granted_case_can_be_set(work: Work, press: Press, paper: a.PaperKind) -> None:
    assert FOOD.results
    said = facts(work, granted(work), paper)
    pdf = press.render(said.paper, said.to_data(), timestamp=work.clock())
    assert len(pypdfium2.PdfDocument(io.BytesIO(pdf))) in (1, 2)


def test_a_supplement_notice_names_all_that_was_told(work: Work, press: Press) -> None:
    case = receiving.receive(work, intake(short_of=2))
    lacks = [m.key for m in FOOD.materials if not case.has(m.key)][:2]
    points = [deciding.Point(material=key, reason="没有交", remedy="带原件来") for key in lacks]
    said = facts(work, deciding.tell_supplement(work, case, points), a.PaperKind.SUPPLEMENT)
    text = pypdfium2.PdfDocument(press.render(said.paper, said.to_data(), timestamp=work.clock()))[0]
    found = text.get_textpage().get_text_range()
    assert found.count("带原件来") == 2


def test_a_non_acceptance_notice_says_why_and_where_to_go(work: Work, press: Press) -> None:
    decision = deciding.declination(work, a.DeclineGround.WRONG_OFFICE, "这件事不归本机关办理。", "区水利局窗口")
    said = facts(work, receiving.receive(work, intake(), decision), a.PaperKind.NON_ACCEPTANCE)
    page = pypdfium2.PdfDocument(press.render(said.paper, said.to_data(), timestamp=work.clock()))[0]
    found = "".join(page.get_textpage().get_text_range().split())
    assert "经审查，这件事不归本机关办理。" in found
    assert "区水利局窗口" in found


def test_a_withdrawal_says_whether_the_case_has_ended(work: Work, press: Press) -> None:
    case = deciding.withdraw(work, receiving.receive(work, intake()), "不开了", ends=True)
    assert "撤回，办件到此结束" in words(work, press, case, a.PaperKind.WITHDRAWAL)
    case = deciding.accept(work, receiving.receive(work, intake()))
    case = deciding.withdraw(work, case, "不开了", ends=False)
    assert "办件尚未结束" in words(work, press, case, a.PaperKind.WITHDRAWAL)


def claimed(work: Work) -> tuple[Work, Case]:
    """A reviewer with an accepted case."""
    case = deciding.accept(work, receiving.receive(work, intake()))
    reviewer = replace(work, person=REVIEWER)
    return reviewer, deciding.claim(reviewer, case.case)


def words(work: Work, press: Press, case: Case, paper: a.PaperKind) -> str:
    """What stands on the first page of a paper of a case, without spaces."""
    said = facts(work, work.store.view(case.case), paper)
    page = pypdfium2.PdfDocument(press.render(said.paper, said.to_data(), timestamp=work.clock()))[0]
    return "".join(page.get_textpage().get_text_range().split())


def test_a_special_procedure_is_told_with_its_days_and_the_day_after_it(work: Work, press: Press) -> None:
    reviewer, case = claimed(work)
    case = deciding.suspend(reviewer, case, a.Procedure.TESTING, "区检验检测中心", 10)
    found = words(work, press, case, a.PaperKind.SPECIAL_PROCEDURE)
    assert "原定于2026年12月1日前作出决定" in found
    assert "区检验检测中心" in found and "10个工作日" in found
    assert "11月25日" in found and "12月8日" in found
    assert "调整后，本机关应当于2026年12月15日前作出决定" in found


def test_an_extension_is_told_with_its_reason_and_both_days(work: Work, press: Press) -> None:
    reviewer, case = claimed(work)
    case = deciding.extend(reviewer, case, 10, "要实地核对。", REVIEWER.person)
    found = words(work, press, case, a.PaperKind.EXTENSION)
    assert "原定于2026年12月1日前作出决定" in found
    assert "因要实地核对，在上述期限内不能作出决定" in found
    assert "调整后，本机关应当于2026年12月15日前作出决定" in found


def test_the_briefing_of_every_sample_item_can_be_set(work: Work, press: Press) -> None:
    for item in sample_items():
        answers = {question.key: question.options[-1].key for question in item.questions}
        said = briefing_sheet.sheet(work, item, answers)
        assert press.render(said.paper, said.to_data(), timestamp=work.clock()).startswith(b"%PDF")


def test_a_briefing_goes_to_the_printer_without_a_case(work: Work, press: Press, printer: IPPPrinterProcess) -> None:
    done = briefing_sheet.print_sheet(work, press, IPPPrinter(printer.uri), FOOD, {"place": "leased"})
    assert done.is_confirmed
    assert work.store.outbox.unsent() == 0
    (pdf,) = printer.printed()
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert "租赁" in text
    assert "场所使用证明" in text


def test_nothing_is_printed_before_its_time(work: Work) -> None:
    case = receiving.receive(work, intake())
    for paper in set(a.PaperKind) - {a.PaperKind.RECEIPT, a.PaperKind.MATERIAL_SLIP}:
        with pytest.raises(NothingToPrintError):
            facts(work, case, paper)


def test_the_receipt_and_the_label_go_to_a_roll_and_to_labels(work: Work, press: Press) -> None:
    case = receiving.receive(work, intake())
    with RawPort() as port:
        done = printing.print_paper(work, press, printer_driver(port.address), case, a.PaperKind.RECEIPT)
    assert done.is_confirmed
    assert codes_in(read_escpos(bytes(port.got)).picture) == [f"https://yc.example.gov.cn/q/{case.token.value}"]
    with RawPort() as port:
        labels = printer_driver(port.address, "tspl")
        assert printing.print_paper(work, press, labels, case, a.PaperKind.MATERIAL_SLIP).is_confirmed
    ((label, _),) = read_tspl(bytes(port.got))
    assert codes_in(label) == [facts(work, case, a.PaperKind.MATERIAL_SLIP).qr]
    assert work.store.view(case.case).prints[-1].state is PrintState.CONFIRMED
