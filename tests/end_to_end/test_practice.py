"""综合轮训 through the real window: from the real desk to practice and back, and that the two never mix."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import grpc
import pytest
from cryptography import x509

from tests.end_to_end import clerk, handing, windows
from tests.end_to_end.office import Office
from tests.end_to_end.people import LIU, Citizen
from tests.end_to_end.window_desk import WindowDesk
from tests.support import browser
from tests.support.desks import Keys, WireDesk, enrol
from tests.support.district import RunningDistrict
from tests.support.ipp_printer import IPPPrinterProcess
from yichuang_client.config import read_config

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDistrict]:
    running = RunningDistrict(tmp_path_factory.mktemp("real") / "district")
    running.start(web=True)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDistrict]:
    running = RunningDistrict(tmp_path_factory.mktemp("training") / "district", training=True, own_address=True)
    running.start(web=True, robot_pace=0.02)
    yield running
    running.stop()


def test_f8_leads_to_practice_with_a_folder_of_its_own_and_back(
    real: RunningDistrict, training: RunningDistrict, tmp_path: Path
) -> None:
    with windows.opened(tmp_path / "desk") as desktop:
        windows.enrol(desktop, real, "lianfeng")
        desktop.wait("screen", name="sign_in")
        desktop.wait("line", state="ONLINE")
        desktop.mark()
        desktop.key("F8")
        desktop.wait("world left", practice=False)
        desktop.wait("closed")
        windows.fill_slip(desktop, real, real.code("lianfeng"), real.founded["root_fingerprint"])
        assert desktop.wait("error shown")["reason"].startswith("OTHER_WORLD")
        desktop.mark()
        desktop.key("F8")
        desktop.wait("world left", practice=True)
        desktop.wait("screen", name="sign_in")
        desktop.mark()
        desktop.key("F8")
        windows.enrol(desktop, training, "lianfeng")
        windows.sign_in(desktop, "yaolan", training.secret("yaolan")["password"])
        desktop.now("screen", name="intake")
        assert "Traceback" not in desktop.noise
    practice = read_config({}, tmp_path / "desk", is_practice=True).data.root
    assert practice == tmp_path / "desk-practice"
    assert "999999" in x509.load_pem_x509_certificate(training.root).subject.rfc4514_string()
    assert not _pieces(tmp_path / "desk") & _pieces(practice), "the two desks share no file"


def test_a_desk_of_one_district_is_a_stranger_to_the_other(real: RunningDistrict, training: RunningDistrict) -> None:
    for home, other in ((real, training), (training, real)):
        keys = Keys()
        enrolled = enrol(home.root, home.ports["enrolment_port"], home.code("lianfeng"), keys)
        stranger = WireDesk(other.root, other.ports["port"], enrolled, keys)
        with pytest.raises(grpc.RpcError) as refused:
            stranger.sign_in("yaolan", other.secret("yaolan")["password"], "")
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
    assert not _pieces(real.folder) & _pieces(training.folder), "the two districts share no file"


def test_the_robot_works_a_case_that_keys_took_in_and_nothing_of_it_crosses(
    real: RunningDistrict, training: RunningDistrict, tmp_path: Path
) -> None:
    before = _pieces(real.folder)
    with ExitStack() as stack:
        printer = stack.enter_context(IPPPrinterProcess(tmp_path / "printer"))
        desk = WindowDesk(tmp_path / "desk", tmp_path / "pictures", environment={"YICHUANG_PRINTER": printer.uri})
        stack.callback(desk.close)
        desk.enrol(real, "lianfeng")
        desk.desktop.now("line", state="ONLINE")
        desk.desktop.mark()
        desk.key("F8")
        desk.wait("world left", practice=False)
        desk.enrol(training, "lianfeng")
        desk.sign_in(training, "yaolan")
        desk.desktop.now("catalogue arrived")
        handing.fill(desk, "社会保障卡补领", Citizen(kind=0, typed=LIU.typed, form={}), ("agent",))
        clerk.see_originals(desk, 1)
        case = clerk.accept(desk)
        desk.shot("practice_accepted")
        while training.records(case)[-1]["event"]["type"] not in ("MadeReady", "Archived"):
            desk.wait("case changed", case=case, timeout=90)
        desk.visit("ctrl+4")
        desk.key("Return")
        seen = desk.wait("issue shown", case=case, state="READY_TO_ISSUE")
        for _ in range(seen["papers"]):
            handing.print_next(desk)
        desk.to("issue.signed")
        desk.key("Right")
        handing.confirm_with(desk, "F8", "case act done")
        handing.recorded_at(training, desk, case, "Delivered")
        desk.shot("practice_delivered")
        assert "Traceback" not in desk.desktop.noise
        papers = printer.printed()
    (received,) = (r["event"] for r in training.records(case) if r["event"]["type"] == "Received")
    assert received["number"].startswith("999999") and real.records(case) == []
    robots = {r["person"] for r in training.records(case) if r["event"]["type"] in ("OpinionSigned", "Granted")}
    assert robots and all(person.startswith("robot-") for person in robots)
    serials = {r["event"]["serial"] for r in training.records(case) if r["event"]["type"] == "PrintStarted"}
    assert serials == {""}, "practice takes no sheet of the numbered stock"
    assert len(papers) == 3 + seen["papers"]
    followed_by_its_code(real, training, papers[0])
    practice = read_config({}, tmp_path / "desk", is_practice=True).data.root
    assert not _pieces(tmp_path / "desk") & _pieces(practice)
    token = case.encode()
    assert not [
        piece for piece in _pieces(real.folder) - before if token in piece or received["number"].encode() in piece
    ]


def followed_by_its_code(real: RunningDistrict, training: RunningDistrict, receipt: bytes) -> None:
    """The receipt's code opens a page of the training district, which says so; the real one knows nothing of it."""
    url = Office.code_of(receipt)
    own, other = (f"http://127.0.0.1:{district.ports['web_port']}/" for district in (training, real))
    assert url.startswith(own)
    page = browser.page_text(url)
    assert "练习" in page and "没有法律效力" in page and "收件" in page
    unknown = browser.page_text(url.replace(own, other))
    assert "练习" not in unknown and "没有法律效力" not in unknown
    assert "回执刚开出" in unknown


def _pieces(folder: Path) -> set[bytes]:
    """What lies in the files of a folder, without the empty ones."""
    return {path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 16}
