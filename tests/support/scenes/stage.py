"""舞台: where scenes are set: stores in a folder, a typesetter, the frame as the client shows it."""

from __future__ import annotations

import functools
import io
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from tests.support.desk import CLERK, REVIEWER, TUESDAY, open_store, sample_items, sample_matters
from yichuang_client.actions import receiving
from yichuang_client.actions.work import Work
from yichuang_client.documents.press import Press
from yichuang_client.presenters.frame import Seen, frame_model
from yichuang_client.presenters.models.common import Confirm, Mark, Tone, msg
from yichuang_client.presenters.models.session import DeviceLine, ScreenName, ShellModel
from yichuang_client.presenters.tour import TourModel
from yichuang_client.store.desk import DeskKind
from yichuang_client.store.people import LeaseState
from yichuang_client.store.store import Store
from yichuang_client.sync.errors import TransportReason
from yichuang_client.sync.status import Line, SyncStatus
from yichuang_client.ui.i18n.catalogue import Catalogue
from yichuang_domain.ids import CaseId
from yichuang_domain.party import Page

LATER = TUESDAY + timedelta(minutes=24)
"""When an offline scene plays: the line went at the other moment."""
ONLINE = SyncStatus(line=Line.ONLINE, since=TUESDAY, is_complete=True, receipt_time=TUESDAY)
OFFLINE = SyncStatus(
    line=Line.OFFLINE, since=TUESDAY, is_complete=True, unsent=2, problem=TransportReason.OFFLINE, oldest_time=TUESDAY
)
COUNTS = {ScreenName.CASES: 4, ScreenName.SUPPLEMENTS: 1, ScreenName.ISSUES: 1, ScreenName.REVIEW: 2}
_PAGES = Path("data/pages")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One screen in one state."""

    name: str
    """``<screen>-<state>``: the picture's name."""
    screen: ScreenName
    model: Any
    shell: ShellModel | None = None
    focus: str = ""
    is_practice: bool = False
    tour: TourModel | None = None


class Stage:
    """Stores and a typesetter for the scenes of one run."""

    def __init__(self, folder: Path, language: str = "zh") -> None:
        self._folder, self.language = folder, language
        self._open = ExitStack()
        self._count = 0

    def folder(self) -> Path:
        """A fresh folder."""
        self._count += 1
        made = self._folder / str(self._count)
        made.mkdir(parents=True)
        return made

    def store(self, **options: Any) -> Store:
        """A counter of its own, with the sample's items and matters."""
        options.setdefault("items", (*sample_items(), *sample_matters()))
        opened = open_store(self.folder(), **options)
        self._open.callback(opened.close)
        return opened

    def suggest(self, presenter: Any, strip: Confirm | None) -> None:
        """Type what a strip suggests, as its fields do by themselves in a window."""
        for field in strip.fields if strip is not None else ():
            if field.suggested and not field.text:
                presenter.type_in(field.key, Catalogue(self.language).say(field.suggested))

    @functools.cached_property
    def press(self) -> Press:
        """The typesetter."""
        return self._open.enter_context(Press())

    def close(self) -> None:
        """Close all of them."""
        self._open.close()


def shell(active: str, status: SyncStatus = ONLINE, **changes: Any) -> ShellModel:
    """The frame of a counter."""
    return _frame(active, status, CLERK, DeskKind.COUNTER, ("凤桥镇便民服务中心", "0137"), changes)


def section_shell(active: str, status: SyncStatus = ONLINE, **changes: Any) -> ShellModel:
    """The frame of a section's desk."""
    return _frame(active, status, REVIEWER, DeskKind.SECTION, ("区市场监管局·市场准入科", "0201"), changes)


def _frame(
    active: str, status: SyncStatus, person: Any, kind: DeskKind, office: tuple[str, ...], changes: Mapping[str, Any]
) -> ShellModel:
    is_online = status.line is Line.ONLINE
    plain = Seen(
        office=office,
        person=person,
        kind=kind,
        status=status,
        counts={**COUNTS, ScreenName.SYNC: status.unsent},
        refused=0,
        items=1037,
        has_session=is_online,
        lease_ends=TUESDAY + timedelta(days=14),
        lease_state=LeaseState.VALID,
        skew=timedelta(0),
    )
    lines = tuple(
        DeviceLine(label=msg(f"devices.{kind}"), state=msg("devices.ready"), tone=Tone.SUCCESS, mark=Mark.OK)
        for kind in ("scanner", "printer")
    )
    return frame_model(replace(plain, **changes), TUESDAY if is_online else LATER, active, lines)


def a_sheet(work: Work, case: CaseId, material: str, name: str, ordinal: int = 1) -> Page:
    """A page of the project's own sample, scanned for a material."""
    with Image.open(_PAGES / f"{name}.jpg") as image:
        page = image.convert("L").resize((image.width // 2, image.height // 2))
    buffer = io.BytesIO()
    page.save(buffer, "JPEG")
    return receiving.keep_page(
        work, case, buffer.getvalue(), material=material, ordinal=ordinal, size=page.size, is_blank=False
    )
