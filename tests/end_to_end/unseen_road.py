"""The same day without windows, through the actions: for every test run, where the windows take too long.

Every step is one function; the parts are real: server processes, encrypted desks, libsane, an IPP printer, a browser.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from tests.support import browser
from tests.support.desk_at_work import DeskAtWork
from tests.support.district import RunningDistrict
from tests.support.intakes import GU, LIU, intake_of
from tests.support.ipp_printer import IPPPrinterProcess
from tests.support.sane import feeder_settings, write_config
from yichuang_client.actions import deciding, issuing, printing, receiving
from yichuang_client.actions.papers import hand_in_receipt
from yichuang_client.devices.ipp_printer import IPPPrinter
from yichuang_client.documents.press import Press
from yichuang_domain import actions as a
from yichuang_domain.approval import Grade
from yichuang_domain.case import Case, State
from yichuang_domain.catalog import AcceptBy, ItemVersion
from yichuang_domain.errors import Irregularity, Reason, Refused
from yichuang_domain.ids import CaseId
from yichuang_domain.material import required
from yichuang_domain.party import Evidence, HandedIn

PAGES = Path(__file__).parents[2] / "data" / "pages"
FOOD, HEALTH = "食品经营许可（新办）", "公共场所卫生许可（新办）"


class UnseenRoad:
    """One day, step by step, in a folder that keeps papers, pictures and the report."""

    def __init__(self, folder: Path, say: Callable[[str], None] = print) -> None:
        self.folder = folder
        self.papers = folder / "papers"
        self.pictures = folder / "pictures"
        self._say = say
        self._stack = ExitStack()
        self.report: dict[str, Any] = {"steps": [], "cases": {}}

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, Any]]:
        """One line of the story, with its time; facts put into the dict go into the report."""
        facts: dict[str, Any] = {}
        start = time.monotonic()
        yield facts
        took = round((time.monotonic() - start) * 1000)
        self.report["steps"].append({"step": name, "ms": took, **facts})
        shown = "".join(f"  {key}={value}" for key, value in facts.items())
        self._say(f"{took:>7} ms  {name}{shown}")

    def play(self) -> dict[str, Any]:
        """The whole day. Returns the report; raises at the first thing that is not as it should be."""
        self.papers.mkdir(parents=True, exist_ok=True)
        self.pictures.mkdir(parents=True, exist_ok=True)
        with self._stack:
            for part in (
                self.begin_district,
                self.open_counters,
                self.take_in,
                self.without_network,
                self.decide_first,
                self.decide_second,
                self.issue,
                self.follow,
            ):
                part()
        (self.folder / "report.json").write_text(json.dumps(self.report, ensure_ascii=False, indent=1))
        return self.report

    def begin_district(self) -> None:
        """1. District: init, import of all rows, serve."""
        with self.step("district begun, three levels of places") as facts:
            self.district = RunningDistrict(self.folder / "district", items=False)
            facts.update(places=self.district.founded["places"], people=self.district.founded["people"])
        with self.step("catalogue imported") as facts:
            imported = self.district.run("catalog", "import")
            for source in imported["sources"]:
                assert source["loaded"] + source["refused"] == source["read"]
                facts[source["source"]] = f"{source['loaded']}+{source['refused']}={source['read']}"
            facts["sample"] = imported["sample"]
        with self.step("server serving desks and citizens"):
            self.district.start(web=True)
            self._stack.callback(self.district.stop)
        printer = IPPPrinterProcess(self.folder / "printer")
        self.printer_process = self._stack.enter_context(printer)
        self.printer = IPPPrinter(printer.uri)
        self.press = self._stack.enter_context(Press())
        images = sorted(PAGES.glob("*.jpg"))
        self.sane = write_config(self.folder / "sane", images)

    def desk(self, name: str, place: str, section: str = "") -> DeskAtWork:
        """A new enrolled desk."""
        desk = DeskAtWork(self.folder / "desks" / name)
        desk.enrol(self.district, place, section)
        self._stack.callback(desk.close)
        return desk

    def open_counters(self) -> None:
        """2. Counter: enrol with a one-time code, sign in, the catalogue arrives."""
        with self.step("town counter enrolled, clerk signed in, catalogue here") as facts:
            self.counter = self.desk("fengqiao", "fengqiao")
            self.counter.first_sign_in(self.district, "wuminmin")
            self.counter.settle()
            facts.update(replica=self.counter.store.desk.replica, items=self.counter.store.catalogue.count())
        self.food = self.find("spjyxk", FOOD)
        self.health = self.find("公共场所", HEALTH)
        with self.step("item found by initials, by characters, by an old name") as facts:
            assert self.find("餐饮服务许可", FOOD).code == self.food.code
            facts["grade"] = (self.food.grade or Grade.SINGLE).value
        assert self.food.accept_by is AcceptBy.COUNTER
        assert self.health.accept_by is AcceptBy.SECTION

    def find(self, query: str, name: str) -> ItemVersion:
        """The item that a query finds."""
        hits = self.counter.store.search.search(query, self.counter.work.today)
        found = [self.counter.store.catalogue.current(hit.code) for hit in hits]
        return next(item for item in found if item.name == name)

    def print(self, desk: DeskAtWork, case: CaseId, paper: a.PaperKind, *, serial: str = "") -> bytes:
        """Print a paper of a case and keep what the printer got."""
        before = len(self.printer_process.printed())
        done = printing.print_paper(desk.work, self.press, self.printer, desk.store.view(case), paper, serial=serial)
        assert done.is_confirmed is not bool(serial)
        if serial:
            issuing.confirm_print(desk.work, case, done.run)
        pdf = self.printer_process.printed()[before]
        (self.papers / f"{len(self.report['steps']):02d}-{paper.value.lower()}.pdf").write_bytes(pdf)
        return pdf

    def take_in(self) -> None:
        """3. Intake: scanned pages, receipt, acceptance, papers."""
        case = receiving.new_case()
        answers = {q.key: q.options[0].key for q in self.food.questions}
        first, second = [m.key for m in required(self.food, answers)][:2]
        with self.step("materials scanned by libsane: real pages, and the feeder's ten") as facts:
            real = [self.sane.page(n, resolution=150) for n in range(1, len(self.sane.pages) + 1)]
            pages = self.counter.scan(case, first, self.sane, real)
            pages += self.counter.scan(case, second, self.sane, [feeder_settings()])
            facts.update(pages=len(pages), blanks=sum(page.is_blank for page in pages))
        with self.step("received"):
            intake = intake_of(self.food, GU, case=case, pages=tuple(pages))
            received = receiving.receive(self.counter.work, intake)
        with self.step("receipt and material slip printed") as facts:
            self.receipt = self.print(self.counter, case, a.PaperKind.RECEIPT)
            self.print(self.counter, case, a.PaperKind.MATERIAL_SLIP)
            facts["bytes"] = len(self.receipt)
        with self.step("accepted, notice printed") as facts:
            accepted = deciding.accept(self.counter.work, received)
            assert accepted.acceptance is not None
            facts.update(due=str(accepted.acceptance.promised_due_on))
            self.print(self.counter, case, a.PaperKind.ACCEPTANCE)
        with self.step("everything at the district, pages too"):
            self.counter.settle()
        self.first = case
        self.report["cases"]["first"] = {"pages": len(pages), "grade": (self.food.grade or Grade.SINGLE).value}

    def without_network(self) -> None:
        """4. No network: a second case, SIGKILL, the item cancelled meanwhile, both arrive once."""
        with self.step("server stopped, program closed"):
            self.district.stop()
            self.counter.close()
        with self.step("second case received and its receipt printed without a line; program killed") as facts:
            line = self.receive_and_kill()
            facts.update(printed=line["printed"], online=line["online"])
        self.second = CaseId(line["case"])
        with self.step("program started again: nothing is missing") as facts:
            self.counter = DeskAtWork(self.folder / "desks" / "fengqiao")
            self.counter.sign_in("wuminmin")
            self._stack.callback(self.counter.close)
            assert self.counter.store.view(self.second).number == line["number"]
            assert self.counter.store.view(self.first).state is State.ACCEPTED
            facts["unsent"] = self.counter.store.waiting().deeds
            assert facts["unsent"] > 0
        with self.step("item cancelled in the catalogue, server back"):
            self.district.run("catalog", "retire", self.health.code)
            self.district.start(web=True)
        with self.step("both cases at the district once; the second irregular, never refused"):
            self.counter.settle()
            assert not self.counter.store.outbox.refused()
            second = self.counter.store.view(self.second)
            assert second.irregular == {Irregularity.ITEM_CANCELLED}
            assert second.state is State.RECEIVED

    def receive_and_kill(self) -> dict[str, Any]:
        """Run the counter's program without a line and kill it once the receipt is printed."""
        command = [sys.executable, "-m", "tests.end_to_end.offline_counter", str(self.counter.folder.root)]
        command += ["wuminmin", self.health.code, self.printer_process.uri]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            line = program.stdout.readline()
            program.send_signal(signal.SIGKILL)
        found: dict[str, Any] = json.loads(line)
        return found

    def decide_first(self) -> None:
        """5a. Back office: claim, pages, opinion; the same person may not verify; a second person does; granted."""
        with self.step("reviewer's desk enrolled; both cases of the section's side arrive"):
            self.review = self.desk("market-1", "hall", "market")
            self.review.first_sign_in(self.district, "xuwen")
            self.review.wait(lambda: self.review.store.find(self.first) is not None, "the case at the section")
        with self.step("claimed; pages read; opinion signed") as facts:
            case = self.decided(self.review, lambda: deciding.claim(self.review.work, self.first))
            pages = [page.page for page in case.pages]
            have = self.review.store.pages
            self.review.wait(lambda: all(have.has(self.first, page) for page in pages), "the pages")
            facts["pages"] = len(pages)
            self.decided(self.review, lambda: self.sign(self.review, self.first, "材料齐全，符合法定形式。"))
        with self.step("the same person tries to verify and is refused") as facts:
            self.decided(self.review, lambda: deciding.claim(self.review.work, self.first))
            with pytest.raises(Refused) as refused:
                self.sign(self.review, self.first, "同意。")
            assert refused.value.reason is Reason.SAME_PERSON
            facts["reason"] = refused.value.reason.value
        with self.step("handed to a second desk; a second person verifies; granted and made ready"):
            self.verify = self.desk("market-2", "hall", "market")
            self.verify.first_sign_in(self.district, "guding")
            hand = a.HandOver(to=self.verify.store.desk.replica)
            self.decided(self.review, lambda: self.review.work.do((self.first, hand)).cases[self.first])
            self.verify.wait(lambda: self.holds(self.verify, self.first), "the hand-over")
            granted = self.decided(self.verify, lambda: self.sign(self.verify, self.first, "同意。"))
            assert granted.state is State.READY_TO_ISSUE

    def holds(self, desk: DeskAtWork, case: CaseId) -> bool:
        """Whether a desk knows that it holds a case."""
        found = desk.store.find(case)
        return found is not None and found.holder == desk.store.desk.replica

    def sign(self, desk: DeskAtWork, case: CaseId, text: str) -> Case:
        """Sign the opinion that is due."""
        return deciding.sign(desk.work, desk.store.view(case), a.Verdict.GRANT, text)

    def decided(self, desk: DeskAtWork, act: Callable[[], Case]) -> Case:
        """Do a decision and see it recorded by the district. Returns the case as confirmed."""
        desk.wait(lambda: desk.work.has_session(), "the line")
        case = act().case
        desk.settle()
        assert not desk.store.outbox.refused()
        return desk.store.view(case)

    def decide_second(self) -> None:
        """5b. The section tells its supplement once; another counter takes it in; accepted on that day; granted."""
        with self.step("section tells its supplement, once"):
            section = self.desk("health-1", "hall", "health")
            section.first_sign_in(self.district, "dongping")
            section.wait(lambda: section.store.find(self.second) is not None, "the case at the section")
            case = self.decided(section, lambda: deciding.claim(section.work, self.second))
            answers = {x.question: x.option for x in case.answers}
            lacks = next(m.key for m in required(self.health, answers) if not case.has(m.key))
            points = [deciding.Point(material=lacks, reason="没有提交这份材料", remedy="带原件一份到任意窗口")]
            self.decided(section, lambda: deciding.tell_supplement(section.work, case, points))
            self.print(section, self.second, a.PaperKind.SUPPLEMENT)
        with self.step("applicant brings it to another counter, by the receipt's code"):
            other = self.desk("yuxin", "yuxin")
            other.first_sign_in(self.district, "panyan")
            token = self.counter.store.view(self.second).token.value or ""
            assert other.session.find_case(other.work.person.person, token=token) == self.second
            receiving.open_elsewhere(other.work, self.second, a.OpenMeans.TOKEN)
            other.wait(lambda: other.store.find(self.second) is not None, "the case at the other counter")
            came = (HandedIn(material=lacks, evidence=Evidence.ORIGINAL_CHECKED),)
            self.decided(other, lambda: receiving.bring_supplement(other.work, self.second, came, ()))
            said = hand_in_receipt(other.work, other.store.view(self.second), came, deferred=False)
            printing.print_facts(other.work, self.press, self.printer, self.second, a.PaperKind.RECEIPT, said)
            other.settle()
        with self.step("section accepts it on the day all was in; reviewed, verified, granted") as facts:
            section.wait(lambda: section.store.view(self.second).state is State.RECEIVED, "the supplement")
            self.decided(section, lambda: deciding.claim(section.work, self.second))
            accepted = self.decided(section, lambda: deciding.accept(section.work, section.store.view(self.second)))
            assert accepted.acceptance is not None
            assert accepted.supplement is not None
            assert accepted.acceptance.accepted_on == accepted.supplement.all_in_on
            facts["accepted_on"] = str(accepted.acceptance.accepted_on)
            self.decided(section, lambda: deciding.claim(section.work, self.second))
            self.decided(section, lambda: self.sign(section, self.second, "符合条件。"))
            second = self.desk("health-2", "hall", "health")
            second.first_sign_in(self.district, "fuheng")
            second.wait(lambda: second.store.find(self.second) is not None, "the case at the verifier")
            self.decided(second, lambda: deciding.claim(second.work, self.second))
            done = self.decided(second, lambda: self.sign(second, self.second, "同意。"))
            assert done.state is State.READY_TO_ISSUE

    def issue(self) -> None:
        """6. Issuance: the decision came by push; papers print; the citizen signs; concluded, archived."""
        with self.step("decision at the counter by push"):
            store = self.counter.store
            self.counter.wait(lambda: store.view(self.first).state is State.READY_TO_ISSUE, "the decision")
        with self.step("decision, certificate and delivery receipt printed") as facts:
            self.print(self.counter, self.first, a.PaperKind.GRANT)
            self.print(self.counter, self.first, a.PaperKind.CERTIFICATE, serial="A0000001")
            self.print(self.counter, self.first, a.PaperKind.DELIVERY)
            facts["papers"] = len(self.printer_process.printed())
        with self.step("citizen signed; concluded and archived"):
            operator = GU.operator
            issuing.deliver(self.counter.work, self.first, a.DeliveryMethod.COUNTER, operator)
            archived = issuing.archive(self.counter.work, self.first)
            assert archived.state is State.ARCHIVED
            self.counter.settle()
            assert self.counter.store.view(self.first).state is State.ARCHIVED

    def follow(self) -> None:
        """7. Citizen: the code read back from the printed receipt opens the tracking page in a browser."""
        with self.step("code read back from the printed receipt"):
            image = pypdfium2.PdfDocument(self.receipt)[0].render(scale=200 / 72, grayscale=True).to_numpy()
            (code,) = (found.text for found in zxingcpp.read_barcodes(image))
            token = self.counter.store.view(self.first).token.value or ""
            assert code.endswith(f"/q/{token}")
        with self.step("tracking page in a browser: stages and times, no name, no number"):
            url = f"http://127.0.0.1:{self.district.ports['web_port']}/q/{token}"
            text = browser.page_text(url)
            number = self.counter.store.view(self.first).number
            for secret in (GU.name, GU.operator, GU.id_number, GU.phone, number, LIU.name):
                assert secret not in text
            assert all(stage in text for stage in ("收件", "受理"))
            browser.screenshot(url, self.pictures / "tracking-phone.png", 390, 844)
            browser.screenshot(url, self.pictures / "tracking-desktop.png")
