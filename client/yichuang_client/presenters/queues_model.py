"""办件列表所示: title, filters, table and action bar of a list as it stands.

Rules kept here: pure; what is overdue is said first; only acts that the chosen line allows are offered.
"""

from __future__ import annotations

from dataclasses import dataclass

from yichuang_client.presenters.models.common import (
    Act,
    ActKind,
    Banner,
    Bar,
    Field,
    Mark,
    Progress,
    Sentence,
    Table,
    Text,
    Tone,
    msg,
)
from yichuang_client.presenters.models.queues import Filter, QueueAct, QueueModel
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.queues_district import DISTRICT_COLUMNS
from yichuang_client.presenters.queues_reading import QUEUES, Listed
from yichuang_client.presenters.queues_rows import CHIP_WIDTH, COLUMNS
from yichuang_client.store.case_rows import Queue
from yichuang_domain.case import State

HERE, DISTRICT = "HERE", "DISTRICT"
"""Where the search looks: on this desk while one types, at the district when it is chosen."""
LONGEST_QUERY = 200
BY_CARD = frozenset({ScreenName.SEARCH, ScreenName.ISSUES})
"""Lists in which the applicant's card finds the cases."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Everything that a list's picture depends on."""

    screen: ScreenName
    queue: Queue | None
    listed: Listed | None
    selected: str | None
    progress: Progress | None
    banner: Banner | None
    cleared: int
    is_reading: bool
    is_away: bool
    """Whether the district cannot be reached, so that what others did since is not seen."""
    reason: Text = ""
    """Why the selected case is due when it is."""
    exports: int = 0
    """How often the list was to be written to a file."""
    notice: Sentence | None = None
    """What came of the last act."""
    can_read_card: bool = False


def queue_model(now: Standing) -> QueueModel:
    """The model of the screen."""
    is_search = now.screen is ScreenName.SEARCH
    return QueueModel(
        title=_title(now),
        hint=_hint(now),
        query=Field(key="query", label="", placeholder=msg("queue.placeholder")) if is_search else None,
        clear_query=now.cleared,
        filters=_filters(now),
        filter=_filter(now),
        table=_table(now),
        reason=now.reason,
        exports=now.exports,
        progress=now.progress or _checking(now),
        banner=now.banner,
        bar=Bar(sentence=now.notice or _sentence(now), acts=_acts(now)),
    )


def _title(now: Standing) -> Text:
    name = msg(f"queue.title_{now.screen.name}")
    return name if now.listed is None else msg("queue.title", name=name, n=now.listed.total)


def _hint(now: Standing) -> Text:
    return msg("queue.keys") if _filters(now) else msg("queue.keys_plain")


def _checking(now: Standing) -> Progress | None:
    """Only while there is nothing to look at: a reading takes milliseconds."""
    return Progress(text=msg("queue.reading")) if now.is_reading and now.listed is None else None


def _filter(now: Standing) -> str:
    if now.screen is ScreenName.SEARCH:
        return DISTRICT if now.listed is not None and now.listed.is_of_district else HERE
    return now.queue.name if now.queue is not None else ""


def _filters(now: Standing) -> tuple[Filter, ...]:
    if now.screen is ScreenName.SEARCH:
        return tuple(Filter(key=key, text=msg(f"queue.scope_{key}")) for key in (HERE, DISTRICT))
    counts = now.listed.counts if now.listed is not None else {}
    offered = QUEUES[now.screen]
    if len(offered) < 2:
        return ()
    return tuple(Filter(key=q.name, text=msg(f"queue.filter_{q.name}", n=counts.get(q, 0))) for q in offered)


def _table(now: Standing) -> Table:
    of_district = now.listed is not None and now.listed.is_of_district
    return Table(
        chip_title=msg("queue.state") if of_district else msg("queue.chip"),
        chip_width=CHIP_WIDTH,
        columns=DISTRICT_COLUMNS if of_district else COLUMNS,
        rows=now.listed.rows if now.listed is not None else (),
        selected=now.selected,
        empty=_nothing(now),
    )


def _nothing(now: Standing) -> Text:
    if now.listed is None:
        return msg("queue.empty_search") if now.screen is ScreenName.SEARCH else ""
    if now.listed.holder:
        return msg("queue.nothing_by_card" if now.listed.is_whole else "queue.nothing_by_card_here")
    if now.listed.is_of_district:
        return msg("queue.nothing_in_district") if now.listed.is_whole else msg("queue.nothing_at_place")
    if now.listed.queue is None:
        return msg("queue.nothing_found")
    return msg(f"queue.empty_{now.listed.queue.name}")


def _sentence(now: Standing) -> Sentence:
    listed = now.listed
    if listed is None:
        if now.screen is ScreenName.SEARCH:
            return Sentence(lead=msg("queue.say_search"), hint=msg("queue.say_search_hint"))
        return Sentence()
    if listed.is_of_district:
        return _of_district(now, listed)
    if listed.overdue and listed.queue is not None:
        first, lead = listed.overdue[0], msg("queue.say_overdue", n=len(listed.overdue))
        return Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=lead, subject=first.item_name, hint=first.number)
    if not listed.rows and now.screen is ScreenName.SEARCH:
        return Sentence(lead=msg("queue.say_none"), hint=msg("queue.say_none_here") if now.is_away else "")
    if not listed.rows:
        return Sentence(lead=msg("queue.say_nothing"))
    hint: Text = msg("queue.say_more") if listed.has_more else msg("queue.say_offline") if now.is_away else ""
    return Sentence(lead=msg("queue.say_count", n=listed.total), hint=hint)


def _of_district(now: Standing, listed: Listed) -> Sentence:
    """Where was looked, and how a case that is not here is opened."""
    if listed.holder:
        lead = msg("queue.say_card", name=listed.holder, n=len(listed.rows))
        hint: Text = msg("queue.say_card_hint") if now.selected in listed.away else ""
        return Sentence(mark=Mark.OK, lead=lead, hint=hint if listed.is_whole else msg("queue.say_card_here"))
    lead = msg("queue.say_district" if listed.is_whole else "queue.say_place", n=len(listed.rows))
    if listed.has_more:
        return Sentence(lead=lead, hint=msg("queue.say_more"))
    if now.selected is not None and now.selected not in listed.cases:
        return Sentence(mark=Mark.LOCK, lead=lead, hint=msg("queue.elsewhere_hint"))
    return Sentence(lead=lead, hint="" if listed.is_whole else msg("queue.say_place_hint"))


def _acts(now: Standing) -> tuple[Act, ...]:
    acts = []
    listed = now.listed
    if listed is not None and (now.selected in listed.cases or now.selected in listed.away):
        label = msg(f"queue.open_{now.screen.name}")
        acts.append(Act(id=QueueAct.OPEN, key="Enter", label=label, kind=ActKind.PRIMARY))
    if _can_claim(now):
        acts.append(Act(id=QueueAct.CLAIM, key="F8", label=msg("queue.claim")))
    if now.screen in BY_CARD and now.can_read_card:
        acts.append(Act(id=QueueAct.READ_CARD, key="F3", label=msg("queue.read_card")))
    acts.append(Act(id=QueueAct.REFRESH, key="F5", label=msg("queue.refresh")))
    if now.screen is ScreenName.CASES:
        acts.append(Act(id=QueueAct.HAND_OVER, key="Ctrl+H", label=msg("queue.hand_over")))
    if listed is not None and listed.rows and not listed.has_rest:
        acts.append(Act(id=QueueAct.EXPORT, key="Ctrl+E", label=msg("queue.export")))
    return tuple(acts)


def _can_claim(now: Standing) -> bool:
    """A case that the counter may accept and nobody holds, as after a supplement was brought."""
    row = now.listed.cases.get(now.selected or "") if now.listed is not None else None
    return row is not None and row.state is State.RECEIVED and row.holder is None and now.queue is Queue.TO_ACCEPT


def elsewhere() -> Banner:
    """The number is right, but the case is not here: what else is needed."""
    text, hint = msg("queue.elsewhere"), msg("queue.elsewhere_hint")
    return Banner(kind="ELSEWHERE", text=text, tone=Tone.NEUTRAL, mark=Mark.INFO, hint=hint)
