"""The local bridge: a behaving one of ours, and answers that no bridge should give."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.card_bridge import CARD, CardBridge
from tests.support.cards import NAME, NUMBER
from yichuang_client.__main__ import main
from yichuang_client.config import DataFolder
from yichuang_client.devices import card_bridge
from yichuang_client.devices.card_bridge import BridgeReader, read_endpoint
from yichuang_client.devices.card_reading import CardFault, CardReaderError, CardStage
from yichuang_client.devices.settings import DeviceSettings

TODAY = date(2026, 11, 24)


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[CardBridge]:
    with CardBridge(tmp_path) as made:
        yield made


def reader(bridge: CardBridge) -> BridgeReader:
    """The reader behind it."""
    return BridgeReader(endpoint=read_endpoint(bridge.url), token_file=bridge.token_file)


def fault(one: BridgeReader, *, seconds: float = 5, stop_at: CardStage | None = None) -> CardFault:
    """What was told instead of a card."""
    stop = threading.Event()
    with pytest.raises(CardReaderError) as caught:
        one.read(TODAY, seconds, lambda stage: stop.set() if stage is stop_at else None, stop)
    assert NAME not in str(caught.value) and NUMBER not in str(caught.value)
    return caught.value.fault


def test_a_card_comes_over_the_bridge(bridge: CardBridge) -> None:
    stages: list[CardStage] = []
    card = reader(bridge).read(TODAY, 5, stages.append, threading.Event())
    assert (card.name, card.number, card.valid_until) == (NAME, NUMBER, date(2036, 1, 1))
    assert stages == [CardStage.STARTING, CardStage.WAITING]
    assert bridge.asked == [("/v1/card", {"version": 1, "wait_seconds": 5})]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"version": 1, "trouble": "NO_CARD"}, CardFault.NO_CARD),
        ({"version": 1, "trouble": "UNPLUGGED"}, CardFault.UNPLUGGED),
        ({"version": 1, "trouble": "BUSY"}, CardFault.BUSY),
        ({"version": 1, "trouble": "SOMETHING"}, CardFault.BAD_ANSWER),
        ({"version": 2, "card": CARD}, CardFault.BAD_ANSWER),
        ([], CardFault.BAD_ANSWER),
        ({"version": 1, "card": CARD | {"name": 7}}, CardFault.BAD_ANSWER),
        ({"version": 1, "card": CARD | {"name": None}}, CardFault.BAD_ANSWER),
        ({"version": 1, "card": CARD | {"born": "yesterday"}}, CardFault.BAD_ANSWER),
        ({"version": 1, "card": CARD | {"name": "顾\u202e禾"}}, CardFault.NOT_A_CARD),
        ({"version": 1, "card": CARD | {"name": "长" * 101}}, CardFault.NOT_A_CARD),
        ({"version": 1, "card": CARD | {"number": NUMBER[:-1] + "2"}}, CardFault.NOT_A_CARD),
    ],
)
def test_what_a_bridge_may_answer_instead(bridge: CardBridge, answer: Any, expected: CardFault) -> None:
    bridge.answer = answer
    assert fault(reader(bridge)) is expected


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-something\r\n",
        b"HTTP/1.0 302 Found\r\nLocation: http://example.org/\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n" + b"[" * 30_000,
        b"HTTP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\n\r\n\xff\xfe",
        b"HTTP/1.0 200 OK\r\n\r\n" + json.dumps({"version": 1, "card": CARD}).encode()[:-9],
        b"HTTP/1.0 200 OK\r\n\r\n" + b" " * 70_000,
        b"HTTP/1.0 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n{}",
    ],
)
def test_bytes_that_are_no_answer(bridge: CardBridge, raw: bytes) -> None:
    bridge.raw = raw
    assert fault(reader(bridge)) in (CardFault.BAD_ANSWER, CardFault.UNPLUGGED)


def test_a_bridge_that_does_not_answer(bridge: CardBridge, monkeypatch: pytest.MonkeyPatch) -> None:
    bridge.holds.clear()
    assert fault(reader(bridge), seconds=600, stop_at=CardStage.WAITING) is CardFault.CANCELLED
    monkeypatch.setattr(card_bridge, "_LATE_SECONDS", 0.1)
    assert fault(reader(bridge), seconds=0.1) is CardFault.NO_ANSWER


def test_the_token(bridge: CardBridge, tmp_path: Path) -> None:
    other = tmp_path / "other"
    wrong = replace(reader(bridge), token_file=other)
    assert fault(wrong) is CardFault.ACCESS
    assert not bridge.asked
    other.write_text("another-token-0002", encoding="ascii")
    other.chmod(0o644)
    assert fault(wrong) is CardFault.ACCESS  # a file that everybody can read is no secret
    assert not bridge.asked
    other.chmod(0o600)
    assert fault(wrong) is CardFault.ACCESS
    assert bridge.asked
    other.write_text("with\r\nX-Header: 1", encoding="ascii")
    assert fault(wrong) is CardFault.ACCESS
    assert len(bridge.asked) == 1


def test_nobody_listens(bridge: CardBridge, tmp_path: Path) -> None:
    gone = CardBridge(tmp_path)
    with gone:
        away = reader(gone)
    assert fault(away) is CardFault.NO_READER


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.7.3:9187",
        "http://example.org:9187",
        "https://127.0.0.1:9187",
        "http://127.0.0.1",
        "http://127.0.0.1:9187/other",
        "http://user@127.0.0.1:9187",
        "http://127.0.0.1:99999",
        "127.0.0.1:9187",
    ],
)
def test_only_this_machine_is_asked(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match=r"bridge address|IPv4|Port"):
        read_endpoint(url)
    assert main(["devices", "card", "--bridge", url]) == 2
    assert "127.0.0.1" in capsys.readouterr().err
    (tmp_path / "config.toml").write_text(f'[[card_reader]]\nbridge = "{url}"\ntoken_file = "/t"\n', encoding="utf-8")
    settings = DeviceSettings(DataFolder(root=tmp_path))
    assert (settings.card_reader, settings.is_readable) == (None, False)


def test_the_command_reads_over_the_bridge(bridge: CardBridge, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["devices", "card", "--bridge", bridge.url, "--token-file", str(bridge.token_file), "--json"]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["number"].endswith(NUMBER[-4:])


def test_which_reader_is_used(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[[card_reader]]\nname = "窗口"\nlibrary = "/opt/sdt.so"\nport = 3\n'
        '[[card_reader]]\nbridge = "http://localhost:9187"\ntoken_file = "/t"\n'
        '[[card_reader]]\nlibrary = "/opt/sdt.so"\nport = 0\n',
        encoding="utf-8",
    )
    settings = DeviceSettings(DataFolder(root=tmp_path))
    assert not settings.is_readable
    assert [row.name for row in settings.card_readers] == ["窗口", "http://localhost:9187"]
    first, second = settings.card_readers
    assert settings.card_reader == first
    settings.choose_card_reader(second.key)
    assert DeviceSettings(DataFolder(root=tmp_path)).card_reader == second
