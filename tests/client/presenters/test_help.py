"""帮助: the page of each screen, words found in the whole book, pictures, and no handbook at all; without Tk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.counter import WORDS, Immediate, Shown, Waiting
from yichuang_client.documents import handbook
from yichuang_client.documents.handbook import BlockKind, parse
from yichuang_client.presenters.help import PICTURE_WIDTH, HelpPresenter
from yichuang_client.presenters.models.help import HelpModel
from yichuang_client.presenters.models.session import ScreenName

BOOK = """# 手册

先读
这一段。

<!-- screens: intake scan -->
## 收件

| 步 | 做什么 | 键 |
|---|---|---|
| 1 | 找 | F2 |

1. 第一
   步
* **粗** 体，见[这里](x.md)

<!-- screens: sync -->
后半页。

![图](pictures/x.png)
"""


class Reader:
    """Somebody with a question."""

    def __init__(self, language: str = "zh", background: Waiting | None = None) -> None:
        self.view = Shown()
        self.closed: list[str] = []
        self.presenter = HelpPresenter(
            self.view,
            background or Immediate(),
            language,
            lambda: self.closed.append("back"),
            tour=lambda: self.closed.append("tour"),
        )

    @property
    def model(self) -> HelpModel:
        """What is shown."""
        model: HelpModel = self.view.last
        return model

    @property
    def words(self) -> str:
        """The page."""
        return "\n".join("".join(piece for piece, _ in block.runs) for block in self.model.blocks)

    @property
    def chapter(self) -> str:
        """Title of the selected line."""
        return next(WORDS.say(line.title) for line in self.model.contents if line.is_selected)


def test_the_source_is_read_as_it_is_meant() -> None:
    book = parse(BOOK)
    assert book.title == "手册" and [chapter.title for chapter in book.chapters] == ["手册", "收件"]
    assert {name: (page.chapter, page.block) for name, page in book.pages.items()} == {
        "intake": ("1", 0),
        "scan": ("1", 0),
        "sync": ("1", 5),
    }
    assert book.chapters[0].blocks[1].text == "先读这一段。"
    kinds = [block.kind.value for block in book.chapters[1].blocks]
    assert kinds == ["TITLE", "ROW", "ROW", "ITEM", "ITEM", "TEXT", "PICTURE"]
    row, first, second = book.chapters[1].blocks[2:5]
    assert row.runs == (("1\t", False), ("F2", True), ("\t找", False))
    assert (first.bullet, first.text) == ("1.", "第一步")
    assert second.runs == (("粗", True), (" 体，见这里", False)) and second.plain == "粗 体，见这里"
    assert book.chapters[1].blocks[6].picture == "pictures/x.png"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_opens_its_page_with_its_keys(language: str) -> None:
    reader = Reader(language)
    for screen in ScreenName:
        reader.presenter.open(screen, is_section=screen is ScreenName.REVIEW, acts=(("F9", "受理"),))
        assert reader.model.blocks[0].style == "title" and reader.chapter
        assert reader.model.acts == (("F9", "受理"),)
    assert len(reader.model.contents) > 5


def test_a_section_reads_its_own_book_first_and_the_counters_where_it_must() -> None:
    reader = Reader()
    reader.presenter.open(ScreenName.HANDOVER, is_section=True)
    assert reader.chapter.startswith("签收")
    reader.presenter.open(ScreenName.DEVICES, is_section=True)
    assert "扫描仪" in reader.chapter
    reader.presenter.open(ScreenName.HANDOVER, is_section=False)
    assert reader.chapter.startswith("把纸质材料")


def test_words_are_found_in_all_chapters_and_lead_to_their_line() -> None:
    reader = Reader()
    reader.presenter.open(ScreenName.INTAKE, is_section=False)
    before = reader.model.shown
    reader.presenter.search("u 盘摆渡")
    (line,) = reader.model.contents
    assert WORDS.say(line.title) == "没有网络的时候" and "U 盘摆渡" in WORDS.say(line.detail)
    assert reader.model.shown == before, "the page stays until a line is chosen"
    reader.presenter.step(1)
    assert "摆渡" in reader.words.split("\n")[reader.model.at] and reader.model.shown > before
    reader.presenter.step(1)
    reader.presenter.search("没有这样的话")
    assert reader.model.contents == () and WORDS.say(reader.model.empty).startswith("手册里没有")
    reader.presenter.search("")
    assert reader.model.empty == "" and reader.chapter == "没有网络的时候"
    reader.presenter.step(-1)
    assert reader.chapter == "把纸质材料交给科室"


def test_pictures_come_later_and_only_to_the_page_that_is_open() -> None:
    waiting = Waiting()
    reader = Reader(background=waiting)
    reader.presenter.open(ScreenName.INTAKE, is_section=False)
    assert all(block.picture is None for block in reader.model.blocks)
    reader.presenter.open(ScreenName.SYNC, is_section=False)
    waiting.go()
    pictures = [block.picture for block in reader.model.blocks if block.style == BlockKind.PICTURE.value.lower()]
    assert reader.chapter == "没有网络的时候" and pictures
    assert all(picture is not None and picture.width == PICTURE_WIDTH for picture in pictures)


def test_it_leads_back_and_to_the_guide() -> None:
    reader = Reader()
    reader.presenter.open(ScreenName.INTAKE, is_section=False)
    reader.presenter.close()
    reader.presenter.begin_tour()
    assert reader.closed == ["back", "back", "tour"]


def test_without_a_handbook_the_keys_are_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(handbook, "_PLACES", (tmp_path / "nowhere",))
    reader = Reader()
    reader.presenter.open(ScreenName.INTAKE, is_section=False, acts=(("F9", "受理"),))
    assert WORDS.say(reader.model.empty).startswith("这台电脑上没有手册") and reader.model.acts
    reader.presenter.search("F9")
    reader.presenter.step(1)
    assert reader.model.contents == ()
