"""The devices page on the real libsane and a real printer: what is there, what is chosen, what a try says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cards import Laid, with_reader
from tests.support.counter import WORDS, Shown, Waiting, a_desk, steps
from tests.support.desk import open_store
from tests.support.ipp_printer import IPPPrinterProcess
from tests.support.sane import SaneFolder, write_config
from tests.support.scanners import FEEDER, FIRST, JAMMED, NOWHERE, SECOND, glass, scan_equipment, scan_worker
from yichuang_client.config import DataFolder
from yichuang_client.devices.card_reading import CardFault
from yichuang_client.devices.card_settings import NamedCardReader
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.errors import Trouble
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanning import ColourMode, Source
from yichuang_client.devices.settings import DeviceSettings
from yichuang_client.documents.press import Press
from yichuang_client.presenters.devices import DevicesPresenter
from yichuang_client.presenters.devices_cards import device_lines
from yichuang_client.presenters.models.common import Act, ActKind, Text, Tone
from yichuang_client.presenters.models.sync import DeviceAct, DeviceCard, DevicesModel
from yichuang_client.store.store import Store

__all__ = ["glass", "scan_worker"]
DEAD = "ipp://localhost:1/printer"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IPPPrinterProcess]:
    with IPPPrinterProcess(tmp_path_factory.mktemp("printer")) as running:
        yield running


class Clerk:
    """The devices page."""

    def __init__(
        self, store: Store, equipment: Equipment, press: Press | None = None, machines: Waiting | None = None
    ) -> None:
        self.view, self.equipment = Shown(), equipment
        self.desk = a_desk(store, equipment=equipment, press=press, machines=machines)
        self.presenter = DevicesPresenter(self.view, self.desk)
        self.presenter.open()

    @property
    def model(self) -> DevicesModel:
        """What is shown."""
        model: DevicesModel = self.view.last
        return model

    def card(self, name: str) -> DeviceCard:
        """The card of this device."""
        return next(card for card in self.model.devices if say(card.name) == name)

    def press(self, name: str, act: DeviceAct) -> DeviceCard:
        """Select a device, press a key; its card as it is then."""
        self.presenter.select(self.card(name).key)
        self.presenter.act(act)
        return self.card(name)

    def button(self, act: DeviceAct) -> Act:
        """The button of an act."""
        return next(button for button in self.model.bar.acts if button.id == act)

    @property
    def says(self) -> str:
        """The bar's sentence."""
        return say(self.model.bar.sentence.lead)


def say(text: Text) -> str:
    """The words of a text."""
    return WORDS.say(text)


@pytest.fixture
def equipment(scan_worker: ScanWorker, glass: SaneFolder, tmp_path: Path, printer: IPPPrinterProcess) -> Equipment:
    printer.load(250)
    return scan_equipment(scan_worker, glass, tmp_path / "data", printer.uri, DEAD)


def test_each_device_says_how_it_is(store: Store, equipment: Equipment) -> None:
    clerk = Clerk(store, equipment)
    states = {say(card.name): say(card.state.text) for card in clerk.model.devices}
    assert states["page001"] == states[FEEDER] == states["Example Printer"] == "就绪"
    assert states[DEAD] == "连不上"
    assert clerk.card(DEAD).advice != "" and clerk.card(DEAD).state.tone is Tone.WARNING
    assert [say(card.kind) for card in clerk.model.devices][-3:] == ["扫描仪", "打印机", "打印机"]
    assert "1 处要看一下" in say(clerk.model.hint)
    assert clerk.model.progress is None
    assert clerk.model.banner is None


def test_what_is_used_is_marked_and_selected_first(store: Store, equipment: Equipment) -> None:
    clerk = Clerk(store, equipment)
    assert [say(card.name) for card in clerk.model.devices if card.in_use] == ["page001", "Example Printer"]
    assert clerk.card("page001").is_selected
    assert clerk.says == "扫描用 page001。"
    use = clerk.button(DeviceAct.MAKE_DEFAULT)
    assert (use.is_enabled, use.blocked_by, use.reason) == (False, "list", "IN_USE")


def test_f8_uses_another_scanner_from_now_on(store: Store, equipment: Equipment, tmp_path: Path) -> None:
    clerk = Clerk(store, equipment)
    clerk.presenter.select(clerk.card(SECOND).key)
    assert clerk.button(DeviceAct.MAKE_DEFAULT).kind is ActKind.PRIMARY
    assert clerk.press(SECOND, DeviceAct.MAKE_DEFAULT).in_use is not None
    assert clerk.card(FIRST).in_use is None
    options = clerk.equipment.scan_settings().options
    assert Path(str(options["filename"])).stem == SECOND
    again = DeviceSettings(DataFolder(root=tmp_path / "data"))
    assert again.scanner.endswith(SECOND)


def test_f8_uses_another_printer_from_now_on(store: Store, equipment: Equipment) -> None:
    clerk = Clerk(store, equipment)
    clerk.press(DEAD, DeviceAct.MAKE_DEFAULT)
    assert clerk.equipment.chosen_printer().key == DEAD
    assert clerk.says == f"文书打到 {DEAD}。"


def test_what_a_scanner_offers_can_be_chosen(store: Store, equipment: Equipment) -> None:
    clerk = Clerk(store, equipment)
    card = clerk.card(FEEDER)
    assert [(row.key, row.chosen) for row in card.settings] == [
        ("source", "feeder"),
        ("mode", "gray"),
        ("resolution", "75"),
    ]
    for setting, option in (("source", "flatbed"), ("mode", "colour"), ("resolution", "200")):
        clerk.presenter.choose(card.key, setting, option)
    assert [row.chosen for row in clerk.card(FEEDER).settings] == ["flatbed", "colour", "200"]
    clerk.press(FEEDER, DeviceAct.MAKE_DEFAULT)
    settings = clerk.equipment.scan_settings()
    assert (settings.source, settings.mode, settings.resolution) == (Source.FLATBED, ColourMode.COLOUR, 200)


def test_a_try_scans_one_page_and_keeps_none(store: Store, equipment: Equipment) -> None:
    clerk = Clerk(store, equipment)
    card = clerk.press(FEEDER, DeviceAct.TEST)
    assert card.picture is not None
    assert clerk.says.startswith("试扫成功：620 × 876")
    assert store.pages.unsent() == 0


def test_a_try_that_fails_says_why(store: Store, equipment: Equipment) -> None:
    clerk = Clerk(store, equipment)
    card = clerk.press(JAMMED, DeviceAct.TEST)
    assert (say(card.state.text), clerk.says) == ("卡纸", WORDS.key("device.JAM"))
    assert say(clerk.press(JAMMED, DeviceAct.FIND).state.text) == "就绪"


def test_a_test_page_comes_out_of_the_printer(
    store: Store, equipment: Equipment, press: Press, printer: IPPPrinterProcess
) -> None:
    clerk = Clerk(store, equipment, press)
    before = len(printer.printed())
    clerk.press("Example Printer", DeviceAct.TEST)
    assert clerk.says == "测试页已从 Example Printer 打出。"
    (page,) = printer.printed()[before:]
    assert page.startswith(b"%PDF-")


def test_without_paper_no_test_page_waits_in_the_printer(
    store: Store, equipment: Equipment, press: Press, printer: IPPPrinterProcess
) -> None:
    clerk = Clerk(store, equipment, press)
    printer.load(0)
    card = clerk.press("Example Printer", DeviceAct.TEST)
    assert say(card.state.text) == "没有纸"
    assert clerk.says == WORDS.key("device.FEEDER_EMPTY")
    clerk.presenter.act(DeviceAct.FIND)
    assert say(clerk.card("Example Printer").advice) == WORDS.key("device.FEEDER_EMPTY")
    assert clerk.equipment.printer_condition.trouble is Trouble.FEEDER_EMPTY


def test_while_it_is_looked_for_devices_the_page_says_so_and_keeps_what_it_knew(
    store: Store, equipment: Equipment
) -> None:
    machines = Waiting()
    clerk = Clerk(store, equipment, machines=machines)
    assert clerk.model.devices == () and say(clerk.model.progress.text if clerk.model.progress else "") == "正在找设备"
    machines.go()
    known = clerk.model.devices
    clerk.presenter.open()
    assert clerk.model.devices == known
    assert clerk.model.progress is not None
    machines.go()
    assert clerk.model.progress is None


def test_a_desk_without_devices_says_what_helps(store: Store, tmp_path: Path) -> None:
    nothing = write_config(tmp_path / "sane.d")
    (nothing.folder / "dll.conf").write_text("", encoding="ascii")
    (tmp_path / "config.toml").write_text("[[printer]]\nuri = 'lpt1'\n", encoding="ascii")
    with ScanWorker(nothing.driver(), stall_seconds=20.0) as worker:
        settings = DeviceSettings(DataFolder(root=tmp_path))
        clerk = Clerk(store, Equipment(worker, settings=settings, print_service=NOWHERE))
    assert [say(card.name) for card in clerk.model.devices] == ["没有找到", "没有找到"]
    assert all(card.advice != "" for card in clerk.model.devices)
    assert not clerk.button(DeviceAct.TEST).is_enabled
    assert clerk.model.banner is not None and "config.toml" in say(clerk.model.banner.text)


def test_the_rail_tells_what_was_last_known(store: Store, equipment: Equipment) -> None:
    assert [say(line.state) for line in device_lines(equipment)] == ["未知", "未知"]
    clerk = Clerk(store, equipment)
    scanner, printer = device_lines(clerk.equipment)
    assert (say(printer.label), say(printer.state), printer.tone) == ("打印机", "就绪", Tone.SUCCESS)
    assert (say(scanner.label), say(scanner.state)) == ("扫描仪", "就绪")
    clerk.press(DEAD, DeviceAct.MAKE_DEFAULT)
    clerk.presenter.act(DeviceAct.FIND)
    assert [say(line.state) for line in device_lines(equipment)] == ["就绪", "连不上"]


def test_esc_goes_back(store: Store, equipment: Equipment) -> None:
    clerk = Clerk(store, equipment)
    clerk.presenter.cancel()
    assert steps(clerk.desk) == [("back", None)]


def test_a_card_reader_stands_on_the_page_and_the_rail_with_how_it_is(store: Store, equipment: Equipment) -> None:
    laid = Laid(fault=CardFault.NO_READER)
    equipment.settings.card_readers = with_reader(laid).settings.card_readers
    clerk = Clerk(store, equipment)
    card = clerk.card("Laid")
    assert (say(card.kind), say(card.state.text), card.in_use is not None) == ("读卡器", "连不上", True)
    assert card.advice != ""
    assert [say(line.state) for line in device_lines(equipment)][2:] == ["连不上"]
    laid.fault = CardFault.NO_CARD  # a reader without a card works
    clerk.presenter.act(DeviceAct.FIND)
    assert say(clerk.card("Laid").state.text) == "就绪"
    assert [say(line.label) for line in device_lines(equipment)][2:] == ["读卡器"]


def test_a_card_is_read_for_a_try_and_another_reader_is_chosen(store: Store, equipment: Equipment) -> None:
    one, two = (NamedCardReader(key=key, name=key.title(), reader=Laid()) for key in ("window", "hall"))
    equipment.settings.card_readers = (one, two)
    clerk = Clerk(store, equipment)
    clerk.press("Window", DeviceAct.TEST)
    assert clerk.says == "读到 顾* 的身份证。没有留。"
    clerk.press("Hall", DeviceAct.MAKE_DEFAULT)
    clerk.presenter.select("hall")
    assert equipment.settings.card_reader == two and clerk.card("Hall").in_use is not None
    assert clerk.says == "读卡用 Hall。" and clerk.card("Window").in_use is None
    cards = [card.name for card in clerk.model.devices if card.kind == clerk.card("Hall").kind]
    assert cards == ["Window", "Hall"]


def test_escape_stops_a_try_that_waits_for_a_card(store: Store, equipment: Equipment) -> None:
    equipment.settings.card_readers = with_reader(Laid()).settings.card_readers
    machines = Waiting()
    clerk = Clerk(store, equipment, machines=machines)
    machines.go()
    clerk.presenter.select("laid")
    clerk.presenter.act(DeviceAct.TEST)
    assert clerk.model.progress is not None and clerk.model.progress.can_cancel
    clerk.presenter.cancel()
    machines.go()
    assert "顾" not in clerk.says and steps(clerk.desk) == []
