"""出件: the papers, how they reach the applicant, what is read out."""

from __future__ import annotations

from typing import Any

from yichuang_client.presenters.models.queues import IssueEvents, IssueModel, ResultPaper
from yichuang_client.ui import tokens as t
from yichuang_client.ui.keys import Deed, Keys
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.screen import Frame, Screen
from yichuang_client.ui.widgets.base import Box, card, clear, forget, label, muted, wrapping
from yichuang_client.ui.widgets.casework import CaseHeadPane
from yichuang_client.ui.widgets.chips import ChipLabel, keycap
from yichuang_client.ui.widgets.fields import Segments
from yichuang_client.ui.widgets.forms import FieldForm
from yichuang_client.ui.widgets.lists import ListRow, RowList
from yichuang_client.ui.widgets.sheets import PagePane
from yichuang_client.ui.widgets.strips import BannerLine, ProgressLine, SectionHead

_LEFT = 620


class _PaperRow(ListRow[ResultPaper]):
    """One paper."""

    def __init__(self, parent: Box, index: int, events: IssueEvents) -> None:
        super().__init__(parent, size=(10, 52), border=Rounded(t.PANEL, t.PANEL, parent.fill, 5, 2), pad=(8, 4))
        self._index, self._events = index, events

    def key_of(self, model: ResultPaper) -> str:
        """The paper's key."""
        return model.key

    def is_chosen(self, model: ResultPaper) -> bool:
        """Whether it is shown in the preview and printed next."""
        return model.is_selected

    def fill_of(self, model: ResultPaper) -> str:
        """White."""
        return t.PANEL

    def draw(self, model: ResultPaper, before: ResultPaper | None) -> None:
        """Draw name, serial, print state."""
        clear(self)
        keycap(self, f"Alt+{self._index + 1}").pack(side="right", padx=(self.px(12), self.px(2)))
        ChipLabel(self, model.state).pack(side="right")
        words = Box(self)
        words.pack(side="left")
        label(words, model.name, 16, bold=True).pack(anchor="w")
        muted(words, model.detail).pack(anchor="w")
        self.bind("<Button-1>", lambda _event: self._events.select_paper(model.key))
        for child in words.winfo_children():
            child.bind("<Button-1>", lambda _event: self._events.select_paper(model.key))


class IssueScreen(Screen[IssueModel]):
    """出件."""

    name = "issue"
    first_field = "papers"

    def __init__(self, parent: Box, frame: Frame, events: IssueEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        say, gap = self.kit.words.key, self.px(t.GUTTER)
        work = Box(self)
        work.pack(fill="both", expand=True, padx=gap, pady=gap)
        self._banner = BannerLine(work)
        self._head_card = card(work)
        self._head_card.pack(fill="x")
        self._head = CaseHeadPane(self._head_card)
        self._head.pack(fill="x")
        lower = Box(work)
        lower.pack(fill="both", expand=True, pady=(gap, 0))
        left = Box(lower, size=(_LEFT, 10))
        left.pack(side="left", fill="y")
        papers = card(left)
        papers.pack(fill="both", expand=True)
        SectionHead(papers, say("issue.papers"), "1").pack(anchor="w", pady=(0, self.px(6)))
        self._progress = ProgressLine(papers, events.cancel_print)
        self._progress.pack(side="bottom", fill="x")
        self._papers: RowList[ResultPaper] = RowList(
            papers,
            "issue.papers",
            lambda inside, index: _PaperRow(inside, index, events),
            chosen=events.select_paper,
            gap=4,
        )
        self._papers.pack(fill="both", expand=True)
        how = card(left)
        how.pack(side="bottom", fill="x", pady=(gap, 0), before=papers)
        head = Box(how)
        head.pack(fill="x", pady=(0, self.px(6)))
        SectionHead(head, say("issue.how"), "2").pack(side="left", padx=(0, self.px(16)))
        self._methods = Segments(head, "issue.method", events.choose_method)
        self._methods.pack(side="left")
        self._form = FieldForm(how, "issue", events.type_in)
        self._form.pack(fill="x")
        self._after_card = card(left)
        self._after_card.pack(side="bottom", fill="x", pady=(gap, 0), before=how)
        self._how = how
        SectionHead(self._after_card, say("issue.after")).pack(anchor="w", pady=(0, self.px(2)))
        self._after = Box(self._after_card)
        self._after.pack(fill="x")
        desk = Box(lower, fill=t.PAGE_DESK)
        desk.pack(side="left", fill="both", expand=True, padx=(gap, 0))
        self._page = PagePane(desk, events.page_area)
        self._page.pack(fill="both", expand=True)

    def draw(self, model: IssueModel, before: IssueModel | None) -> None:
        """Draw what changed."""
        self._banner.show(model.banner)
        if model.banner is None:
            forget(self._banner)
        elif not self._banner.winfo_manager():
            self._banner.pack(fill="x", before=self._head_card)
        self._head.show(model.head)
        self._papers.show_rows(model.papers)
        self._progress.show(model.progress)
        self._methods.show(model.methods, model.method)
        self._form.show(model.fields)
        if before is None or model.after != before.after:
            clear(self._after)
            for line in model.after:
                wrapping(self._after, line, 15).pack(fill="x", pady=self.px(2))
        if not model.after:
            forget(self._after_card)
        elif not self._after_card.winfo_manager():
            self._after_card.pack(side="bottom", fill="x", pady=(self.px(t.GUTTER), 0), before=self._how)
        self._page.show(model.preview)
        self.draw_bar(model.bar)
        self.window.keys_changed(self.name)

    def key_map(self) -> Keys:
        """Alt+n chooses a paper."""
        keys: dict[str, Deed] = {}
        for index, paper in enumerate(self.model.papers[:9] if self.model else ()):
            keys[f"Alt+{index + 1}"] = lambda key=paper.key: self._events.select_paper(key)  # type: ignore[misc]
        return keys

    def bar_events(self) -> Any:
        """Who is told."""
        return self._events
