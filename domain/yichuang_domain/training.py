"""综合轮训: the training district, a second district for practice, told from a real one by its code alone.

Rules kept here: its area code is 999999, which GB/T 2260 gives to no area, so that a number, a certificate of a desk or
a folder says by itself to which world it belongs.
"""

from __future__ import annotations

TRAINING_DISTRICT = "999999"
"""Area code of every training district."""


def is_training(district: str) -> bool:
    """Whether a district's code is that of a training district."""
    return district == TRAINING_DISTRICT


def fits_stock(serial: str, district: str) -> bool:
    """Whether a sheet of numbered stock may be used there: the stock of practice bears its code before its number."""
    return serial.startswith(TRAINING_DISTRICT) == is_training(district)
