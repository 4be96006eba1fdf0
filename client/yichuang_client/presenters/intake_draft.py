"""受理草稿: everything of one intake before it is handed in, as one value.

Rules kept here: every change makes a new value, so that any earlier one can be taken back; what was typed is kept as
typed, also what a question's other answer made superfluous; plain JSON for the store and back; pure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from yichuang import codec
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import BlobHash, CaseId, ItemCode
from yichuang_domain.party import ApplicantKind, HeldCertificate, Page

APPLICANT, AGENT = "applicant", "agent"
"""Whose card was read."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """原件已核: who compared the paper with its original, and when."""

    by: str
    """Name of the clerk."""
    time: datetime


@dataclass(frozen=True, kw_only=True)
class IntakeDraft:
    """受理草稿: one intake as far as it has come."""

    case: CaseId
    """Id of the case to be; owner of the pages."""
    item: ItemCode
    version: int
    answers: Mapping[str, str] = field(default_factory=dict)
    """Question to option."""
    kind: ApplicantKind = ApplicantKind.PERSON
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Field to what was typed: ``name``, ``form.area``, ``agent.until``…"""
    has_agent: bool = False
    seen: Mapping[str, Seen] = field(default_factory=dict)
    """Materials whose original was compared."""
    deferred: frozenset[str] = frozenset()
    """Materials that may come later (容缺)."""
    certificates: Mapping[str, HeldCertificate] = field(default_factory=dict)
    """证照免交: what stands for which material; the pages of the material are its copy."""
    pages: tuple[Page, ...] = ()
    """In their order; one without a material is 未归类."""
    dropped: frozenset[BlobHash] = frozenset()
    """Pages that the clerk threw away: they do not come back."""
    target: str = ""
    """The selected material."""
    focus: str = ""
    """The field that had the focus last."""
    corrects: CaseId | None = None
    """更正: the concluded case that it is to put right."""
    corrects_number: str = ""
    is_briefed: bool = False
    """Begun from the briefing, nothing typed yet."""
    cards: Mapping[str, datetime] = field(default_factory=dict)
    """Whose name and number stand as a card reader read them (``APPLICANT``, ``AGENT``), and when it did."""
    strips: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """What was typed into a strip that asks before an act, by the act."""

    def text(self, key: str) -> str:
        """What was typed into a field."""
        return self.texts.get(key, "")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be kept but the item."""
        texts = (*self.texts.values(), *(text for strip in self.strips.values() for text in strip.values()))
        typed = any(text.strip() for text in texts)
        came = self.seen or self.deferred or self.pages or self.certificates
        return not (typed or self.answers or came or self.has_agent)

    def pages_of(self, material: str) -> tuple[Page, ...]:
        """The pages of one material."""
        return tuple(page for page in self.pages if page.material == material)

    def with_text(self, key: str, text: str) -> IntakeDraft:
        """The draft with another text in a field."""
        if text == self.text(key):
            return self
        whose = next((one for one in (APPLICANT, AGENT) if key in self.identity_fields(one)), "")
        cards = {one: read for one, read in self.cards.items() if one != whose}
        return replace(self, texts={**self.texts, key: text}, cards=cards, is_briefed=False)

    def with_strip(self, act: str, key: str, text: str) -> IntakeDraft:
        """The draft with another text in a field of the strip of an act."""
        return replace(self, strips={**self.strips, act: {**self.strips.get(act, {}), key: text}})

    def identity_fields(self, whose: str) -> tuple[str, str]:
        """The fields of a person's name and number; for a body those of who speaks for it."""
        if whose == AGENT:
            return "agent.name", "agent.id_number"
        return ("name" if self.kind is ApplicantKind.PERSON else "operator"), "id_number"

    def with_card(self, whose: str, texts: Mapping[str, str], read_time: datetime) -> IntakeDraft:
        """The draft with the name, the number and the rest as a card says them."""
        return replace(self, texts={**self.texts, **texts}, cards={**self.cards, whose: read_time}, is_briefed=False)

    def with_kind(self, kind: ApplicantKind) -> IntakeDraft:
        """The draft for another kind of applicant; a name that a card gave stays the person's."""
        changed = replace(self, kind=kind)
        old, new = self.identity_fields(APPLICANT)[0], changed.identity_fields(APPLICANT)[0]
        if APPLICANT not in self.cards or old == new:
            return changed
        return replace(changed, texts={**self.texts, new: self.text(old), old: ""})

    def with_answer(self, question: str, option: str) -> IntakeDraft:
        """The draft with another answer; nothing that was brought is lost."""
        return replace(self, answers={**self.answers, question: option})

    def with_pages(self, pages: Sequence[Page]) -> IntakeDraft:
        """The draft with these pages; a scanned material is no longer deferred."""
        now = {page.page for page in pages}
        gone = {page.page for page in self.pages} - now
        came = {page.material for page in pages}
        pages, kept = tuple(pages), {key: one for key, one in self.certificates.items() if key in came}
        dropped = (self.dropped | gone) - now
        return replace(self, pages=pages, dropped=dropped, deferred=self.deferred - came, certificates=kept)

    def with_certificate(self, material: str, held: HeldCertificate, copy: Sequence[Page]) -> IntakeDraft:
        """The draft with a certificate in place of a paper."""
        others = tuple(page for page in self.pages if page.material != material)
        draft = self.with_pages((*others, *copy))
        return replace(draft, certificates={**draft.certificates, material: held})

    def without_certificate(self, material: str) -> IntakeDraft:
        """The draft without it and its copy."""
        draft = self.with_pages(tuple(page for page in self.pages if page.material != material))
        return replace(draft, certificates={k: one for k, one in draft.certificates.items() if k != material})

    def with_seen(self, materials: Sequence[str], seen: Seen) -> IntakeDraft:
        """The draft with the originals of these materials compared."""
        more = {key: seen for key in materials if key not in self.seen}
        return replace(self, seen={**self.seen, **more}, deferred=self.deferred - set(materials))

    def without_seen(self, material: str) -> IntakeDraft:
        """The draft without the comparison of one material."""
        return replace(self, seen={key: one for key, one in self.seen.items() if key != material})

    def with_deferred(self, material: str, *, is_deferred: bool) -> IntakeDraft:
        """The draft with one material promised for later, or not any more."""
        others = self.deferred - {material}
        return replace(self, deferred=others | {material} if is_deferred else others)

    def for_item(self, item: ItemVersion) -> IntakeDraft:
        """The draft for another item: who applies stays, pages become 未归类, the rest begins anew."""
        people = {key: text for key, text in self.texts.items() if not key.startswith("form.")}
        scanned = (page for page in self.pages if page.material not in self.certificates)
        pages = tuple(replace(page, material="", ordinal=n) for n, page in enumerate(scanned, 1))
        return IntakeDraft(
            case=self.case,
            item=item.code,
            version=item.version,
            kind=self.kind,
            texts=people,
            has_agent=self.has_agent,
            cards=self.cards,
            pages=pages,
            dropped=self.dropped | {page.page for page in self.pages if page.material in self.certificates},
        )

    def taken_back(self, before: IntakeDraft) -> IntakeDraft:
        """An earlier draft with the pages that there are now, each where it was then (Ctrl+Z)."""
        placed = {page.page: page for page in before.pages}
        copies = {page.page for page in self.pages if page.material in self.certificates}
        now = [placed.get(page.page, page) for page in self.pages if page.page in placed or page.page not in copies]
        there = {page.page for page in now}
        again = [p for p in before.pages if p.material in before.certificates and p.page not in there]
        dropped = (self.dropped | copies) - there - {page.page for page in again}
        return replace(before, pages=(*now, *again), dropped=dropped, strips=self.strips)

    def body(self) -> dict[str, Any]:
        """Plain JSON data."""
        return {
            "item": self.item,
            "version": self.version,
            "answers": dict(self.answers),
            "kind": self.kind.value,
            "texts": dict(self.texts),
            "has_agent": self.has_agent,
            "seen": {key: [one.by, one.time.isoformat()] for key, one in self.seen.items()},
            "deferred": sorted(self.deferred),
            "certificates": {key: json.loads(codec.encode(one).text) for key, one in self.certificates.items()},
            "pages": [vars(page) for page in self.pages],
            "dropped": sorted(self.dropped),
            "target": self.target,
            "focus": self.focus,
            "corrects": self.corrects,
            "corrects_number": self.corrects_number,
            "is_briefed": self.is_briefed,
            "cards": {whose: time.isoformat() for whose, time in self.cards.items()},
            "strips": {act: dict(texts) for act, texts in self.strips.items()},
        }


def read_draft(case: CaseId, body: Mapping[str, Any]) -> IntakeDraft:
    """The draft from its JSON data."""
    return IntakeDraft(
        case=case,
        item=ItemCode(body["item"]),
        version=body["version"],
        answers=body["answers"],
        kind=ApplicantKind(body["kind"]),
        texts=body["texts"],
        has_agent=body["has_agent"],
        seen={key: Seen(by=by, time=datetime.fromisoformat(time)) for key, (by, time) in body["seen"].items()},
        deferred=frozenset(body["deferred"]),
        certificates={
            key: codec.decode(HeldCertificate, codec.canonical(one))
            for key, one in body.get("certificates", {}).items()
        },
        pages=tuple(Page(**page) for page in body["pages"]),
        dropped=frozenset(BlobHash(page) for page in body["dropped"]),
        target=body["target"],
        focus=body["focus"],
        corrects=body.get("corrects"),
        corrects_number=body.get("corrects_number", ""),
        is_briefed=body["is_briefed"],
        cards={whose: datetime.fromisoformat(time) for whose, time in body.get("cards", {}).items()},
        strips=body.get("strips", {}),
    )
