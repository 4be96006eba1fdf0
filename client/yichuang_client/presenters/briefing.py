"""一口清: everything that the applicant must know of an item, in one go, for the situation as far as it is known.

Rules kept here: from the published guide alone; a section of which the catalogue says nothing says 目录未载; an item
that cannot be taken in can be briefed, and says why it is not taken in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from yichuang_client.actions.briefing_sheet import SheetPrinted, print_sheet
from yichuang_client.presenters import intake_filing as filing
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.intake_lacks import item_lacks
from yichuang_client.presenters.intake_materials import requirement
from yichuang_client.presenters.item_facts import fee_text, item_facts
from yichuang_client.presenters.models.common import Act, ActKind, Bar, Mark, Sentence, Text, Tone, View, joined, msg
from yichuang_client.presenters.models.intake import BriefingAct, BriefingModel, BriefingSection
from yichuang_client.sync.status import SyncEvent
from yichuang_client.trace import trace
from yichuang_domain.actions import PaperKind
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import CaseId
from yichuang_domain.material import Material, possible, required, unanswered
from yichuang_domain.organisation import Place


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is briefed, and what the desk knows besides."""

    item: ItemVersion
    answers: Mapping[str, str]
    place: Place
    cancelled_on: date | None
    today: date


class BriefingPresenter:
    """一口清. Hears the screen as ``BriefingEvents``."""

    def __init__(self, view: View[BriefingModel], desk: Desk) -> None:
        self._view = view
        self._desk = desk
        self._told: Told | None = None
        self._said = _READ_OUT
        self._is_busy = False

    def open(self, item: ItemVersion, answers: Mapping[str, str]) -> None:
        """Show an item, for these answers."""
        self._told, self._said, self._is_busy = None, _READ_OUT, False

        def work() -> Told:
            here = self._desk.work()
            cancelled = here.store.catalogue.cancelled_on(item)
            return Told(item=item, answers=dict(answers), place=here.place, cancelled_on=cancelled, today=here.today)

        def done(told: Told) -> None:
            self._told = told
            self._show()
            trace("briefing shown", item=item.code)

        self._view.show(BriefingModel(item=item_facts(item), sections=(), bar=Bar(sentence=_READ_OUT)))
        self._desk.background.run(work, done, self._failed)

    def told(self, events: Sequence[SyncEvent]) -> None:
        """The sync loop told something: a briefing does not change while it is read out."""

    def act(self, act: str) -> None:
        """As ``ActEvents.act``."""
        told = self._told
        if act == BriefingAct.BACK:
            self._desk.way.back()
        elif told is not None and not self._is_busy:
            if act == BriefingAct.START:
                self._start(told)
            elif act == BriefingAct.PRINT:
                self._print(told)

    def cancel(self) -> None:
        """As ``ActEvents.cancel``."""
        self._desk.way.back()

    def confirm(self, act: str) -> None:
        """As ``ActEvents.confirm``; nothing is asked here."""

    def type_in(self, key: str, text: str) -> None:
        """As ``ActEvents.type_in``; nothing is typed here."""

    def _start(self, told: Told) -> None:
        """F2: take this item in, with these answers."""

        def work() -> CaseId:
            here = self._desk.work()
            draft = filing.begin(here, told.item.code, told.answers).draft
            filing.save(here, replace(draft, is_briefed=True))
            return draft.case

        self._desk.background.run(work, self._desk.way.intake, self._failed)

    def _print(self, told: Told) -> None:
        self._is_busy = True
        self._say(Sentence(mark=Mark.WAIT, lead=msg("briefing.printing")))

        def work() -> SheetPrinted:
            here, desk = self._desk.work(), self._desk
            return print_sheet(
                here, desk.press, desk.equipment.printer(PaperKind.BRIEFING.value), told.item, told.answers
            )

        def done(printed: SheetPrinted) -> None:
            if self._told is not told:
                return
            self._is_busy = False
            if printed.is_confirmed:
                self._say(Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg("briefing.printed")))
                return
            found = sorted(printed.troubles, key=lambda trouble: trouble.value)
            self._warn(msg(f"device.{found[0].name}") if found else msg("briefing.unsure"))

        def failed(error: Exception) -> None:
            if self._told is told:
                self._failed(error)

        self._desk.printing.run(work, done, failed)

    def _failed(self, error: Exception) -> None:
        self._is_busy = False
        self._warn(sentence(error))

    def _warn(self, text: Text) -> None:
        self._say(Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=text))

    def _say(self, said: Sentence) -> None:
        self._said = said
        self._show()

    def _show(self) -> None:
        told = self._told
        if told is None:
            return
        lacks = item_lacks(told.item, told.today, told.cancelled_on)
        said = self._said
        if lacks and said is _READ_OUT:
            said = Sentence(mark=Mark.STOP, tone=Tone.DANGER, lead=lacks[0].subject, hint=msg("briefing.print_hint"))
        self._view.show(
            BriefingModel(
                item=item_facts(told.item, told.cancelled_on),
                sections=sections(told),
                bar=Bar(sentence=said, acts=_acts(lacks[0].kind.value if lacks else "", is_busy=self._is_busy)),
            )
        )


_READ_OUT = Sentence(lead=msg("briefing.read_out"), hint=msg("briefing.print_hint"))


def _acts(reason: str, *, is_busy: bool) -> tuple[Act, ...]:
    return (
        Act(
            id=BriefingAct.START,
            key="F2",
            label=msg("briefing.start"),
            kind=ActKind.NORMAL if reason else ActKind.PRIMARY,
            is_enabled=not reason,
            reason=reason,
        ),
        Act(
            id=BriefingAct.PRINT,
            key="Ctrl+P",
            label=msg("briefing.print"),
            is_enabled=not is_busy,
            reason="busy" if is_busy else "",
        ),
        Act(id=BriefingAct.BACK, key="F7", label=msg("briefing.back")),
    )


def sections(told: Told) -> tuple[BriefingSection, ...]:
    """All of it, in the order in which it is asked for; the two columns are filled by the screen."""
    item = told.item
    return (
        _materials(told),
        *((_situation(told),) if item.questions else ()),
        BriefingSection(title=msg("briefing.objects"), lines=_row(item.objects)),
        BriefingSection(title=msg("briefing.condition"), lines=_text(item.condition)),
        BriefingSection(title=msg("briefing.steps"), lines=item.steps, is_numbered=True),
        BriefingSection(title=msg("briefing.where"), lines=_where(told.place)),
        BriefingSection(title=msg("briefing.fee"), lines=_fee(item)),
        *(
            (BriefingSection(title=msg("briefing.form"), lines=_row(tuple(f.label for f in item.fields))),)
            if item.fields
            else ()
        ),
        BriefingSection(title=msg("briefing.mistakes"), lines=item.mistakes),
        BriefingSection(title=msg("briefing.after"), lines=item.after),
        BriefingSection(title=msg("briefing.results"), lines=_results(item)),
        BriefingSection(title=msg("briefing.basis"), lines=_text(item.basis)),
    )


def _materials(told: Told) -> BriefingSection:
    item, answers = told.item, told.answers
    is_known = not unanswered(item, answers)
    asked = required(item, answers) if is_known else possible(item, answers)
    title = msg("briefing.materials" if is_known else "briefing.materials_possible", n=len(asked))
    lines: tuple[Text, ...] = tuple(_material(material) for material in asked)
    if not asked and item.lists_materials:
        lines = (msg("briefing.no_materials"),)
    return BriefingSection(title=title, lines=lines, is_numbered=bool(asked))


def _material(material: Material) -> Text:
    later = msg("briefing.deferrable", n=material.deferral_workdays) if material.deferrable else ""
    return msg("briefing.material", name=material.name, how=joined(requirement(material), later))


def _situation(told: Told) -> BriefingSection:
    lines = []
    for question in told.item.questions:
        chosen = told.answers.get(question.key)
        texts = [option.text for option in question.options if chosen in (None, option.key)]
        lines.append(msg("briefing.question", question=question.text, answers=joined(*texts, separator="common.slash")))
    return BriefingSection(title=msg("intake.situation"), lines=tuple(lines))


def _text(text: str | None) -> tuple[Text, ...]:
    return (text,) if text else ()


def _row(texts: tuple[str, ...]) -> tuple[Text, ...]:
    return (joined(*texts, separator="common.comma"),) if texts else ()


def _where(place: Place) -> tuple[Text, ...]:
    return tuple(text for text in (place.name, place.address, place.hours, place.phone) if text)


def _fee(item: ItemVersion) -> tuple[Text, ...]:
    if item.fee is None:
        return ()
    if not item.fee.charged and item.fee.text:
        return (item.fee.text,)
    return (joined(fee_text(item.fee), item.fee.text),)


def _results(item: ItemVersion) -> tuple[Text, ...]:
    return tuple(
        msg("briefing.years", name=result.name, n=result.valid_years) if result.valid_years else result.name
        for result in item.results
    )
