"""一件事的要点: what the screens of one case say of the matter that it was handed in with.

Rules kept here: a case of the matter that is not on this desk is named by its item; how often the applicant had to come
is counted for the matter, and only where all of its cases are here.
"""

from __future__ import annotations

from yichuang_client.actions.matters import siblings
from yichuang_client.actions.work import Work
from yichuang_client.presenters.casework_chips import state_chip
from yichuang_client.presenters.models.common import Fact, Text, joined, msg
from yichuang_client.store.errors import StoreError
from yichuang_domain.case import Case
from yichuang_domain.ids import ItemCode
from yichuang_domain.matters import trips


def matter_facts(work: Work, case: Case) -> tuple[Fact, ...]:
    """The matter and its other cases; nothing for a case of its own. Raises StoreError."""
    matter = case.matter
    if matter is None:
        return ()
    here = {one.item: one for one in siblings(work, case)}
    facts = [Fact(label=msg("case.matter"), value=joined(matter.name, matter.number), is_strong=True)]
    for n, code in enumerate(matter.items, 1):
        if code == case.item:
            continue
        one = here.get(code)
        state: Text = joined(state_chip(one.state).text, one.number) if one is not None else msg("case.elsewhere")
        value = joined(_name(work, code, one), state)
        facts.append(Fact(label=msg("case.together", n=n, of=matter.size), value=value))
    if len(here) == matter.size:
        facts.append(Fact(label=msg("case.trips"), value=msg("case.trips_n", n=trips(here.values()))))
    return tuple(facts)


def _name(work: Work, code: ItemCode, one: Case | None) -> str:
    found = work.store.catalogue.find(one.item, one.item_version) if one is not None else None
    if found is not None:
        return found.name
    try:
        return work.store.catalogue.current(code).name
    except StoreError:  # gone from the catalogue
        return code
