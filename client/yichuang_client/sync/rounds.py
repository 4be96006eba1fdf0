"""One round of the exchange: everything up, everything down, then the profile and the catalogue where they are newer.

Rules kept here: an answer is checked before a byte of it is kept; each answer is one local transaction; the round
goes on until nothing is left to do, so that one wake is enough; what the district's backup has passed is pruned then.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from yichuang import codec
from yichuang_client.store.exchange_values import Changed, ExchangeAnswer, ExchangeRequest, Outcome, SignedText, Told
from yichuang_client.store.log_heads import SeenHead
from yichuang_client.store.people import Profile
from yichuang_client.store.store import Store
from yichuang_client.sync.core import (
    LARGEST_PORTION,
    LONGEST_WAIT_S,
    REQUEST_BYTES,
    Sender,
    Standing,
    Step,
    check_answer,
    check_bundle_key,
    check_head,
    check_keys,
    check_recovery_key,
    check_signature,
    come_again,
    make_request,
    next_step,
    portion,
)
from yichuang_client.sync.enrol import renewal_request
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.sessions import Sessions
from yichuang_client.sync.status import CasesChanged, CatalogueArrived, ProfileArrived, SyncEvent
from yichuang_client.sync.transport import Transport
from yichuang_client.sync.witness import Verdict, judge
from yichuang_client.trace import trace

BUNDLE_KEY = "bundle_key"
"""Under which name the store keeps the district's key for what is carried, hex."""


RECOVERY_KEY, ESCROWED = "recovery_key", "escrowed"
"""The district's key for data keys, hex; and for which key, of which data key and in which epoch ours was sealed."""


class Rounds:
    """Exchanges of one store."""

    def __init__(
        self,
        store: Store,
        sessions: Sessions,
        now: Callable[[], datetime],
        tell: Callable[[SyncEvent], None],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._now = now
        self._tell = tell
        self._chance = chance
        self.is_complete = False
        """Whether a round has ended with nothing left to fetch."""
        self._portion = LARGEST_PORTION
        self._again_time: datetime | None = None
        """When what the district has too many askers for may be asked for again."""
        self._pruned: tuple[int, date] | None = None
        """After which backup, and on which day, the store was last pruned."""

    async def run(self, transport: Transport) -> bool:
        """Exchange until nothing is left; whether the certificate was renewed. Raises TransportError, StoreError."""
        try:
            return await self._run(transport)
        except ValueError as error:
            raise TransportError(TransportReason.BAD_ANSWER, detail=type(error).__name__) from error

    def is_behind(self, told: Told) -> bool:
        """Whether an exchange would bring something. Raises StoreError."""
        store = self._store
        if self.pause_seconds:
            return told.profile_version > store.meta.number("profile_version")
        return (
            told.position > store.meta.cursor.position
            or told.catalogue_version > store.catalogue.version
            or told.profile_version > store.meta.number("profile_version")
        )

    @property
    def pause_seconds(self) -> float:
        """How long the district asked to wait with what is left to fetch; 0 for not at all."""
        if self._again_time is None:
            return 0.0
        left = (self._again_time - self._now()).total_seconds()
        return left if 0 < left <= 2 * LONGEST_WAIT_S else 0.0  # more: the clock was put back

    async def _run(self, transport: Transport) -> bool:
        standing = await self._exchange(transport)
        while (step := next_step(standing)) is not Step.REST:
            if step is Step.AGAIN:
                standing = await self._exchange(transport)
            elif step is Step.PROFILE:
                await self._profile(transport)
                standing = replace(standing, profile_version=standing.profile_newest)
            else:
                standing = await self._try_catalogue(transport, standing)
        if not standing.has_more and standing.catalogue_version >= standing.catalogue_newest:
            self.is_complete = True
        self._prune()
        await self._escrow(transport)
        return await self._renew(transport)

    def _prune(self) -> None:
        due = (self._store.meta.number("durable_through"), self._now().date())
        if due != self._pruned:
            dropped, self._pruned = self._store.prune(self._now()), due
            trace("pruned", durable_through=due[0], dropped=dropped)

    async def _exchange(self, transport: Transport) -> Standing:
        store, sender = self._store, sender_of(self._store)
        deeds = () if store.is_forked else store.outbox.to_send(min(REQUEST_BYTES, self._portion))
        seen = store.heads.seen
        request = make_request(
            sender,
            store.meta.cursor,
            deeds,
            self._sessions.tokens(),
            store.catalogue.version,
            seen.head.size if seen is not None else 0,
            self._portion,
            store.catalogue.version == 0 and store.meta.text("catalogue_newest") != "0",
        )
        sent_time = self._now()
        answer = await self._call(transport, request)
        if store.desk.replica != sender.replica:
            raise TransportError(TransportReason.OFFLINE, detail="number changed")
        checked = check_answer(sender, request, answer, sent_time, self._now())
        if answer.openings:
            changed = follow(store, answer)
        else:
            head = self._witness(answer, seen)
            changed = store.apply_exchange(checked, head)
        if answer.come_again_s:
            self._come_again(answer.come_again_s)
        if changed != Changed():
            self._tell(CasesChanged(changed=changed))
        if answer.results:
            trace("deeds answered", recorded=len(changed.recorded), refused=len(changed.refused))
        return Standing(
            has_more=answer.has_more or bool(answer.openings),
            unsent=store.outbox.unsent(),
            answered=_answered(request, answer),
            profile_version=store.meta.number("profile_version") if store.meta.text(BUNDLE_KEY) else 0,
            profile_newest=answer.profile_version,
            catalogue_version=store.catalogue.version,
            catalogue_newest=answer.catalogue_version,
            is_forked=store.is_forked,
            come_again_s=answer.come_again_s,
            must_wait=self.pause_seconds > 0,
        )

    async def _call(self, transport: Transport, request: ExchangeRequest) -> ExchangeAnswer:
        try:
            answer = await transport.exchange(request)
        except TransportError as error:
            if error.reason is TransportReason.OFFLINE:
                self._portion = portion(self._portion, came=False)
            raise
        self._portion = portion(self._portion, came=True)
        return answer

    def _witness(self, answer: ExchangeAnswer, seen: SeenHead | None) -> SeenHead | None:
        """The head that the answer brings, None for none. Raises TransportError (LOG_CHANGED, BAD_ANSWER)."""
        desk = self._store.desk
        verdict, head = judge(
            answer.log_head, answer.log_head_proof, seen, desk.district_code, desk.district_key, answer.next_cursor
        )
        if verdict is Verdict.CONTRADICTED:
            self._store.heads.keep_evidence(answer.log_head, answer.log_head_proof, self._now())
            trace("log contradicted")
            raise TransportError(TransportReason.LOG_CHANGED, detail="head")
        if verdict is Verdict.UNPROVED:
            raise TransportError(TransportReason.BAD_ANSWER, detail="head")
        return SeenHead(head=head, note=answer.log_head) if head is not None else None

    async def _profile(self, transport: Transport) -> None:
        profile = await transport.profile()
        keep_profile(self._store, profile)
        self._tell(ProfileArrived(version=profile.version))

    async def _try_catalogue(self, transport: Transport, standing: Standing) -> Standing:
        try:
            await self._catalogue(transport)
        except TransportError as error:
            if error.reason is not TransportReason.BUSY:
                raise
            self._come_again(error.seconds)
            return replace(standing, must_wait=True)
        self._again_time = None
        return replace(standing, catalogue_version=standing.catalogue_newest)

    def _come_again(self, seconds: int) -> None:
        self._again_time = self._now() + timedelta(seconds=come_again(seconds, self._chance()))
        trace("sync asked to wait", seconds=seconds)

    async def _catalogue(self, transport: Transport) -> None:
        parts = self._store.catalogue_parts
        texts, signed = await transport.catalogue(self._store.catalogue.version, parts)
        try:
            version = await asyncio.to_thread(keep_catalogue, self._store, texts, signed)
        finally:
            parts.clear()
        self._tell(CatalogueArrived(version=version))

    async def _escrow(self, transport: Transport) -> None:
        """Seal the data key for two administrators: for each recovery key once, and again after a restore."""
        store, sealer = self._store, self._store.escrow
        recovery_key = store.meta.text(RECOVERY_KEY)
        if not recovery_key or sealer is None:
            return
        wanted = f"{recovery_key} {sealer.key_id} {store.meta.cursor.epoch}"
        if store.meta.text(ESCROWED) == wanted:
            return
        key, desk = bytes.fromhex(recovery_key), store.desk
        await transport.keep_escrow(key, sealer.key_id, sealer.seal_for(key, desk.district_code, desk.replica))
        store.meta.keep(ESCROWED, wanted)
        trace("key escrowed", key=sealer.key_id)

    async def _renew(self, transport: Transport) -> bool:
        desk = self._store.desk
        request = renewal_request(desk, self._now())
        if request is None:
            return False
        chain = await transport.renew(request)
        self._store.desk_store.keep(replace(desk, certificate_chain=chain))
        trace("certificate renewed")
        return True


def is_escrowed(store: Store) -> bool:
    """Whether the district has this store's data key, or asks for none. Raises StoreError."""
    recovery_key = store.meta.text(RECOVERY_KEY)
    if not recovery_key or store.escrow is None:
        return True
    return store.meta.text(ESCROWED).startswith(f"{recovery_key} {store.escrow.key_id} ")


def sender_of(store: Store) -> Sender:
    """Who exchanges. Raises StoreError."""
    desk = store.desk
    return Sender(replica=desk.replica, act_key=desk.act_key, district_key=desk.district_key)


def keep_profile(store: Store, profile: Profile) -> None:
    """Take a profile in, if the district stands behind it. Raises TransportError (BAD_ANSWER), StoreError."""
    desk = store.desk
    check_signature(desk.district_key, profile.district)
    bundle_key = check_bundle_key(desk.district_key, profile.bundle_key, desk.district_code)
    recovery_key = check_recovery_key(desk.district_key, profile.recovery_key, desk.district_code)
    store.epochs.keep_keys(check_keys(desk.district_key, profile.administrator_keys))
    if bundle_key:
        store.meta.keep(BUNDLE_KEY, bundle_key.hex())
    if recovery_key:
        store.meta.keep(RECOVERY_KEY, recovery_key.hex())
    store.people.keep_profile(profile)
    trace("profile arrived", version=profile.version)


def keep_catalogue(store: Store, texts: list[bytes], signed: SignedText) -> int:
    """Take a change of the catalogue in; its version. Raises TransportError (BAD_ANSWER), StoreError."""
    head = check_head(store.desk.district_key, signed, store.catalogue.version)
    store.catalogue.take_in(texts, head)
    trace("catalogue arrived", version=head.version, items=store.catalogue.count())
    return head.version


def follow(store: Store, answer: ExchangeAnswer) -> Changed:
    """The district was restored: go on in its new log epoch, if two administrators stand behind it.

    Raises TransportError (BAD_ANSWER, CURSOR_AHEAD), StoreError.
    """
    try:
        step = store.epochs.way(store.meta.cursor, answer.openings, store.desk.district_code)
    except codec.CodecError as error:
        raise TransportError(TransportReason.BAD_ANSWER, detail="opening") from error
    if step is None:
        raise TransportError(TransportReason.CURSOR_AHEAD, detail="opening")
    return store.follow_restore(answer.openings, step)


def _answered(request: ExchangeRequest, answer: ExchangeAnswer) -> int:
    """How many deeds came further; a gap counts where sending from another place can help."""
    count = 0
    for result in answer.results:
        if result.outcome in (Outcome.RECORDED, Outcome.REFUSED):
            count += 1
        elif result.outcome is Outcome.SEQ_GAP and request.deeds:
            count += 0 < result.expected_seq < request.deeds[0].seq
    return count
