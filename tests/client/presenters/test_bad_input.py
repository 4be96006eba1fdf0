"""What a person may get wrong or meet: one sentence in either language that says what to do next; nothing is lost.

Rules kept here: the errors are real ones (a disk, files, a database; ``test_sign_in`` has those of a district), the
sentences are read where the screen has them; after the trouble the same work goes on with what was typed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlcipher3.dbapi2

from tests.client.store.wiring import KEYS
from tests.support.counter import Immediate, Shown, both
from tests.support.desk import open_store
from tests.support.intake_clerk import FIELDS, ID, IntakeClerk
from tests.support.sane import SaneFolder
from tests.support.scan_clerk import ScanClerk
from tests.support.scanners import FIRST, glass, scan_equipment, scan_worker
from yichuang_client.config import DataFolder
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_client.presenters.sign_in import SignInPresenter
from yichuang_client.store.database import Database, encrypted
from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.errors import StoreError
from yichuang_client.store.store import Store

__all__ = ["glass", "scan_worker"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture
def clerk(store: Store) -> IntakeClerk:
    return IntakeClerk(store)


# ---- at the counter --------------------------------------------------------------------------------------------


def test_a_wrong_check_digit(clerk: IntakeClerk) -> None:
    clerk.take_food(id_number=f"{ID[:-1]}1")
    field = clerk.field("id_number")
    assert both(field.note) == ("身份证第 18 位应为 9", "Digit 18 of the ID number should be 9")
    assert field.text == f"{ID[:-1]}1"
    clerk.type("id_number", ID)
    assert clerk.field("id_number").note == "" and clerk.field("name").text == FIELDS["name"]


def test_an_unknown_and_a_retired_item(clerk: IntakeClerk) -> None:
    clerk.screen.search("没有这个事项")
    sentence = clerk.model.bar.sentence
    assert both(sentence.lead, sentence.hint) == (
        "没找到这个事项。 换首字母、汉字、旧名或编码再试",
        "No item found. Try initials, characters, an old name or a code",
    )
    clerk.screen.search("")
    clerk.choose("流动食品摊点登记")
    banner = clerk.model.banner
    assert banner is not None
    assert both(banner.text, banner.hint) == (
        "这个事项已取消，不再收件。 F7 可以看一口清",
        "This item is cancelled and not taken in. F7 shows the briefing",
    )


def test_a_missing_material(clerk: IntakeClerk) -> None:
    clerk.take_food()
    clerk.bring_papers("place_leased")
    sentence = clerk.model.bar.sentence
    assert both(sentence.lead, sentence.subject, sentence.hint) == (
        "还缺 1 件： ⑤ 场所使用证明 放入扫描仪按 F5",
        "1 missing: ⑤ 场所使用证明 put it in the scanner, F5",
    )
    assert not clerk.act(IntakeAct.ACCEPT).is_enabled
    clerk.screen.act(IntakeAct.ACCEPT)
    assert clerk.cases() == [] and clerk.state("layout").startswith("已扫描")


def fill(store: Store) -> None:
    """Let the database find no room any more, until somebody empties the table ``filler``."""
    connection = store._database.connection
    connection.execute("CREATE TABLE filler (bytes BLOB)")
    (count,) = store._database.rows("PRAGMA page_count")[0]
    connection.execute(f"PRAGMA max_page_count = {count + 100}")
    for size in (4000, 1000, 100, 10):
        with contextlib.suppress(sqlcipher3.dbapi2.OperationalError):
            while True:
                connection.execute("INSERT INTO filler VALUES (randomblob(?))", (size,))


def test_a_full_disk(clerk: IntakeClerk, store: Store) -> None:
    clerk.take_food()
    clerk.bring_papers()
    pages = store.pages.of(clerk.tray().case)
    fill(store)
    clerk.screen.act(IntakeAct.RECEIVE)
    banner = clerk.model.banner
    assert banner is not None
    assert both(banner.text) == (
        "磁盘满了，这一步没存上。前面的都在，腾出空间再来。",
        "The disk is full; this step was not saved. The rest is safe; free some space.",
    )
    assert clerk.cases() == [] and clerk.field("name").text == FIELDS["name"]
    assert store.pages.of(clerk.tray().case) == pages
    store._database.connection.execute("DELETE FROM filler")
    clerk.screen.act(IntakeAct.RECEIVE)
    assert len(clerk.cases()) == 1 and not store.drafts.list(DraftKind.INTAKE)


def test_an_empty_and_an_unreadable_page(
    store: Store, scan_worker: ScanWorker, glass: SaneFolder, tmp_path: Path
) -> None:
    clerk = ScanClerk(store, scan_equipment(scan_worker, glass, tmp_path / "data"))
    clerk.scan(FIRST)
    said = []
    for name, data in (("empty.png", b""), ("cut.jpg", b"\xff\xd8\xff\xe0 half a picture"), ("words.txt", b"words")):
        (tmp_path / name).write_bytes(data)
        clerk.take(tmp_path / name)
        assert clerk.model.banner is not None
        said.append(both(clerk.model.banner.text))
    assert said == [
        (
            "这个文件是空的。别的页都在，请重扫或换文件。",
            "The file is empty. Other pages are kept; scan again or take another file.",
        ),
        (
            "这个文件读不完整。别的页都在，请重扫或换文件。",
            "The file is damaged. Other pages are kept; scan again or take another file.",
        ),
        (
            "这不是图片或 PDF。别的页都在，请换文件。",
            "This is neither an image nor a PDF. Other pages are kept; take another file.",
        ),
    ]
    assert len(clerk.pages) == 1


def test_a_database_newer_than_the_program(tmp_path: Path) -> None:
    file = DataFolder(root=tmp_path / "desk").database
    file.parent.mkdir()
    database = Database(file, encrypted(KEYS.database))
    database.prepare()
    database.connection.execute("PRAGMA user_version = 9999")
    database.connection.execute("UPDATE schema_info SET oldest_program = 9999")
    database.close()
    before = file.read_bytes()
    with pytest.raises(StoreError) as newer:
        Database(file, encrypted(KEYS.database)).prepare()
    view = Shown()
    screen = SignInPresenter(view, Immediate(), lambda *_: pytest.fail("asked"), print, lambda: pytest.fail("read"))
    screen.stop(newer.value)
    assert both(view.last.error) == (
        "数据是新版程序写的。数据都在，请升级程序再开。",
        "A newer program wrote the data. It is safe; update the program.",
    )
    assert file.read_bytes() == before
