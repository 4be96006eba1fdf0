"""工位: what every presenter of the workbench is given, and the ways from one screen to another.

Rules kept here: values and protocols only; the person at work is asked for anew at every act, since people change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from yichuang_client.actions.work import Work
from yichuang_client.devices.equipment import Equipment
from yichuang_client.documents.press import Press
from yichuang_client.presenters.models.common import Background, Later
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.tray import Tray
from yichuang_client.sync.desk_session import DeskSession
from yichuang_client.update.status import UpdateStatus
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import CaseId

if TYPE_CHECKING:  # numpy is loaded by the first page, not by the first window
    from yichuang_client.documents.page_pool import PagePipeline


class Way(Protocol):
    """去处: opens a screen; called on the Tk thread."""

    def go(self, screen: ScreenName) -> None:
        """A place of the rail, as it is now."""

    def intake(self, draft: CaseId | None = None) -> None:
        """受理登记, with a draft or where it was left."""

    def briefing(self, item: ItemVersion, answers: Mapping[str, str]) -> None:
        """一口清 of an item."""

    def scan(self, tray: Tray) -> None:
        """扫描工作台 for the pages of one case."""

    def case(self, case: CaseId) -> None:
        """办件."""

    def supplement(self, case: CaseId) -> None:
        """补正登记."""

    def issue(self, case: CaseId) -> None:
        """出件."""

    def handover(self) -> None:
        """交接: papers on their way to the sections."""

    def back(self) -> None:
        """To the screen from which this one was opened."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One desk with a person at work."""

    work: Callable[[], Work]
    """Who works here, with which rights and line, now. From any thread. Raises StoreError (CLOSED)."""
    background: Background
    """The store's thread: reads, acts, papers, pictures; in order."""
    scanning: Background
    """The scanner and the pages that come: may take minutes; in order."""
    printing: Background
    """The printer: waits for paper as long as nobody brings any; in order."""
    asking: Background
    """Printers that are only looked at: seconds each; in order."""
    reading: Background
    """The card reader: waits for a card; in order."""
    later: Later
    equipment: Equipment
    """The chosen scanner and printer."""
    pages: Callable[[], PagePipeline]
    """Prepares scanned pages in processes of its own; made when it is first asked for, not on the Tk thread."""
    press: Press
    """Sets papers in a worker process of its own."""
    session: DeskSession
    """Line, sessions, sign-in."""
    way: Way
    updates: Callable[[], UpdateStatus | None] = lambda: None
    """How far a newer program is."""
