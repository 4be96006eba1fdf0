"""The driver's process: cancel, crash, silence, back-pressure, on the real libsane."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy
import pytest

from tests.support.sane import FEEDER_SHEETS, TEST_DEVICE, SaneFolder, feeder_settings
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.page_slots import PageSlots
from yichuang_client.devices.sane_driver import SaneDriver
from yichuang_client.devices.scan_process import Cancel, Free, SlotSink
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanning import (
    BatchEnded,
    ColourMode,
    Frame,
    PageScanned,
    PageSink,
    PageStarted,
    ScanArea,
    ScanCancelled,
    ScanEvent,
    ScannerDevice,
    ScanSettings,
    Source,
    TroubleMet,
)

SLOW = {"read-limit": True, "read-limit-size": 1, "read-delay": True, "read-delay-duration": 200_000}
"""The slowest scanner that the test backend can be: one byte a read, a fifth of a second each."""


@pytest.fixture
def impatient(sane_folder: SaneFolder) -> Iterator[ScanWorker]:
    """A worker with short watchdogs, and one that may be killed."""
    with ScanWorker(sane_folder.driver(), stall_seconds=1.0, cancel_seconds=1.0) as running:
        running.devices()
        yield running


def kill(worker: ScanWorker, number: signal.Signals) -> None:
    assert worker.process_id is not None
    os.kill(worker.process_id, number)


def until_page(events: Iterator[ScanEvent], number: int) -> PageScanned:
    for event in events:
        if isinstance(event, PageScanned) and event.number == number:
            return event
    raise AssertionError(f"page {number} never came")


def test_libsane_is_not_loaded_in_the_owner(worker: ScanWorker) -> None:
    list(worker.scan_pages(feeder_settings(pages=1)))
    assert "libsane" not in Path("/proc/self/maps").read_text(encoding="utf-8")
    assert "libsane" in Path(f"/proc/{worker.process_id}/maps").read_text(encoding="utf-8")


def test_a_cancel_in_the_middle_of_a_page_gives_no_partial_page(worker: ScanWorker) -> None:
    events = worker.scan_pages(feeder_settings(options=SLOW))
    assert next(events) == PageStarted(number=1)
    worker.cancel()
    (last,) = events
    assert isinstance(last, TroubleMet)
    assert (last.trouble, last.count) == (Trouble.CANCELLED, 0)
    assert list(worker.scan_pages(feeder_settings()))[-1] == BatchEnded(count=FEEDER_SHEETS)


def test_a_cancel_between_pages_keeps_what_was_scanned(worker: ScanWorker) -> None:
    events = worker.scan_pages(feeder_settings())
    until_page(events, 2)
    worker.cancel()
    rest = list(events)
    last = rest[-1]
    kept = 2 + sum(isinstance(event, PageScanned) for event in rest)
    assert last == BatchEnded(count=FEEDER_SHEETS) or (
        isinstance(last, TroubleMet) and last.trouble is Trouble.CANCELLED and last.count == kept
    )


def test_a_cancel_without_a_batch_does_nothing(worker: ScanWorker) -> None:
    worker.cancel()
    assert list(worker.scan_pages(feeder_settings(pages=1)))[-1] == BatchEnded(count=1)


def test_a_reader_that_stops_early_ends_the_batch(worker: ScanWorker) -> None:
    events = worker.scan_pages(feeder_settings())
    next(events)
    events.close()  # type: ignore[attr-defined]  # a generator behind Iterator
    assert list(worker.scan_pages(feeder_settings()))[-1] == BatchEnded(count=FEEDER_SHEETS)


def test_more_pages_than_slots_come_whole(worker: ScanWorker) -> None:
    pages = [event.pixels for event in worker.scan_pages(feeder_settings()) if isinstance(event, PageScanned)]
    assert len(pages) == FEEDER_SHEETS
    assert all(numpy.array_equal(pages[0], other) for other in pages)


def test_a_driver_waits_until_its_reader_has_freed_a_slot() -> None:
    near, far = multiprocessing.get_context("spawn").Pipe()
    slots = PageSlots(2, slot_bytes=1 << 16)
    sink = SlotSink(far, slots, free=(0, 1))
    frame = Frame(width=1, height=1, depth=8, channels=1, stride=1, dpi=0)
    for mark in (b"a", b"b"):
        room = sink.open_page()
        room[:1] = mark
        sink.commit(frame)
    near.send(Free(slot=1))  # without it the next line would wait for ever
    sink.open_page()[:1] = b"c"
    sink.commit(frame)
    assert (bytes(slots.slot(0)[:1]), bytes(slots.slot(1)[:1])) == (b"a", b"c")
    near.send(Cancel())
    with pytest.raises(ScanCancelled):
        sink.open_page()


def test_lent_pages_stay_whole_until_they_are_given_back(worker: ScanWorker) -> None:
    kept, page = [], b""
    for event in worker.scan_pages(feeder_settings(), lend=True):
        if isinstance(event, PageScanned):
            assert event.lent is not None
            page = event.pixels.tobytes()
            kept.append(event.lent)
            if len(kept) == 4:  # every slot: without it the driver would wait for ever
                kept.pop(0).give_back()

    def seen() -> set[bytes]:
        return {bytes(lent.memory.view[lent.offset : lent.offset + len(page)]) for lent in kept}

    assert len(kept) == 3 and seen() == {page} != {bytes(len(page))}
    assert list(worker.scan_pages(feeder_settings()))[-1] == BatchEnded(count=FEEDER_SHEETS)
    assert seen() == {page}
    for lent in kept:
        lent.give_back()
    end = time.monotonic() + 5
    while seen() != {bytes(len(page))}:
        assert time.monotonic() < end


def test_a_second_batch_at_the_same_time_is_refused(worker: ScanWorker) -> None:
    events = worker.scan_pages(feeder_settings(pages=1))
    next(events)
    with pytest.raises(DeviceError) as caught:
        worker.devices()
    assert caught.value.trouble is Trouble.BUSY
    list(events)


def test_a_driver_killed_in_a_batch_keeps_the_good_pages_and_comes_back(impatient: ScanWorker) -> None:
    events = impatient.scan_pages(feeder_settings())
    pages = [until_page(events, 1), until_page(events, 2)]
    kill(impatient, signal.SIGKILL)
    rest = list(events)
    pages += [event for event in rest if isinstance(event, PageScanned)]
    last = rest[-1]
    assert isinstance(last, TroubleMet)
    assert (last.trouble, last.count) == (Trouble.DRIVER_CRASH, len(pages))
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert all(numpy.array_equal(pages[0].pixels, page.pixels) for page in pages)
    assert list(impatient.scan_pages(feeder_settings()))[-1] == BatchEnded(count=FEEDER_SHEETS)


def test_a_driver_that_died_while_idle_is_started_again(impatient: ScanWorker) -> None:
    kill(impatient, signal.SIGKILL)
    assert TEST_DEVICE in {device.name for device in _ask_twice(impatient)}


def _ask_twice(worker: ScanWorker) -> tuple[ScannerDevice, ...]:
    try:
        return worker.devices()
    except DeviceError as error:
        assert error.trouble is Trouble.DRIVER_CRASH
        return worker.devices()


def test_a_driver_that_hangs_is_cancelled_then_killed(impatient: ScanWorker) -> None:
    """A stopped process stands for `net:` with a dead server: it never answers, not even a cancel."""
    events = impatient.scan_pages(feeder_settings(options=SLOW))
    next(events)
    hanging = impatient.process_id
    kill(impatient, signal.SIGSTOP)
    (last,) = events
    assert isinstance(last, TroubleMet)
    assert (last.trouble, last.count) == (Trouble.TIMEOUT, 0)
    assert impatient.process_id not in (None, hanging)
    assert list(impatient.scan_pages(feeder_settings(pages=1)))[-1] == BatchEnded(count=1)


def test_a_cancel_that_a_hanging_driver_does_not_confirm_kills_it(impatient: ScanWorker) -> None:
    events = impatient.scan_pages(feeder_settings(options=SLOW))
    next(events)
    hanging = impatient.process_id
    kill(impatient, signal.SIGSTOP)
    impatient.cancel()
    (last,) = events
    assert isinstance(last, TroubleMet)
    assert last.trouble is Trouble.CANCELLED
    assert impatient.process_id not in (None, hanging)


class Clinging(SaneDriver):
    """A driver of ours that never lets the device go, as backends do now and then when they are cancelled."""

    def scan(self, settings: ScanSettings, sink: PageSink, cancel: Callable[[], bool]) -> int:
        """As ``ScannerDriver.scan``: tells a jam at once."""
        sink.ending(DeviceError(Trouble.JAM, "told"))
        threading.Event().wait()
        return 0


def test_how_a_batch_went_is_known_although_the_driver_hangs_afterwards() -> None:
    with ScanWorker(Clinging(), stall_seconds=20.0, cancel_seconds=0.5) as worker:
        clinging = worker.process_id
        assert list(worker.scan_pages(feeder_settings())) == [TroubleMet(trouble=Trouble.JAM, detail="told", count=0)]
        assert worker.process_id not in (None, clinging)


def test_a_question_to_a_hanging_driver_can_be_given_up(impatient: ScanWorker) -> None:
    """Esc while the scanner is looked for: nobody waits for the long silence of a batch."""
    kill(impatient, signal.SIGSTOP)
    giving_up = threading.Timer(0.2, impatient.cancel)
    giving_up.start()
    with pytest.raises(DeviceError) as caught:
        impatient.devices()
    giving_up.join()
    assert caught.value.trouble in (Trouble.CANCELLED, Trouble.TIMEOUT)
    assert TEST_DEVICE in {device.name for device in impatient.devices()}


def test_a_slow_device_that_still_moves_is_left_alone(sane_folder: SaneFolder) -> None:
    """A page that takes longer than the watchdog's patience, but never falls silent for that long."""
    settings = ScanSettings(
        device=TEST_DEVICE,
        source=Source.FLATBED,
        mode=ColourMode.GRAY,
        depth=8,
        resolution=100,
        area=ScanArea(height=48.0),
        options={"read-delay": True, "read-delay-duration": 100_000},
    )
    with ScanWorker(sane_folder.driver(), stall_seconds=0.9) as worker:
        worker.devices()
        began = time.monotonic()
        assert list(worker.scan_pages(settings))[-1] == BatchEnded(count=1)
        assert time.monotonic() - began > 1.5 * 0.9


def test_a_cancel_may_come_from_another_thread(impatient: ScanWorker) -> None:
    events = impatient.scan_pages(feeder_settings(options=SLOW))
    next(events)
    canceller = threading.Thread(target=impatient.cancel)
    canceller.start()
    (last,) = events
    canceller.join()
    assert isinstance(last, TroubleMet)
    assert last.trouble is Trouble.CANCELLED


def test_cleared_pages_are_gone_from_memory() -> None:
    slots = PageSlots(2, slot_bytes=1 << 20)
    for index in (0, 1):
        slots.open(index)[:6] = b"page-1"
    slots.fill(0, 6)
    slots.clear()
    assert bytes(slots.slot(0)[:6]) == bytes(slots.slot(1)[:6]) == bytes(6)
    slots.close()
