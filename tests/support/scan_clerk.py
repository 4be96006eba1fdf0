"""The scan screen of one case and whoever asked for it, for the tests of the scan presenter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.counter import WORDS, Shown, Waiting, a_desk
from tests.support.scanners import use
from yichuang_client.actions import receiving
from yichuang_client.devices.equipment import Equipment
from yichuang_client.presenters.models.common import Text
from yichuang_client.presenters.models.scan import ScanAct, ScanModel
from yichuang_client.presenters.scan import ScanPresenter
from yichuang_client.presenters.tray import Tray
from yichuang_client.store.store import Store
from yichuang_domain.ids import CaseId
from yichuang_domain.party import Page

MATERIALS = (("form", "申请书"), ("lease", "场所使用证明"), ("health", "健康证明"))
AREA = (400, 500)
"""Size of the view."""


def say(text: Text) -> str:
    """The words of a text."""
    return WORDS.say(text)


class ScanClerk:
    """The scan screen of one case and whoever asked for it."""

    def __init__(self, store: Store, equipment: Equipment, *, machines: Waiting | None = None) -> None:
        self.view, self.store, self.equipment = Shown(), store, equipment
        self.desk = a_desk(store, equipment=equipment, machines=machines)
        self.presenter = ScanPresenter(self.view, self.desk)
        self.told: dict[CaseId, tuple[Page, ...]] = {}
        self.on_page: Any = None
        self.case = receiving.new_case()
        self.open(self.case)
        self.presenter.page_area(*AREA)

    def open(self, case: CaseId, target: str = "form", pages: tuple[Page, ...] = ()) -> None:
        """Come from the intake of this case."""
        self.case = case
        self.told.setdefault(case, pages)
        tray = Tray(
            case=case,
            materials=MATERIALS,
            target=target,
            pages=pages,
            item="食品经营许可（新办）",
            changed=lambda told: self._changed(case, told),
        )
        self.presenter.open(tray)

    def _changed(self, case: CaseId, told: tuple[Page, ...]) -> None:
        self.told[case] = told
        if self.on_page is not None:
            self.on_page(told)

    def press(self, *acts: ScanAct) -> None:
        """Press keys."""
        for act in acts:
            self.presenter.act(act)

    def scan(self, *names: str) -> None:
        """F5 with these scanners, one after the other."""
        for name in names:
            use(self.equipment, name)
            self.press(ScanAct.START)

    def assign(self, key: str) -> None:
        """M and the digit of a material."""
        self.press(ScanAct.ASSIGN)
        self.presenter.choose_target(key)

    def take(self, file: Path | str) -> None:
        """Ctrl+O, a path, Enter."""
        self.press(ScanAct.IMPORT)
        self.presenter.type_in("file", str(file))
        self.presenter.confirm(ScanAct.IMPORT)

    @property
    def model(self) -> ScanModel:
        """What is shown."""
        model: ScanModel = self.view.last
        return model

    @property
    def pages(self) -> tuple[Page, ...]:
        """What the owner of the tray was told last."""
        return self.told[self.case]

    @property
    def shape(self) -> list[tuple[str, int]]:
        """Material and ordinal of each page."""
        return [(page.material, page.ordinal) for page in self.pages]

    @property
    def banner(self) -> str:
        """The banner's words, empty without one."""
        return say(self.model.banner.text) if self.model.banner else ""

    @property
    def on_disk(self) -> set[str]:
        """Names of the pages whose bytes are here."""
        return {page.name.hash for page in self.store.pages.of(self.case)}
