"""A release into its slot, cut at every step, and the way back from one that does not come up."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.releases import Publisher, look, program
from yichuang_client.update import slots
from yichuang_client.update.releases import Release
from yichuang_client.update.slots import SLOT, choose, program_of, read_slots
from yichuang_client.update.staging import stage
from yichuang_client.update.status import UpdateError, UpdateReason

INSTALLED = "0.1.0"


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    made = Publisher(tmp_path / "releases")
    made.publish("0.2.0")
    return made


def take(publisher: Publisher, desk: Path, have: Path | None = None) -> str:
    release = look(publisher, desk)
    assert release is not None
    stage(release, desk, publisher.read, have=have, progress=lambda _: None)
    return release.version


def starting(desk: Path) -> str:
    """Which version starts now: its own answer, as the launcher would start it."""
    chosen = choose(desk, INSTALLED)
    if chosen is None:
        return "installed"
    return subprocess.run([chosen], capture_output=True, text=True, check=False).stdout.strip()


def test_the_new_version_starts_next_time_and_confirms(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = tmp_path / "desk"
    assert starting(desk) == "installed"
    take(publisher, desk)
    assert starting(desk) == "0.2.0"
    monkeypatch.setenv(SLOT, "0.2.0")
    assert slots.confirm(desk)
    assert not slots.confirm(desk)
    assert [starting(desk) for _ in range(5)] == ["0.2.0"] * 5


def test_only_what_changed_is_fetched(publisher: Publisher, tmp_path: Path) -> None:
    running = program(tmp_path / "running", version="0.1.0")
    take(publisher, tmp_path / "desk", have=running)
    fetched = {path for path, _ in publisher.asked if path.startswith("targets/blobs/")}
    assert len(fetched) == 2, "the program and what is new; not what is the same"


def test_a_version_that_does_not_come_up_is_left_after_two_tries(publisher: Publisher, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    take(publisher, desk)
    assert [starting(desk) for _ in range(4)] == ["0.2.0", "0.2.0", "installed", "installed"]
    assert read_slots(desk).bad == ("0.2.0",)


def test_the_way_back_leads_to_the_version_before(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = tmp_path / "desk"
    take(publisher, desk)
    assert starting(desk) == "0.2.0"
    monkeypatch.setenv(SLOT, "0.2.0")
    slots.confirm(desk)
    publisher.publish("0.3.0")
    take(publisher, desk)
    assert [starting(desk) for _ in range(3)] == ["0.3.0", "0.3.0", "0.2.0"]


def test_a_window_closed_in_order_costs_no_try(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = tmp_path / "desk"
    take(publisher, desk)
    monkeypatch.setenv(SLOT, "0.2.0")
    for _ in range(4):
        assert starting(desk) == "0.2.0"
        slots.take_try_back(desk)


def test_a_new_installation_wins_over_the_slots(publisher: Publisher, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    take(publisher, desk)
    assert starting(desk) == "0.2.0"
    assert choose(desk, "0.4.0") is None
    assert choose(desk, "0.4.0") is None


def test_a_program_that_fails_its_own_check_never_starts(publisher: Publisher, tmp_path: Path) -> None:
    publisher.publish("0.3.0", starts=False)
    with pytest.raises(UpdateError) as raised:
        take(publisher, tmp_path / "desk")
    assert raised.value.reason is UpdateReason.DOES_NOT_START
    assert starting(tmp_path / "desk") == "installed"


@pytest.mark.parametrize("spoil", ["flipped", "short", "endless"])
def test_a_file_that_is_not_what_was_signed_is_not_taken(publisher: Publisher, tmp_path: Path, spoil: str) -> None:
    desk = tmp_path / "desk"
    release = look(publisher, desk)
    assert release is not None

    def hostile(path: str, offset: int) -> bytes:
        piece = publisher.read(path, offset)
        if spoil == "flipped":
            return piece[:-1] + bytes([piece[-1] ^ 1]) if piece else piece
        return b"" if spoil == "short" else piece + b"x" * 1_000_000

    with pytest.raises(UpdateError) as raised:
        stage(release, desk, hostile, progress=lambda _: None)
    assert raised.value.reason is UpdateReason.UNTRUSTED
    assert starting(desk) == "installed"
    assert take(publisher, desk) == "0.2.0", "an honest one is taken after it"


def test_a_broken_line_goes_on_where_it_stopped(publisher: Publisher, tmp_path: Path) -> None:
    desk, left = tmp_path / "desk", itertools.count()
    release = look(publisher, desk)
    assert release is not None
    got: list[tuple[str, int]] = []

    def breaking(path: str, offset: int) -> bytes:
        if next(left) % 2:
            raise UpdateError(UpdateReason.OFFLINE)
        got.append((path, offset))
        return publisher.read(path, offset)

    broken = 0
    for _ in range(100):
        try:
            stage(release, desk, breaking, progress=lambda _: None)
            break
        except UpdateError as error:
            assert error.reason is UpdateReason.OFFLINE
            broken += 1
    assert starting(desk) == "0.2.0"
    assert broken >= 3
    assert len(got) == len(set(got)), "no piece was fetched twice"


WRITER = """
import os, sys
from pathlib import Path
from tests.support import releases
from yichuang_client.update import releases as wanted, staging
from yichuang_client.update.status import UpdateError, UpdateReason
from yichuang_server.services.releases import Releases
folder, desk, cut = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
count = 0
def dying(name, kind):
    real = getattr(kind, name)
    def before(*args, **more):
        global count
        count += 1
        if count == cut:
            os._exit(9)
        return real(*args, **more)
    setattr(kind, name, before)
dying("fsync", os)
dying("replace", Path)
dying("chmod", Path)
root = Releases(folder).root.read_bytes()
def read(path, offset):
    piece = Releases(folder).read(path, offset, releases.NOW)
    if piece is None:
        raise UpdateError(UpdateReason.NOT_FOUND)
    return piece
release = wanted.find_release(read, desk, root, desk=releases.DESK, ring=1, platform=releases.PLATFORM)
staging.stage(release, desk, read, progress=lambda _: None)
print(count)
"""


def run_writer(publisher: Publisher, desk: Path, cut: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WRITER, str(publisher.folder), str(desk), str(cut)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)


@pytest.mark.long
def test_power_cut_at_every_write_leaves_a_program_that_starts(publisher: Publisher, tmp_path: Path) -> None:
    whole = run_writer(publisher, tmp_path / "whole", 0)
    steps = int(whole.stdout)
    assert steps > 10
    for cut in range(1, steps + 1):
        desk = tmp_path / f"desk-{cut}"
        assert run_writer(publisher, desk, cut).returncode == 9
        assert starting(desk) in ("installed", "0.2.0"), cut
        assert take(publisher, desk) == "0.2.0"
        assert starting(desk) == "0.2.0"


def test_a_cut_in_the_middle_leaves_the_old_program(publisher: Publisher, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    assert run_writer(publisher, desk, 5).returncode == 9
    assert not program_of(desk, "0.2.0").exists()
    assert starting(desk) == "installed"
    assert take(publisher, desk) == "0.2.0"
    assert starting(desk) == "0.2.0"


def test_an_empty_slot_or_a_broken_state_is_the_installed_program(publisher: Publisher, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    take(publisher, desk)
    program_of(desk, "0.2.0").unlink()
    assert starting(desk) == "installed"
    (desk / "state.json").write_text("{")
    assert starting(desk) == "installed"


def test_a_release_says_its_size(publisher: Publisher, tmp_path: Path) -> None:
    release = look(publisher, tmp_path / "desk")
    assert isinstance(release, Release)
    assert release.size == sum(file.stat().st_size for file in (tmp_path / "made-0.2.0").rglob("*") if file.is_file())
