"""经过: a case's records as lines that a person reads, and what comes next.

Rules kept here: one line for each thing that happened in the world, with time, place and person; pages of one go and
the two ends of a print are one line; what the district has not recorded yet says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from yichuang_client.actions.work import Work
from yichuang_client.presenters.models.common import Text, TimeStyle, When, joined, msg
from yichuang_client.presenters.models.queues import EventLine, StepMark
from yichuang_domain.actions import PaperKind, PrintReason
from yichuang_domain.approval import levels
from yichuang_domain.case import Case, PrintState, State, Step
from yichuang_domain.catalog import AcceptBy, ItemVersion
from yichuang_domain.deed import local_day
from yichuang_domain.ids import PersonId, PlaceId

_PAGE, _PRINT, _NOTE = "PageAttached", "PrintStarted", "Noted"
_SILENT = frozenset({"PrintConfirmed", "PrintVoided"})
"""Told with the print that they end."""


@dataclass(frozen=True, kw_only=True)
class _Told:
    step: Step
    text: Text


def event_lines(work: Work, case: Case) -> tuple[EventLine, ...]:
    """Each step with its time, place, person and act; the last is the current one, what follows is hollow.

    Raises StoreError.
    """
    item = work.store.catalogue.find(case.item, case.item_version)
    names = _Names(work)
    told = list(_told(case))
    lines = [
        EventLine(
            at=_at(one.step, work.today),
            text=joined(names.who(one.step), one.text, _way(one.step), separator="step.space"),
            mark=StepMark.PAST,
        )
        for one in told
    ]
    following = _following(work, case, item)
    if lines and following != "":
        lines[-1] = EventLine(at=lines[-1].at, text=lines[-1].text, mark=StepMark.CURRENT)
        lines.append(EventLine(at=msg("step.later"), text=following, mark=StepMark.FUTURE))
    return tuple(lines)


class _Names:
    """Names of places and people, each looked up once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._places: dict[PlaceId, str] = {place.place: place.name for place in work.district.places}
        self._people: dict[PersonId, str] = {}

    def who(self, step: Step) -> Text:
        """Where and by whom."""
        if step.person not in self._people:
            person = self._work.store.people.person(step.person)
            self._people[step.person] = person.name if person is not None else step.person
        return joined(self._places.get(step.place, step.place), self._people[step.person], separator="step.space")


def _at(step: Step, today: date) -> Text:
    this_year = local_day(step.occurred_time).year == today.year
    return When(value=step.occurred_time, style=TimeStyle.SHORT if this_year else TimeStyle.DAY)


def _way(step: Step) -> Text:
    return msg("step.unsent") if step.recorded_time is None else ""


def _told(case: Case) -> Iterator[_Told]:
    """The steps with pages counted together and prints told once."""
    pages, prints, signed = 0, 0, 0
    for index, step in enumerate(case.steps):
        if step.name == _PAGE:
            pages += 1
            if not _goes_on(case.steps, index):
                yield _Told(step=step, text=msg("step.pages", n=pages))
                pages = 0
        elif step.name == _PRINT:
            yield _Told(step=step, text=_print_text(case, prints))
            prints += 1
        elif step.name == _NOTE:
            yield _Told(step=step, text=_note_text(case, index))
        elif step.name == "OpinionSigned":
            signed += 1
            yield _Told(step=step, text=msg(f"step.opinion_{_LEVELS[min(signed, len(_LEVELS)) - 1]}"))
        elif step.name not in _SILENT:
            signed = 0 if step.name == "ReturnedInternally" else signed
            yield _Told(step=step, text=_step_text(case, step.name))


_LEVELS = ("review", "verify", "approve")


def _goes_on(steps: tuple[Step, ...], index: int) -> bool:
    following = steps[index + 1] if index + 1 < len(steps) else None
    here = steps[index]
    return following is not None and (following.name, following.person) == (_PAGE, here.person)


def _print_text(case: Case, number: int) -> Text:
    if number >= len(case.prints):
        return msg("step.PrintStarted")
    run = case.prints[number]
    if run.paper is PaperKind.HANDOVER:
        return msg(f"step.handover_{run.state.name}", batch=run.serial.rpartition("/")[0])
    paper: Text = msg(f"case.paper_{run.paper.name}")
    if run.reason is not PrintReason.FIRST:
        paper = joined(paper, msg(f"case.again_{run.reason.name}"), separator="step.space")
    return {
        PrintState.CONFIRMED: msg("step.printed", paper=paper),
        PrintState.VOIDED: msg("step.print_voided", paper=paper),
        PrintState.STARTED: msg("step.print_open", paper=paper),
    }[run.state]


def _note_text(case: Case, index: int) -> Text:
    """What was noted, where it is known here; counted from the last, for an old fold lacks the first ones."""
    behind = sum(step.name == _NOTE for step in case.steps[index:])
    written = case.notes[-behind].value if behind <= len(case.notes) else None
    return msg("step.note_text", text=written) if written else msg("step.Noted")


def _step_text(case: Case, name: str) -> Text:
    if name == "Accepted" and case.deferrals:
        return msg("step.accepted_deferring", n=len(case.deferrals))
    if name == "SupplementTold" and case.supplement is not None:
        return msg("step.supplement_told", n=len(case.supplement.points))
    return msg(f"step.{name}")


def _following(work: Work, case: Case, item: ItemVersion | None) -> Text:
    """What comes next, and at whom."""
    section = work.section_of(case)
    name: Text = section.name if section is not None else msg("step.section")
    if case.state is State.RECEIVED:
        by_counter = item is None or item.accept_by is AcceptBy.COUNTER
        return msg("step.next_accept") if by_counter else msg("step.next_accept_section", section=name)
    if case.state is State.SUPPLEMENT_ASKED and case.supplement is not None:
        return msg("step.next_supplement", n=len(case.supplement.outstanding))
    if case.state in (State.ACCEPTED, State.IN_REVIEW):
        return _levels_left(case, item, name)
    if case.state in (State.SUSPENDED, State.DECIDED, State.READY_TO_ISSUE):
        return msg(f"step.next_{case.state.name}")
    return msg("step.next_archive") if case.is_ended and case.state is not State.ARCHIVED else ""


def _levels_left(case: Case, item: ItemVersion | None, section: Text) -> Text:
    """The levels that have not signed, then making and issuing."""
    chain = levels(item.grade if item is not None else None)
    left = [msg(f"step.level_{role.name}") for role in chain[len(case.opinions) :]]
    way = joined(*left, msg("step.level_make"), msg("step.level_issue"), separator="step.arrow")
    return joined(section, way, separator="step.space")
