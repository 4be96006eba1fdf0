"""The card reader: a library of ours with the makers' interface, loaded by the real adapter in its own process."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest

from yichuang_client.__main__ import main
from yichuang_client.devices.card_reader import read_message
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.identity_card import CardError, read_card

NUMBER = "330402198001010014"
WRONG = NUMBER[:-1] + "2"
TODAY = date(2026, 11, 24)


def message(number: str = NUMBER, name: str = "顾禾清") -> bytes:
    """A base message."""
    fields = ((name, 15), ("1", 1), ("01", 2), ("19800101", 8), ("凤桥镇禾清路 1 号", 35), (number, 18))
    text = "".join(value.ljust(width) for value, width in fields)
    return text.ljust(128).encode("utf-16-le")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = tmp_path_factory.mktemp("card") / "libsdt.so"
    source = Path(__file__).parents[2] / "support" / "card_library.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(made), str(source)], check=True)
    return str(made)


def test_what_a_card_says() -> None:
    card = read_card(message(), TODAY)
    assert (card.name, card.number, card.address) == ("顾禾清", NUMBER, "凤桥镇禾清路 1 号")
    assert card.name not in repr(card) and NUMBER not in repr(card)


@pytest.mark.parametrize("bad", [message(WRONG), message("33040219801301001X"), message(name=""), b"", b"\0" * 255])
def test_what_is_no_card(bad: bytes) -> None:
    with pytest.raises(CardError):
        read_card(bad, TODAY)


def test_a_card_is_read_and_shown_masked(
    library: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CARD_TEXT", message().hex())
    assert main(["devices", "card", "--library", library, "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["number"] == f"3304{'*' * 10}{NUMBER[-4:]}"
    assert "顾禾清" not in row.values()
    monkeypatch.setenv("CARD_TEXT", message(WRONG).hex())
    assert main(["devices", "card", "--library", library, "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"event": "card", "fault": "CHECK"}


@pytest.mark.parametrize(
    ("mode", "trouble"),
    [
        ("away", Trouble.OFFLINE),
        ("empty", Trouble.TIMEOUT),
        ("gone", Trouble.COMMUNICATION),
        ("crash", Trouble.DRIVER_CRASH),
    ],
)
def test_what_a_reader_may_do_instead(
    library: str, monkeypatch: pytest.MonkeyPatch, mode: str, trouble: Trouble
) -> None:
    monkeypatch.setenv("CARD_MODE", mode)
    with pytest.raises(DeviceError) as caught:
        read_message(library, seconds=0.1)
    assert caught.value.trouble is trouble


def test_a_library_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(DeviceError) as caught:
        read_message(str(tmp_path / "none.so"), seconds=0.1)
    assert caught.value.trouble is Trouble.OFFLINE
