"""待审批: the queue of the review desk, rows 70 high."""

from __future__ import annotations

from yichuang_client.presenters.models.review import QueueRow, ReviewEvents, ReviewModel
from yichuang_client.ui import tokens as t
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.widgets.base import Box, Part, Shortened, clear, forget, label, muted, on_click, rule, wrapping
from yichuang_client.ui.widgets.chips import ChipLabel, keycap
from yichuang_client.ui.widgets.lists import ListRow, RowList
from yichuang_client.ui.widgets.strips import ProgressLine


class _Row(ListRow[QueueRow]):
    """One case of the queue."""

    def __init__(self, parent: Box, pressed: QueuePane) -> None:
        super().__init__(parent, size=(10, 71), border=Rounded(t.PANEL, t.PANEL, parent.fill, 5, 2))
        self._pane = pressed

    def key_of(self, model: QueueRow) -> str:
        """The case's key."""
        return model.key

    def is_chosen(self, model: QueueRow) -> bool:
        """Whether it is on the desk."""
        return model.is_selected

    def fill_of(self, model: QueueRow) -> str:
        """Tinted when on the desk."""
        return "#E7F0FA" if model.is_selected else t.PANEL

    def ring(self, *, is_focused: bool) -> None:
        """A bar at the left; with the focus also a ring."""
        if self.model is None:
            return
        edge = t.PRIMARY if self.model.is_selected and is_focused else self.fill
        self.configure(style=self.kit.look.rounded_frame(Rounded(self.fill, edge, t.PANEL, 3, 2)))

    def draw(self, model: QueueRow, before: QueueRow | None) -> None:
        """Draw item, chip, applicant, due date."""
        clear(self)
        self.fill = self.fill_of(model)
        rule(self).place(relx=0, rely=1.0, y=-1, relwidth=1.0)
        Box(self, fill=t.PRIMARY if model.is_selected else self.fill, size=(4, 10)).pack(side="left", fill="y")
        words = Box(self)
        words.pack(side="left", fill="x", expand=True, padx=(self.px(10), self.px(12)))
        bold = model.is_urgent or model.is_selected
        label(words, model.item, 15, bold=bold).pack(anchor="w", pady=(0, self.px(5)))
        line = Box(words)
        line.pack(fill="x")
        ChipLabel(line, model.chip).pack(side="left")
        muted(line, model.due).pack(side="right")
        Shortened(line, model.applicant).pack(side="left", fill="x", expand=True, padx=self.px(10))
        on_click(self, lambda: self._pane.press(model.key))


class QueuePane(Part[ReviewModel]):
    """待审批."""

    def __init__(self, parent: Box, events: ReviewEvents) -> None:
        super().__init__(parent)
        head = Box(self, size=(10, 36))
        head.pack(fill="x", padx=self.px(14), pady=(0, self.px(6)))
        self._title = label(head, "", 16, bold=True)
        self._title.pack(side="left")
        self._hint = muted(head)
        self._hint.pack(side="left", padx=self.px(10))
        keycap(head, "F3").pack(side="right")
        rule(self).pack(fill="x")
        self._progress = ProgressLine(self)
        self._rows: RowList[QueueRow] = RowList(
            self, "review.queue", lambda inside, _index: _Row(inside, self), chosen=events.select
        )
        self._rows.pack(fill="both", expand=True)
        self._empty = wrapping(self, "", 15, colour=t.MUTED)

    def press(self, key: str) -> None:
        """A row was clicked."""
        self._rows.press(key)

    def draw(self, model: ReviewModel, before: ReviewModel | None) -> None:
        """Draw the queue."""
        self._title.configure(text=self.say(model.queue_title))
        self._hint.configure(text=self.say(model.queue_hint))
        self._progress.show(model.progress)
        if model.progress is None:
            forget(self._progress)
        elif not self._progress.winfo_manager():
            self._progress.pack(fill="x", padx=self.px(14), pady=self.px(6), before=self._rows)
        self._rows.show_rows(model.queue)
        self._empty.put(model.empty)
        if model.queue:
            self._empty.place_forget()
        else:
            self._empty.place(relx=0.06, rely=0.2, relwidth=0.88)
