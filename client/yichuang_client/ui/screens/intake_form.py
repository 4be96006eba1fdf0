"""办件登记表: situation, applicant, materials, and on wide screens the preview (blocks 2 to 4 and beyond)."""

from __future__ import annotations

from collections.abc import Iterator

from yichuang_client.presenters.models.common import ActKind, Mark
from yichuang_client.presenters.models.intake import (
    ApplicantForm,
    CaseForm,
    IntakeAct,
    IntakeEvents,
    Preview,
    QuestionRow,
    RecentCase,
    Situation,
)
from yichuang_client.presenters.models.scan import PageView
from yichuang_client.ui import icons, tokens as t
from yichuang_client.ui.keys import Deed, Keys
from yichuang_client.ui.screens.intake_materials import MaterialsPane
from yichuang_client.ui.screens.intake_search import FactsPane, SearchPane
from yichuang_client.ui.widgets.base import Box, Part, Shortened, card, clear, forget, icon, label, muted, rule
from yichuang_client.ui.widgets.buttons import KeyButton
from yichuang_client.ui.widgets.chips import ChipLabel, keycap
from yichuang_client.ui.widgets.fields import Check, Segments
from yichuang_client.ui.widgets.forms import FieldForm
from yichuang_client.ui.widgets.scrolling import ScrollColumn
from yichuang_client.ui.widgets.sheets import PagePane
from yichuang_client.ui.widgets.strips import SectionHead

_LEFT_NARROW, _LEFT, _LEFT_WIDE, _PREVIEW = 400, 528, 560, 480
_CAPTION, _WIDEST_CAPTION = 80, 210


class _SituationPane(Part[Situation]):
    """情形: one row a question."""

    def __init__(self, parent: Box, events: IntakeEvents) -> None:
        super().__init__(parent)
        self._events = events
        self._head = SectionHead(self, self.kit.words.key("intake.situation"), "2")
        self._head.pack(fill="x", pady=(0, self.px(3)))
        self._rows: dict[str, tuple[Box, Segments]] = {}
        self._is_low = False

    def low(self, is_low: bool) -> None:
        """Rows 34 high instead of 37."""
        self._is_low = is_low
        for row, _segments in self._rows.values():
            row.configure(height=self.px(34 if is_low else 37))

    def draw(self, model: Situation, before: Situation | None) -> None:
        """Draw the questions; a question that stays keeps its widgets."""
        self._head.hint(model.summary)
        keys = [question.key for question in model.questions]
        if list(self._rows) != keys:
            for row, _segments in self._rows.values():
                row.destroy()
            width = self._caption_width(model.questions)
            self._rows = {question.key: self._add(question, width) for question in model.questions}
        for question in model.questions:
            self._rows[question.key][1].show(question.options, question.chosen)

    def _caption_width(self, questions: tuple[QuestionRow, ...]) -> int:
        """Pixels for the longest question, the same in all rows."""
        measure, px = self.kit.look.font(15).measure, self.px
        widest = max((measure(self.say(question.text)) for question in questions), default=0)
        return min(px(_WIDEST_CAPTION), max(px(_CAPTION), widest + px(10)))

    def _add(self, question: QuestionRow, caption_width: int) -> tuple[Box, Segments]:
        row = Box(self, size=(10, 34 if self._is_low else 37))
        row.pack(fill="x")
        caption = Box(row, size=(_CAPTION, 10))
        caption.configure(width=caption_width)
        caption.pack(side="left", fill="y")
        Shortened(caption, question.text, 15, t.FG).pack(side="left", fill="x", expand=True)
        name = f"intake.answer.{question.key}"
        segments = Segments(row, name, lambda chosen: self._events.answer(question.key, chosen))
        segments.pack(side="left")
        return row, segments


class _ApplicantPane(Part[ApplicantForm]):
    """申请人: kind, fields, live check, agent."""

    def __init__(self, parent: Box, events: IntakeEvents) -> None:
        super().__init__(parent)
        self._events = events
        say = self.kit.words.key
        head = SectionHead(self, say("intake.applicant"), "3")
        head.pack(fill="x")
        self._head = head
        self._card = KeyButton(
            head,
            say("intake.read_card"),
            "F3",
            ActKind.SOFT,
            lambda: events.act(IntakeAct.READ_CARD),
            is_small=True,
        )
        self._card.configure(takefocus=False)
        self._card.pack(side="right")
        body = Box(self)
        body.pack(fill="both", expand=True, pady=(self.px(2), 0))
        kinds = Box(body)
        kinds.pack(fill="x", pady=self.px(1))
        caption = Box(kinds, size=(80, 34))
        caption.pack(side="left")
        label(caption, say("intake.kind"), 15).pack(side="left")
        self._kinds = Segments(kinds, "intake.kind", events.choose_kind)
        self._kinds.pack(side="left")
        self._form = FieldForm(body, "intake", events.type_in, left=events.leave, unmasked=events.unmask, gap=2)
        self._form.pack(fill="x")
        self._check = Box(body)
        self._agent = Box(body)
        self._agent.pack(fill="x", pady=(self.px(2), 0))
        caption = Box(self._agent, size=(80, 28))
        caption.pack(side="left")
        label(caption, say("intake.agent"), 15).pack(side="left")
        self._box = Check(self._agent, say("intake.by_agent"), "intake.agent", events.toggle_agent)
        self._box.pack(side="left")
        keycap(self._agent, "Alt+D").pack(side="left", padx=self.px(8))
        self._agent_hint = muted(self._agent)
        self._agent_hint.pack(side="left")
        self._agent_form = FieldForm(body, "intake", events.type_in, left=events.leave, unmasked=events.unmask, gap=2)

    def draw(self, model: ApplicantForm, before: ApplicantForm | None) -> None:
        """Draw the block."""
        self._kinds.show(model.kinds, model.kind)
        self._form.show(model.fields)
        self._head.hint(model.card_note)
        self._card.enable(model.can_read_card)
        self._draw_check(model)
        self._box.put(model.has_agent)
        self._agent_hint.configure(text=self.say(model.agent_hint))
        self._agent_form.show(model.agent_fields)
        if not model.agent_fields:
            forget(self._agent_form)
        elif not self._agent_form.winfo_manager():
            self._agent_form.pack(fill="x")

    def _draw_check(self, model: ApplicantForm) -> None:
        clear(self._check)
        if model.check is None:
            forget(self._check)
            return
        colour = t.TONES[model.check.tone].text
        glyph = icons.MARKS[model.check.mark or Mark.OK]
        icon(self._check, glyph, 14, colour).pack(side="left", padx=(self.px(82), self.px(7)))
        label(self._check, model.check.text, colour=colour).pack(side="left")
        if not self._check.winfo_manager():
            self._check.pack(fill="x", after=self._form)


class _RecentPane(Part["tuple[RecentCase, ...]"]):
    """此人近期办件."""

    def __init__(self, parent: Box) -> None:
        super().__init__(parent)
        head = SectionHead(self, self.kit.words.key("intake.recent"))
        head.hint(self.kit.words.key("intake.recent_hint"))
        head.pack(fill="x", pady=(0, self.px(6)))
        self._lines = Box(self)
        self._lines.pack(fill="x")

    def draw(self, model: tuple[RecentCase, ...], before: tuple[RecentCase, ...] | None) -> None:
        """Draw the cases."""
        clear(self._lines)
        for index, case in enumerate(model):
            if index:
                rule(self._lines).pack(fill="x")
            line = Box(self._lines, size=(10, 44))
            line.pack(fill="x")
            label(line, case.title, 15).pack(side="left")
            ChipLabel(line, case.chip).pack(side="right")
            muted(line, case.at).pack(side="right", padx=(0, self.px(12)))


class _PreviewPane(Part[Preview]):
    """预览."""

    def __init__(self, parent: Box) -> None:
        super().__init__(parent)
        head = Box(self)
        head.pack(fill="x", pady=(0, self.px(8)))
        self._title = label(head, "", 16, bold=True)
        self._title.pack(side="left")
        self._count = muted(head)
        self._count.pack(side="left", padx=(self.px(10), 0))
        for key in ("PgUp", "PgDn"):
            keycap(head, key).pack(side="right", padx=(self.px(4), 0))
        self._page = PagePane(self, lambda _width, _height: None, desk=t.PANEL)
        self._page.pack(fill="both", expand=True)

    def draw(self, model: Preview, before: Preview | None) -> None:
        """Draw title and page."""
        self._title.configure(text=self.say(model.title))
        self._count.configure(text=self.say(model.count))
        self._page.show(PageView(picture=model.picture, waiting=model.waiting))


class FormPane(Part[CaseForm]):
    """Everything of the case in hand."""

    def __init__(self, parent: Box, events: IntakeEvents) -> None:
        super().__init__(parent)
        self._events = events
        band = card(self)
        band.pack(fill="x")
        self._search = SearchPane(band, events)
        self._search.pack(side="left", fill="y")
        rule(band, vertical=True).pack(side="left", fill="y", padx=self.px(16))
        self._facts = FactsPane(band, events)
        self._facts.pack(side="left", fill="both", expand=True)
        gap = self.px(t.GUTTER)
        lower = Box(self)
        lower.pack(fill="both", expand=True, pady=(gap, 0))
        self._left = Box(lower, size=(_LEFT, 10))
        self._left.pack(side="left", fill="y")
        self._column = ScrollColumn(self._left)
        self._column.pack(fill="both", expand=True)
        left = self._column.inside
        holder = card(left)
        holder.pack(fill="x")
        self._situation_card = holder
        self._situation = _SituationPane(holder, events)
        self._situation.pack(fill="x")
        self._applicant_card = card(left)
        self._applicant_card.pack(fill="both", expand=True, pady=(gap, 0))
        self._applicant = _ApplicantPane(self._applicant_card, events)
        self._applicant.pack(fill="both", expand=True)
        self._recent_card = card(left)
        self._recent = _RecentPane(self._recent_card)
        self._recent.pack(fill="both", expand=True)
        self._preview_card = card(lower)
        self._preview_card.configure(width=self.px(_PREVIEW + 32))
        self._preview_card.pack_propagate(False)
        self._preview = _PreviewPane(self._preview_card)
        self._preview.pack(fill="both", expand=True)
        self._materials_card = card(lower)
        self._materials_card.pack(side="left", fill="both", expand=True, padx=(gap, 0))
        self._materials = MaterialsPane(self._materials_card, events)
        self._materials.pack(fill="both", expand=True)
        self._is_wide = False

    @property
    def entry(self) -> object:
        """The search field of this pane."""
        return self._search.entry

    def take_name(self) -> None:
        """Be the pane whose search field has the name."""
        self._search.entry.take_name()

    def fit(self, *, is_low: bool, is_narrow: bool, is_wide: bool) -> None:
        """Take the shape of the window."""
        self._facts.low(is_low or is_narrow, columns=2 if is_narrow else 4)
        self._situation.low(is_low)
        self._search.narrow(is_narrow)
        self._left.configure(width=self.px(_LEFT_WIDE if is_wide else _LEFT_NARROW if is_narrow else _LEFT))
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            if self.model is not None:
                self._draw_wide(self.model)

    def show_by_block(self, model: CaseForm) -> Iterator[None]:
        """Draw the blocks one by one; what is left is little."""
        self._search.show(model.search)
        self._facts.show(model.item)
        yield
        self._situation.show(model.situation)
        yield
        self._applicant.show(model.applicant)
        yield
        self._materials.show(model.materials)
        yield

    def draw(self, model: CaseForm, before: CaseForm | None) -> None:
        """Draw every block."""
        self._search.show(model.search)
        self._facts.show(model.item)
        self._situation.show(model.situation)
        if not model.situation.questions:
            forget(self._situation_card)
            self._applicant_card.pack_configure(pady=0)
        elif not self._situation_card.winfo_manager():
            self._situation_card.pack(fill="x", before=self._applicant_card)
            self._applicant_card.pack_configure(pady=(self.px(t.GUTTER), 0))
        self._applicant.show(model.applicant)
        self._materials.show(model.materials)
        self._draw_wide(model)

    def _draw_wide(self, model: CaseForm) -> None:
        gap = self.px(t.GUTTER)
        if not self._is_wide or model.preview is None:
            forget(self._preview_card)
        else:
            self._preview.show(model.preview)
            if not self._preview_card.winfo_manager():
                self._preview_card.pack(side="right", fill="y", padx=(gap, 0), before=self._materials_card)
        if not self._is_wide or not model.recent:
            forget(self._recent_card)
        else:
            self._recent.show(model.recent)
            if not self._recent_card.winfo_manager():
                self._recent_card.pack(fill="x", pady=(gap, 0))

    def key_map(self) -> Keys:
        """Alt+n materials, Alt+D agent, PgUp and PgDn preview, and the acts with a place of their own."""
        if self.model is None:
            return {}
        model, events = self.model, self._events
        keys: dict[str, Deed] = {
            "Alt+D": lambda: events.toggle_agent(not model.applicant.has_agent),
            "PgUp": lambda: events.preview_page(-1),
            "PgDn": lambda: events.preview_page(1),
        }
        for row in model.materials.rows[:9]:
            # with the focus, so that the Enter that the row asks for is the row's
            keys[f"Alt+{row.ordinal}"] = lambda key=row.key: self._materials.rows.press(key)  # type: ignore[misc]
        return keys
