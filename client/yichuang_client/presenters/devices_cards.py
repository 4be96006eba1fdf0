"""设备卡: one card a device: its state in the operator's words, what helps, how it is used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from yichuang_client.devices.card_settings import NamedCardReader
from yichuang_client.devices.equipment import Equipment, FoundPrinter, FoundScanner
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.printing import A4, PrinterCapabilities, Sides
from yichuang_client.devices.scanning import ColourMode
from yichuang_client.devices.surroundings import Lack
from yichuang_client.presenters.devices_work import CardReaderReady, Scanner
from yichuang_client.presenters.models.common import Chip, Fact, Mark, Option, Picture, Text, Tone, msg
from yichuang_client.presenters.models.session import DeviceLine
from yichuang_client.presenters.models.sync import DeviceCard, DeviceSetting

USUAL_RESOLUTIONS = (150, 200, 300, 400, 600)
"""What a clerk may choose among, where the scanner offers it."""
_READER_BY = {False: "devices.by_LIBRARY", True: "devices.by_BRIDGE"}
READY = Chip(text=msg("devices.ready"), tone=Tone.SUCCESS, mark=Mark.OK)
ASKING = Chip(text=msg("devices.asking"), mark=Mark.WAIT)
ABSENT = Chip(text=msg("devices.absent"), mark=Mark.UNKNOWN)
LACKING = Chip(text=msg("devices.lacking"), tone=Tone.WARNING, mark=Mark.WARN)
IN_USE = Chip(text=msg("devices.in_use"), tone=Tone.PRIMARY, mark=Mark.DONE_STEP)


class DeviceKind(Enum):
    """What a device does for a desk."""

    SCANNER = "scanner"
    PRINTER = "printer"
    CARD_READER = "card_reader"


@dataclass(frozen=True, kw_only=True)
class Device:
    """一台设备: what was found, what it answered."""

    key: str
    found: FoundScanner | FoundPrinter | NamedCardReader | None
    """None: there is none of this kind."""
    kind: DeviceKind
    answer: Scanner | PrinterCapabilities | CardReaderReady | None = None
    trouble: Trouble | None = None
    fault: Text = ""
    """The sentence of the trouble."""
    picture: Picture | None = None
    """What a test scan brought."""

    @property
    def name(self) -> str:
        """What people call it; a printer of which only the address is known calls itself."""
        if self.found is None:
            return ""
        if isinstance(self.answer, PrinterCapabilities) and self.found.name == self.found.key:
            return self.answer.model or self.found.name
        return self.found.name

    @property
    def lack(self) -> Lack | None:
        """What the machine lacks for it; None for what can be used."""
        return self.found.lack if isinstance(self.found, FoundScanner | FoundPrinter) else None

    @property
    def is_fine(self) -> bool:
        """Whether it answered and nothing keeps it."""
        return self.answer is not None and self.trouble is None


def trouble_of(error: Exception) -> Trouble | None:
    """The kind of a device's trouble, None for an error of another family."""
    return error.trouble if isinstance(error, DeviceError) else None


def device_card(device: Device, *, is_selected: bool, is_in_use: bool) -> DeviceCard:
    """The card of a device."""
    kind = msg(f"devices.{device.kind.value}")
    if device.found is None:
        name = msg("devices.none_found")
        return DeviceCard(
            key=device.key, kind=kind, name=name, state=ABSENT, advice=device.fault, is_selected=is_selected
        )
    facts: Iterable[Fact] = ()
    settings: tuple[DeviceSetting, ...] = ()
    if isinstance(device.answer, Scanner):
        settings = _settings(device.answer)
    if isinstance(device.found, FoundScanner):
        facts = _scanner_facts(device.found)
    elif isinstance(device.answer, PrinterCapabilities):
        facts = _printer_facts(device, device.answer)
    elif isinstance(device.found, NamedCardReader):
        facts = [Fact(label=msg("devices.by"), value=msg(_READER_BY[device.found.is_bridge]))]
    return DeviceCard(
        key=device.key,
        kind=kind,
        name=device.name,
        state=_state(device),
        in_use=IN_USE if is_in_use else None,
        advice=device.fault,
        facts=tuple(facts),
        picture=device.picture,
        is_selected=is_selected,
        settings=settings,
    )


def _state(device: Device) -> Chip:
    if device.lack is not None:
        return LACKING
    if device.trouble is not None:
        return Chip(text=msg(f"devices.state_{device.trouble.name}"), tone=Tone.WARNING, mark=Mark.WARN)
    if device.fault != "":
        return Chip(text=msg("devices.look_at_it"), tone=Tone.WARNING, mark=Mark.WARN)
    return ASKING if device.answer is None else READY


def _scanner_facts(found: FoundScanner) -> list[Fact]:
    """The driver's name tells two of the same make apart; a line through the network is told with its cover."""
    facts = [
        Fact(label=msg("devices.by"), value=msg(f"devices.by_{_driver(found)}")),
        Fact(label=msg("devices.driver"), value=found.device),
    ]
    if found.device.startswith(("http://", "https://")):
        is_secret = found.device.startswith("https://")
        line = msg("devices.line_unproven" if is_secret else "devices.line_open")
        facts.append(Fact(label=msg("devices.line"), value=line))
    return facts


def _driver(found: FoundScanner) -> str:
    """How a scanner is driven here, by its name."""
    heads = {"http://": "ESCL", "https://": "ESCL", "folder:": "FOLDER", "camera:": "CAMERA", "usb ": "NONE"}
    return next((word for head, word in heads.items() if found.device.startswith(head)), "SANE")


def _settings(answer: Scanner) -> tuple[DeviceSetting, ...]:
    """What there is to choose: nothing that has only one value."""
    offer, choice = answer.offer, answer.choice
    rows = []
    if choice.source is not None:
        options = tuple(Option(key=row.value, text=msg(f"scan.source_{row.name}")) for row in offer.sources)
        rows.append(
            DeviceSetting(key="source", label=msg("devices.source"), options=options, chosen=choice.source.value)
        )
    if choice.mode is not None:
        modes = [mode for mode in (ColourMode.GRAY, ColourMode.COLOUR, ColourMode.LINEART) if mode in offer.modes]
        options = tuple(Option(key=row.value, text=msg(f"scan.mode_{row.name}")) for row in modes)
        rows.append(DeviceSetting(key="mode", label=msg("devices.mode"), options=options, chosen=choice.mode.value))
    if choice.resolution is not None:
        usual = {dpi for dpi in USUAL_RESOLUTIONS if dpi in offer.resolutions} | {choice.resolution}
        options = tuple(Option(key=str(dpi), text=str(dpi)) for dpi in sorted(usual))
        chosen = str(choice.resolution)
        rows.append(DeviceSetting(key="resolution", label=msg("devices.dpi"), options=options, chosen=chosen))
    return tuple(row for row in rows if len(row.options) > 1)


def _printer_facts(device: Device, offer: PrinterCapabilities) -> list[Fact]:
    facts = [Fact(label=msg("devices.model"), value=offer.model or msg("common.unknown"))]
    if device.name == offer.model:
        facts = [Fact(label=msg("devices.address"), value=device.key)]
    if isinstance(device.found, FoundPrinter):
        papers = device.found.papers
        facts += [Fact(label=msg("devices.only_for"), value=msg(f"case.paper_{paper}")) for paper in papers]
    if offer.media_ready:
        has_a4 = A4 in offer.media_ready
        paper = Fact(
            label=msg("devices.paper"),
            value=msg("devices.a4_loaded" if has_a4 else "devices.no_a4"),
            tone=None if has_a4 else Tone.WARNING,
        )
        facts.append(paper)
    for supply in offer.supplies:
        facts.append(Fact(label=msg("devices.supplies"), value=msg(f"devices.supply_{supply.name}"), tone=Tone.WARNING))
    if not offer.sides:
        return facts
    is_both = any(sides is not Sides.ONE for sides in offer.sides)
    facts.append(Fact(label=msg("devices.sides"), value=msg("devices.both_sides" if is_both else "devices.one_side")))
    return facts


def device_lines(equipment: Equipment) -> tuple[DeviceLine, ...]:
    """外设行 of the rail: what was last known of the devices in use, a card reader where one is named; never waits."""
    rows = [("devices.scanner", equipment.scanner_condition), ("devices.printer", equipment.printer_condition)]
    if equipment.settings.card_reader is not None:
        rows.append(("devices.card_reader", equipment.card_condition))
    lines = []
    for label, condition in rows:
        if not condition.is_known:
            state, tone, mark = msg("common.unknown"), Tone.NEUTRAL, Mark.UNKNOWN
        elif condition.trouble is None:
            state, tone, mark = msg("devices.ready"), Tone.SUCCESS, Mark.OK
        else:
            is_jam = condition.trouble is Trouble.JAM
            tone, mark = (Tone.DANGER, Mark.STOP) if is_jam else (Tone.WARNING, Mark.WARN)
            state = msg(f"devices.state_{condition.trouble.name}")
        lines.append(DeviceLine(label=msg(label), state=state, tone=tone, mark=mark))
    return tuple(lines)
