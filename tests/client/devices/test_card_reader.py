"""The card reader: a library of ours with the makers' interface, loaded by the real adapter in its own process."""

from __future__ import annotations

import json
import pickle
import threading
from datetime import date
from pathlib import Path

import pytest

from tests.support.cards import NAME, NUMBER, build_library, message
from yichuang_client.__main__ import main
from yichuang_client.devices import card_reader
from yichuang_client.devices.card_reader import LibraryReader
from yichuang_client.devices.card_reading import CardFault, CardReaderError, CardStage, read_valid_card
from yichuang_client.devices.identity_card import CardError, IdentityCard, read_card

WRONG = NUMBER[:-1] + "2"
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build_library(tmp_path_factory.mktemp("card"))


def read(library: str, *, seconds: float = 0.1, stop_at: CardStage | None = None) -> IdentityCard:
    """Read a card as the counter does."""
    stop = threading.Event()
    stages: list[CardStage] = []

    def told(stage: CardStage) -> None:
        stages.append(stage)
        if stage is stop_at:
            stop.set()

    card = read_valid_card(LibraryReader(library=library), TODAY, seconds, told, stop)
    assert stages == [CardStage.STARTING, CardStage.WAITING, CardStage.READING]
    return card


def fault(library: str, *, seconds: float = 0.1, stop_at: CardStage | None = None) -> CardFault:
    """What was told instead of a card."""
    with pytest.raises(CardReaderError) as caught:
        read(library, seconds=seconds, stop_at=stop_at)
    assert NAME not in str(caught.value) and NUMBER not in str(caught.value)
    return caught.value.fault


def test_what_a_card_says() -> None:
    card = read_card(message(), TODAY)
    assert (card.name, card.number, card.address) == (NAME, NUMBER, "凤桥镇禾清路 1 号")
    assert (card.sex, card.issuer, card.born_on) == ("1", "凤桥镇公安分局", date(1980, 1, 1))
    assert card.valid_until == date(2036, 1, 1)
    assert read_card(message(until="长期"), TODAY).valid_until is None
    assert card.name not in repr(card) and NUMBER not in repr(card)


@pytest.mark.parametrize(
    "bad",
    [
        message(WRONG),
        message("33040219801301001X"),
        message(name=""),
        message(name="顾\x1b禾"),
        message(until="20361301"),
        message(kind="I"),
        b"",
        b"\0" * 255,
        b"\x00\xd8" * 128,
    ],
)
def test_what_is_no_card(bad: bytes) -> None:
    with pytest.raises(CardError):
        read_card(bad, TODAY)


def test_a_card_is_read_and_shown_masked(
    library: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CARD_TEXT", message().hex())
    assert main(["devices", "card", "--library", library, "--json"]) == 0
    row = json.loads(capfd.readouterr().out)
    assert row["number"] == f"3304{'*' * 10}{NUMBER[-4:]}"
    assert NAME not in row.values()
    monkeypatch.setenv("CARD_TEXT", message(WRONG).hex())
    assert main(["devices", "card", "--library", library, "--json"]) == 1
    row = json.loads(capfd.readouterr().out)
    assert row == {"event": "card", "fault": "not-a-card", "detail": "not-a-card CHECK"}


def test_the_desks_own_reader_is_used(
    library: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("CARD_TEXT", message().hex())
    assert main(["--data", str(tmp_path), "devices", "card"]) == 3
    assert "没接读卡器，可手输" in capfd.readouterr().err
    (tmp_path / "config.toml").write_text(f'[[card_reader]]\nlibrary = "{library}"\n', encoding="utf-8")
    assert main(["--data", str(tmp_path), "devices", "card"]) == 0
    said = capfd.readouterr()
    assert NUMBER not in said.out + said.err
    assert "请把身份证放在读卡器上" in said.err


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("away", CardFault.NO_READER),
        ("empty", CardFault.NO_CARD),
        ("gone", CardFault.MISREAD),
        ("unplugged", CardFault.UNPLUGGED),
        ("unauthorised", CardFault.ACCESS),
        ("crash", CardFault.CRASHED),
    ],
)
def test_what_a_reader_may_do_instead(
    library: str, monkeypatch: pytest.MonkeyPatch, mode: str, expected: CardFault
) -> None:
    monkeypatch.setenv("CARD_MODE", mode)
    assert fault(library) is expected


def test_a_reader_that_hangs_is_given_up(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARD_MODE", "hang")
    monkeypatch.setattr(card_reader, "_START_SECONDS", 0.3)
    assert fault(library) is CardFault.NO_ANSWER


def test_a_reading_is_stopped_while_a_card_is_waited_for(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARD_MODE", "empty")
    assert fault(library, seconds=600, stop_at=CardStage.WAITING) is CardFault.CANCELLED


def test_a_card_past_its_last_day_is_refused(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARD_TEXT", message(until="20261123").hex())
    assert fault(library) is CardFault.EXPIRED
    monkeypatch.setenv("CARD_TEXT", message(until="20261124").hex())
    assert read(library).valid_until == TODAY


def test_a_library_that_is_none(tmp_path: Path) -> None:
    assert fault(str(tmp_path / "none.so")) is CardFault.NO_LIBRARY


def test_a_trouble_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(CardReaderError(CardFault.MISREAD, "0x41")))
    assert (error.fault, str(error)) == (CardFault.MISREAD, "communication: misread 0x41")
