"""The lists of the day: businesses by name, what is due and why, the district's answer, the export."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.client.presenters.test_queues import FOOD, Screen, said, taken_in
from tests.support.counter import APPLICANT, Line, a_desk, an_intake, at_counter, steps, whole
from tests.support.desk import HALL, TUESDAY, open_store
from yichuang_client.actions import deciding, receiving
from yichuang_client.presenters.casework import case_head
from yichuang_client.presenters.models.common import Tone
from yichuang_client.presenters.models.queues import QueueAct
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.queues_model import DISTRICT
from yichuang_client.store.case_rows import Queue
from yichuang_client.store.exchange_values import Changed
from yichuang_client.store.store import Store
from yichuang_client.sync.case_search import CaseQuery, FoundCase, FoundCases
from yichuang_client.sync.status import CasesChanged
from yichuang_domain.case import Case, State
from yichuang_domain.ids import CaseId, ItemCode
from yichuang_domain.material import required
from yichuang_domain.numbering import make_case_number
from yichuang_domain.party import ApplicantKind

CREDIT_CODE = "92330402MA2CXW1G3T"


def a_trader(store: Store) -> Case:
    """A received case of a trader."""
    work = at_counter(store)
    typed = replace(
        APPLICANT, kind=ApplicantKind.SOLE_TRADER, name="凤桥镇小桥早餐店", operator="顾小燕", credit_code=CREDIT_CODE
    )
    return receiving.receive(work, replace(whole(work, FOOD), applicant=typed))


def test_a_trader_stands_in_lists_and_heads_by_the_name_of_the_business(store: Store) -> None:
    case = a_trader(store)
    screen = Screen(a_desk(store), ScreenName.CASES)
    assert said(screen.model.table.rows[0].cells[1]) == "凤桥镇小桥早餐店"
    assert said(case_head(at_counter(store), case).applicant) == "凤桥镇小桥早餐店"


def test_lines_written_by_an_older_program_are_written_anew(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    case = a_trader(store)
    row = store.rows.find(case.case)
    assert row is not None
    store.rows.keep(replace(row, applicant_kind=ApplicantKind.PERSON))
    store.meta.keep("lines", "1")
    store.close()
    again = open_store(tmp_path)
    assert again.rows.find(case.case) == row
    again.close()


def test_what_is_due_within_three_working_days_is_one_list(store: Store) -> None:
    soon, over = taken_in(store, days_ago=4), taken_in(store, days_ago=8)
    taken_in(store)
    screen = Screen(a_desk(store), ScreenName.CASES)
    screen.presenter.filter(Queue.DUE_SOON.name)
    assert screen.keys == [over.case, soon.case]
    assert [said(f.text) for f in screen.model.filters][-1] == "快到期 2"


def test_the_reason_of_the_date_stands_below_the_list(store: Store) -> None:
    first, second = taken_in(store, days_ago=4), taken_in(store)
    screen = Screen(a_desk(store), ScreenName.CASES)
    assert screen.keys[0] == first.case
    before = said(screen.model.reason)
    screen.presenter.select(second.case)
    after = said(screen.model.reason)
    assert "11-28 周六、11-29 周日" in after and before != after


def test_deferred_materials_are_listed_by_the_day_they_are_due(store: Store) -> None:
    work = at_counter(store)
    bare = an_intake(work, FOOD)
    later = [m for m in required(bare.item, bare.answers) if m.deferrable]
    came = [m.key for m in required(bare.item, bare.answers) if not m.deferrable]
    case = receiving.receive(work, an_intake(work, FOOD, came))
    deciding.accept(work, case, [m.key for m in later])
    due = min(d.due_on for d in store.view(case.case).deferrals)
    screen = Screen(a_desk(store), ScreenName.SUPPLEMENTS)
    screen.presenter.filter(Queue.DEFERRED.name)
    assert said(screen.model.table.rows[0].cells[3]) == f"{due:%m-%d}"
    in_time = Screen(a_desk(store, now=lambda: TUESDAY + timedelta(days=60)), ScreenName.SUPPLEMENTS)
    in_time.presenter.filter(Queue.DEFERRED.name)
    assert in_time.model.table.rows[0].tone is Tone.DANGER


class District(Line):
    """The district as far as searching goes."""

    def __init__(self, *rows: FoundCase) -> None:
        super().__init__()
        self.rows = rows
        self.queries: list[CaseQuery] = []

    def search_cases(self, person: str, query: CaseQuery) -> FoundCases:
        """As ``DeskSession.search_cases``."""
        self.queries.append(query)
        return FoundCases(rows=self.rows, has_more=False)


def a_found(number: str, case: CaseId | None = None) -> FoundCase:
    """One line of the district's answer."""
    return FoundCase(
        case=case,
        number=number,
        item=ItemCode("x"),
        item_name=FOOD,
        state=State.IN_REVIEW,
        place=HALL.place,
        masked_name="王*",
    )


def test_the_district_is_asked_when_it_is_chosen_and_shows_masked_lines(store: Store) -> None:
    mine = taken_in(store)
    number = make_case_number("330402", "0138", TUESDAY.date(), 1)
    line = District(a_found(mine.number, mine.case), a_found(number))
    screen = Screen(a_desk(store, line=line), ScreenName.SEARCH)
    screen.presenter.search("王小明")
    assert line.queries == []
    screen.presenter.filter(DISTRICT)
    assert line.queries == [CaseQuery(name="王小明")]
    assert screen.keys == [mine.case, number]
    assert [said(cell) for cell in screen.model.table.rows[1].cells[1:4]] == ["王*", HALL.name, "不在本机"]
    screen.presenter.told([CasesChanged(changed=Changed())])
    assert screen.keys == [mine.case, number]
    screen.presenter.select(number)
    assert QueueAct.OPEN not in [act.id for act in screen.model.bar.acts]
    screen.presenter.open(number)
    assert screen.says == "本机没有这一件。" and steps(screen.desk) == []
    screen.presenter.open(mine.case)
    assert steps(screen.desk) == [("case", mine.case)]


def test_two_facts_ask_the_whole_district_and_no_line_means_this_desk(store: Store) -> None:
    line, case = District(), taken_in(store)
    screen = Screen(a_desk(store, line=line), ScreenName.SEARCH)
    screen.presenter.search("330402-0138 王小明")
    screen.presenter.filter(DISTRICT)
    assert line.queries == [CaseQuery(number="330402-0138", name="王小明", whole_district=True)]
    assert said(screen.model.table.empty) == "全区没有这样的件。"
    away = Screen(a_desk(store, line=line, on_line=lambda: False), ScreenName.SEARCH)
    away.presenter.search("顾小燕")
    away.presenter.filter(DISTRICT)
    assert len(line.queries) == 1
    assert away.says == "离线，只查得到本机的件。线路通了再扫一次。" and away.keys == [case.case]


def test_a_list_is_exported_as_it_is_shown(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    (home / ".config").mkdir(parents=True)
    (home / "Saved").mkdir()
    (home / ".config/user-dirs.dirs").write_text('XDG_DOWNLOAD_DIR="$HOME/Saved"\n')
    monkeypatch.setenv("HOME", str(home))
    case = taken_in(store)
    screen = Screen(a_desk(store), ScreenName.CASES)
    screen.presenter.act(QueueAct.EXPORT)
    assert screen.model.exports == 1
    screen.presenter.export([["办件", "申请人"], [FOOD, "顾*"], ["=1+1", case.number]])
    (file,) = (home / "Saved").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text("utf-8-sig")
    assert text.splitlines() == ["办件,申请人", f"{FOOD},顾*", f"'=1+1,{case.number}"]
    assert said(screen.model.bar.sentence.hint) == file.name
