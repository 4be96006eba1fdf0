"""进纸盘: the pages of one case on their way between the scan screen and the screen that asked for them.

Rules kept here: every page in it is durable already; each change is told to the owner, who saves it with the draft.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from yichuang_domain.ids import CaseId
from yichuang_domain.party import Page


@dataclass(frozen=True, kw_only=True)
class Tray:
    """What the scan screen is opened with."""

    case: CaseId
    """Owner of the pages, also before it is received; of a case of a matter, the matter's id."""
    materials: tuple[tuple[str, str], ...]
    """Key and name of each material, in the order of the checklist."""
    target: str = ""
    """Material that the next pages go to; empty: 未归类."""
    pages: tuple[Page, ...] = ()
    """Pages kept so far; a page of 未归类 has no material."""
    number: str = ""
    """Of the case; empty before it is received."""
    applicant: str = field(default="", repr=False)
    item: str = ""
    """Name of the item."""
    changed: Callable[[tuple[Page, ...]], None] = field(compare=False)
    """Told on the Tk thread after each durable change, with all pages in order."""
