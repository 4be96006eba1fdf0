"""The sync page writes to a stick, takes an answer in, and says whether all lies in a second place too."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tests.client.presenters.test_sync import Page
from tests.support.counter import WORDS
from yichuang_client.presenters.models.common import Mark
from yichuang_client.presenters.models.sync import SyncAct
from yichuang_client.presenters.sync_carry import PLACE
from yichuang_client.sync.errors import TransportReason
from yichuang_client.sync.mirror import MirrorState
from yichuang_client.sync.rounds import BUNDLE_KEY
from yichuang_client.sync.status import Line


def test_what_waits_goes_to_a_stick_and_a_second_place(tmp_path: Path) -> None:
    page = Page(tmp_path / "desk")
    page.take_in()
    page.store.meta.keep(BUNDLE_KEY, X25519PrivateKey.generate().public_key().public_bytes_raw().hex())
    page.road.now(Line.OFFLINE, problem=TransportReason.OFFLINE)
    page.presenter.open()
    page.presenter.act(SyncAct.CARRY)
    page.presenter.type_in(PLACE, "")
    assert page.model.bar.confirm is not None and not page.model.bar.confirm.can_confirm
    page.presenter.type_in(PLACE, str(tmp_path / "gone"))
    page.presenter.confirm(SyncAct.CARRY)
    assert page.says.startswith("那里写不进去")
    stick, second = tmp_path / "stick", tmp_path / "second"
    for folder, act in ((stick, SyncAct.CARRY), (second, SyncAct.MIRROR)):
        folder.mkdir()
        page.presenter.act(act)
        page.presenter.type_in(PLACE, str(folder))
        page.presenter.confirm(act)
    assert page.model.bar.confirm is None and len(list(stick.iterdir())) == 1
    assert page.road.mirror.copy_once().state is MirrorState.CURRENT
    page.road.mirror._say(page.road.mirror.copy_once())
    page.presenter.told(())
    assert page.hops[-1] == ("存两处", Mark.OK) and "第二处也存好了" in WORDS.say(page.model.safe)
    page.presenter.act(SyncAct.TAKE)
    page.presenter.type_in(PLACE, str(stick))
    page.presenter.confirm(SyncAct.TAKE)
    assert page.says.startswith("没找到能读的包")
    page.store.close()
