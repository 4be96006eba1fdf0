"""Keys in escrow: opened by two administrators, for a desk that nobody can open and for one that was shut out."""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.client.sync.seats import PASSWORD, Seat, new_case, now, taking
from tests.support.district import RunningDistrict
from yichuang_client.__main__ import main as desk_program
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.sync import bundles
from yichuang_client.sync.desk_session import DeskState
from yichuang_client.sync.rounds import ESCROWED
from yichuang_domain.catalog import AcceptBy
from yichuang_domain.ids import CaseId
from yichuang_server.__main__ import main as district_program

NewSeat = Callable[[str], Seat]
FIRST, SECOND = "9001", "9002"
REASON = "the clerks of the window have left"


@dataclass(kw_only=True)
class Said:
    """What a command said."""

    code: int
    rows: list[dict[str, Any]]
    error: str


def said(program: Callable[[list[str]], int], *arguments: str) -> Said:
    """Run a command in this process."""
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        code = program(list(arguments))
    return Said(code=code, rows=[json.loads(line) for line in out.getvalue().splitlines()], error=error.getvalue())


class Office:
    """The district's administrators, each with a key of their own."""

    def __init__(self, district: RunningDistrict, folder: Path) -> None:
        self.district, self.folder = district, folder
        (folder / "words").write_text("four words of a passphrase\n")

    def run(self, *arguments: str) -> Said:
        """A command of the district."""
        return said(district_program, *arguments, "--data", str(self.district.folder))

    def signs(self, *arguments: str, person: str, reason: str = "") -> Said:
        """An administrator does something with their key."""
        key = [person, str(self.folder / f"{person}.pem"), "--passphrase-file", str(self.folder / "words")]
        return self.run(*arguments, *key, *(["--reason", reason] if reason else []))

    def notices(self) -> list[dict[str, Any]]:
        """The leaves of the log that are no records."""
        base = self.district.folder / "district.sqlite"
        with contextlib.closing(sqlite3.connect(f"file:{base}?mode=ro", uri=True)) as connection:
            return [json.loads(text) for (text,) in connection.execute("SELECT text FROM notice ORDER BY position")]


@pytest.fixture(scope="module")
def office(district: RunningDistrict, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Two administrators who have made a recovery key."""
    found = Office(district, tmp_path_factory.mktemp("office"))
    for person in (FIRST, SECOND):
        assert found.signs("people", "key", person=person).code == 0
    assert found.signs("recovery", "create", person=FIRST).rows[0]["recovery_key"] == ""
    alone = found.signs("recovery", "create", person=FIRST)
    assert (alone.code, "another administrator" in alone.error) == (1, True)
    assert len(found.signs("recovery", "create", person=SECOND).rows[0]["recovery_key"]) == 64
    yield found


def escrowed(new_seat: NewSeat, place: str, login: str = "") -> Seat:
    """A desk whose data key lies sealed at the district, with a person at work."""
    seat = new_seat(place)
    seat.enrol(place)
    if login:
        seat.sit(login)
    seat.wait(lambda: bool(seat.session.store.meta.text(ESCROWED)))
    return seat


def at_desk(seat: Seat, *arguments: str) -> Said:
    """A command of the desk's program."""
    return said(desk_program, "--data", str(seat.folder.root), *arguments)


def answer_for(seat: Seat, office: Office, replica: str, folder: Path) -> str:
    """What two administrators answer to the desk's request."""
    file = folder / "request.json"
    asked = at_desk(seat, "keys", "ask", str(file), "--district", "330402", "--desk", replica)
    first = office.signs("recovery", "open", str(file), person=FIRST, reason=REASON)
    assert first.rows[0]["answer"] == ""
    assert office.signs("recovery", "open", str(file), person=FIRST).code == 1
    second = office.signs("recovery", "open", str(file), person=SECOND)
    assert second.rows[0]["words"] == asked.rows[0]["words"]
    return str(second.rows[0]["answer"])


def act_unsent(seat: Seat) -> CaseId:
    """Take papers in while there is no line."""
    seat.session.sync.stop()
    case = new_case()
    store = seat.session.store
    number = store.serials.next_case_number(store.desk.district_code, store.desk.replica, now().date())
    seat.do(case, taking(seat.item(AcceptBy.COUNTER), number))
    return case


def test_a_desk_that_nobody_can_open_is_opened_by_two_administrators(
    new_seat: NewSeat, office: Office, tmp_path: Path
) -> None:
    seat = escrowed(new_seat, "fengqiao", "wuminmin")
    case, replica = act_unsent(seat), seat.session.store.desk.replica
    seat.session.close()
    seat.folder.slots.unlink()
    seat.folder.secret.unlink()
    (tmp_path / "password").write_text(PASSWORD)

    answer = answer_for(seat, office, replica, tmp_path)
    mine = ["--login", "wuminmin", "--password-file", str(tmp_path / "password")]
    done = at_desk(seat, "keys", "recover", answer, *mine)
    assert done.rows[0]["slots"] == 1
    again = at_desk(seat, "keys", "recover", answer, *mine)
    assert again.code == 1
    listed = at_desk(seat, "keys", "list", *mine).rows
    assert [row["purpose"] for row in listed] == ["DATA", "FORMER_DATA", "TLS", "ACTS", "DISTRICT", "RECOVERY"]
    assert (listed[0]["id"], listed[0]["escrow"]) == (done.rows[0]["recovered"], True)

    seat.restart()
    with pytest.raises(StoreError) as wrong:
        seat.session.sign_in("wuminmin", "another one")
    assert wrong.value.reason is StoreReason.WRONG_PASSWORD
    assert seat.session.sign_in("wuminmin", PASSWORD).is_online
    seat.sent()
    assert seat.view(case) is not None
    opened = [leaf for leaf in office.notices() if leaf["text"]["act"] == "KEY_OPENED"][-1]
    assert (opened["text"]["replica"], opened["text"]["reason"]) == (replica, REASON)
    assert set(opened["signatures"]) == {FIRST, SECOND}


def test_what_a_shut_out_desk_had_saved_is_rescued_once_and_keeps_its_author(
    new_seat: NewSeat, office: Office, tmp_path: Path
) -> None:
    seat = escrowed(new_seat, "yuxin", "panyan")
    case, replica = act_unsent(seat), seat.session.store.desk.replica
    author = seat.person
    assert author is not None
    stick = tmp_path / "stick"
    stick.mkdir()
    bundles.export(seat.session.store, stick, now())
    office.run("device", "revoke", replica)
    seat.session.shut_out()
    seat.restart()
    assert seat.session.state is DeskState.NOT_ENROLLED
    refused = office.run("bundle", "take", str(stick))
    assert (refused.code, "shut out" in refused.error) == (1, True)

    answer = answer_for(seat, office, replica, tmp_path)
    rescued = tmp_path / "rescued"
    rescued.mkdir()
    written = at_desk(seat, "keys", "rescue", answer, "--out", str(rescued))
    assert written.rows[0]["deeds"] == 1
    assert office.run("bundle", "take", str(rescued)).rows[0]["recorded"] == 1
    office.run("bundle", "take", str(rescued), str(stick))
    records = office.district.records(case)
    assert [record["event"]["type"] for record in records] == ["Received"]
    assert {record["person"] for record in records} == {author.person.person}


def test_the_inventory_names_every_key_and_no_secret(new_seat: NewSeat, office: Office) -> None:
    seat = escrowed(new_seat, "hall")
    desk = seat.session.store.desk
    listing = office.run("keys")
    mine = {row["purpose"]: row for row in listing.rows if row["of"] == desk.replica}
    assert mine.keys() == {"DESK_ACTS", "DESK_TLS", "DESK_DATA"}
    assert mine["DESK_DATA"]["where"].endswith(", sealed here")
    others = {row["purpose"] for row in listing.rows if not row["of"]}
    assert others == {"CA_ROOT", "CA_ISSUING", "SERVER_TLS", "DISTRICT_SIGNING", "RECOVERY"}
    assert {row["of"] for row in listing.rows if row["purpose"] == "ADMINISTRATOR"} == {FIRST, SECOND}
    assert all(row["made"] and (row["due"] or row["purpose"] == "DESK_ACTS") for row in listing.rows)
    assert {"replica": desk.replica, "escrow": "CURRENT"}.items() <= office.run("recovery", "list").rows[-1].items()
    secrets = [desk.act_key.hex(), desk.tls_key.hex(), seat.session.store.escrow.keys.data.hex()]  # type: ignore[union-attr]
    assert [secret for secret in secrets if secret in json.dumps(listing.rows)] == []
