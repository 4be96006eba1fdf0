"""The printers of the Windows spooler: layouts and error codes by the documents, the driver on a spooler of ours.

Nothing here was ever run on Windows.
"""

from __future__ import annotations

import io
import itertools
from ctypes import sizeof

import numpy
import pytest
from PIL import Image

from tests.support.spooler import Look, Spooler
from yichuang_client.devices import spooler_library as spool
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.languages import Form
from yichuang_client.devices.print_service import PrintQueue, spooler_queues
from yichuang_client.devices.printer_drivers import language_of, printer_driver
from yichuang_client.devices.printing import JobState, PrintTicket, Sides, Stock, Supply
from yichuang_client.devices.spooler_printer import SpoolerPrinter

pytestmark = pytest.mark.never_run
PRINTING, SPOOLING, PAPER_OUT, PRINTED, DELETING = 0x10, 0x8, 0x40, 0x80, 0x4


def a4(colour: tuple[int, int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (596, 842), colour).save(out, "PDF", resolution=72)
    return out.getvalue()


def driver(spooler: Spooler, language: str = "") -> SpoolerPrinter:
    spoken = language_of(language, Form(width=576)) if language else None
    return SpoolerPrinter("winspool:Office", spoken, library=spooler, look_seconds=0.0)


def test_layouts_of_64_bits() -> None:
    sizes = {spool.PrinterInfo4: 24, spool.PrinterInfo2: 136, spool.JobInfo1: 96, spool.DevMode: 220}
    sizes |= {spool.DocInfo1: 24, spool.DocInfo: 40, spool.BitmapHeader: 40}
    assert {kind: sizeof(kind) for kind in sizes} == sizes
    places = {"fields": 72, "paper": 78, "copies": 86, "colour": 92, "duplex": 94, "form": 102}
    assert {name: getattr(spool.DevMode, name).offset for name in places} == places
    assert (spool.JobInfo1.status.offset, spool.JobInfo1.printed.offset) == (56, 72)
    assert (spool.PrinterInfo2.attributes.offset, spool.PrinterInfo2.status.offset) == (104, 124)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [(5, Trouble.ACCESS), (1722, Trouble.OFFLINE), (1801, Trouble.OFFLINE), (63, Trouble.CANCELLED)],
)
def test_error_codes(code: int, trouble: Trouble) -> None:
    assert spool.trouble_of(code) is trouble


def test_elsewhere_there_is_no_spooler() -> None:
    assert spooler_queues(spool.SpoolerLibrary) == ()
    worker = printer_driver("winspool:Office")
    assert (worker.stock, worker.has_spool) == (Stock.SHEET, True)
    with pytest.raises(DeviceError) as error:
        worker.capabilities()
    assert error.value.trouble is Trouble.OFFLINE


def test_queues_are_named_by_an_address_of_plain_letters() -> None:
    assert spooler_queues(Spooler) == (PrintQueue(name="Office 1 楼", uri="winspool:Office%201%20%E6%A5%BC"),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("looks", "states", "troubles"),
    [
        ([(SPOOLING, 1, 0), (PRINTING, 1, 0), (PRINTED, 1, 1)], "pending printing completed", ()),
        ([(PRINTING, 1, 0), None], "printing completed", ()),
        ([(PRINTING | PAPER_OUT, 1, 0), (PRINTING, 1, 0), None], "stopped printing completed", ()),
        ([(PRINTING | PAPER_OUT, 1, 0), None], "stopped aborted", (Trouble.ABORTED,)),
        ([(PRINTING, 1, 0), (PRINTING | DELETING, 1, 0), None], "printing stopping cancelled", (Trouble.CANCELLED,)),
        ([(0x2 | PAPER_OUT, 1, 0), (0x100, 1, 0)], "stopped cancelled", (Trouble.CANCELLED,)),
    ],
)
def test_spooled_is_not_printed(looks: list[Look], states: str, troubles: tuple[Trouble, ...]) -> None:
    spooler = Spooler(*looks)
    printer = driver(spooler)
    job = printer.submit(b"ready", PrintTicket(name="p-1", media_type="application/octet-stream"))
    told = list(printer.watch(job))
    assert [status.state for status in told] == [JobState(state) for state in states.split()]
    assert told[-1].troubles == troubles


@pytest.mark.parametrize(
    ("status", "attributes", "troubles"),
    [
        (0x10, 0, (Trouble.FEEDER_EMPTY,)),
        (0x8 | 0x2, 0, (Trouble.JAM,)),
        (0x400000, 0, (Trouble.COVER_OPEN,)),
        (0x40000, 0, (Trouble.SUPPLY_EMPTY,)),
        (0, 0x400, (Trouble.OFFLINE,)),
        (0x100000, 0, (Trouble.ABORTED,)),
    ],
)
def test_the_printers_own_word(status: int, attributes: int, troubles: tuple[Trouble, ...]) -> None:
    spooler = Spooler((SPOOLING, 1, 0), (PRINTED, 1, 1))
    spooler.status, spooler.attributes = status | 0x20000, attributes
    offer = driver(spooler).capabilities()
    assert (offer.troubles, offer.supplies) == (troubles, (Supply.INK_LOW,))
    told = list(driver(spooler).watch(driver(spooler).submit(a4((0, 0, 0)), PrintTicket(name="p-2"))))
    assert [(row.state, row.troubles) for row in told] == [(JobState.STOPPED, troubles), (JobState.COMPLETED, ())]


def test_a_paper_is_drawn_in_bands_that_cover_it_once() -> None:
    spooler = Spooler()
    ticket = PrintTicket(name="p-3", copies=2, sides=Sides.TWO_LONG_EDGE)
    assert driver(spooler).submit(a4((10, 20, 30)), ticket).number == 8
    assert spooler.modes == [({"copies": 2, "paper": 9, "duplex": 2}, 0x1102)]
    assert spooler.told == ["begin p-3", "page", "page whole", "end", "let go"]
    boxes = [box for box, _, _ in spooler.drawn]
    assert boxes[0][1] >= 0 and boxes[-1][1] + boxes[-1][3] <= 3508
    assert all(one[1] + one[3] == other[1] for one, other in itertools.pairwise(boxes))
    assert sum(box[3] for box in boxes) > 3500
    _, (width, height), rows = spooler.drawn[3]
    pixels = numpy.frombuffer(rows, numpy.uint8).reshape(height, -1)
    assert pixels.shape[1] % 4 == 0
    assert numpy.abs(pixels[0, : width * 3].reshape(-1, 3).mean(axis=0) - (30, 20, 10)).max() < 3  # blue first


def test_a_paper_that_cannot_be_drawn_to_its_end_is_taken_back() -> None:
    spooler = Spooler()
    spooler.draws_left = 2
    with pytest.raises(DeviceError):
        driver(spooler).submit(a4((0, 0, 0)), PrintTicket(name="p-4"))
    assert spooler.told[-1] == "abort" or spooler.told[-2:] == ["abort", "let go"]
    with pytest.raises(DeviceError) as error:
        driver(Spooler()).submit(b"no paper", PrintTicket(name="p-5"))
    assert error.value.trouble is Trouble.BAD_SETTING


def test_receipts_go_as_raw_bytes_and_a_job_is_taken_back() -> None:
    spooler = Spooler((PRINTING, 1, 0))
    printer = driver(spooler, "escpos")
    assert printer.stock is Stock.ROLL
    job = printer.submit(a4((0, 0, 0)), PrintTicket(name="r-1"))
    assert spooler.raw[0].startswith(b"\x1b@") and b"\x1dv0" in spooler.raw[0]
    printer.cancel(job)
    printer.cancel(job)  # over by now
    assert spooler.told == ["delete 7"]
