"""The real faults can be seen: a client that does not sync loses what it promised; what cannot be made fails."""

from __future__ import annotations

import pytest

from tests.faults import desk_faults
from tests.faults.table import CannotMake, Row, play


@pytest.mark.long
def test_a_client_that_does_not_sync_is_found_out_by_a_power_cut() -> None:
    row = desk_faults.power_cut(False, is_careless=True)
    assert row.acknowledged > row.found_once
    assert not row.holds


@pytest.mark.long
def test_a_power_cut_in_a_batch_costs_no_page_that_was_told() -> None:
    row = desk_faults.power_cut_in_a_batch(False)
    assert row.holds, row


def test_what_cannot_be_made_here_fails(capsys: pytest.CaptureFixture[str]) -> None:
    def lacking(is_long: bool) -> Row:
        raise CannotMake("root is needed")

    def good(is_long: bool) -> Row:
        return Row(fault="kill", runs=1, acknowledged=2, found_once=2)

    assert play([("kill", good)], is_long=False)
    assert not play([("kill", good), ("disk", lacking)], is_long=False)
    said = capsys.readouterr().out
    assert "NOT RUN: root is needed" in said and "BROKEN" in said


@pytest.mark.parametrize(("acknowledged", "found"), [(2, 1), (0, 0)])
def test_a_row_without_acts_or_with_a_lost_one_does_not_hold(acknowledged: int, found: int) -> None:
    assert not Row(fault="x", runs=1, acknowledged=acknowledged, found_once=found).holds
