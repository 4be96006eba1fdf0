"""设备页: which scanners, printers and card readers there are, how they are, which of them this desk uses and how.

Rules kept here: what was found before stays on the page while it is looked for again; a device that does not answer
keeps nobody from choosing another; a choice is shown once it is on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from yichuang_client.devices.card_settings import NamedCardReader
from yichuang_client.devices.equipment import FoundPrinter, FoundScanner
from yichuang_client.devices.errors import Trouble
from yichuang_client.devices.printing import PrinterCapabilities
from yichuang_client.devices.scanning import ColourMode, Source
from yichuang_client.devices.settings import ScanChoice
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.devices_bar import acts_of, sentence_of
from yichuang_client.presenters.devices_cards import Device, DeviceKind, device_card, trouble_of
from yichuang_client.presenters.devices_work import (
    CardReaderReady,
    CardTry,
    PrintTry,
    Scanner,
    ScanTried,
    ask_card_reader,
    ask_printer,
    ask_scanner,
    printer_in_use,
    scanner_in_use,
    try_scanner,
)
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import (
    Banner,
    Bar,
    Mark,
    Progress,
    Sentence,
    Text,
    Tone,
    View,
    msg,
)
from yichuang_client.presenters.models.sync import DeviceAct, DevicesModel
from yichuang_client.sync.status import SyncEvent
from yichuang_client.trace import trace

_NO_SCANNER, _NO_PRINTER = "no scanner", "no printer"


class DevicesPresenter:
    """The devices page."""

    def __init__(self, view: View[DevicesModel], desk: Desk) -> None:
        self._view, self._desk = view, desk
        self._scanners: tuple[Device, ...] = ()
        self._printers: tuple[Device, ...] = ()
        self._wanted = ""
        """Key of the device that the clerk selected."""
        self._card_readers: tuple[Device, ...] = ()
        self._in_use: dict[DeviceKind, str] = {}
        self._waiting = 0
        """Devices that were asked and did not answer yet; each of the two looks round counts as one."""
        self._trying: Callable[[], None] | None = None
        """Stops the test that runs."""
        self._note: Text = ""
        self._is_fault = False
        self._is_watching = False
        self._is_stale = False
        """Whether devices came or went while they were being looked for or tried."""

    def open(self) -> None:
        """Show the page and look for devices."""
        self._note = ""
        self._desk.equipment.looks.on_looked = lambda _: self._desk.later.post(self._show)
        self._find()
        if not self._is_watching:
            self._is_watching = True
            self._desk.equipment.watch(lambda: self._desk.later.post(self._changed_around))

    def told(self, events: Sequence[SyncEvent]) -> None:
        """The line does not matter here."""

    # ---- keys -------------------------------------------------------------------------------------------------

    def act(self, act: str) -> None:
        """As ``ActEvents.act``."""
        self._note, self._is_fault = "", False
        if act == DeviceAct.FIND:
            self._find()
        elif act == DeviceAct.TEST:
            self._try()
        elif act == DeviceAct.MAKE_DEFAULT:
            self._use()
        self._show()

    def confirm(self, act: str) -> None:
        """Nothing is asked here."""

    def type_in(self, key: str, text: str) -> None:
        """Nothing is typed here."""

    def cancel(self) -> None:
        """Stop the test that runs, or go back."""
        if self._trying is not None:
            self._trying()
        else:
            self._desk.way.back()

    def select(self, key: str) -> None:
        """As ``DevicesEvents.select``."""
        self._wanted, self._note = key, ""
        self._show()

    def choose(self, key: str, setting: str, option: str) -> None:
        """As ``DevicesEvents.choose``."""
        self._wanted = key
        device = self._find_device(key)
        if device is None or not isinstance(device.found, FoundScanner) or not isinstance(device.answer, Scanner):
            return
        scanner, choice = device.found, _chosen(device.answer.choice, setting, option)

        def kept(_: None) -> None:
            trace("device set", setting=setting)
            self._ask(device)

        settings = self._desk.equipment.settings
        self._desk.background.run(lambda: settings.keep_scan_choice(scanner.key, choice), kept, self._not_kept)

    # ---- looking ----------------------------------------------------------------------------------------------

    def _find(self) -> None:
        if self._waiting:
            self._show()
            return
        self._waiting = 2
        equipment = self._desk.equipment
        self._find_card_readers()
        self._desk.scanning.run(equipment.scanners, self._found_scanners, self._no_scanners)
        self._desk.asking.run(equipment.printers, self._found_printers, self._no_printers)
        self._show()

    def _changed_around(self) -> None:
        """Something was plugged in or out, or began or ceased to announce itself: look anew, once nothing runs."""
        self._is_stale = True
        self._look_again()

    def _look_again(self) -> None:
        if self._is_stale and not self._waiting and self._trying is None:
            self._is_stale = False
            trace("devices changed")
            self._find()

    def _found_scanners(self, found: tuple[FoundScanner, ...], why: Text = "") -> None:
        self._in_use[DeviceKind.SCANNER] = scanner_in_use(self._desk.equipment, found)
        help_ = why or msg("devices.no_scanner_help")
        nothing = Device(key=_NO_SCANNER, found=None, kind=DeviceKind.SCANNER, fault=help_)
        rows = tuple(Device(key=row.key, found=row, kind=DeviceKind.SCANNER) for row in found)
        self._scanners = self._as_known(rows or (nothing,))
        self._found(self._scanners)

    def _no_scanners(self, error: Exception) -> None:
        self._found_scanners((), sentence(error))

    def _found_printers(self, found: tuple[FoundPrinter, ...]) -> None:
        self._in_use[DeviceKind.PRINTER] = printer_in_use(self._desk.equipment, found)
        nothing = Device(key=_NO_PRINTER, found=None, kind=DeviceKind.PRINTER, fault=msg("devices.no_printer_help"))
        rows = tuple(Device(key=row.key, found=row, kind=DeviceKind.PRINTER) for row in found)
        self._printers = self._as_known(rows or (nothing,))
        self._found(self._printers)

    def _no_printers(self, error: Exception) -> None:
        self._waiting -= 1
        self._say(sentence(error), is_fault=True)

    def _find_card_readers(self) -> None:
        """Nothing to look for: they are named; each is asked whether it works."""
        settings = self._desk.equipment.settings
        self._in_use[DeviceKind.CARD_READER] = settings.card_reader.key if settings.card_reader is not None else ""
        rows = (Device(key=row.key, found=row, kind=DeviceKind.CARD_READER) for row in settings.card_readers)
        self._card_readers = self._as_known(tuple(rows))
        for row in self._card_readers:
            self._ask(row)

    def _as_known(self, rows: tuple[Device, ...]) -> tuple[Device, ...]:
        """The same with what they answered before."""
        before = {device.key: device for device in self._devices}
        return tuple(replace(row, answer=before[row.key].answer) if row.key in before else row for row in rows)

    def _found(self, rows: tuple[Device, ...]) -> None:
        """One of the two looks round is done: show what it found, and ask each."""
        for row in rows:
            self._ask(row)
        self._waiting -= 1
        trace("devices shown", n=sum(device.found is not None for device in self._devices))
        self._show()
        self._look_again()

    def _ask(self, device: Device) -> None:
        found, equipment = device.found, self._desk.equipment
        if found is None:
            return
        self._waiting += 1

        def answered(answer: Scanner | PrinterCapabilities | CardReaderReady) -> None:
            trouble = answer.troubles[0] if isinstance(answer, PrinterCapabilities) and answer.troubles else None
            fault = msg(f"device.{trouble.name}") if trouble is not None else ""
            self._answered(device.key, answer=answer, trouble=trouble, fault=fault)

        def failed(error: Exception) -> None:
            fault = sentence(error) if device.lack is None else msg(f"devices.lack_{device.lack.name}")
            self._answered(device.key, trouble=trouble_of(error), fault=fault)

        is_in_use, desk = device.key in self._in_use.values(), self._desk
        if isinstance(found, NamedCardReader):
            desk.reading.run(lambda: ask_card_reader(desk, found, is_in_use=is_in_use), answered, failed)
        elif isinstance(found, FoundScanner):
            desk.scanning.run(lambda: ask_scanner(equipment, found, is_in_use=is_in_use), answered, failed)
        elif isinstance(found, FoundPrinter):
            desk.asking.run(lambda: ask_printer(equipment, found, is_in_use=is_in_use), answered, failed)

    def _answered(self, key: str, **changes: object) -> None:
        self._waiting -= 1
        self._change(key, **changes)
        if not self._waiting:
            trace("devices answered", n=sum(device.is_fine for device in self._devices))
            self._look_again()

    # ---- using ------------------------------------------------------------------------------------------------

    def _use(self) -> None:
        device = self._selected
        if device is None or device.found is None:
            return
        settings, found = self._desk.equipment.settings, device.found
        choose: dict[DeviceKind, Callable[[], None]] = {
            DeviceKind.SCANNER: partial(settings.choose_scanner, found.key, found.name),
            DeviceKind.PRINTER: partial(settings.choose_printer, found.key),
            DeviceKind.CARD_READER: partial(settings.choose_card_reader, found.key),
        }

        def kept(_: None) -> None:
            self._in_use[device.kind] = found.key
            trace(f"{device.kind.value} chosen")
            self._show()

        self._desk.background.run(choose[device.kind], kept, self._not_kept)

    def _not_kept(self, error: Exception) -> None:
        is_disk = isinstance(error, OSError)
        self._say(msg("store.DISK_FAILED") if is_disk else sentence(error), is_fault=True)

    def _try(self) -> None:
        device = self._selected
        if device is None or self._trying is not None:
            return
        if isinstance(device.found, FoundScanner):
            scanner = device.found
            self._trying = self._desk.equipment.scanner.cancel
            self._desk.scanning.run(
                lambda: try_scanner(self._desk, scanner), partial(self._scanned, device), partial(self._failed, device)
            )
        elif isinstance(device.found, FoundPrinter):
            page = PrintTry(self._desk, device.found)
            self._trying = lambda: self._desk.background.run(page.stop, lambda _: None, lambda _: None)
            self._desk.printing.run(page.run, partial(self._printed, device), partial(self._failed, device))
        elif isinstance(device.found, NamedCardReader):
            card = CardTry(self._desk, device.found)
            self._trying = card.stop
            self._desk.reading.run(card.run, partial(self._read, device), partial(self._failed, device))

    def _scanned(self, device: Device, tried: ScanTried) -> None:
        self._tried(device, is_fine=True)
        self._change(device.key, picture=tried.picture, trouble=None, fault="")
        tenths = f"{max(0.1, tried.seconds):.1f}"
        self._say(msg("devices.scan_worked", width=tried.width, height=tried.height, seconds=tenths))

    def _printed(self, device: Device, _: None) -> None:
        self._tried(device, is_fine=True)
        self._change(device.key, trouble=None, fault="")
        self._say(msg("devices.print_worked", name=device.name))

    def _read(self, device: Device, name: str) -> None:
        self._tried(device, is_fine=True)
        self._change(device.key, trouble=None, fault="")
        self._say(msg("devices.card_worked", name=name))

    def _failed(self, device: Device, error: Exception) -> None:
        self._tried(device, is_fine=False)
        said = sentence(error)
        self._change(device.key, trouble=trouble_of(error), fault=said)
        self._say(said, is_fault=True)

    def _tried(self, device: Device, *, is_fine: bool) -> None:
        self._trying = None
        self._look_again()
        trace("device tried", kind=device.kind.value, ok=is_fine)

    # ---- showing ----------------------------------------------------------------------------------------------

    @property
    def _devices(self) -> tuple[Device, ...]:
        return (*self._scanners, *self._printers, *self._card_readers)

    @property
    def _selected(self) -> Device | None:
        """The device that the clerk selected, else the one in use, else the first."""
        keys = (self._wanted, *(self._in_use.get(kind, "") for kind in DeviceKind))
        found = next((device for key in keys if (device := self._find_device(key)) is not None), None)
        return found or next(iter(self._devices), None)

    def _find_device(self, key: str) -> Device | None:
        return next((device for device in self._devices if device.key == key), None)

    def _change(self, key: str, **changes: object) -> None:
        def changed(rows: tuple[Device, ...]) -> tuple[Device, ...]:
            return tuple(replace(row, **changes) if row.key == key else row for row in rows)  # type: ignore[arg-type]

        self._scanners, self._printers = changed(self._scanners), changed(self._printers)
        self._card_readers = changed(self._card_readers)
        self._show()

    def _say(self, note: Text, *, is_fault: bool = False) -> None:
        self._note, self._is_fault = note, is_fault
        self._show()

    def _show(self) -> None:
        known = [device for device in self._devices if device.found is not None]
        troubled = sum(device.fault != "" for device in self._devices)
        hint: Text = ""
        if self._devices:
            hint = (
                msg("devices.some_troubled", n=len(known), m=troubled) if troubled else msg("devices.all", n=len(known))
            )
        unread = Banner(kind="CONFIG", text=msg("devices.config_unread"), hint=msg("devices.config_help"))
        selected = self._selected
        cards = (
            device_card(device, is_selected=device is selected, is_in_use=device.key in self._in_use.values())
            for device in self._devices
        )
        self._view.show(
            DevicesModel(
                title=msg("devices.title"),
                hint=hint,
                devices=tuple(cards),
                banner=None if self._desk.equipment.settings.is_readable else unread,
                progress=self._progress(),
                bar=self._bar(),
            )
        )

    def _progress(self) -> Progress | None:
        if self._trying is not None:
            return Progress(text=msg("devices.trying"), can_cancel=True)
        if not self._waiting:
            return None
        done = sum(looked.trouble is not Trouble.TIMEOUT for looked in self._desk.equipment.looks.last)
        return Progress(text=msg("devices.looked", n=done) if done else msg("devices.looking"))

    def _bar(self) -> Bar:
        device = self._selected
        is_in_use = device is not None and device.key in self._in_use.values()
        said = sentence_of(device, is_in_use=is_in_use)
        if self._note != "":
            mark, tone = (Mark.WARN, Tone.WARNING) if self._is_fault else (Mark.OK, Tone.SUCCESS)
            said = Sentence(mark=mark, tone=tone, lead=self._note)
        return Bar(sentence=said, acts=acts_of(device, is_in_use=is_in_use, is_trying=self._trying is not None))


def _chosen(choice: ScanChoice, setting: str, option: str) -> ScanChoice:
    """The choice with one setting changed."""
    if setting == "source":
        return replace(choice, source=Source(option))
    if setting == "mode":
        return replace(choice, mode=ColourMode(option))
    return replace(choice, resolution=int(option))
