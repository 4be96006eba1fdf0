"""读卡: what every way to a card reader has in common: one call that reads one card, its stages and its troubles.

Rules kept here: a reader's trouble is one of the device family, told more exactly; what a card says is in memory only;
a reading can be stopped from another thread at any moment.
"""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable
from datetime import date
from typing import Protocol

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.identity_card import IdentityCard

CARD_SECONDS = 20.0
"""So long a card is waited for at the counter."""


class CardStage(enum.Enum):
    """读到哪一步: what a reading waits for now."""

    STARTING = "starting"
    """The reader is being opened."""
    WAITING = "waiting"
    """A card is to be laid on."""
    READING = "reading"
    """The card lies there: it must not be taken away."""


class CardFault(enum.Enum):
    """读卡故障: by what a person at the counter can do about it."""

    NO_SETTING = "no-setting"
    NO_LIBRARY = "no-library"
    NO_READER = "no-reader"
    NO_CARD = "no-card"
    NO_ANSWER = "no-answer"
    UNPLUGGED = "unplugged"
    MISREAD = "misread"
    BUSY = "busy"
    ACCESS = "access"
    CRASHED = "crashed"
    CANCELLED = "cancelled"
    BAD_ANSWER = "bad-answer"
    NOT_A_CARD = "not-a-card"
    EXPIRED = "expired"


_TROUBLES = {
    CardFault.NO_SETTING: Trouble.OFFLINE,
    CardFault.NO_LIBRARY: Trouble.OFFLINE,
    CardFault.NO_READER: Trouble.OFFLINE,
    CardFault.NO_CARD: Trouble.TIMEOUT,
    CardFault.NO_ANSWER: Trouble.TIMEOUT,
    CardFault.UNPLUGGED: Trouble.OFFLINE,
    CardFault.MISREAD: Trouble.COMMUNICATION,
    CardFault.BUSY: Trouble.BUSY,
    CardFault.ACCESS: Trouble.ACCESS,
    CardFault.CRASHED: Trouble.DRIVER_CRASH,
    CardFault.CANCELLED: Trouble.CANCELLED,
    CardFault.BAD_ANSWER: Trouble.COMMUNICATION,
    CardFault.NOT_A_CARD: Trouble.COMMUNICATION,
    CardFault.EXPIRED: Trouble.ABORTED,
}


_OF_THE_CARD = frozenset(
    {CardFault.NO_CARD, CardFault.MISREAD, CardFault.CANCELLED, CardFault.NOT_A_CARD, CardFault.EXPIRED}
)
"""What says nothing against the reader."""


class CardReaderError(DeviceError):
    """No card was read; ``detail`` never says anything of a person.

    Attributes:
        fault: what happened, in a card reader's terms.
    """

    def __init__(self, fault: CardFault, detail: str = "") -> None:
        super().__init__(_TROUBLES[fault], f"{fault.value} {detail}".strip())
        self.fault = fault
        self._word = detail

    @property
    def is_of_reader(self) -> bool:
        """Whether the reader itself does not work, whatever card lies on it."""
        return self.fault not in _OF_THE_CARD

    def __reduce__(self) -> tuple[type[CardReaderError], tuple[CardFault, str]]:  # type: ignore[override]
        """Let the error travel from a reader's process."""
        return type(self), (self.fault, self._word)


Told = Callable[[CardStage], None]
"""Hears each stage as it begins, on the reading thread."""


class CardReader(Protocol):
    """身份证阅读机, by whatever way."""

    def read(self, today: date, seconds: float, told: Told, stop: threading.Event) -> IdentityCard:
        """Read the card that is laid on within so many seconds. Raises CardReaderError."""


def read_valid_card(reader: CardReader, today: date, seconds: float, told: Told, stop: threading.Event) -> IdentityCard:
    """As ``CardReader.read``; a card whose last day is over is refused (EXPIRED). Raises CardReaderError."""
    card = reader.read(today, seconds, told, stop)
    if stop.is_set():
        raise CardReaderError(CardFault.CANCELLED)
    if card.valid_until is not None and card.valid_until < today:
        raise CardReaderError(CardFault.EXPIRED)
    return card


def check_reader(reader: CardReader, today: date) -> None:
    """Whether the reader works: one look for a card, which is forgotten. Raises CardReaderError."""
    try:
        reader.read(today, 0.0, lambda _stage: None, threading.Event())
    except CardReaderError as error:
        if error.is_of_reader:
            raise
