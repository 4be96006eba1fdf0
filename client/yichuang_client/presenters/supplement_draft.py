"""补正登记的草稿: what was brought so far and is not taken in yet, and how it is kept.

Rules kept here: pages are durable before the draft names them; a draft of a former version of the program is read as
far as it can be; pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from yichuang_domain.case import Case
from yichuang_domain.ids import BlobHash
from yichuang_domain.material import Material
from yichuang_domain.party import Evidence, HandedIn, Page

MISSING, SCANNED, SEEN = "missing", "scanned", "seen"
"""没带来, 已扫描, 原件已核."""


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What lies on the counter."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    """State of each material, where one was chosen."""
    pages: tuple[Page, ...] = ()
    name: str | None = field(default=None, repr=False)
    """Who brings it, where that was typed; None: whom the case names."""
    phone: str | None = field(default=None, repr=False)

    def pages_of(self, key: str) -> tuple[Page, ...]:
        """Its scanned pages."""
        return tuple(page for page in self.pages if page.material == key)

    def state_of(self, key: str) -> str:
        """Its state: pages alone mean scanned."""
        found = self.chosen.get(key, MISSING)
        if found == MISSING and self.pages_of(key):
            return SCANNED
        return found if found != SCANNED or self.pages_of(key) else MISSING

    def choose(self, key: str, state: str) -> Brought:
        """With another state of one material."""
        return replace(self, chosen={**self.chosen, key: state})

    def with_pages(self, pages: tuple[Page, ...]) -> Brought:
        """With these pages; a material that was put aside and now has one is there again."""
        fresh = {page.material for page in pages} - {page.material for page in self.pages}
        chosen = {key: state for key, state in self.chosen.items() if state != MISSING or key not in fresh}
        return replace(self, pages=pages, chosen=chosen)

    def came(self, key: str, material: Material | None) -> bool:
        """Whether it can be taken in: what must be scanned has a page."""
        state = self.state_of(key)
        needs_page = material is not None and material.needs_scan
        return state == SCANNED or (state == SEEN and (bool(self.pages_of(key)) or not needs_page))

    def handed_in(self, key: str) -> HandedIn:
        """The hand-in of one material."""
        evidence = Evidence.ORIGINAL_CHECKED if self.state_of(key) == SEEN else Evidence.SCANNED
        return HandedIn(material=key, evidence=evidence, pages=len(self.pages_of(key)))

    def body(self) -> dict[str, Any]:
        """As plain data."""
        pages = [asdict(page) for page in self.pages]
        return {"chosen": dict(self.chosen), "pages": pages, "name": self.name, "phone": self.phone}


def brought_of(body: Mapping[str, Any]) -> Brought:
    """From plain data."""
    pages = tuple(Page(**{**page, "page": BlobHash(page["page"])}) for page in body.get("pages", ()))
    chosen = {key: state for key, state in body.get("chosen", {}).items() if state in (MISSING, SCANNED, SEEN)}
    return Brought(chosen=chosen, pages=pages, name=body.get("name"), phone=body.get("phone"))


def new_pages(brought: Brought, case: Case, keys: tuple[str, ...]) -> tuple[Page, ...]:
    """The pages of these materials, numbered after those that the case has: an old page is never replaced."""
    last = {key: max((p.ordinal for p in case.pages if p.material == key), default=0) for key in keys}
    found = []
    for key in keys:
        pages = sorted(brought.pages_of(key), key=lambda page: page.ordinal)
        found += [replace(page, ordinal=last[key] + n) for n, page in enumerate(pages, 1)]
    return tuple(found)
