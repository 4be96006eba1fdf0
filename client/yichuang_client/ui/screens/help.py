"""帮助画面: contents and search at the left, the page in the middle, the keys at the right.

Rules kept here: the search field has the focus and arrows turn the pages, so that no key must be learned first; the
page is a text that cannot be changed.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable
from typing import Any

from yichuang_client.presenters.models.common import ActKind, Text
from yichuang_client.presenters.models.help import HelpBlock, HelpEvents, HelpLine, HelpModel
from yichuang_client.ui import tokens as t
from yichuang_client.ui.keys import Keys
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.screen import Frame, Screen
from yichuang_client.ui.widgets.base import Box, card, clear, forget, label, muted, on_click, rule, wrapping
from yichuang_client.ui.widgets.buttons import KeyButton
from yichuang_client.ui.widgets.chips import keycap
from yichuang_client.ui.widgets.fields import Entry
from yichuang_client.ui.widgets.lists import ListRow, RowList
from yichuang_client.ui.widgets.scrolling import Scrollbar

_LEFT, _RIGHT, _KEY_WIDTH = 290, 270, 78


class _Line(ListRow[HelpLine]):
    """One line of the contents."""

    def __init__(self, parent: Box, events: HelpEvents) -> None:
        super().__init__(parent, border=Rounded(t.PANEL, t.PANEL, parent.fill, 5, 2), pad=(8, 4))
        self._events = events

    def key_of(self, model: HelpLine) -> str:
        """The line's key."""
        return model.key

    def is_chosen(self, model: HelpLine) -> bool:
        """Whether its page is shown."""
        return model.is_selected

    def fill_of(self, model: HelpLine) -> str:
        """Pale blue when its page is shown."""
        return t.SELECTED if model.is_selected else t.PANEL

    def draw(self, model: HelpLine, before: HelpLine | None) -> None:
        """Draw title and what was found."""
        clear(self)
        self.fill = self.fill_of(model)
        self.configure(style=self.kit.look.rounded_frame(Rounded(self.fill, self.fill, t.PANEL, 5, 2)))
        wrapping(self, model.title, 15, bold=model.is_selected or model.detail != "").pack(fill="x")
        if model.detail:
            wrapping(self, model.detail, 14, colour=t.MUTED).pack(fill="x")
        on_click(self, lambda: self._events.choose(model.key))


class _Page(Box):
    """手册页: one chapter."""

    def __init__(self, parent: Box) -> None:
        super().__init__(parent, fill=t.PANEL)
        font, px = self.kit.look.font, self.px
        self._text = tk.Text(
            self,
            wrap="char" if self.kit.words.language == "zh" else "word",
            font=font(16),
            foreground=t.FG,
            background=t.PANEL,
            borderwidth=0,
            highlightthickness=0,
            padx=px(26),
            pady=px(14),
            spacing1=px(3),
            spacing2=px(4),
            spacing3=px(7),
            cursor="arrow",
            takefocus=False,
            state="disabled",
            width=1,
        )
        bar = Scrollbar(self, self._text.yview)
        self._text.configure(yscrollcommand=bar.follow(self._text))
        self._text.pack(side="left", fill="both", expand=True)
        self._text.tag_configure("title", font=font(24, True), spacing3=px(12))
        self._text.tag_configure("heading", font=font(18, True), spacing1=px(12))
        self._text.tag_configure("bold", font=font(16, True))
        indent = px(26)
        self._text.tag_configure("item", lmargin2=indent, tabs=(indent,))
        self._text.tag_configure("row", lmargin1=px(8), lmargin2=px(90), tabs=(px(90),), background=t.HEAD)
        three = (px(56), px(300))
        self._text.tag_configure("row_of_three", lmargin2=three[1], tabs=three)
        self._text.tag_configure("picture", spacing1=px(8), spacing3=px(14))
        self._photos: list[Any] = []

    def draw(self, blocks: Iterable[HelpBlock]) -> None:
        """Write the chapter."""
        text = self._text
        text.configure(state="normal")
        text.delete("1.0", "end")
        self._photos = []
        for index, block in enumerate(blocks):
            text.mark_set(f"block{index}", "end-1c")
            text.mark_gravity(f"block{index}", "left")
            self._write(block)
        text.configure(state="disabled")

    def _write(self, block: HelpBlock) -> None:
        has_three = block.style == "row" and sum(words.count("\t") for words, _ in block.runs) > 1
        styles = (block.style, "row_of_three") if has_three else (block.style,)
        if block.picture is not None:
            photo = self.kit.look.picture(block.picture)
            self._photos.append(photo)
            self._text.image_create("end", image=photo)
            self._text.tag_add("picture", "end-2c")
        elif block.style != "picture":
            if block.bullet:
                self._text.insert("end", f"{block.bullet}\t", (block.style,))
            for words, is_bold in block.runs:
                self._text.insert("end", words, (*styles, "bold") if is_bold else styles)
        self._text.insert("end", "\n", styles)

    def turn_to(self, block: int) -> None:
        """Scroll so that this block stands at the top."""
        self._text.update_idletasks()
        self._text.yview("1.0" if block == 0 else f"block{block}")

    def scroll(self, pages: int) -> None:
        """Go on by a page."""
        self._text.yview_scroll(pages, "pages")


class HelpScreen(Screen[HelpModel]):
    """The handbook beside the keys."""

    name = "help"
    first_field = "search"

    def __init__(self, parent: Box, frame: Frame, events: HelpEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        say, gap = self.kit.words.key, self.px(t.GUTTER)
        head = Box(self, fill=t.PANEL, size=(10, t.TOP_BAR))
        head.pack(fill="x")
        self._title = label(head, "", 18, bold=True, colour=self.kit.accent)
        self._title.pack(side="left", padx=self.px(16))
        KeyButton(head, say("help.back"), "Esc", ActKind.NORMAL, events.close, is_small=True).pack(
            side="right", padx=self.px(16)
        )
        self._tour = KeyButton(head, say("help.tour"), "F2", ActKind.NORMAL, events.begin_tour, is_small=True)
        self._tour.pack(side="right")
        rule(self).pack(fill="x")
        body = Box(self)
        body.pack(fill="both", expand=True, padx=gap, pady=gap)
        self._lay_contents(body)
        self._keys = card(body, pad=(14, 12))
        self._keys.configure(width=self.px(_RIGHT))
        self._keys.pack_propagate(False)
        self._leaf = card(body, pad=(4, 4))
        self._leaf.pack(side="left", fill="both", expand=True, padx=(gap, 0))
        self._page = _Page(self._leaf)
        self._page.pack(fill="both", expand=True)

    def _lay_contents(self, body: Box) -> None:
        left = card(body, pad=(12, 12))
        left.configure(width=self.px(_LEFT))
        left.pack_propagate(False)
        left.pack(side="left", fill="y")
        self._search = Entry(left, self._events.search)
        self._search.placeholder(self.kit.words.key("help.search"))
        self._search.pack(fill="x")
        self.name_field(self._search, "search")
        for key, step in (("<Up>", -1), ("<Down>", 1)):
            self._search.bind(key, lambda _event, step=step: self._step(step))  # type: ignore[misc]
        muted(left, self.kit.words.key("help.hint")).pack(anchor="w", pady=(self.px(6), self.px(8)))
        self._empty = wrapping(left, "", 15, colour=t.MUTED)
        self._lines: RowList[HelpLine] = RowList(
            left, "help.contents", lambda inside, _index: _Line(inside, self._events), chosen=self._events.choose
        )
        self._lines.pack(fill="both", expand=True)

    def draw(self, model: HelpModel, before: HelpModel | None) -> None:
        """Draw what changed."""
        self._title.configure(text=self.say(model.title))
        self._lines.show_rows(model.contents)
        self._empty.put(model.empty)
        if model.empty == "":
            forget(self._empty)
        elif not self._empty.winfo_manager():
            self._empty.pack(fill="x", before=self._lines)
        if before is None or _keys_of(model) != _keys_of(before):
            self._draw_keys(model)
            self._search.put("")
            if not (model.acts or model.places):
                forget(self._keys)
            elif not self._keys.winfo_manager():
                self._keys.pack(side="right", fill="y", padx=(self.px(t.GUTTER), 0), before=self._leaf)
        if before is None or model.blocks != before.blocks:
            self._page.draw(model.blocks)
        if before is None or model.shown != before.shown:
            self._page.turn_to(model.at)

    def _draw_keys(self, model: HelpModel) -> None:
        clear(self._keys)
        say = self.kit.words.key
        for title, rows in ((say("help.acts"), model.acts), (say("help.places"), model.places)):
            if rows:
                label(self._keys, title, 16, bold=True).pack(anchor="w", pady=(0, self.px(4)))
                for key, words in rows:
                    self._key(key, words)
                Box(self._keys, size=(10, 12)).pack()

        if model.more:
            rule(self._keys).pack(fill="x", pady=(0, self.px(8)))
            for line in self.say(model.more).split("\u3000"):
                wrapping(self._keys, line, 15, colour=t.MUTED).pack(fill="x", pady=self.px(1))

    def _key(self, key: str, words: Text) -> None:
        line = Box(self._keys)
        line.pack(fill="x", pady=self.px(2))
        holder = Box(line, size=(_KEY_WIDTH, 26))
        holder.pack(side="left")
        keycap(holder, key).pack(side="left")
        label(line, words, 15).pack(side="left")

    def _step(self, step: int) -> str:
        self._events.step(step)
        return "break"

    def key_map(self) -> Keys:
        """Esc and F1 lead back, PgUp and PgDn scroll, F2 begins the guide."""
        return {
            "Esc": self._events.close,
            "F1": self._events.close,
            "F2": self._events.begin_tour,
            "PgUp": lambda: self._page.scroll(-1),
            "PgDn": lambda: self._page.scroll(1),
        }


def _keys_of(model: HelpModel) -> tuple[object, ...]:
    return model.acts, model.places, model.more
