"""``yichuang devices card``: whether the card reader reads; what it reads is shown masked."""

from __future__ import annotations

import argparse
import sys
import threading
from datetime import datetime

from yichuang_client.commands.exit_codes import DONE, WRONG, exit_code
from yichuang_client.commands.output import print_json, words
from yichuang_client.config import read_config
from yichuang_client.devices.card_reading import CardFault, CardReader, CardReaderError, CardStage, read_valid_card
from yichuang_client.devices.card_settings import bridge_reader, library_reader
from yichuang_client.devices.settings import DeviceSettings
from yichuang_domain.deed import CHINA
from yichuang_domain.identity import mask_id, mask_name


def read(options: argparse.Namespace) -> int:
    """Read one card by the named way, or by the desk's own. Returns the exit code."""
    today, stop = datetime.now(CHINA).date(), threading.Event()
    try:
        reader = _reader(options)
    except ValueError:
        print(words().key("command.no_bridge"), file=sys.stderr)
        return WRONG
    try:
        if reader is None:
            raise CardReaderError(CardFault.NO_SETTING)
        card = read_valid_card(reader, today, options.seconds, lambda stage: _say(stage, options.json), stop)
    except CardReaderError as error:
        if options.json:
            print_json({"event": "card", "fault": error.fault.value, "detail": error.detail})
        else:
            print(f"{words().key(f'card.{error.fault.name}')} ({error.detail})", file=sys.stderr)
        return exit_code(error.trouble)
    name, number = mask_name(card.name), mask_id(card.number)
    if options.json:
        print_json({"event": "card", "name": name, "number": number})
    else:
        print(f"{name} {number}")
    return DONE


def _reader(options: argparse.Namespace) -> CardReader | None:
    """The reader that was named; None where none is. Raises ValueError for an address elsewhere."""
    if options.library:
        return library_reader(options.library, options.port).reader
    if options.bridge:
        return bridge_reader(options.bridge, options.token_file).reader
    config = read_config(data=options.data)
    own = DeviceSettings(config.data).card_reader
    return own.reader if own is not None else None


def _say(stage: CardStage, is_json: bool) -> None:
    if not is_json:
        print(words().key(f"card.{stage.name}"), file=sys.stderr, flush=True)
