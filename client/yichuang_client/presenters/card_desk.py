"""读身份证: F3: one reading at a time, what it waits for, what it fills in.

Rules kept here: the card is waited for off the Tk thread, the maker's code runs in a process of its own; a card is
filled in only where it was asked for: another citizen's form never gets it; the number can be typed at any time; what
a card says is nowhere but in the form, and before an item is chosen in memory.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from yichuang_client.devices.card_reading import (
    CARD_SECONDS,
    CardFault,
    CardReader,
    CardReaderError,
    CardStage,
    read_valid_card,
)
from yichuang_client.devices.equipment import Condition
from yichuang_client.devices.identity_card import IdentityCard
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Progress, Text, joined, msg
from yichuang_client.trace import trace
from yichuang_domain.identity import mask_name


@dataclass(eq=False, kw_only=True)
class _Reading:
    """One reading on its way."""

    stop: threading.Event = field(default_factory=threading.Event)
    stage: CardStage = CardStage.STARTING


class CardDesk:
    """The card reader as a screen uses it."""

    def __init__(self, desk: Desk, redraw: Callable[[], None]) -> None:
        self._desk = desk
        self._redraw = redraw
        self._reading: _Reading | None = None
        self._fault: Text = ""
        self._held: IdentityCard | None = None

    @property
    def can_read(self) -> bool:
        """Whether a reader is named."""
        return self._desk.equipment.settings.card_reader is not None

    @property
    def is_reading(self) -> bool:
        """Whether a card is waited for now."""
        return self._reading is not None

    @property
    def fault(self) -> Text:
        """Why no card was read; empty while nothing went wrong."""
        return self._fault

    @property
    def note(self) -> Text:
        """What is waited for, or why no card was read."""
        if self._reading is not None:
            return joined(msg(f"card.{self._reading.stage.name}"), msg("card.esc"))
        if self._fault != "":
            return self._fault
        return "" if self.can_read else msg("card.NO_SETTING")

    @property
    def progress(self) -> Progress | None:
        """What a reading waits for."""
        return Progress(text=self.note, can_cancel=True) if self.is_reading else None

    @property
    def start_note(self) -> Text:
        """The same on the start page, or whose card was read; nothing at a desk without a reader."""
        if self._held is not None:
            return msg("card.held", name=mask_name(self._held.name))
        if self._reading is None and self._fault == "":
            return msg("card.hint") if self.can_read else ""
        return self.note

    def read(self, done: Callable[[IdentityCard], None], failed: Callable[[], None]) -> None:
        """Read a card; nothing while one is being read. One of the two is called on the Tk thread."""
        if self._reading is not None:
            return
        named = self._desk.equipment.settings.card_reader
        if named is None:
            trace("act blocked", act="read_card", reason="no_reader")
            failed()
            return
        reading = self._reading = _Reading()
        self._fault = ""
        self._redraw()
        self._desk.reading.run(
            lambda: self._wait(named.reader, reading),
            lambda card: self._came(reading, card, done),
            lambda error: self._failed(reading, error, failed),
        )

    def stop(self) -> bool:
        """Stop a reading that is on its way; False when there is none."""
        if self._reading is None:
            return False
        self._reading.stop.set()
        self._reading = None
        self._fault = msg(f"card.{CardFault.CANCELLED.name}")
        trace("card", outcome=CardFault.CANCELLED.value)
        self._redraw()
        return True

    def forget(self) -> None:
        """The next citizen: nothing of the last one is kept."""
        self.stop()
        self._held, self._fault = None, ""

    def hold(self, card: IdentityCard) -> None:
        """Keep a card until it is known what it is for."""
        self._held = card
        self._redraw()

    def take_held(self) -> IdentityCard | None:
        """The card that was kept, which is kept no longer."""
        card, self._held = self._held, None
        return card

    def _wait(self, reader: CardReader, reading: _Reading) -> IdentityCard:
        def told(stage: CardStage) -> None:
            self._desk.later.post(lambda: self._reached(reading, stage))

        if reading.stop.is_set():
            raise CardReaderError(CardFault.CANCELLED)
        return read_valid_card(reader, self._desk.work().today, CARD_SECONDS, told, reading.stop)

    def _reached(self, reading: _Reading, stage: CardStage) -> None:
        reading.stage = stage
        if self._reading is reading:
            trace("card", outcome=stage.value)
            self._redraw()

    def _came(self, reading: _Reading, card: IdentityCard, done: Callable[[IdentityCard], None]) -> None:
        if self._reading is reading:
            self._reading = None
            self._desk.equipment.card_condition = Condition(is_known=True)
            trace("card", outcome="read")
            done(card)
            self._redraw()

    def _failed(self, reading: _Reading, error: Exception, failed: Callable[[], None]) -> None:
        if self._reading is not reading:
            return
        self._reading = None
        self._fault = sentence(error)
        if isinstance(error, CardReaderError):
            trouble = error.trouble if error.is_of_reader else None
            self._desk.equipment.card_condition = Condition(is_known=True, trouble=trouble)
        trace("card", outcome=error.fault.value if isinstance(error, CardReaderError) else "failed")
        failed()
        self._redraw()
