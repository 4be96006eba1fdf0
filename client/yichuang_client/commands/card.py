"""``yichuang devices card``: whether the card reader reads; what it reads is shown masked."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from yichuang_client.commands.exit_codes import DONE, FAILED
from yichuang_client.commands.machines import tell_trouble
from yichuang_client.commands.output import print_json, words
from yichuang_client.devices.card_reader import read_message
from yichuang_client.devices.errors import DeviceError
from yichuang_client.devices.identity_card import CardError, read_card
from yichuang_domain.deed import CHINA
from yichuang_domain.identity import mask_id, mask_name


def read(options: argparse.Namespace) -> int:
    """Read one card. Returns the exit code."""
    try:
        message = read_message(options.library, port=options.port, seconds=options.seconds)
        card = read_card(message, datetime.now(CHINA).date())
    except DeviceError as error:
        return tell_trouble(error.trouble, error.detail, is_json=options.json)
    except CardError as error:
        if options.json:
            print_json({"event": "card", "fault": str(error)})
        else:
            print(words().key("command.card_wrong"), file=sys.stderr)
        return FAILED
    name, number = mask_name(card.name), mask_id(card.number)
    if options.json:
        print_json({"event": "card", "name": name, "number": number})
    else:
        print(f"{name} {number}")
    return DONE
