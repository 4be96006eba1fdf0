"""The issue screen: the papers of a result, their prints, the delivery and the archive; on the real store and press."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2

from tests.support.cards import Laid, message
from tests.support.counter import APPLICANT, WORDS, Shown, Waiting, a_desk, at_counter, steps, whole, with_printer
from tests.support.desk import REVIEWER, open_store, sample_items
from tests.support.printer import Sheets
from yichuang_client.actions import deciding, issuing, receiving
from yichuang_client.devices.card_reading import CardFault, CardReader
from yichuang_client.devices.card_settings import NamedCardReader
from yichuang_client.devices.errors import Trouble
from yichuang_client.documents.press import Press
from yichuang_client.presenters.issue import IssuePresenter
from yichuang_client.presenters.issue_seen import following_serial
from yichuang_client.presenters.models.common import ActKind, FieldMark, Text
from yichuang_client.presenters.models.queues import IssueAct, IssueModel
from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.store import Store
from yichuang_domain import actions as a
from yichuang_domain.case import Case, PrintState, State
from yichuang_domain.catalog import Outcome, OutcomeKind
from yichuang_domain.ids import PersonId

FOOD = "食品经营许可（新办）"


class Screen:
    """The screen on one result, with a printer beside it."""

    def __init__(
        self, store: Store, case: Case, press: Press, reader: CardReader | None = None, **options: Any
    ) -> None:
        self.view, self.sheets, self.store, self.case = Shown(), Sheets(), store, case.case
        equipment = with_printer(self.sheets)
        if reader is not None:
            equipment.settings.card_readers = (NamedCardReader(key="laid", name="Laid", reader=reader),)
        self.desk = a_desk(store, equipment=equipment, press=press, **options)
        self.presenter = IssuePresenter(self.view, self.desk)
        self.presenter.page_area(400, 500)
        self.presenter.open(case.case)

    @property
    def model(self) -> IssueModel:
        """What is shown."""
        model: IssueModel = self.view.last
        return model

    @property
    def says(self) -> str:
        """The action bar's sentence."""
        line = self.model.bar.sentence
        return " ".join(said(part) for part in (line.lead, line.subject, line.hint) if part != "")

    @property
    def states(self) -> list[str]:
        """The print state of each paper."""
        return [said(paper.state.text) for paper in self.model.papers]

    @property
    def acts(self) -> list[str]:
        """The acts that can be pressed."""
        return [act.id for act in self.model.bar.acts if act.is_enabled]

    @property
    def selected(self) -> str:
        """The selected paper."""
        return next(paper.key for paper in self.model.papers if paper.is_selected)

    def print(self, serial: str | None = None) -> None:
        """Ctrl+P, on this stock."""
        if serial is not None:
            self.presenter.type_in("serial", serial)
        self.presenter.act(IssueAct.PRINT)

    def print_all(self) -> None:
        """Everything on plain paper."""
        self.presenter.type_in("serial", "")
        for _ in range(3):
            self.presenter.type_in("serial", "")
            self.presenter.act(IssueAct.PRINT)
        assert self.states == ["已打印"] * 3


def said(text: Text) -> str:
    """The words of a text."""
    return WORDS.say(text)


def granted(store: Store) -> Case:
    """A case that was accepted, reviewed, verified and granted."""
    work = at_counter(store)
    case = deciding.accept(work, receiving.receive(work, whole(work, FOOD)))
    first = replace(work, person=REVIEWER)
    case = deciding.sign(first, deciding.claim(first, case.case), a.Verdict.GRANT, "材料齐全。")
    second = replace(work, person=replace(REVIEWER, person=PersonId("chen")))
    return deciding.sign(second, deciding.claim(second, case.case), a.Verdict.GRANT, "同意。")


def refused(store: Store) -> Case:
    """A case whose permit was refused."""
    work = at_counter(store)
    case = deciding.accept(work, receiving.receive(work, whole(work, FOOD)))
    first = replace(work, person=REVIEWER)
    case = deciding.sign(first, deciding.claim(first, case.case), a.Verdict.REFUSE, "不符合条件。")
    second = replace(work, person=replace(REVIEWER, person=PersonId("chen")))
    held = deciding.claim(second, case.case)
    return deciding.refuse(second, held, "不予。", ["现场没有冷藏设施。"], ["《食品经营许可和备案管理办法》第十二条"])


def words_of(pdf: bytes) -> str:
    """The words on a paper."""
    return "".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())


def test_a_result_stands_with_its_papers_and_what_to_print_first(store: Store, press: Press) -> None:
    screen = Screen(store, granted(store), press)
    assert [said(paper.name) for paper in screen.model.papers] == ["准予行政许可决定书", "食品经营许可证", "送达回证"]
    assert screen.states == ["没打印"] * 3
    assert screen.selected == "GRANT"
    assert screen.says == "先打印： 准予行政许可决定书 Ctrl+P 打印"
    assert [option.key for option in screen.model.methods] == ["COUNTER", "POST"]
    assert {f.key: f.masked for f in screen.model.fields}["recipient"] == "顾*"
    assert screen.acts == [IssueAct.PRINT, IssueAct.BACK]
    assert screen.model.preview.picture is not None
    assert screen.model.preview.picture.height == 484
    assert screen.model.after == ()


def test_a_plain_paper_is_printed_when_the_printer_says_so_and_the_next_follows(store: Store, press: Press) -> None:
    screen = Screen(store, granted(store), press)
    screen.print()
    assert screen.states == ["已打印", "没打印", "没打印"]
    assert screen.selected == "CERTIFICATE"
    assert "顾小燕" in words_of(screen.sheets.papers[0])


def test_numbered_stock_waits_for_the_clerk_and_a_spoiled_sheet_is_void(store: Store, press: Press) -> None:
    screen = Screen(store, granted(store), press)
    screen.presenter.select_paper("CERTIFICATE")
    screen.print("A0000009")
    assert screen.states == ["没打印", "等确认", "没打印"]
    assert screen.says == "刚打的这张： 食品经营许可证 印好按 F9，印坏按 F10 换一张"
    assert IssueAct.PRINT not in screen.acts
    screen.presenter.act(IssueAct.VOID_PRINT)
    assert said(screen.model.bar.confirm.title) == "编号纸 A0000009 印坏了？"  # type: ignore[union-attr]
    screen.presenter.confirm(IssueAct.VOID_PRINT)
    assert screen.states[1] == "没打印"
    assert {f.key: f.text for f in screen.model.fields}["serial"] == "A0000010"
    screen.print()
    screen.presenter.act(IssueAct.CONFIRM_PRINT)
    assert screen.states[1] == "已打印"
    runs = [(run.serial, run.state) for run in store.prints.of(screen.case)]
    assert runs == [("A0000009", PrintState.VOIDED), ("A0000010", PrintState.CONFIRMED)]


def test_a_number_that_was_used_is_refused_in_words(store: Store, press: Press) -> None:
    issuing.start_print(at_counter(store), granted(store).case, a.PaperKind.CERTIFICATE, "A1")
    screen = Screen(store, granted(store), press)
    screen.presenter.select_paper("CERTIFICATE")
    screen.print("A1")
    assert screen.says == "证照没打出来。 这个证照编号打印过。件都在，请换下一张纸。"
    assert screen.sheets.papers == []


def test_the_result_is_handed_out_when_all_is_printed_and_signed_and_then_archived(store: Store, press: Press) -> None:
    screen = Screen(store, granted(store), press)
    screen.print_all()
    assert screen.says == "都打印好了。 请领取人在送达回证上签字"
    assert len(screen.model.after) == 3
    deliver = next(act for act in screen.model.bar.acts if act.id == IssueAct.DELIVER)
    assert (deliver.is_enabled, deliver.blocked_by) == (False, "signed")
    screen.presenter.type_in("recipient", "顾小燕")
    screen.presenter.type_in("signed", "yes")
    primary = [act.id for act in screen.model.bar.acts if act.kind is ActKind.PRIMARY]
    assert primary == [IssueAct.DELIVER]
    screen.presenter.act(IssueAct.DELIVER)
    assert said(screen.model.bar.confirm.title) == "把结果交给顾*（窗口领取）？"  # type: ignore[union-attr]
    screen.presenter.confirm(IssueAct.DELIVER)
    case = store.view(screen.case)
    assert case.state is State.CONCLUDED
    assert store.drafts.find(screen.case, DraftKind.ISSUE) is None
    assert [(d.method, d.recipient.value) for d in case.deliveries] == [(a.DeliveryMethod.COUNTER, "顾小燕")]
    assert screen.says == "已送达，办结。 F8 归档"
    assert screen.acts == [IssueAct.ARCHIVE, IssueAct.BACK]
    screen.presenter.act(IssueAct.ARCHIVE)
    screen.presenter.confirm(IssueAct.ARCHIVE)
    assert store.view(screen.case).state is State.ARCHIVED
    assert screen.says == "已归档。"


def test_the_delivery_receipt_names_the_way_and_who_signs(store: Store, press: Press) -> None:
    screen = Screen(store, granted(store), press)
    screen.presenter.choose_method("POST")
    screen.presenter.type_in("recipient", "钱大方")
    screen.presenter.select_paper("DELIVERY")
    screen.print()
    text = words_of(screen.sheets.papers[0])
    assert "钱大方" in text and "顾小燕" in text
    assert screen.model.method == "POST"


def test_a_printer_that_stops_says_why_and_goes_on(store: Store, press: Press) -> None:
    background, machines = Waiting(), Waiting()
    screen = Screen(store, granted(store), press, background=background, machines=machines)
    background.go()
    screen.sheets.trouble = Trouble.FEEDER_EMPTY
    screen.print()
    background.go()
    assert screen.model.progress is not None
    assert said(screen.model.progress.text) == "正在打印准予决定书"
    screen.presenter.cancel_print()
    machines.go()
    background.go()
    assert screen.says == "准予决定书没打出来。 打印已停下。件已存，要打再按 Ctrl+P。"
    assert screen.sheets.papers == []


def test_a_stopped_job_leaves_its_run_open_and_printing_anew_voids_it(store: Store, press: Press) -> None:
    screen = Screen(store, granted(store), press)
    run = issuing.start_print(at_counter(store), screen.case, a.PaperKind.GRANT)
    screen.presenter.told(())
    assert screen.states[0] == "没打完"
    assert screen.says == "刚打的这张： 准予行政许可决定书 出来了按 F9，没出来按 Ctrl+P 再打"
    screen.print()
    assert screen.states[0] == "已打印"
    assert [(r.run == run, r.state) for r in store.prints.of(screen.case)] == [
        (True, PrintState.VOIDED),
        (False, PrintState.CONFIRMED),
    ]


def test_every_certificate_of_a_case_is_printed_on_its_own_number(tmp_path: Path, press: Press) -> None:
    second = Outcome(kind=OutcomeKind.CERTIFICATE, name="食品经营许可证（副本）")
    items = [replace(item, results=(*item.results, second)) for item in sample_items() if item.name == FOOD]
    store = open_store(tmp_path, items=items)
    screen = Screen(store, granted(store), press)
    assert [paper.key for paper in screen.model.papers] == ["GRANT", "CERTIFICATE", "CERTIFICATE.2", "DELIVERY"]
    screen.print()
    for serial in ("A0000001", None):
        screen.print(serial)
        screen.presenter.act(IssueAct.CONFIRM_PRINT)
    assert screen.states == ["已打印"] * 3 + ["没打印"]
    runs = [(run.serial, run.ordinal) for run in store.view(screen.case).prints if run.serial]
    assert runs == [("A0000001", 1), ("A0000002", 2)]
    assert "副本" in words_of(screen.sheets.papers[-1]) and "副本" not in words_of(screen.sheets.papers[-2])
    store.close()


def test_a_spoiled_sheet_and_a_further_copy_are_told_apart(store: Store, press: Press) -> None:
    screen = Screen(store, granted(store), press)
    screen.print()
    screen.presenter.select_paper("GRANT")
    screen.print()
    screen.presenter.select_paper("CERTIFICATE")
    screen.print("B1")
    screen.presenter.act(IssueAct.VOID_PRINT)
    screen.presenter.confirm(IssueAct.VOID_PRINT)
    assert said(screen.model.papers[1].detail).endswith("作废 1 张")
    screen.print("B2")
    reasons = [run.reason for run in store.view(screen.case).prints]
    assert reasons == [a.PrintReason.FIRST, a.PrintReason.COPY, a.PrintReason.FIRST, a.PrintReason.SPOILED]


def test_a_refusal_has_its_letter_with_facts_and_articles(store: Store, press: Press) -> None:
    screen = Screen(store, refused(store), press)
    assert [paper.key for paper in screen.model.papers] == ["REFUSAL", "DELIVERY"]
    screen.print()
    text = words_of(screen.sheets.papers[0])
    assert "现场没有冷藏设施" in text and "第十二条" in text


def test_a_case_without_a_result_says_so(store: Store, press: Press) -> None:
    work = at_counter(store)
    screen = Screen(store, receiving.receive(work, whole(work, FOOD)), press)
    assert screen.says == "还没有结果。决定到了再出件。"
    assert screen.acts == [IssueAct.BACK]
    screen.presenter.cancel()
    assert steps(screen.desk) == [("back", None)]


def test_the_next_number_of_the_stock_is_as_wide_as_the_last() -> None:
    assert following_serial("A0000009") == "A0000010"
    assert following_serial("No. 099-浙") == "No. 100-浙"
    assert following_serial("999") == "1000"
    assert following_serial("") == following_serial("无号") == ""


def test_the_card_of_the_applicant_says_who_receives_and_anothers_changes_nothing(store: Store, press: Press) -> None:
    laid = Laid(card=message(number=APPLICANT.id_number, name=APPLICANT.name))
    screen = Screen(store, granted(store), press, reader=laid)
    assert [act.id for act in screen.model.bar.acts if act.key == "F3"] == [IssueAct.READ_CARD]
    screen.presenter.act(IssueAct.READ_CARD)
    recipient = next(field for field in screen.model.fields if field.key == "recipient")
    assert (recipient.text, recipient.mark) == (APPLICANT.name, FieldMark.GOOD)
    assert said(recipient.note) == "已读身份证，与办件上的号码一致"
    screen.presenter.type_in("recipient", "李代领")
    laid.card = message(name="王路人")
    screen.presenter.act(IssueAct.READ_CARD)
    assert screen.says == "这张身份证是 王* 的，办件上没有此人 看清委托手续，签收人手输"
    recipient = next(field for field in screen.model.fields if field.key == "recipient")
    assert (recipient.text, recipient.note) == ("李代领", "")
    laid.fault = CardFault.NO_CARD
    screen.presenter.act(IssueAct.READ_CARD)
    assert screen.says == "没等到身份证，放好再按 F3，也可手输"
