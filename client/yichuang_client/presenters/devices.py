"""设备页: which scanners and printers there are, how they are, which of them this desk uses and how.

Rules kept here: what was found before stays on the page while it is looked for again; a device that does not answer
keeps nobody from choosing another; a choice is shown once it is on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from yichuang_client.devices.equipment import FoundPrinter, FoundScanner
from yichuang_client.devices.errors import Trouble
from yichuang_client.devices.printing import PrinterCapabilities
from yichuang_client.devices.scanning import ColourMode, Source
from yichuang_client.devices.settings import ScanChoice
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.devices_cards import Device, device_card, trouble_of
from yichuang_client.presenters.devices_work import (
    PrintTry,
    Scanner,
    ScanTried,
    ask_printer,
    ask_scanner,
    printer_in_use,
    scanner_in_use,
    try_scanner,
)
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import (
    Act,
    ActKind,
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
        self._in_use: tuple[str, str] = ("", "")
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
        self._in_use = (scanner_in_use(self._desk.equipment, found), self._in_use[1])
        help_ = why or msg("devices.no_scanner_help")
        nothing = Device(key=_NO_SCANNER, found=None, is_scanner=True, fault=help_)
        rows = tuple(Device(key=row.key, found=row, is_scanner=True) for row in found)
        self._scanners = self._as_known(rows or (nothing,))
        self._found(self._scanners)

    def _no_scanners(self, error: Exception) -> None:
        self._found_scanners((), sentence(error))

    def _found_printers(self, found: tuple[FoundPrinter, ...]) -> None:
        self._in_use = (self._in_use[0], printer_in_use(self._desk.equipment, found))
        nothing = Device(key=_NO_PRINTER, found=None, is_scanner=False, fault=msg("devices.no_printer_help"))
        rows = tuple(Device(key=row.key, found=row, is_scanner=False) for row in found)
        self._printers = self._as_known(rows or (nothing,))
        self._found(self._printers)

    def _no_printers(self, error: Exception) -> None:
        self._waiting -= 1
        self._say(sentence(error), is_fault=True)

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

        def answered(answer: Scanner | PrinterCapabilities) -> None:
            trouble = answer.troubles[0] if isinstance(answer, PrinterCapabilities) and answer.troubles else None
            fault = msg(f"device.{trouble.name}") if trouble is not None else ""
            self._answered(device.key, answer=answer, trouble=trouble, fault=fault)

        def failed(error: Exception) -> None:
            fault = sentence(error) if found.lack is None else msg(f"devices.lack_{found.lack.name}")
            self._answered(device.key, trouble=trouble_of(error), fault=fault)

        is_in_use = device.key in self._in_use
        if isinstance(found, FoundScanner):
            self._desk.scanning.run(lambda: ask_scanner(equipment, found, is_in_use=is_in_use), answered, failed)
        elif isinstance(found, FoundPrinter):
            self._desk.asking.run(lambda: ask_printer(equipment, found, is_in_use=is_in_use), answered, failed)

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
        work: Callable[[], None] = partial(settings.choose_printer, found.key)
        if device.is_scanner:
            work = partial(settings.choose_scanner, found.key, found.name)

        def kept(_: None) -> None:
            scanners = tuple(row.found for row in self._devices if isinstance(row.found, FoundScanner))
            printers = tuple(row.found for row in self._devices if isinstance(row.found, FoundPrinter))
            equipment = self._desk.equipment
            self._in_use = (scanner_in_use(equipment, scanners), printer_in_use(equipment, printers))
            trace("scanner chosen" if device.is_scanner else "printer chosen")
            self._show()

        self._desk.background.run(work, kept, self._not_kept)

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

    def _scanned(self, device: Device, tried: ScanTried) -> None:
        self._tried(device, is_fine=True)
        self._change(device.key, picture=tried.picture, trouble=None, fault="")
        tenths = f"{max(0.1, tried.seconds):.1f}"
        self._say(msg("devices.scan_worked", width=tried.width, height=tried.height, seconds=tenths))

    def _printed(self, device: Device, _: None) -> None:
        self._tried(device, is_fine=True)
        self._change(device.key, trouble=None, fault="")
        self._say(msg("devices.print_worked", name=device.name))

    def _failed(self, device: Device, error: Exception) -> None:
        self._tried(device, is_fine=False)
        said = sentence(error)
        self._change(device.key, trouble=trouble_of(error), fault=said)
        self._say(said, is_fault=True)

    def _tried(self, device: Device, *, is_fine: bool) -> None:
        self._trying = None
        self._look_again()
        trace("device tried", kind="scanner" if device.is_scanner else "printer", ok=is_fine)

    # ---- showing ----------------------------------------------------------------------------------------------

    @property
    def _devices(self) -> tuple[Device, ...]:
        return (*self._scanners, *self._printers)

    @property
    def _selected(self) -> Device | None:
        """The device that the clerk selected, else the one in use, else the first."""
        keys = (self._wanted, *self._in_use)
        found = next((device for key in keys if (device := self._find_device(key)) is not None), None)
        return found or next(iter(self._devices), None)

    def _find_device(self, key: str) -> Device | None:
        return next((device for device in self._devices if device.key == key), None)

    def _change(self, key: str, **changes: object) -> None:
        def changed(rows: tuple[Device, ...]) -> tuple[Device, ...]:
            return tuple(replace(row, **changes) if row.key == key else row for row in rows)  # type: ignore[arg-type]

        self._scanners, self._printers = changed(self._scanners), changed(self._printers)
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
            device_card(device, is_selected=device is selected, is_in_use=device.key in self._in_use)
            for device in self._devices
        )
        self._view.show(
            DevicesModel(
                title=msg("devices.title"),
                hint=hint,
                devices=tuple(cards),
                banner=None if self._desk.equipment.settings.is_readable else unread,
                progress=self._progress(),
                bar=Bar(sentence=self._sentence(), acts=self._acts()),
            )
        )

    def _progress(self) -> Progress | None:
        if self._trying is not None:
            return Progress(text=msg("devices.trying"), can_cancel=True)
        if not self._waiting:
            return None
        done = sum(looked.trouble is not Trouble.TIMEOUT for looked in self._desk.equipment.looks.last)
        return Progress(text=msg("devices.looked", n=done) if done else msg("devices.looking"))

    def _sentence(self) -> Sentence:
        if self._note != "" and self._is_fault:
            return Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=self._note)
        if self._note != "":
            return Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=self._note)
        device = self._selected
        if device is None or device.found is None:
            return Sentence(lead=msg("devices.choose_one"))
        if device.key in self._in_use:
            lead = msg("devices.scans_with" if device.is_scanner else "devices.prints_with", name=device.name)
            return Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=lead)
        return Sentence(lead=msg("devices.not_in_use", name=device.name), hint=msg("devices.use_how"))

    def _acts(self) -> tuple[Act, ...]:
        device = self._selected
        is_there = device is not None and device.found is not None
        is_in_use = device is not None and device.key in self._in_use
        test = "devices.act_print" if device is not None and not device.is_scanner else "devices.act_scan"
        use_kind = ActKind.PRIMARY if is_there and not is_in_use else ActKind.NORMAL
        reason = "IN_USE" if is_in_use else "NOT_THERE"
        return (
            Act(id=DeviceAct.FIND, key="F5", label=msg("devices.act_find")),
            Act(
                id=DeviceAct.TEST,
                key="F6",
                label=msg(test),
                is_enabled=is_there and self._trying is None,
                blocked_by="list",
                reason="NOT_THERE" if not is_there else "BUSY",
            ),
            Act(
                id=DeviceAct.MAKE_DEFAULT,
                key="F8",
                label=msg("devices.act_use"),
                kind=use_kind,
                is_enabled=is_there and not is_in_use,
                blocked_by="list",
                reason=reason,
            ),
        )


def _chosen(choice: ScanChoice, setting: str, option: str) -> ScanChoice:
    """The choice with one setting changed."""
    if setting == "source":
        return replace(choice, source=Source(option))
    if setting == "mode":
        return replace(choice, mode=ColourMode(option))
    return replace(choice, resolution=int(option))
