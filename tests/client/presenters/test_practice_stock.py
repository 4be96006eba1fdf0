"""综合轮训 at the desk: numbers, codes, certificates and stock of practice are its own, and never the real desk's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.client.presenters.test_issue import granted
from tests.support.counter import at_counter, with_printer
from tests.support.desk import DISTRICT, open_store
from tests.support.printer import Sheets
from yichuang_client.actions import papers
from yichuang_client.actions.printing import Sheet, print_paper
from yichuang_client.config import DataFolder, read_config
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.errors import DeviceError
from yichuang_client.devices.settings import DeviceSettings
from yichuang_client.documents.press import Press
from yichuang_client.store.store import Store
from yichuang_domain import actions as a
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.holding import issued
from yichuang_domain.training import TRAINING_DISTRICT, fits_stock

PRACTICE = replace(DISTRICT, code=TRAINING_DISTRICT, public_url="https://practice.example.gov.cn")
STOCK, PLAIN = "ipp://localhost:9/stock", "ipp://localhost:9/plain"


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "desk")
    yield opened
    opened.close()


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "desk-practice", district=PRACTICE)
    yield opened
    opened.close()


def test_numbers_codes_and_certificates_are_of_practice(practice: Store, real: Store) -> None:
    ours, theirs = granted(practice), granted(real)
    assert ours.number.startswith(f"{TRAINING_DISTRICT}-") and not theirs.number.startswith(TRAINING_DISTRICT)
    receipt = papers.facts(at_counter(practice), ours, a.PaperKind.RECEIPT)
    assert (receipt.qr or "").startswith("https://practice.example.gov.cn/q/")
    on = at_counter(real).today
    assert issued(theirs, on) != ()
    assert ours.certificates != () and issued(ours, on) == ()  # no mark that another district would take for one


@pytest.mark.parametrize(("stock", "fits"), [("A0001", "real"), (f"{TRAINING_DISTRICT}-0001", "practice")])
def test_a_sheet_of_the_other_worlds_stock_is_refused_before_anything_prints(
    practice: Store, real: Store, press: Press, stock: str, fits: str
) -> None:
    for name, store in (("real", real), ("practice", practice)):
        sheets, case = Sheets(), granted(store)
        printer, work = with_printer(sheets).printer(), at_counter(store)
        sheet = Sheet(serial=stock)
        assert fits_stock(stock, store.desk.district_code) is (name == fits)
        if name == fits:
            print_paper(work, press, printer, case, a.PaperKind.GRANT, sheet=sheet)
            assert len(sheets.papers) == 1
            continue
        with pytest.raises(Refused) as caught:
            print_paper(work, press, printer, case, a.PaperKind.GRANT, sheet=sheet)
        assert caught.value.reason is Reason.OTHER_STOCK
        assert sheets.papers == [] and store.prints.of(case.case) == ()


def test_a_printer_with_certificate_stock_in_its_tray_is_none_of_practice(tmp_path: Path) -> None:
    here, there = (read_config({}, tmp_path / "desk", is_practice=is_practice).data for is_practice in (False, True))
    for folder in (here, there):
        folder.root.mkdir()
    named = f'[[printer]]\nuri = "{STOCK}"\npapers = ["certificate"]\n[[printer]]\nuri = "{PLAIN}"\n'
    here.config.write_text(named, encoding="utf-8")
    there.config.write_text(f'[[printer]]\nuri = "{STOCK}"\n[[printer]]\nuri = "{PLAIN}"\n', encoding="utf-8")
    assert addresses(DeviceSettings(here)) == [STOCK, PLAIN]
    settings = DeviceSettings(there, real=here)
    assert addresses(settings) == [PLAIN]
    settings.choose_printer(STOCK)
    equipment = Equipment(None, settings=settings, print_service="ipp://localhost:9")  # type: ignore[arg-type]
    with pytest.raises(DeviceError):
        equipment.chosen_printer()
    there.config.write_text(named, encoding="utf-8")
    assert addresses(DeviceSettings(there, real=DataFolder(root=tmp_path / "none"))) == [PLAIN]


def addresses(settings: DeviceSettings) -> list[str]:
    """The printers that are named."""
    return [printer.uri for printer in settings.printers]
