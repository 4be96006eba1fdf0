"""图标: every glyph that the client uses, by what it means.

Rules kept here: an icon carries a state or a place, never decoration, and never stands alone without a word; an
unknown glyph name raises in the library, so all names are in this module and tested.
"""

from __future__ import annotations

from yichuang_client.presenters.models.common import Mark

MARKS: dict[Mark, str] = {
    Mark.OK: "check-circle-fill",
    Mark.WAIT: "hourglass-split",
    Mark.MISSING: "x-circle-fill",
    Mark.WARN: "exclamation-triangle-fill",
    Mark.STOP: "exclamation-octagon-fill",
    Mark.UNKNOWN: "question-circle-fill",
    Mark.INFO: "info-circle-fill",
    Mark.CLOCK: "clock",
    Mark.PAUSE: "pause-circle",
    Mark.OFFLINE: "wifi-off",
    Mark.UNSENT: "cloud-arrow-up",
    Mark.DONE_STEP: "circle-fill",
    Mark.CURRENT_STEP: "record-circle-fill",
    Mark.NEXT_STEP: "circle",
    Mark.LOCK: "lock-fill",
}
"""Glyph of each mark."""

NAV: dict[str, str] = {
    "intake": "inbox",
    "cases": "folder2",
    "supplements": "arrow-return-left",
    "issues": "send-check",
    "search": "search",
    "shift": "card-text",
    "notices": "file-text",
    "sync": "arrow-repeat",
    "devices": "printer",
    "review": "inbox",
    "handover": "folder2",
    "suspended": "pause-circle",
    "templates": "card-text",
    "statistics": "bar-chart",
    "people": "people",
}
"""Glyph of each place of the rail."""

NAV_ACTIVE: dict[str, str] = {"inbox": "inbox-fill", "folder2": "folder-fill", "printer": "printer-fill"}
"""Filled glyph of the place that is lit, where there is one."""

CHECK = "check-lg"
BOX_OFF = "square"
BOX_ON = "check-square-fill"
SCANNER = "file-earmark"

ALL = sorted({*MARKS.values(), *NAV.values(), *NAV_ACTIVE.values(), CHECK, BOX_OFF, BOX_ON, SCANNER})
"""Every glyph name."""
