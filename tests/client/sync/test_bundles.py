"""Without a line: what waits goes out on a stick, the answer comes back, and nothing happens twice."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.client.sync.seats import PASSWORD, Seat, new_case, now, taking
from tests.support.cases import secret
from tests.support.district import RunningDistrict
from yichuang import bundle
from yichuang.bundle import BundleError, Direction, Flaw, Head, Kind
from yichuang_client.__main__ import main
from yichuang_client.commands.exit_codes import DONE, FAILED, NOT_THERE
from yichuang_client.sync import bundles
from yichuang_client.sync.mirror import MirrorState
from yichuang_client.sync.status import Line
from yichuang_domain import actions as a
from yichuang_domain.catalog import AcceptBy
from yichuang_domain.ids import CaseId
from yichuang_domain.party import Page
from yichuang_server.api import bundles as district_bundles
from yichuang_server.bootstrap import open_house
from yichuang_server.config import DataFolder
from yichuang_server.operations import FLAWS
from yichuang_server.services.house import House
from yichuang_server.store import desks

PAGE = b"a scanned page" * 900


@pytest.fixture(scope="module")
def enrolled(district: RunningDistrict, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    """A desk at work."""
    seat = Seat(tmp_path_factory.mktemp("desk") / "data", district)
    seat.enrol("fengqiao")
    seat.sit("wuminmin")
    yield seat
    seat.session.close()


@pytest.fixture
def seat(enrolled: Seat) -> Seat:
    """The desk, everything sent, its line away."""
    enrolled.district.stop()
    enrolled.wait_line(Line.OFFLINE)
    return enrolled


@pytest.fixture(scope="module")
def house(district: RunningDistrict) -> Iterator[House]:
    """The district's house, opened beside its server as the command does it."""
    _, house = open_house(DataFolder(path=district.folder))
    yield house
    house.engine.dispose()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Something to carry."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def receive_with_page(seat: Seat) -> CaseId:
    case, item = new_case(), seat.item(AcceptBy.COUNTER)
    page = seat.session.store.pages.keep(case, PAGE)
    attach = a.AttachPage(
        page=Page(page=page, material=item.materials[0].key, ordinal=1, size=len(PAGE), width=10, height=10)
    )
    seat.do(case, taking(item, secrets.token_hex(6)), attach)
    return case


def go_on(seat: Seat) -> None:
    """The line is back, everything arrives."""
    if not seat.district.is_running:
        seat.district.start()
    seat.session.sync.wake()
    seat.sent()


def refused(call: Callable[[], object]) -> Flaw:
    with pytest.raises(BundleError) as no:
        call()
    return no.value.flaw


def test_there_and_back_without_a_line(seat: Seat, district: RunningDistrict, stick: Path) -> None:
    case, store = receive_with_page(seat), seat.session.store
    written = bundles.export(store, stick, now())
    assert (written.deeds, written.pages) == (1, 1)
    assert PAGE[:14] not in written.files[0].read_bytes()
    taken = district.run("bundle", "take", str(stick))
    assert (taken["recorded"], taken["pages"], taken["unknown_pages"]) == (1, 1, 0)
    assert [row["event"]["type"] for row in district.records(case)] == ["Received", "PageAttached"]
    took = bundles.take(store, Path(taken["answer"]), now())
    assert (took.recorded, took.records, took.pages) == (1, 2, 1)
    waiting = store.waiting()
    assert (waiting.deeds, waiting.pages, store.outbox.cases_waiting()) == (0, 0, frozenset())
    assert store.view(case).number
    # Again: the district has it all and says the same; the old answer is refused, the new one changes nothing.
    assert refused(lambda: bundles.take(store, Path(taken["answer"]), now())) is Flaw.OLD
    again = district.run("bundle", "take", str(written.files[0]))
    assert (again["recorded"], again["pages"], len(district.records(case))) == (1, 1, 2)
    assert bundles.take(store, Path(again["answer"]), now()).recorded == 0


def test_the_line_comes_back_in_the_middle(seat: Seat, district: RunningDistrict, stick: Path) -> None:
    case, store = receive_with_page(seat), seat.session.store
    bundles.export(store, stick, now())
    taken = district.run("bundle", "take", str(stick))
    later = new_case()
    seat.do(later, taking(seat.item(AcceptBy.COUNTER), secrets.token_hex(6)))
    go_on(seat)
    cursor = store.meta.cursor
    took = bundles.take(store, Path(taken["answer"]), now())
    assert (took.recorded, took.records) == (0, 0)
    assert store.meta.cursor == cursor
    assert [row["event"]["type"] for row in district.records(case)] == ["Received", "PageAttached"]
    assert district.outcomes().keys() == {"RECORDED"}
    seat.do(later, a.Note(text=secret("带来了原件")))
    seat.sent()
    assert seat.view(later).steps[-1].name == "Noted"


def test_hostile_bundles_are_refused_with_a_sentence(seat: Seat, house: House, stick: Path) -> None:
    receive_with_page(seat)
    store, good = seat.session.store, stick / "good.ycb"
    bundles.export(store, stick, now()).files[0].rename(good)
    whole = good.read_bytes()
    made = bundles.Outgoing(store)

    def said(name: str, data: bytes) -> Flaw:
        (stick / name).write_bytes(data)
        return refused(lambda: district_bundles.take(house, [stick / name], stick))

    number = f'"{store.desk.replica}"'.encode()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    assert said("cut.ycb", whole[: len(whole) // 2]) is Flaw.CUT_SHORT
    assert said("end.ycb", whole[:-1]) is Flaw.CUT_SHORT
    assert said("flipped.ycb", bytes(flipped)) is Flaw.DAMAGED
    assert said("text.ycb", b"a letter") is Flaw.NOT_A_BUNDLE
    assert said("stranger.ycb", whole.replace(number, b'"0999"', 1)) is Flaw.FOREIGN_DESK
    assert said("abroad.ycb", whole.replace(store.desk.district_code.encode(), b"999999", 1)) is Flaw.FOREIGN_DISTRICT
    gone = desks.Desk(
        replica="0998", place="fengqiao", kind="COUNTER", section="", act_key=b"", enrolled_time="", revoked_time="x"
    )
    house.write(lambda connection: desks.enlist(connection, house.district, gone))
    assert said("revoked.ycb", whole.replace(number, b'"0998"', 1)) is Flaw.REVOKED
    with made.writing(stick / "bomb.ycb", now()) as writer:
        writer._held += bundle._SECTION.pack(Kind.PAGE.value, 1 << 60)
    assert said("bomb.ycb", (stick / "bomb.ycb").read_bytes()) is Flaw.TOO_LARGE
    (taken,) = district_bundles.take(house, [good], stick)
    assert (taken.recorded, taken.other) == (1, 0)
    assert set(FLAWS) == set(Flaw)
    assert said("answer.ycb", Path(taken.answer).read_bytes()) is Flaw.WRONG_WAY

    # An answer for another desk, one that the district has not signed, and our own bundle back.
    key = bundles.answer_key(store.desk).public_key().public_bytes_raw()
    forged = stick / "forged-answer-.ycb"
    for replica, flaw in ((store.desk.replica, Flaw.DAMAGED), ("0999", Flaw.FOREIGN_DESK)):
        head = Head(
            district=store.desk.district_code,
            replica=replica,
            direction=Direction.TO_DESK,
            bundle="00",
            made_time=now(),
            sealed_by="",
        )
        with bundle.writing(forged, head, key, Ed25519PrivateKey.generate().sign) as writer:
            writer.add(Kind.CONTEXT, b"")
        assert refused(lambda: bundles.take(store, forged, now())) is flaw
    assert refused(lambda: bundles.take(store, good, now())) is Flaw.WRONG_WAY
    assert store.waiting().deeds == 1
    go_on(seat)


def test_a_medium_that_is_full_leaves_nothing_half(seat: Seat, tmp_path: Path) -> None:
    receive_with_page(seat)
    assert refused(lambda: bundles.export(seat.session.store, tmp_path / "gone", now())) is Flaw.UNWRITABLE
    assert not (tmp_path / "gone").exists()
    assert seat.session.store.waiting().deeds == 1


def test_a_dead_disk_loses_nothing_that_was_kept_twice(seat: Seat, house: House, tmp_path: Path) -> None:
    second, other = tmp_path / "second", Seat(tmp_path / "again", seat.district)
    second.mkdir()
    seat.session.mirror.choose(str(second))
    cases = [receive_with_page(seat), receive_with_page(seat)]
    saved = time.monotonic()
    seat.wait(lambda: seat.session.mirror.status.state is MirrorState.CURRENT)
    assert time.monotonic() - saved < 2
    # The place is taken away: the desk says so, and all is there again when it comes back.
    second.rename(tmp_path / "pulled")
    later = receive_with_page(seat)
    seat.wait(lambda: seat.session.mirror.status.state is MirrorState.GONE)
    assert seat.session.mirror.status.behind > 0
    second.mkdir()
    seat.session.mirror.wake()
    seat.wait(lambda: seat.session.mirror.status.state is MirrorState.CURRENT)
    # The disk dies; the district takes what lies in the second place, and another machine has the cases.
    unsent, pages = seat.session.store.waiting().deeds, len(seat.session.store.pages.to_carry())
    (taken,) = district_bundles.take(house, sorted(second.glob("*.ycb"), key=lambda f: "-pages-" in f.name), tmp_path)
    assert (taken.recorded, taken.unknown_pages, taken.pages) == (unsent, 0, pages)
    seat.district.start()
    other.enrol("fengqiao")
    other.sit("jinhe")
    for case in (*cases, later):
        other.has(case, lambda here: bool(here.pages))
    other.session.close()
    # It was not dead after all: nothing happens twice, and what has arrived is taken away from there.
    go_on(seat)
    assert len(seat.district.records(later)) == 2
    seat.session.mirror.stop()  # one at a time
    assert seat.session.mirror.copy_once().state is MirrorState.CURRENT
    assert list(second.glob("*.ycb")) == []


def test_the_command_line_does_it_without_a_window(enrolled: Seat, tmp_path: Path, stick: Path) -> None:
    enrolled.session.close()
    (tmp_path / "password").write_text(PASSWORD)
    common = ["--login", "wuminmin", "--password-file", str(tmp_path / "password"), str(stick)]
    assert main(["--data", str(enrolled.folder.root), "bundle", "export", *common]) == DONE
    assert len(list(stick.glob("*.ycb"))) == 1
    assert main(["--data", str(enrolled.folder.root), "bundle", "take", *common]) == NOT_THERE
    (tmp_path / "password").write_text("not it")
    assert main(["--data", str(enrolled.folder.root), "bundle", "export", *common]) == FAILED
