"""手上的件: one intake in hand with what is known about it, and what follows from that.

Rules kept here: twenty steps can be taken back; the target of scanning goes on by itself to what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from yichuang_client.presenters import intake_filing as filing
from yichuang_client.presenters.intake_bar import Readiness
from yichuang_client.presenters.intake_draft import IntakeDraft
from yichuang_client.presenters.intake_filing import Known, Opened
from yichuang_client.presenters.intake_lacks import Lack, Need, Standing, lacks, materials_now, to_be_told
from yichuang_client.presenters.intake_materials import no_longer_needed
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.holding import offered
from yichuang_domain.party import HeldCertificate

STEPS = 20


@dataclass
class Hand:
    """What belongs to one intake in hand beside its draft."""

    opened: Opened
    draft: IntakeDraft
    today: date
    has_session: bool
    saved: IntakeDraft | None = None
    earlier: list[IntakeDraft] = field(default_factory=list)
    active: str = ""
    """The field that has the focus now."""
    typing: str = ""
    """The field whose typing is one step of the undo."""
    known: Known = field(default_factory=Known)
    held: Mapping[str, HeldCertificate] = field(default_factory=dict)
    """证照库: certificates of who applies, by type."""
    asked: tuple[str, str] = ("", "")
    """The identity number that was looked up, and the body's code where it has one."""
    blanks: dict[str, str] = field(default_factory=dict)
    """Characters of a field that no font can print."""
    missing: int = -1
    is_busy: bool = False

    @property
    def item(self) -> ItemVersion:
        """The item."""
        return self.opened.item

    def lacks(self) -> tuple[Lack, ...]:
        """Everything that is missing."""
        return lacks(self.item, self.draft, self.today, self.opened.cancelled_on)

    def open_materials(self) -> tuple[str, ...]:
        """The materials that have not come, in the catalogue's order."""
        waiting = (Standing.MISSING, Standing.DEFERRED)
        return tuple(o.material.key for o in materials_now(self.item, self.draft) if o.standing in waiting)

    def offers(self) -> dict[str, HeldCertificate]:
        """What could stand for which of them."""
        waiting = self.open_materials()
        return {key: one for key, one in offered(self.item.materials, self.held).items() if key in waiting}

    def readiness(self) -> Readiness:
        """What is missing, and what can be done."""
        now = materials_now(self.item, self.draft)
        return Readiness(
            item=self.item,
            lacks=self.lacks(),
            deferred=sum(one.standing is Standing.DEFERRED for one in now),
            told=len(to_be_told(self.item, self.draft)),
            has_session=self.has_session,
            is_busy=self.is_busy,
        )

    def first_place(self) -> str:
        """Where the focus begins: where it was, or at the first thing that is missing."""
        return self.draft.focus or self.first_missing()

    def first_missing(self) -> str:
        """The first thing that is missing, else the materials."""
        missing = self.lacks()
        return missing[0].focus if missing else "materials"

    def remember(self) -> None:
        """The draft as it is now can be taken back to."""
        self.earlier = [*self.earlier[1 - STEPS :], self.draft]

    def next_target(self) -> str:
        """The selected material while it needs something, else the first that does, else it stays."""
        now = materials_now(self.item, self.draft)
        waiting = [one.material.key for one in now if one.need is not Need.NOTHING]
        if self.draft.target in waiting or not waiting:
            return filing.target_of(self.item, self.draft)
        return waiting[0]

    def scan_target(self) -> str:
        """The material that the next pages go to."""
        now = materials_now(self.item, self.draft)
        waiting = [one.material.key for one in now if not one.pages and one.need is not Need.NOTHING]
        return self.draft.target if self.draft.target in waiting or not waiting else waiting[0]

    def scan_materials(self) -> tuple[tuple[str, str], ...]:
        """Key and name of each material that pages may belong to."""
        asked = [one.material for one in materials_now(self.item, self.draft)]
        kept = no_longer_needed(self.item, self.draft)
        return tuple((material.key, material.name) for material in (*asked, *kept))
