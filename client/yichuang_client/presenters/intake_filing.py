"""受理存取: an intake between the screen and the store: begun, restored, saved, handed in; not for the Tk thread.

Rules kept here: a draft moves to the newest version of its item and says so; pages that a crash left without a draft
come back as 未归类; only what the answers ask for is handed in; what is no longer needed is not filed.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from PIL import Image

from yichuang_client.actions import receiving
from yichuang_client.actions.receiving import Intake, Typed, TypedAgent
from yichuang_client.actions.work import Work
from yichuang_client.documents.press import Press
from yichuang_client.presenters import intake_check as check
from yichuang_client.presenters.intake_draft import AGENT, APPLICANT, IntakeDraft, read_draft
from yichuang_client.presenters.intake_fields import specs_of
from yichuang_client.presenters.intake_lacks import Standing, materials_now
from yichuang_client.presenters.models.common import Picture
from yichuang_client.presenters.pictures import picture
from yichuang_client.store.case_rows import CaseRow
from yichuang_client.store.drafts import Draft, DraftKind
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.trace import trace
from yichuang_domain.case import ENDED
from yichuang_domain.catalog import ItemVersion, Limit, LimitUnit
from yichuang_domain.catalog_difference import move_draft
from yichuang_domain.identity import normal_code
from yichuang_domain.ids import BlobHash, CaseId, ItemCode
from yichuang_domain.material import required
from yichuang_domain.party import Evidence, HandedIn, IdSource, Page

RECENT = 5
THUMBNAIL = (64, 50)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One intake with what the store says about its item."""

    draft: IntakeDraft
    item: ItemVersion
    cancelled_on: date | None
    deferral_days: Mapping[str, date]
    """By when a material that may come later would have to come."""
    clerk: str
    """Name of who works here."""
    has_session: bool
    today: date
    clock: Callable[[], datetime] = field(compare=False)
    """The time at this desk; asks nothing of the store."""
    moved_to: int = 0
    """Version to which the draft was moved just now; 0 if it was not."""
    needed_now: tuple[str, ...] = ()
    """Names of the materials that the new version asks for besides."""
    found_pages: int = 0
    """Pages that came back after a crash."""
    parts: Mapping[ItemCode, ItemVersion] = field(default_factory=dict)
    """一件事: its items, each as it is on this desk."""


def begin(work: Work, code: ItemCode, answers: Mapping[str, str] | None = None) -> Opened:
    """A new intake of an item. Raises StoreError (ITEM_MISSING)."""
    item = work.store.catalogue.current(code)
    draft = IntakeDraft(case=receiving.new_case(), item=item.code, version=item.version, answers=dict(answers or {}))
    return _opened(work, item, draft)


def change_item(work: Work, draft: IntakeDraft, code: ItemCode) -> Opened:
    """The same intake for another item. Raises StoreError."""
    item = work.store.catalogue.current(code)
    return _opened(work, item, draft.for_item(item))


def restore(work: Work, case: CaseId) -> Opened:
    """An intake as it was saved, with every page that is here. Raises StoreError (CASE_MISSING, ITEM_MISSING)."""
    saved = work.store.drafts.find(case, DraftKind.INTAKE)
    if saved is None:
        raise StoreError(StoreReason.CASE_MISSING)
    draft = read_draft(case, saved.body)
    known = len(draft.pages)
    draft = _with_found_pages(work, draft)
    old = work.store.catalogue.find(draft.item, draft.version)
    try:
        item = work.store.catalogue.current(draft.item)
    except StoreError:
        if old is None:
            raise
        item = old  # gone from the catalogue: it can be read, and is refused as cancelled
    opened = _opened(work, item, draft)
    if len(draft.pages) > known:
        trace("pages found", case=case, n=len(draft.pages) - known)
    return moved(replace(opened, found_pages=len(draft.pages) - known), old)


def look_again(work: Work, draft: IntakeDraft) -> Opened:
    """What the catalogue says now of the intake in hand. Raises StoreError (ITEM_MISSING)."""
    return _opened(work, work.store.catalogue.current(draft.item), draft)


def reopen(work: Work, draft: IntakeDraft) -> Opened:
    """An earlier draft of the intake in hand, of another item. Raises StoreError (ITEM_MISSING)."""
    return _opened(work, work.store.catalogue.item(draft.item, draft.version), draft)


def _opened(work: Work, item: ItemVersion, draft: IntakeDraft) -> Opened:
    calendar, today = work.store.people.calendar, work.today
    days = {m.key: calendar.add_workdays(today, m.deferral_workdays).on for m in item.materials if m.deferrable}
    parts = [work.store.catalogue.find(part.code, part.version) for part in item.items]
    return Opened(
        draft=_targeted(item, draft),
        item=item,
        cancelled_on=work.store.catalogue.cancelled_on(item),
        deferral_days=days,
        clerk=work.person.name,
        has_session=work.doer.has_session,
        today=today,
        clock=work.clock,
        parts={part.code: part for part in parts if part is not None},
    )


def _targeted(item: ItemVersion, draft: IntakeDraft) -> IntakeDraft:
    return replace(draft, target=target_of(item, draft))


def target_of(item: ItemVersion, draft: IntakeDraft) -> str:
    """The selected material if the answers ask for it, else the first that they ask for."""
    keys = [material.key for material in required(item, draft.answers)]
    return draft.target if draft.target in keys else keys[0] if keys else ""


def moved(opened: Opened, old: ItemVersion | None) -> Opened:
    """The draft under the newest version of its item; pages of materials that are gone become 未归类. Pure."""
    draft, item = opened.draft, opened.item
    if item.version == draft.version:
        return opened
    keys = {material.key for material in item.materials}
    pages = tuple(page if page.material in keys else replace(page, material="") for page in draft.pages)
    answers = draft.answers
    needed: tuple[str, ...] = ()
    if old is not None:
        move = move_draft(old, item, draft.answers)
        answers, needed = move.answers, tuple(material.name for material in move.needed)
    draft = replace(draft, version=item.version, answers=answers, pages=pages)
    return replace(opened, draft=_targeted(item, draft), moved_to=item.version, needed_now=needed)


def _with_found_pages(work: Work, draft: IntakeDraft) -> IntakeDraft:
    known = {page.page for page in draft.pages} | draft.dropped
    found = [stored for stored in work.store.pages.of(draft.case) if stored.name.hash not in known]
    first = len(draft.pages_of("")) + 1
    more = tuple(_found_page(work, draft.case, one.name.hash, n) for n, one in enumerate(found, first))
    return replace(draft, pages=(*draft.pages, *more)) if more else draft


def _found_page(work: Work, case: CaseId, name: BlobHash, ordinal: int) -> Page:
    data = work.store.pages.read(case, name)
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
    return Page(page=name, material="", ordinal=ordinal, size=len(data), width=width, height=height)


def save(work: Work, draft: IntakeDraft) -> None:
    """Keep the draft, durable when this returns. Raises StoreError."""
    body = draft.body()
    work.store.drafts.save(
        Draft(
            case=draft.case,
            kind=DraftKind.INTAKE,
            person=work.person.person,
            body=body,
            changed_time=work.clock(),
        )
    )


def save_pages(work: Work, case: CaseId, pages: tuple[Page, ...]) -> None:
    """Keep the pages of an intake that is not in hand. Raises StoreError."""
    saved = work.store.drafts.find(case, DraftKind.INTAKE)
    if saved is not None:
        save(work, read_draft(case, saved.body).with_pages(pages))


def discard(work: Work, case: CaseId) -> None:
    """Throw a draft away with its pages. Raises StoreError."""
    work.store.drafts.delete(case, DraftKind.INTAKE)
    drop_pages(work, case, frozenset())


def drop_pages(work: Work, case: CaseId, keep: frozenset[BlobHash]) -> None:
    """Remove the pages of a case that no deed names. Raises StoreError."""
    for stored in work.store.pages.of(case):
        if stored.name.hash not in keep:
            work.store.pages.drop(case, stored.name.hash)


def thumbnails(work: Work, case: CaseId, pages: tuple[BlobHash, ...]) -> dict[BlobHash, Picture]:
    """Small pictures of pages; what cannot be read has none."""
    made = {}
    for page in pages:
        try:
            made[page] = picture(page, work.store.pages.read(case, page), *THUMBNAIL)
        except (OSError, StoreError):
            trace("page unreadable", page=page)
    return made


_BASIC = range(0x4E00, 0xA000)
"""The characters that every Chinese font has."""


def may_lack_fonts(text: str) -> bool:
    """Whether a text holds a character that not every font has."""
    return any(not character.isascii() and ord(character) not in _BASIC for character in text)


def without_font(press: Press, text: str) -> str:
    """The characters of a text that come out as framed blanks. Raises PaperError (FONTS_MISSING)."""
    return "".join(press.missing_characters(text))


@dataclass(frozen=True, kw_only=True)
class Known:
    """此人近期办件, and which of them stand in the way of another."""

    recent: tuple[CaseRow, ...] = ()
    duplicates: tuple[CaseRow, ...] = field(default=())
    """Open cases of the same item, or of an item of the matter."""


def known_of(work: Work, id_number: str, item: ItemVersion) -> Known:
    """Cases of an identity number on this desk. Raises StoreError."""
    rows = work.store.rows.of_person(id_number)
    same = {item.code, *(one.code for one in item.items)}
    open_ones = tuple(row for row in rows if row.item_code in same and row.state not in ENDED)
    return Known(recent=rows[:RECENT], duplicates=open_ones)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What acceptance would promise today."""

    due_on: date | None
    is_provisional: bool


def promise_of(work: Work, item: ItemVersion) -> Promise:
    """The last day of the promised limit, else of the statutory one. Raises StoreError."""
    limit: Limit | None = item.promised_limit or item.statutory_limit
    if limit is None or limit.unit is not LimitUnit.WORKDAYS:
        return Promise(due_on=None, is_provisional=False)
    due = work.store.people.calendar.add_workdays(work.today, limit.amount)
    return Promise(due_on=due.on, is_provisional=due.provisional)


def to_intake(item: ItemVersion, draft: IntakeDraft) -> Intake:
    """What is handed in. Raises ValueError for an agent without a day; ``lacks`` says so before."""
    texts = {spec.key: spec.normal(draft.text(spec.key)) for spec in specs_of(item, draft)}
    form = {key.removeprefix("form."): text for key, text in texts.items() if key.startswith("form.") and text}
    return Intake(
        case=draft.case,
        item=item,
        answers={q.key: draft.answers[q.key] for q in item.questions if q.key in draft.answers},
        applicant=_applicant(draft, texts),
        materials=_materials(item, draft),
        pages=_pages(item, draft),
        form=form,
        agent=_agent(draft, texts) if draft.has_agent else None,
        corrects=draft.corrects,
    )


def _source(draft: IntakeDraft, whose: str) -> IdSource:
    return IdSource.CARD if whose in draft.cards else IdSource.TYPED


def _applicant(draft: IntakeDraft, texts: Mapping[str, str]) -> Typed:
    return Typed(
        kind=draft.kind,
        id_source=_source(draft, APPLICANT),
        name=texts["name"],
        id_number=normal_code(texts["id_number"]),
        phone=texts["phone"],
        credit_code=texts.get("credit_code", ""),
        operator=texts.get("operator", ""),
    )


def _agent(draft: IntakeDraft, texts: Mapping[str, str]) -> TypedAgent:
    until = check.read_day(texts["agent.until"])
    if until is None:
        raise ValueError("a mandate without an end")
    return TypedAgent(
        name=texts["agent.name"],
        id_number=normal_code(texts["agent.id_number"]),
        phone=texts["agent.phone"],
        scope=texts["agent.scope"],
        until=until,
        id_source=_source(draft, AGENT),
    )


def _materials(item: ItemVersion, draft: IntakeDraft) -> tuple[HandedIn, ...]:
    came = []
    for one in materials_now(item, draft):
        if one.standing is Standing.MISSING:
            continue
        key = one.material.key
        evidence = Evidence.ORIGINAL_CHECKED if key in draft.seen else Evidence.SCANNED
        if one.standing is Standing.DEFERRED:
            evidence = Evidence.DEFERRED
        held = draft.certificates.get(key)
        if held is not None:
            evidence = Evidence.CERTIFICATE
        if one.standing is Standing.CARD_READ:
            evidence = Evidence.CARD_READ
        copies = one.material.copies
        came.append(HandedIn(material=key, evidence=evidence, copies=copies, pages=one.pages, certificate=held))
    return tuple(came)


def is_deferred(came: HandedIn) -> bool:
    """Whether a material was only promised."""
    return came.evidence is Evidence.DEFERRED


def _pages(item: ItemVersion, draft: IntakeDraft) -> tuple[Page, ...]:
    return tuple(
        replace(page, ordinal=n)
        for material in required(item, draft.answers)
        for n, page in enumerate(draft.pages_of(material.key), 1)
    )
