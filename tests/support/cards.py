"""Identity cards and the reader's library of ours for tests; no maker's."""

from __future__ import annotations

import subprocess
import threading
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

from tests.support.intake_clerk import NOWHERE
from yichuang_client.devices.card_reading import CardFault, CardReaderError, CardStage, Told
from yichuang_client.devices.card_settings import NamedCardReader
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.identity_card import IdentityCard, read_card

NUMBER = "330402198001010014"
NAME = "顾禾清"
_SOURCE = Path(__file__).with_name("card_library.c")


def message(number: str = NUMBER, name: str = NAME, until: str = "20360101", kind: str = "") -> bytes:
    """A base message as a card's chip holds it; ``kind`` is the letter of a card that is not a resident's."""
    fields = (
        (name, 15),
        ("1", 1),
        ("01", 2),
        (number[6:14], 8),
        ("凤桥镇禾清路 1 号", 35),
        (number, 18),
        ("凤桥镇公安分局", 15),
        ("20160101", 8),
        (until, 8),
        ("", 14),
        (kind, 1),
    )
    return "".join(value.ljust(width) for value, width in fields).ljust(128).encode("utf-16-le")


def build_library(folder: Path) -> str:
    """Compile the library; returns its file."""
    made = folder / "libsdt.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(made), str(_SOURCE)], check=True)
    return str(made)


@dataclass
class Laid:
    """A reader with a card on it, or with a trouble."""

    card: bytes = field(default_factory=message)
    fault: CardFault | None = None

    def read(self, today: date, seconds: float, told: Told, stop: threading.Event) -> IdentityCard:
        """As ``CardReader.read``."""
        for stage in CardStage:
            told(stage)
        if self.fault is not None:
            raise CardReaderError(self.fault)
        return read_card(self.card, today)


def with_reader(laid: Laid) -> Equipment:
    """A desk's devices: this card reader alone."""
    equipment = Equipment(cast(Any, None), print_service=NOWHERE)
    equipment.settings.card_readers = (NamedCardReader(key="laid", name="Laid", reader=laid),)
    return equipment
