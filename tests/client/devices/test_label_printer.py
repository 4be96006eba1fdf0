"""Label printers: the label of a material bag in TSPL and ZPL, read back; what the printers say of themselves."""

from __future__ import annotations

from collections.abc import Callable

import numpy
import pytest

from tests.support import papers
from tests.support.papers import STAMP
from tests.support.raw_port import RawPort
from tests.support.thermal import codes_in, read_tspl, read_zpl
from yichuang_client.devices.errors import Trouble
from yichuang_client.devices.printer_drivers import printer_driver
from yichuang_client.devices.printing import JobState, PrintTicket, Stock
from yichuang_client.documents.paper import Paper
from yichuang_client.documents.press import Press

SLIP = papers.material_slip()
READERS: dict[str, Callable[[bytes], list[tuple[numpy.ndarray, int]]]] = {"tspl": read_tspl, "zpl": read_zpl}


@pytest.fixture(scope="module")
def label() -> bytes:
    with Press() as press:
        return press.render(Paper.MATERIAL_LABEL, SLIP.to_data(), timestamp=STAMP)


@pytest.mark.parametrize("language", READERS)
def test_a_label_comes_out_with_its_code(label: bytes, language: str) -> None:
    with RawPort() as port:
        driver = printer_driver(port.address, language)
        assert driver.stock is Stock.LABEL
        job = driver.submit(label, PrintTicket(name="l-1", copies=2))
        assert [status.state for status in driver.watch(job)] == [JobState.PRINTING, JobState.COMPLETED]
        got = bytes(port.got).replace(b"~HS", b"").replace(b"\x1b!?", b"")
    ((picture, copies),) = READERS[language](got)
    assert (picture.shape, copies) == ((320, 480), 2)
    assert codes_in(picture) == [SLIP.qr]
    assert 0.03 < (picture == 0).mean() < 0.4


@pytest.mark.parametrize(
    ("language", "answer", "troubles"),
    [
        ("tspl", b"\x00", ()),
        ("tspl", b"\x04", (Trouble.FEEDER_EMPTY,)),
        ("tspl", b"\x03", (Trouble.JAM, Trouble.COVER_OPEN)),
        ("tspl", b"\x08", (Trouble.SUPPLY_EMPTY,)),
        ("zpl", b"\x02030,0,0,0320,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n", ()),
        (
            "zpl",
            b"\x02030,1,1,0320,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n",
            (Trouble.FEEDER_EMPTY, Trouble.OFFLINE),
        ),
        (
            "zpl",
            b"\x02030,0,0,0320,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,1,1,0,2,4,0,00000000,1,000\x03\r\n",
            (Trouble.COVER_OPEN, Trouble.SUPPLY_EMPTY),
        ),
    ],
)
def test_what_a_printer_says_of_itself(language: str, answer: bytes, troubles: tuple[Trouble, ...]) -> None:
    with RawPort(lambda data: answer) as port:
        assert printer_driver(port.address, language).capabilities().troubles == troubles
