"""制证: the certificates that a granted item makes, with the days for which they are valid."""

from __future__ import annotations

from datetime import date, timedelta

from yichuang_domain.catalog import Outcome
from yichuang_domain.party import MadeCertificate


def made_certificate(outcome: Outcome, on: date, identifier: str) -> MadeCertificate:
    """The certificate of an outcome, made on a day; ``identifier`` is empty where it has none."""
    return MadeCertificate(
        name=outcome.name, identifier=identifier, valid_from=on, valid_until=_end(on, outcome.valid_years)
    )


def _end(start: date, years: int | None) -> date | None:
    """The day before the same day so many years later."""
    if years is None:
        return None
    day = min(start.day, 28) if start.month == 2 else start.day
    return date(start.year + years, start.month, day) - timedelta(days=1)
