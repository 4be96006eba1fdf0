"""What the exit code of a command means.

0 done; 1 the device failed, trying again may help; 2 the arguments are wrong; 3 nothing is there, or it cannot be
reached; 4 somebody must go to the device; 130 stopped by the keyboard.
"""

from __future__ import annotations

from yichuang_client.devices.errors import Trouble

DONE, FAILED, WRONG, NOT_THERE, PERSON_NEEDED = range(5)
STOPPED = 130
_NOT_THERE = {Trouble.OFFLINE, Trouble.TIMEOUT, Trouble.ACCESS}
_PERSON_NEEDED = {
    Trouble.FEEDER_EMPTY,
    Trouble.JAM,
    Trouble.COVER_OPEN,
    Trouble.MULTI_FEED,
    Trouble.SUPPLY_EMPTY,
}


def exit_code(trouble: Trouble) -> int:
    """The exit code that a trouble ends a command with."""
    if trouble in _PERSON_NEEDED:
        return PERSON_NEEDED
    if trouble is Trouble.BAD_SETTING:
        return WRONG
    return NOT_THERE if trouble in _NOT_THERE else FAILED
