"""Bugs to plant: each breaks one rule of the sync in the product's own code, for the simulator to find.

Rules kept here: a bug lives in the memory of a test's process only, and only inside its ``with``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, select

from tests.faults.sim_district import ServerCrash
from yichuang import codec
from yichuang_client.store.exchange_values import CheckedAnswer, Outcome
from yichuang_client.store.outbox import Outbox
from yichuang_client.store.store import Store
from yichuang_domain import decide as deciding, events as e, folding
from yichuang_domain.errors import Reason, Refused
from yichuang_server.feed import slices
from yichuang_server.services import exchange, judging
from yichuang_server.services.house import House
from yichuang_server.store import deeds, times
from yichuang_server.store.tables import record

Bug = Callable[[], AbstractContextManager[Any]]


def no_dedupe() -> AbstractContextManager[Any]:
    """The district judges a deed again when it comes again."""

    def judge_again(batch: Any, desk: Any, chain: Any, one: Any, deed: Any) -> exchange.Result:
        judged = batch.judge(replace(deed, place=desk.place), chain.time)
        text_hash = codec.digest(one.text)
        chain.seq, chain.hash = max(chain.seq, one.seq), text_hash
        if one.deed not in chain.known:
            named = {"deed": one.deed, "replica": desk.replica, "seq": one.seq, "hash": text_hash}
            stored = deeds.Answer(**named, outcome=judged.outcome, reason=judged.reason, act=judged.act)
            chain.known[one.deed] = stored
            chain.given.append((stored, one.text))
        return exchange.Result(deed=one.deed, outcome=judged.outcome, reason=judged.reason, act=judged.act)

    return patch.object(exchange, "_answer", judge_again)


def no_epoch_check() -> AbstractContextManager[Any]:
    """The district does not look who holds the case."""

    def lenient(case: Any, action: Any, context: Any) -> Any:
        try:
            return deciding.decide(case, action, context)
        except Refused as no:
            if no.reason not in (Reason.STALE_EPOCH, Reason.NOT_HOLDER):
                raise
            return deciding.decide(case, action, replace(context, epoch=case.epoch, replica=case.holder))

    return patch.object(judging, "decide", lenient)


def cursor_by_wall_clock() -> AbstractContextManager[Any]:
    """What is new is what was recorded after the desk's clock at its last answer; a clock is 40 s ahead."""
    asked: dict[str, str] = {}
    honest = slices.after

    def by_clock(connection: Connection, district: str, desk: Any, cursor: int, *known: int) -> slices.Slice:
        last = asked.get(desk.replica, "")
        newest = connection.execute(select(record.c.position, record.c.text).order_by(record.c.position)).all()
        seen = [row.position for row in newest if codec.json.loads(row.text)["recorded_time"] <= last]
        found = honest(connection, district, desk, max(seen, default=0) if last else cursor, *known)
        if newest:
            moment = times.moment(codec.json.loads(newest[-1].text)["recorded_time"])
            asked[desk.replica] = times.text(moment + timedelta(seconds=40))
        return found

    return patch.object(slices, "after", by_clock)


def cursor_kept_first() -> AbstractContextManager[Any]:
    """The desk keeps its new cursor, then, in another transaction, what came."""
    honest = Store.apply_exchange

    def apply(store: Store, checked: CheckedAnswer, head: Any = None) -> Any:
        store.meta.keep_cursor(checked.answer.next_cursor)
        return honest(store, checked, head)

    return patch.object(Store, "apply_exchange", apply)


def forgets_when_sent() -> AbstractContextManager[Any]:
    """The desk takes what it has sent for delivered."""
    honest = Outbox.to_send

    def send(outbox: Outbox, limit: int) -> Any:
        found = honest(outbox, limit)
        with outbox._database.write() as connection:
            for one in found:
                connection.execute("UPDATE outbox SET state = 'RECORDED' WHERE seq = ?", (one.seq,))
        return found

    return patch.object(Outbox, "to_send", send)


def refusals_dropped() -> AbstractContextManager[Any]:
    """The desk throws a refused deed away."""
    honest = Outbox.answer

    def answer(outbox: Outbox, result: Any, moment: Any) -> None:
        honest(outbox, result, moment)
        if result.outcome is Outcome.REFUSED:
            with outbox._database.write() as connection:
                connection.execute("UPDATE outbox SET is_seen = 1 WHERE deed_id = ?", (result.deed,))

    return patch.object(Outbox, "answer", answer)


def facts_lost_with_decision() -> AbstractContextManager[Any]:
    """The district drops the facts of a deed whose decision it refuses."""
    return patch.object(judging.Batch, "_facts", lambda *_: None)


def enters_in_part() -> AbstractContextManager[Any]:
    """A case that enters a slice comes without its beginning when the desk had it before."""
    honest = slices._moves

    def moves(connection: Connection, district: str, names: Any, cursor: int, until: int) -> Any:
        entered, left = honest(connection, district, names, cursor, until)
        return ([] if cursor else entered), left

    return patch.object(slices, "_moves", moves)


def leaves_unmarked() -> AbstractContextManager[Any]:
    """A case that left a slice is not named."""
    honest = slices._moves
    return patch.object(slices, "_moves", lambda *given: (honest(*given)[0], set()))


def same_epoch_for_the_next() -> AbstractContextManager[Any]:
    """A take-over does not raise the epoch."""

    def taken_over(case: Any, event: Any, row: Any) -> Any:
        return replace(case, holder=row.replica, assignee=row.person)

    return patch.dict(folding._FOLDS, {e.TakenOver: taken_over})


@contextlib.contextmanager
def answers_before_commit() -> Iterator[dict[str, bool]]:
    """The district answers, then commits: where it dies between the two, the answer is out and the deed is not in."""
    honest = House.write

    def write(house: House, work: Callable[[Connection], Any]) -> Any:
        answer: list[Any] = []

        def working(connection: Connection) -> Any:
            answer[:] = [work(connection)]
            return answer[0]

        try:
            return honest(house, working)
        except ServerCrash:
            if not answer:
                raise
            return answer[0]

    with patch.object(House, "write", write):
        yield {"answers_early": True}


@contextlib.contextmanager
def early_acknowledgement() -> Iterator[dict[str, bool]]:
    """The desk says saved before its transaction is durable."""
    yield {"tells_early": True}


BUGS: dict[str, Bug] = {
    bug.__name__: bug
    for bug in (
        no_dedupe,
        no_epoch_check,
        cursor_by_wall_clock,
        early_acknowledgement,
        cursor_kept_first,
        forgets_when_sent,
        refusals_dropped,
        facts_lost_with_decision,
        enters_in_part,
        leaves_unmarked,
        same_epoch_for_the_next,
        answers_before_commit,
    )
}


def planted(name: str) -> tuple[ExitStack, dict[str, bool]]:
    """Plant a bug until the stack is closed; what the simulation must be told besides."""
    stack = ExitStack()
    more = stack.enter_context(BUGS[name]())
    return stack, more if name in ("early_acknowledgement", "answers_before_commit") else {}
