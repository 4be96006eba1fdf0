"""view(truth + pending) = truth after sync, for any acts, any order, any moment of the exchange."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.client.store.truth import Truth, confirmed
from tests.client.store.wiring import doer, open_store
from tests.support.cases import CLERK, NOON, REVIEWER, SECTION_ITEM, VERIFIER, handed_in, page, receive, secret
from yichuang_domain import actions as a
from yichuang_domain.errors import Refused
from yichuang_domain.ids import CaseId
from yichuang_domain.organisation import Person
from yichuang_domain.party import SupplementPoint

CASES = tuple(CaseId(letter * 32) for letter in "abcd")
ALL = ("form", "lease", "health")
_POINT = SupplementPoint(material="lease", reason=secret("缺"), remedy=secret("带来"))
ACTIONS: tuple[a.Action, ...] = (
    receive(*ALL),
    receive("form", "health"),
    receive(*ALL, item=SECTION_ITEM),
    a.AttachPage(page=page()),
    a.TellSupplement(docno="1", points=(_POINT,), until=date(2026, 12, 15)),
    a.BringSupplement(materials=(handed_in("lease"),)),
    a.WishWithdraw(reason=secret("不办了")),
    a.Withdraw(),
    a.Note(text=secret("备注")),
    a.Accept(docno="1"),
    a.Decline(docno="1", ground=a.DeclineGround.WRONG_OFFICE, reason=secret("不归我们")),
    a.Claim(),
    a.TakeOver(reason=secret("坏了")),
    a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("符合")),
    a.Verify(verdict=a.Verdict.GRANT, text=secret("同意")),
    a.Grant(docno="1"),
    a.MakeReady(),
    a.Deliver(method=a.DeliveryMethod.COUNTER, recipient=secret("本人")),
    a.Archive(),
)
DESKS = {"0137": "", "0201": "market"}


class Exchanges(RuleBasedStateMachine):
    """Two desks and a district; answers come late, twice, in parts, or not at all."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.stores = {
            replica: open_store(self.folder / replica, replica=replica, section=section)
            for replica, section in DESKS.items()
        }
        self.truth = Truth()
        self.moment = NOON
        taken = [(CASES[0], receive(*ALL)), (CASES[1], receive("form", "health")), (CASES[2], ACTIONS[2])]
        for case, action in taken:
            self.stores["0137"].append_deed([(case, action)], doer(), NOON)
        self._settle("0137")
        self._settle("0201")

    @rule(
        desk=st.sampled_from(tuple(DESKS)),
        cases=st.lists(st.sampled_from(CASES), min_size=1, max_size=3),
        person=st.sampled_from((CLERK, REVIEWER, VERIFIER)),
        on_line=st.sampled_from((True, True, True, False)),
        data=st.data(),
    )
    def act(self, desk: str, cases: list[CaseId], person: Person, on_line: bool, data: st.DataObject) -> None:
        """A deed of acts that are possible one by one; together they may still be refused."""
        self.moment += timedelta(minutes=5)
        store, who = self.stores[desk], doer(person, on_line=on_line)
        acts: list[tuple[CaseId, a.Action]] = []
        for case in cases:
            possible = [x for x in ACTIONS if store.would_refuse([(case, x)], who, self.moment) is None]
            if possible:
                acts.append((case, data.draw(st.sampled_from(possible), label=f"{case[0]}")))
        before = {case: store.find(case) for case in CASES}
        try:
            done = store.append_deed(acts, who, self.moment)
        except Refused:
            assert {case: store.find(case) for case in CASES} == before
        else:
            assert all(store.find(case) == done.cases[case] for case, _ in acts)

    @rule(desk=st.sampled_from(tuple(DESKS)), limit=st.sampled_from((1, 2000, 1 << 20)))
    def send_and_lose_the_answer(self, desk: str, limit: int) -> None:
        self.truth.take(self.stores[desk].outbox.to_send(limit))

    @rule(desk=st.sampled_from(tuple(DESKS)), limit=st.sampled_from((1, 2000, 1 << 20)), part=st.integers(0, 3))
    def exchange(self, desk: str, limit: int, part: int) -> None:
        store = self.stores[desk]
        results = self.truth.take(store.outbox.to_send(limit))
        cursor = store.meta.cursor
        store.apply_exchange(self.truth.answer(cursor, results, until=self._boundary(cursor.position, part)))

    def _boundary(self, position: int, part: int) -> int:
        """An end of an answer that does not cut a deed in two."""
        log = self.truth.log
        ends = [r.index for r, following in zip(log, [*log[1:], None], strict=False) if _cut(r, following)]
        after = [end for end in ends if end > position]
        return after[min(part, len(after) - 1)] if after else position

    @rule(desk=st.sampled_from(tuple(DESKS)))
    def restart(self, desk: str) -> None:
        self.stores[desk].close()
        self.stores[desk] = open_store(self.folder / desk)

    @invariant()
    def settled_desks_show_the_truth(self) -> None:
        for store in getattr(self, "stores", {}).values():
            for case in CASES:
                shown = store.find(case)
                row = store.rows.find(case)
                assert (shown is None) == (row is None)
                assert row is None or shown is None or (row.state, row.holder) == (shown.state, shown.holder)
            if store.outbox.unsent() == 0 and store.meta.cursor.position == len(self.truth.log):
                assert {case: store.find(case) for case in CASES} == {
                    case: self.truth.cases.get(case) for case in CASES
                }

    @rule(desk=st.sampled_from(tuple(DESKS)))
    def what_is_shown_becomes_true_when_nobody_else_acts(self, desk: str) -> None:
        store = self.stores[desk]
        if store.meta.cursor.position != len(self.truth.log):
            return
        shown = {case: store.find(case) for case in CASES}
        self._settle(desk)
        for case, before in shown.items():
            after = store.find(case)
            assert after == self.truth.cases.get(case)
            assert (after and confirmed(after)) == (before and confirmed(before))

    def _settle(self, desk: str) -> None:
        store = self.stores[desk]
        results = self.truth.take(store.outbox.to_send(1 << 20))
        store.apply_exchange(self.truth.answer(store.meta.cursor, results))

    def teardown(self) -> None:
        for store in getattr(self, "stores", {}).values():
            store.close()
        shutil.rmtree(getattr(self, "folder", "/nonexistent"), ignore_errors=True)


def _cut(record: object, following: object) -> bool:
    return following is None or _deed(record) != _deed(following)


def _deed(record: object) -> bytes:
    text: bytes = record.envelope.text  # type: ignore[attr-defined]
    return text[text.index(b'"deed":"') :][:42]


TestExchanges = Exchanges.TestCase
TestExchanges.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
