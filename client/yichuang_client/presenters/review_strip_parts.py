"""确认条的零件: what the review desk's strips have in common.

Rules kept here: what is still to be filled in is named; nothing that was typed is lost when a strip closes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from yichuang_client.presenters.models.common import Confirm, Field, FieldInput, Text, msg

Typing = Mapping[str, str]
"""Field of a strip to what was typed."""
LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class Dates:
    """The days that the strips name."""

    until: date
    """Until when a supplement is asked for."""
    due_on: date | None
    """When the case would be due if it were accepted now."""
    deliver_by: date
    """When the result must be out if it were decided now."""


def blocked(confirm: Confirm, lacks: Text) -> Confirm:
    """The strip with what is still to be filled in, if anything."""
    return replace(confirm, can_confirm=lacks == "", blocked_text=lacks)


def need(text: Text) -> Text:
    """Why the strip cannot be confirmed: this is missing."""
    return msg("review.needs", what=text)


def reason_field(typed: Typing, label: Text, note: Text = "") -> Field:
    """The field of a reason."""
    return Field(
        key="reason",
        label=label,
        text=typed.get("reason", ""),
        input=FieldInput.LONG_TEXT,
        note=note,
        max_length=LONGEST,
    )
