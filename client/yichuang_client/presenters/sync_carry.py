"""摆渡、存两处、重新登记: to a medium and from it, a second copy, a new number; asked for by a strip.

Rules kept here: the place stands filled in where one medium is plugged in; nothing is said to be done before it is
durable; a refusal is one sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from yichuang.bundle import BundleError, Flaw
from yichuang_client.actions.work import Work
from yichuang_client.presenters.models.common import Confirm, Field, Text, msg
from yichuang_client.presenters.models.sync import SyncAct
from yichuang_client.presenters.typed_text import sound_strip
from yichuang_client.sync import bundles
from yichuang_client.sync.desk_session import DeskSession
from yichuang_client.sync.media import newest_answer, sticks
from yichuang_client.sync.mirror import FOLDER
from yichuang_client.sync.rescue import begin_anew
from yichuang_client.trace import trace

PLACE = "place"
"""The strip's one field."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the strip asks, and the place that was typed so far."""

    act: SyncAct
    place: str


def ask(act: SyncAct, work: Work, media: Callable[[], tuple[Path, ...]] = sticks) -> Asked:
    """The question, with the place that is most likely. Raises StoreError."""
    if act is SyncAct.RENEW:
        return Asked(act=act, place="")
    chosen = work.store.meta.text(FOLDER) if act is SyncAct.MIRROR else ""
    return Asked(act=act, place=chosen or "".join(str(place) for place in media()[:1]))


def strip(asked: Asked) -> Confirm:
    """The strip above the bar."""
    if asked.act is SyncAct.RENEW:
        return Confirm(
            act=asked.act,
            title=msg("sync.ask_renew"),
            fields=(Field(key=PLACE, label=msg("start.code"), text=asked.place, placeholder=msg("sync.code_hint")),),
            confirm_label=msg("sync.do_renew"),
            can_confirm=bool(asked.place.strip()),
            blocked_text=msg("sync.code_missing"),
        )
    titles: dict[SyncAct, Text] = {
        SyncAct.CARRY: msg("sync.ask_carry"),
        SyncAct.TAKE: msg("sync.ask_take"),
        SyncAct.MIRROR: msg("sync.ask_mirror"),
    }
    labels: dict[SyncAct, Text] = {
        SyncAct.CARRY: msg("sync.do_carry"),
        SyncAct.TAKE: msg("sync.do_take"),
        SyncAct.MIRROR: msg("sync.do_mirror"),
    }
    place = Field(
        key=PLACE, label=msg("sync.place"), text=asked.place, placeholder=msg("sync.place_hint"), max_length=4000
    )
    strip = Confirm(
        act=asked.act,
        title=titles[asked.act],
        fields=(place,),
        confirm_label=labels[asked.act],
        can_confirm=bool(asked.place.strip()) or asked.act is SyncAct.MIRROR,
        blocked_text=msg("sync.place_missing"),
    )
    return sound_strip(strip)


def carry(asked: Asked, work: Work, session: DeskSession) -> Text:
    """Do it; what to say then. Raises BundleError, StoreError, TransportError."""
    place = asked.place.strip()
    trace("carry", act=asked.act.value)
    if asked.act is SyncAct.RENEW:
        count = begin_anew(session, place, work.doer, work.clock())
        return msg("sync.renewed", number=work.store.desk.replica, n=count)
    if asked.act is SyncAct.MIRROR:
        if place and not Path(place).is_dir():
            raise BundleError(Flaw.UNWRITABLE)
        session.mirror.choose(place)
        return msg("sync.mirror_set") if place else msg("sync.mirror_off")
    if asked.act is SyncAct.CARRY:
        written = bundles.export(work.store, Path(place), work.clock())
        return msg("sync.carried", n=written.deeds, pages=written.pages)
    answer = newest_answer(Path(place), work.store.desk)
    if answer is None:
        raise BundleError(Flaw.MISSING)
    took = bundles.take(work.store, answer, work.clock(), session.sync.events.put)
    session.sync.wake()
    return msg("sync.took", n=took.recorded + took.refused, refused=took.refused, records=took.records)
