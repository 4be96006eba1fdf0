"""扫描状态: what the scan screen stands at: pages, scanner, the batch that runs or ended.

Rules kept here: it lives on the Tk thread; it belongs to one case, so that a batch that goes on while the clerk looks
elsewhere never puts a page into another case.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.settings import ScanChoice
from yichuang_client.documents.crop_frame import CropFrame
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.common import Confirm, Text
from yichuang_client.presenters.scan_feed import Ended, Feed, Kept
from yichuang_client.presenters.scan_pages import UNSORTED, PageStack, Sheet
from yichuang_client.presenters.scan_speed import SpeedMeter
from yichuang_client.presenters.tray import Tray
from yichuang_domain.ids import BlobHash


@dataclass(frozen=True, kw_only=True)
class Ready:
    """扫描仪就绪: the chosen scanner and how it is used."""

    name: str
    choice: ScanChoice
    rating: int = 0
    """Pages a minute by its maker, 0 when nobody said."""


def look(desk: Desk, *, anew: bool) -> Ready:
    """The chosen scanner and how it is used; ``anew``: look round first. Raises DeviceError.

    The page processes start here, while the clerk puts the papers in, and not when the first page is there.
    """
    equipment = desk.equipment
    desk.pages().warm()
    if anew:
        equipment.scanners()
    scanner = equipment.chosen_scanner()
    choice = equipment.choice(scanner)
    return Ready(name=scanner.name, choice=choice, rating=scanner.rating)


@dataclass(frozen=True, kw_only=True)
class Place:
    """位置: where the pages of a batch go; at the end unless it says else."""

    before: int | None = None
    """插页: before this sheet."""
    instead: int | None = None
    """换页: instead of this sheet."""


@dataclass(kw_only=True)
class ScanState:
    """扫描状态: all that the screen's model is made of."""

    tray: Tray
    stack: PageStack
    speed: SpeedMeter = field(default_factory=SpeedMeter)
    scanner: Ready | None = None
    """None while it is looked for, and when it was not found."""
    no_scanner: Text = ""
    """Why there is none, as a sentence."""
    last_scanner: str = ""
    """What the scanner was called that was used last."""
    feed: Feed | None = None
    """The batch that runs or ran last."""
    place: Place = field(default_factory=Place)
    is_feeding: bool = False
    from_file: bool = False
    """Whether the last batch comes from a file."""
    ended: Ended | None = None
    """How the last batch ended, until the next one begins."""
    fault: Text = ""
    """Why the last batch ended early, as a sentence."""
    last_kept: int | None = None
    """The sheet that was kept last."""
    note: Text = ""
    """What the last key did, until the next one."""
    is_assigning: bool = False
    crop: CropFrame | None = None
    """裁剪框 over the selected page, while it is being cut."""
    asked: Confirm | None = None
    file: str = ""
    """What was typed for the file to import."""
    blobs: set[BlobHash] = field(default_factory=set)
    """Every page that was on the disk in this sitting, also those that were dropped or replaced."""
    unread: set[int] = field(default_factory=set)
    """Sheets whose thumbnails were asked for."""
    turns: dict[int, int] = field(default_factory=dict)
    """Quarter turns that a sheet still has to make."""
    turning: set[int] = field(default_factory=set)
    first_shown: int = 0

    @property
    def unsorted(self) -> int:
        """Pages that nobody has assigned."""
        return self.stack.counts()[UNSORTED]

    @property
    def is_stuck(self) -> bool:
        """Whether the batch stopped in the middle and Space goes on."""
        return self.fault != "" and not self.from_file and not self.is_feeding

    @property
    def can_scan(self) -> bool:
        """Whether F5 may be tried: also while the scanner is still looked for."""
        return self.no_scanner == ""

    @property
    def trouble(self) -> Trouble | None:
        """What stopped the scanner."""
        error = self.ended.error if self.ended else None
        return error.trouble if isinstance(error, DeviceError) else None

    @property
    def last_safe(self) -> int:
        """Number of the last page that is safe on the disk."""
        place = None if self.last_kept is None else self.stack.index(self.last_kept)
        return len(self.stack.sheets) if place is None else place + 1

    def begin(self, place: Place, *, from_file: bool) -> None:
        """A batch begins."""
        self.speed.begin(time.monotonic())
        self.place, self.from_file = place, from_file
        self.is_feeding, self.ended, self.fault, self.note = True, None, "", ""

    def take(self, kept: Kept) -> None:
        """A page of the batch is safe."""
        begins = self._begins(kept.separator)
        sheet = Sheet(
            id=0,
            page=kept.page,
            thumbnail=kept.thumbnail,
            dpi=kept.dpi,
            skew=kept.skew,
            is_straightened=kept.is_straightened,
            flaws=kept.flaws,
            is_separator=begins is not None,
        )
        self.blobs.add(kept.page.page)
        self.speed.note(kept.spent)
        instead = self.place.instead
        if instead is not None and self.stack.put(instead, sheet, is_again=True):
            self.last_kept = instead
        else:
            self.last_kept = self.stack.add(sheet, before=self.place.before).id
            if begins is not None and self.place.before is None:
                self.stack.target = begins

    def _begins(self, separator: tuple[int, int] | None) -> str | None:
        """The material that a separator sheet begins, None for a page, and for a sheet of another checklist."""
        if separator is None or separator[1] != len(self.tray.materials) or not 1 <= separator[0] <= separator[1]:
            return None
        return self.tray.materials[separator[0] - 1][0]

    def end(self, how: Ended, fault: Text) -> None:
        """The batch is over; a stop that was wished is no fault."""
        self.is_feeding, self.ended, self.fault = False, how, fault
        if self.trouble is Trouble.CANCELLED:
            self.fault, self.note = "", fault
