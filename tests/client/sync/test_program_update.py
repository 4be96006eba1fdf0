"""A newer program from a real district, by the commands of its administrators, over the desk's own channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.client.sync.seats import Seat
from tests.support.district import RunningDistrict
from tests.support.releases import program
from yichuang_client.bootstrap.updates import Updates
from yichuang_client.config import read_config
from yichuang_client.presenters.models.common import Mark, msg
from yichuang_client.presenters.sync_program import update_hop
from yichuang_client.update import slots
from yichuang_client.update.status import UpdateError, UpdateReason, UpdateState, UpdateStatus
from yichuang_client.update.updating import Place, Updating, platform_name


def keys(folder: Path, option: str, count: int) -> list[str]:
    folder.mkdir(exist_ok=True)
    words = folder / "words"
    words.write_text("a passphrase of eight words or so\n")
    return [text for n in range(count) for text in (option, str(folder / f"{option[2:]}-{n}.pem"), str(words))]


@pytest.mark.long
def test_administrators_publish_and_a_desk_takes_it(
    new_seat: Callable[[str], Seat], district: RunningDistrict, tmp_path: Path
) -> None:
    seat = new_seat("a")
    seat.enrol("fengqiao")
    seat.sit("wuminmin")
    seat.sent()
    folder = seat.session.folder
    updates = Updates(replace(read_config(), data=folder), seat.session)
    place = Place(folder=folder.program, root=folder.update_root, desk=seat.session.store.desk.replica)
    updating = Updating(place, updates._read, lambda: True)
    folder.update_root.write_bytes(b"{}")
    with pytest.raises(UpdateError) as raised:
        updating.look()
    assert raised.value.reason is UpdateReason.UNTRUSTED, "no root"

    both = keys(tmp_path / "media", "--release-key", 2)
    made = district.run("update", "begin", *keys(tmp_path / "media", "--root-key", 3), *both)
    folder.update_root.write_bytes(Path(made["root"]).read_bytes())
    updating.look()
    assert updating.status.state is UpdateState.NEWEST
    new = program(tmp_path / "new", version="0.9.0")
    named = ("--version", "0.9.0", "--platform", platform_name())
    assert district.run("update", "publish", str(new), *named, *both)["files"] == 3
    assert district.run("update", "ring", "--percent", "100", *named, *both)["rings"][0]["version"] == "0.9.0"
    updating.look()
    assert (updating.status.state, updating.status.version) == (UpdateState.READY, "0.9.0")
    chosen = slots.choose(folder.program, "0.1.0")
    assert chosen is not None
    assert chosen.read_bytes() == (new / "yichuang").read_bytes()
    assert update_hop(updating.status) is not None


def test_the_sync_page_says_how_far_it_is_and_what_to_do() -> None:
    running = UpdateStatus(running="0.1.0", state=UpdateState.NEWEST)
    assert update_hop(UpdateStatus(running="0.1.0")) is None, "no root, no line"
    said = [
        update_hop(one)
        for one in (
            running,
            replace(running, state=UpdateState.COMING, version="0.2.0", percent=40),
            replace(running, state=UpdateState.READY, version="0.2.0"),
            replace(running, given_up="0.2.0"),
            *(replace(running, state=UpdateState.FAILED, reason=reason) for reason in list(UpdateReason)[2:]),
        )
    ]
    marks = [hop.mark for hop in said if hop is not None]
    assert marks == [Mark.OK, Mark.WAIT, Mark.OK, *[Mark.WARN] * 5]
    assert said[1] is not None
    assert said[1].state == msg("sync.program_coming", version="0.2.0", n=40)
