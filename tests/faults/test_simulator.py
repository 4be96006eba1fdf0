"""The simulator: the product stands, one seed is one history, a planted bug is found, the checker can say no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from tests.faults.__main__ import seeds_to_find
from tests.faults.bugs import BUGS
from tests.faults.simulator import HORIZON_S, Outcome, Simulation
from tests.support.history import DeskHistory, DistrictHistory
from tests.support.history_rules import FIRST_EVENT, check
from yichuang_domain.act_table import ACTS

SHORT_S = 1200.0
History = tuple[DistrictHistory, list[DeskHistory]]


@cache
def played(seed: int) -> Outcome:
    return Simulation(seed, horizon_s=SHORT_S).run()


def test_nothing_saved_is_lost_or_done_twice_whatever_happens() -> None:
    outcome = played(3)
    assert outcome.findings == []
    assert outcome.saved >= 10 and outcome.crashes >= 3


def test_the_same_seed_is_the_same_history() -> None:
    first, again = Simulation(5, horizon_s=300).run(), Simulation(5, horizon_s=300).run()
    assert [row.text for row in first.district.records] == [row.text for row in again.district.records]
    assert first.desks == again.desks


def test_a_planted_bug_is_found() -> None:
    assert seeds_to_find("no_dedupe", 10, SHORT_S) >= 1


@pytest.mark.long
@pytest.mark.parametrize("name", BUGS)
def test_every_planted_bug_is_found(name: str) -> None:
    assert seeds_to_find(name, 60, HORIZON_S) >= 1


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 130))
def test_many_seeds(seed: int) -> None:
    assert Simulation(seed).run().findings == []


def test_the_checker_knows_every_act() -> None:
    assert set(FIRST_EVENT) == {kind.__name__ for kind in ACTS}


def _without_record(district: DistrictHistory, desks: list[DeskHistory]) -> History:
    return replace(district, records=district.records[:3] + district.records[4:]), desks


def _twice_recorded(district: DistrictHistory, desks: list[DeskHistory]) -> History:
    return replace(district, records=(*district.records, district.records[-1])), desks


def _never_arrived(district: DistrictHistory, desks: list[DeskHistory]) -> History:
    return replace(district, deeds=district.deeds[:-1]), desks


def _fact_refused(district: DistrictHistory, desks: list[DeskHistory]) -> History:
    taken = next(
        n for n, deed in enumerate(district.deeds) if "Receive" in str(deed.plain) and len(deed.plain["acts"]) == 1
    )
    refused = replace(district.deeds[taken], outcome="REFUSED", reason="WRONG_STATE")
    return replace(district, deeds=(*district.deeds[:taken], refused, *district.deeds[taken + 1 :])), desks


def _changed_leaf(district: DistrictHistory, desks: list[DeskHistory]) -> History:
    changed = replace(district.records[0], text=district.records[0].text.replace(b"2026", b"2027", 1))
    return replace(district, records=(changed, *district.records[1:])), desks


def _slice_short(district: DistrictHistory, desks: list[DeskHistory]) -> History:
    return district, [replace(desks[0], shown=desks[0].shown - {min(desks[0].shown)}), *desks[1:]]


def _log_short(district: DistrictHistory, desks: list[DeskHistory]) -> History:
    case = min(desks[0].records)
    return district, [replace(desks[0], records={**desks[0].records, case: desks[0].records[case][:-1]}), *desks[1:]]


def _waits(district: DistrictHistory, desks: list[DeskHistory]) -> History:
    outbox = {name: ("PENDING", "") for name in desks[0].outbox}
    return district, [replace(desks[0], outbox=outbox), *desks[1:]]


@pytest.mark.parametrize(
    ("break_it", "rule"),
    [
        (_without_record, "the_log_has_no_gaps"),
        (_without_record, "cases_are_chains"),
        (_twice_recorded, "saved_acts_take_effect_once"),
        (_never_arrived, "saved_acts_take_effect_once"),
        (_fact_refused, "no_fact_is_refused"),
        (_changed_leaf, "the_log_has_no_gaps"),
        (_slice_short, "slices_have_no_gaps"),
        (_log_short, "slices_have_no_gaps"),
        (_waits, "refusals_are_seen"),
    ],
)
def test_the_checker_says_no(break_it: Callable[..., History], rule: str) -> None:
    good = played(3)
    district, desks = break_it(good.district, good.desks)
    assert rule in {finding.rule for finding in check(district, desks)}
