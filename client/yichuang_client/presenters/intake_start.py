"""受理起点: search, frequent items and unfinished drafts, from what the store says to what the page shows.

Rules kept here: a hit under a former name or code says that it is called otherwise now; what matched is marked; an
applicant is masked in the list of drafts; a search that was given up is for the catalogue's keeper, but never one
that looks like a person's number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from yichuang_client.actions.work import Work
from yichuang_client.presenters.casework_chips import masked
from yichuang_client.presenters.casework_clock import limit_text
from yichuang_client.presenters.intake_bar import start_acts
from yichuang_client.presenters.intake_draft import IntakeDraft, read_draft
from yichuang_client.presenters.intake_lacks import lacks
from yichuang_client.presenters.models.common import (
    Bar,
    Chip,
    Mark,
    Sentence,
    Text,
    TimeStyle,
    Tone,
    When,
    joined,
    msg,
)
from yichuang_client.presenters.models.intake import DraftLine, Frequent, Hit, SearchBox, StartModel
from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.item_search import Hit as Found
from yichuang_client.store.readings import fold, readings
from yichuang_client.store.search_index import EntryKind
from yichuang_client.trace import trace
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.deed import local_day
from yichuang_domain.ids import CaseId
from yichuang_domain.party import ApplicantKind

Parts = tuple[tuple[str, bool], ...]
"""A name in pieces; True marks what matched."""
HITS = 9
DRAFTS = 4
_FORMER = frozenset({EntryKind.FORMER_NAME, EntryKind.FORMER_CODE})
_PERSONAL_DIGITS = frozenset({11, 15, 17, 18})
"""Lengths of telephone and identity numbers."""


@dataclass(frozen=True, kw_only=True)
class DraftSeen:
    """One draft of the list."""

    case: CaseId
    item: str
    applicant: str
    """Masked."""
    lacking: int
    changed_time: datetime


@dataclass(frozen=True, kw_only=True)
class Desktop:
    """What the store says for the start page."""

    today: date = date.min
    """Of the last look; before it there is nothing to be dated."""
    items: int | None = None
    """How many the catalogue has; 0 is no catalogue, None not read yet."""
    catalogue: int = 0
    """Its version."""
    frequent: tuple[tuple[Found, ItemVersion], ...] = ()
    drafts: tuple[DraftSeen, ...] = ()
    has_session: bool = False


def look(work: Work) -> Desktop:
    """Read the start page's lists. Not on the Tk thread. Raises StoreError."""
    catalogue, today = work.store.catalogue, work.today
    found = (_with_end(work, hit) for hit in work.store.search.frequent(today))
    return Desktop(
        today=today,
        items=catalogue.count(),
        catalogue=catalogue.version,
        frequent=tuple((hit, catalogue.current(hit.code)) for hit in found if not _is_over(hit, today)),
        drafts=_drafts(work),
        has_session=work.doer.has_session,
    )


def _drafts(work: Work) -> tuple[DraftSeen, ...]:
    seen = []
    for saved in work.store.drafts.list(DraftKind.INTAKE):
        try:
            draft = read_draft(saved.case, saved.body)
        except (KeyError, ValueError, TypeError):
            trace("draft unreadable", case=saved.case)  # of another release: it stays where it is
            continue
        item = work.store.catalogue.find(draft.item, draft.version)
        missing = lacks(item, draft, work.today, work.store.catalogue.cancelled_on(item)) if item else ()
        seen.append(
            DraftSeen(
                case=saved.case,
                item=item.name if item else str(draft.item),
                applicant=_masked(draft),
                lacking=len(missing),
                changed_time=saved.changed_time,
            )
        )
    return tuple(seen)


def _masked(draft: IntakeDraft) -> str:
    name = draft.text("name").strip()
    return masked(name) if draft.kind is ApplicantKind.PERSON else name[:20]


def _is_over(hit: Found, today: date) -> bool:
    return hit.cancelled_on is not None and today >= hit.cancelled_on


@dataclass(frozen=True, kw_only=True)
class Search:
    """The search as far as it has been typed."""

    query: str = ""
    hits: tuple[Found, ...] = ()
    parts: tuple[Parts, ...] = ()
    """Each hit's name in pieces."""
    selected: int = 0
    is_answered: bool = True
    """Whether the hits are those of the query."""

    @property
    def chosen(self) -> Found | None:
        """The selected hit."""
        return self.hits[self.selected] if 0 <= self.selected < len(self.hits) else None


def find(work: Work, query: str) -> Search:
    """Search the catalogue. Not on the Tk thread. Raises StoreError."""
    hits = tuple(_with_end(work, hit) for hit in work.store.search.search(query, work.today, HITS))
    return Search(query=query, hits=hits, parts=tuple(name_parts(hit.name, query) for hit in hits))


def _with_end(work: Work, hit: Found) -> Found:
    """The hit with the day on which the item ends, also where the item itself names it."""
    catalogue = work.store.catalogue
    return replace(hit, cancelled_on=catalogue.cancelled_on(catalogue.item(hit.code, hit.version)))


def start_model(desktop: Desktop, search: Search, note: Chip | None, card: Text) -> StartModel:
    """办什么事？; while something is typed the hits have the room. ``card``: what F3 does or did."""
    is_searching = bool(search.query.strip())
    drafts = () if is_searching else desktop.drafts
    return StartModel(
        search=search_box(search, desktop.today, note, count=_count(desktop, search)),
        card_hint=card,
        frequent_hint=msg("intake.frequent_hint"),
        frequent=() if is_searching else tuple(_frequent(hit, item) for hit, item in desktop.frequent),
        drafts_title=msg("intake.drafts", n=len(drafts)) if drafts else "",
        drafts_hint=msg("intake.drafts_hint") if drafts else "",
        drafts=tuple(_draft_line(draft, desktop.today) for draft in drafts[:DRAFTS]),
    )


def start_bar(desktop: Desktop, search: Search) -> Bar:
    """The sentence of the start page; all acts wait for an item."""
    if desktop.items == 0:
        said = Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=msg("intake.no_catalogue"))
    elif search.query.strip() and search.is_answered and not search.hits:
        said = Sentence(mark=Mark.UNKNOWN, tone=Tone.WARNING, lead=msg("intake.no_hit"), hint=msg("intake.no_hit_hint"))
    elif search.hits:
        said = Sentence(lead=msg("intake.choose"), hint=msg("intake.choose_hint"))
    else:
        said = Sentence(lead=msg("intake.first_item"), hint=msg("intake.first_item_hint"))
    return Bar(sentence=said, acts=start_acts())


def search_box(
    search: Search, today: date, note: Chip | None = None, *, count: Text = "", limit: int = HITS
) -> SearchBox:
    """事项搜索, on the start page and in the form."""
    found = zip(search.hits[:limit], search.parts, strict=False)
    return SearchBox(
        query=search.query,
        placeholder=msg("intake.placeholder"),
        hits=tuple(
            Hit(code=hit.code, name_parts=parts, reason=_reason(hit, today), is_selected=n == search.selected)
            for n, (hit, parts) in enumerate(found)
        ),
        count=count,
        hint=msg("intake.search_hint"),
        note=note,
    )


def _count(desktop: Desktop, search: Search) -> Text:
    if not desktop.items:
        return ""
    if search.query.strip():
        return msg("intake.hits", n=len(search.hits)) if search.is_answered else ""
    return msg("intake.items", n=desktop.items)


def _reason(found: Found, today: date) -> Text:
    if _is_over(found, today) and found.cancelled_on is not None:
        return msg("intake.cancelled_from", day=When(value=found.cancelled_on, style=TimeStyle.DAY))
    uses = msg("intake.uses", n=found.uses) if found.uses else ""
    if found.kind in _FORMER:
        return joined(msg("intake.now_called", old=found.matched), uses)
    if found.kind is EntryKind.ALIAS:
        return joined(msg("intake.also_called", name=found.matched), uses)
    return joined(found.department, uses)


def name_parts(name: str, query: str) -> Parts:
    """The name in pieces; True marks what the query matched: characters, or the first letters of their readings."""
    asked = fold(query)
    start, end = _span(name, asked) if asked else (0, 0)
    pieces = ((name[:start], False), (name[start:end], True), (name[end:], False))
    return tuple(piece for piece in pieces if piece[0])


def _span(name: str, asked: str) -> tuple[int, int]:
    plain = fold(name)
    if len(plain) == len(name) and (at := plain.find(asked)) >= 0:
        return at, at + len(asked)
    if not asked.isascii() or not asked.isalpha() or len(asked) > len(name):
        return 0, 0
    sounds = readings(name)
    first = [{sound[0] for sound in sounds.get(character, (fold(character),)) if sound} for character in name]
    for at in range(len(name) - len(asked) + 1):
        if all(letter in first[at + n] for n, letter in enumerate(asked)):
            return at, at + len(asked)
    return 0, 0


def _frequent(hit: Found, item: ItemVersion) -> Frequent:
    how: Text = ""
    if item.instant:
        how = msg("intake.instant")
    elif item.promised_limit is not None:
        how = msg("intake.promise", limit=limit_text(item.promised_limit))
    return Frequent(code=hit.code, name=hit.name, detail=joined(how, msg("intake.cases", n=hit.uses)))


def _draft_line(draft: DraftSeen, today: date) -> DraftLine:
    chip = Chip(text=msg("intake.draft_complete"), tone=Tone.SUCCESS, mark=Mark.OK)
    if draft.lacking:
        chip = Chip(text=msg("intake.draft_lacks", n=draft.lacking), tone=Tone.WARNING, mark=Mark.WAIT)
    return DraftLine(
        draft=draft.case,
        title=joined(draft.item, draft.applicant),
        chip=chip,
        at=_at(draft.changed_time, today),
    )


def _at(moment: datetime, today: date) -> Text:
    days = (today - local_day(moment)).days
    clock = When(value=moment, style=TimeStyle.CLOCK)
    if days == 0:
        return msg("intake.today", time=clock)
    return msg("intake.yesterday", time=clock) if days == 1 else When(value=moment, style=TimeStyle.SHORT)


def is_worth_noting(query: str) -> bool:
    """Whether a search that was given up is for the keeper of the catalogue."""
    text = query.strip()
    digits = sum(character.isdigit() for character in text)
    return 2 <= len(text) <= 60 and digits not in _PERSONAL_DIGITS
