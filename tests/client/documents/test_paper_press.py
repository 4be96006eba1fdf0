"""The process that sets the papers: it dies, rests, starts again, and writes nothing to a disk."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from multiprocessing.connection import wait
from pathlib import Path

import pytest

from tests.support import papers
from yichuang_client.documents.fonts import find_fonts
from yichuang_client.documents.paper import Paper, PaperError, PaperTrouble
from yichuang_client.documents.press import Press
from yichuang_client.documents.preview import preview_pages, preview_png

PATIENCE_SECONDS = 30.0


@pytest.fixture
def press() -> Iterator[Press]:
    with Press() as made:
        yield made


def receipt(press: Press) -> bytes:
    return press.render(Paper.RECEIPT, papers.receipt().to_data(), timestamp=papers.STAMP)


def pid(press: Press) -> int:
    assert press.process is not None
    assert press.process.pid is not None
    return press.process.pid


def test_a_worker_killed_between_papers_is_replaced(press: Press) -> None:
    first = receipt(press)
    before = pid(press)
    os.kill(before, signal.SIGKILL)
    assert receipt(press) == first
    assert pid(press) != before


def test_a_worker_killed_in_the_middle_of_a_paper_is_replaced(press: Press) -> None:
    first = receipt(press)
    before = pid(press)
    os.kill(before, signal.SIGSTOP)
    made: list[bytes] = []
    thread = threading.Thread(target=lambda: made.append(receipt(press)))
    thread.start()
    os.kill(before, signal.SIGKILL)
    thread.join(PATIENCE_SECONDS)
    assert made == [first]
    assert pid(press) != before


def test_an_idle_worker_ends_and_the_next_paper_starts_another() -> None:
    with Press(idle_seconds=0.2) as press:
        first = receipt(press)
        before = pid(press)
        assert press.process is not None
        assert wait([press.process.sentinel], PATIENCE_SECONDS)
        press.process.join()
        assert press.process.exitcode == 0
        assert receipt(press) == first
        assert pid(press) != before


def test_the_worker_ends_with_its_owner() -> None:
    press = Press()
    press.warm()
    process = press.process
    assert process is not None
    press.close()
    assert not process.is_alive()
    assert receipt(press).startswith(b"%PDF")
    press.close()


def test_warming_starts_the_worker_that_the_paper_uses(press: Press) -> None:
    assert press.process is None
    press.warm()
    before = pid(press)
    press.warm()
    receipt(press)
    assert pid(press) == before


def test_papers_from_two_threads_are_set_one_after_the_other(press: Press) -> None:
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(receipt(press))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert len(made) == 4
    assert len(set(made)) == 1


def test_a_paper_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with Press() as press:
        receipt(press)
        open_files = [os.readlink(link) for link in Path(f"/proc/{pid(press)}/fd").iterdir()]
    assert not [name for name in open_files if name.startswith(str(tmp_path))]
    assert list(tmp_path.iterdir()) == []


def test_facts_that_do_not_fit_are_told_without_their_text(press: Press) -> None:
    data = papers.receipt().to_data() | {"received_time": "顾禾清"}
    with pytest.raises(PaperError) as caught:
        press.render(Paper.RECEIPT, data, timestamp=papers.STAMP)
    assert caught.value.trouble is PaperTrouble.TEMPLATE
    assert "receipt.typ" in caught.value.detail
    assert "顾禾清" not in str(caught.value)
    assert receipt(press).startswith(b"%PDF")


@pytest.mark.parametrize("value", ["\ud800", float("nan"), object()], ids=["surrogate", "nan", "object"])
def test_what_is_not_plain_json_is_refused(press: Press, value: object) -> None:
    with pytest.raises(PaperError) as caught:
        press.render(Paper.RECEIPT, {"name": value}, timestamp=papers.STAMP)
    assert caught.value.trouble is PaperTrouble.BAD_DATA


def test_a_worker_that_gives_no_answer_is_ended() -> None:
    with Press(answer_seconds=0.0) as press:
        with pytest.raises(PaperError) as caught:
            receipt(press)
        assert caught.value.trouble is PaperTrouble.TOO_SLOW
        assert press.process is not None
        assert not press.process.is_alive()


def test_missing_fonts_name_their_packages(tmp_path: Path) -> None:
    with pytest.raises(PaperError) as caught:
        find_fonts([tmp_path])
    assert caught.value.trouble is PaperTrouble.FONTS_MISSING
    assert caught.value.detail == "fonts-hanazono fonts-lxgw-wenkai fonts-noto-cjk"


def test_a_folder_beside_the_package_comes_first(tmp_path: Path) -> None:
    system = find_fonts()
    for file in system.files:
        (tmp_path / file.name).symlink_to(file)
    assert find_fonts([tmp_path, Path("/usr/share/fonts")]).folders == (tmp_path,)


def test_preview_is_a_picture_of_a_page(press: Press) -> None:
    pdf = receipt(press)
    assert preview_pages(pdf) == 1
    assert preview_png(pdf).startswith(b"\x89PNG")
    with pytest.raises(IndexError):
        preview_png(pdf, page=1)
