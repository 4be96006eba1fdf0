"""意见框: templates, text, who signs; pinned at the bottom right of the review desk.

Rules kept here: a template is inserted at the cursor and overwrites nothing; the text is set only when the case or
its revision changes, so that typing is never disturbed; read only still lets the text be copied.
"""

from __future__ import annotations

from yichuang_client.presenters.models.review import Opinion, ReviewEvents
from yichuang_client.ui import tokens as t
from yichuang_client.ui.widgets.base import Box, Part, clear, forget, label, muted, wrapping
from yichuang_client.ui.widgets.buttons import KeyButton
from yichuang_client.ui.widgets.chips import ChipLabel
from yichuang_client.ui.widgets.fields import TextBox


class OpinionPane(Part[tuple[str, Opinion]]):
    """意见框; its value is the case's key and the opinion."""

    def __init__(self, parent: Box, events: ReviewEvents) -> None:
        super().__init__(parent)
        self._events = events
        head = Box(self)
        head.pack(fill="x", pady=(0, self.px(6)))
        self._title = label(head, "", 16, bold=True)
        self._title.pack(side="left")
        self._count = muted(head)
        self._count.pack(side="right")
        self._previous = wrapping(self, "", 14, colour=t.MUTED)
        self._templates = Box(self)
        self._templates.pack(fill="x", pady=(0, self.px(6)))
        self._box = TextBox(self, "review.opinion", self._typed, lines=3)
        self._box.pack(fill="x")
        self._signer = ChipLabel(self)
        self._limit = 500

    def draw(self, model: tuple[str, Opinion], before: tuple[str, Opinion] | None) -> None:
        """Draw what changed."""
        key, opinion = model
        was = before[1] if before else None
        self._limit = opinion.limit
        self._title.configure(text=self.say(opinion.title))
        self._draw_previous(opinion)
        if was is None or was.templates != opinion.templates or was.is_read_only != opinion.is_read_only:
            self._draw_templates(opinion)
        if before is None or before[0] != key or (was is not None and was.revision != opinion.revision):
            self._box.put(opinion.text)
        self._box.enable(not opinion.is_read_only)
        self._draw_count()
        if opinion.signer is None:
            forget(self._signer)
        else:
            self._signer.show(opinion.signer)
            if not self._signer.winfo_manager():
                self._signer.pack(anchor="w", pady=(self.px(8), 0))

    def _draw_previous(self, opinion: Opinion) -> None:
        self._previous.put(opinion.previous)
        if opinion.previous == "":
            forget(self._previous)
        elif not self._previous.winfo_manager():
            self._previous.pack(fill="x", pady=(0, self.px(6)), before=self._templates)

    def _draw_templates(self, opinion: Opinion) -> None:
        clear(self._templates)
        for index, (key, words) in enumerate(opinion.templates[:9]):
            button = KeyButton(
                self._templates,
                words,
                f"Alt+{index + 1}",
                command=lambda key=key: self.insert(key),  # type: ignore[misc]
                is_small=True,
            )
            button.configure(takefocus=False)
            button.enable(not opinion.is_read_only)
            button.grid(row=index // 3, column=index % 3, padx=(0, self.px(6)), pady=(0, self.px(4)))

    def _draw_count(self) -> None:
        count = len(self._box.value)
        words = self.kit.words.key("review.count", n=count, limit=self._limit)
        self._count.configure(text=words, foreground=t.DANGER if count > self._limit else t.MUTED)

    def _typed(self, text: str) -> None:
        self._draw_count()
        self._events.write_opinion(text)

    def insert(self, key: str) -> None:
        """Insert a template at the cursor."""
        if self.model is not None and not self.model[1].is_read_only:
            self._box.insert(self.say(self._events.insert_template(key)))
