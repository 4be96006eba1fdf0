"""扫描, 设备 and 同步: what stands and falls with a machine or the line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tests.client.presenters.test_devices import Clerk as DevicesClerk
from tests.client.presenters.test_sync import NOW, Page as SyncPage
from tests.support.counter import Waiting
from tests.support.sane import SaneFolder, write_config
from tests.support.scan_clerk import ScanClerk
from tests.support.scanners import BLANK, FIRST, JAMMED, SECOND, scan_equipment
from tests.support.scenes.stage import LATER, OFFLINE, Scene, Stage, shell
from yichuang_client.config import DataFolder
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.settings import DeviceSettings
from yichuang_client.presenters.models.common import Tone
from yichuang_client.presenters.models.scan import ScanAct
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.models.sync import DeviceAct, SyncAct
from yichuang_client.presenters.sync_carry import PLACE
from yichuang_client.store.exchange_values import Outcome
from yichuang_client.sync.errors import TransportReason
from yichuang_client.sync.rounds import BUNDLE_KEY
from yichuang_client.sync.status import Line
from yichuang_domain.errors import Reason

_GLASS = ("application", "layout", "blank-back", "lease-askew", "health-colour")
NOWHERE = "ipp://localhost:1"


def scenes(stage: Stage) -> Iterator[Scene]:
    """All of them."""
    folder = stage.folder()
    glass = write_config(folder / "sane.d", [Path("data/pages") / f"{name}.jpg" for name in _GLASS])
    with ScanWorker(glass.driver(), stall_seconds=20.0) as worker:
        yield from _devices(stage, worker, glass)
        yield from _scan(stage, worker, glass)
    yield from _nothing_connected(stage)
    yield from _sync(stage)


def _scan_scene(state: str, clerk: ScanClerk, *, offline: bool = False) -> Scene:
    frame = shell(ScreenName.INTAKE, OFFLINE) if offline else shell(ScreenName.INTAKE)
    return Scene(name=f"scan-{state}", screen=ScreenName.SCAN, model=clerk.model, shell=frame)


def _scan(stage: Stage, worker: ScanWorker, glass: SaneFolder) -> Iterator[Scene]:
    def clerk() -> ScanClerk:
        made = ScanClerk(stage.store(), scan_equipment(worker, glass, stage.folder()))
        made.presenter.page_area(578, 592)
        return made

    one = clerk()
    yield _scan_scene("empty", one)
    one.scan(FIRST, SECOND, BLANK, "page004", "page005")
    yield _scan_scene("pages", one)
    one.press(ScanAct.CROP)
    yield _scan_scene("crop", one)
    jam = clerk()
    jam.scan(FIRST, SECOND, JAMMED)
    yield _scan_scene("jam", jam)
    away = clerk()
    away.scan(FIRST, "page004")
    yield _scan_scene("offline", away, offline=True)
    waiting = Waiting()
    busy = ScanClerk(stage.store(), scan_equipment(worker, glass, stage.folder()), machines=waiting)
    busy.presenter.page_area(578, 592)
    busy.press(ScanAct.START)
    yield _scan_scene("busy", busy)


def _devices(stage: Stage, worker: ScanWorker, glass: SaneFolder) -> Iterator[Scene]:
    def scene(state: str, clerk: DevicesClerk) -> Scene:
        return Scene(
            name=f"devices-{state}", screen=ScreenName.DEVICES, model=clerk.model, shell=shell(ScreenName.DEVICES)
        )

    equipment = scan_equipment(worker, glass, stage.folder(), NOWHERE)
    clerk = DevicesClerk(stage.store(), equipment, stage.press)
    yield scene("error", clerk)
    for _ in range(5):  # on a machine at its limit a scanner answers late
        clerk.press("page001", DeviceAct.TEST)
        if clerk.model.bar.sentence.tone is Tone.SUCCESS:
            break
        clerk.presenter.act(DeviceAct.FIND)
    yield scene("tested", clerk)
    waiting = Waiting()
    yield scene("busy", DevicesClerk(stage.store(), equipment, stage.press, machines=waiting))


def _nothing_connected(stage: Stage) -> Iterator[Scene]:
    folder = stage.folder()
    nothing = write_config(folder / "sane.d")
    (nothing.folder / "dll.conf").write_text("", encoding="ascii")
    with ScanWorker(nothing.driver(), stall_seconds=20.0) as worker:
        equipment = Equipment(worker, settings=DeviceSettings(DataFolder(root=folder)), print_service=NOWHERE)
        clerk = DevicesClerk(stage.store(), equipment, stage.press)
        frame = shell(ScreenName.DEVICES)
        yield Scene(name="devices-empty", screen=ScreenName.DEVICES, model=clerk.model, shell=frame)
        scan = ScanClerk(stage.store(), equipment)
        scan.press(ScanAct.START)
        yield _scan_scene("error", scan)


def _sync(stage: Stage) -> Iterator[Scene]:
    def scene(state: str, page: SyncPage, **changes: Any) -> Scene:
        frame = shell(ScreenName.SYNC, page.road.status, **changes)
        return Scene(name=f"sync-{state}", screen=ScreenName.SYNC, model=page.model, shell=frame)

    empty = SyncPage(stage.folder())
    empty.road.now(Line.ONLINE, exchange_time=NOW)
    empty.presenter.open()
    yield scene("empty", empty)
    page = SyncPage(stage.folder())
    for _ in range(2):
        page.answer(page.take_in(), Outcome.RECORDED)
    page.take_in(accept=True)
    page.take_in()
    page.road.now(Line.OFFLINE, problem=TransportReason.OFFLINE, next_try_time=LATER)
    page.presenter.open()
    yield scene("offline", page)
    page.store.meta.keep(BUNDLE_KEY, X25519PrivateKey.generate().public_key().public_bytes_raw().hex())
    stick = stage.folder()
    for state, act in (("carry", SyncAct.CARRY), ("second_place", SyncAct.MIRROR), ("take", SyncAct.TAKE)):
        page.presenter.act(act)
        page.presenter.type_in(PLACE, "/media/usb")
        yield scene(state, page)
        page.presenter.cancel()
    page.presenter.act(SyncAct.MIRROR)
    page.presenter.type_in(PLACE, str(stick))
    page.presenter.confirm(SyncAct.MIRROR)
    page.road.mirror._say(page.road.mirror.copy_once())
    page.presenter.told(())
    yield scene("two_places", page)
    page.answer(page.take_in(), Outcome.REFUSED, Reason.NEEDS_LINE.value)
    page.road.now(Line.ONLINE, exchange_time=NOW)
    page.presenter.open()
    yield scene("error", page, refused=1)
    empty.store.close()
    page.store.close()
