"""ExchangeService: translates, nothing else."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Any

from yichuang import codec
from yichuang.v1 import envelope_pb2, exchange_pb2, exchange_pb2_grpc
from yichuang_server import metrics
from yichuang_server.api import peer
from yichuang_server.api.faults import stream, unary
from yichuang_server.api.roll import Roll
from yichuang_server.feed.slices import audiences_for
from yichuang_server.feed.wakeups import Rung
from yichuang_server.services import desk_work
from yichuang_server.services.admission import LITTLE_BYTES
from yichuang_server.services.card_search import CardRead, CardSearch
from yichuang_server.services.certificates import Certificates
from yichuang_server.services.desk_work import Newest
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.exchange import Sent
from yichuang_server.services.finding import Finding
from yichuang_server.services.house import House
from yichuang_server.services.judging import Judgement
from yichuang_server.services.people import Signed
from yichuang_server.services.searching import Query, Rows, Searching
from yichuang_server.store.desks import Desk

HEARTBEAT_S = 15.0
"""At most, between two messages of a stream: streams that began together shall not beat together."""
STREAM_LASTS_S = 30 * 60.0
_ASK_AT_ONCE = 4
"""Streams that ask the database at one time: a bell for everybody must not stand in an exchange's way."""
COME_BACK_S = 2
"""When a desk whose stream was ended by a drain may come again."""


class ExchangeServicer(exchange_pb2_grpc.ExchangeServiceServicer):
    """The one data path."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._roll = Roll(house)
        self._asking = asyncio.Semaphore(_ASK_AT_ONCE)
        self._finding = Finding(house)
        self._searching = Searching(house)
        self._cards = CardSearch(house)
        self._certificates = Certificates(house)

    @unary
    async def Exchange(self, request: exchange_pb2.ExchangeRequest, context: Any) -> exchange_pb2.ExchangeResponse:
        """Deeds in, answers and news out."""
        desk = await peer.desk(self._house, context)
        if request.replica != desk.replica:
            raise DistrictError(Fault.FOREIGN_DESK)
        admission, call = self._house.admission, read_call(request)
        gives_way = admission.is_full and request.most_bytes > 0
        if gives_way:
            is_new = call.position == 0  # it holds nothing yet that a decision could be of
            bare = call.without_records or is_new
            call = replace(call, most_bytes=min(call.most_bytes, LITTLE_BYTES), without_records=bare)
        reply = await asyncio.to_thread(desk_work.exchange, self._house, desk, call)
        for result in reply.results:
            metrics.DEEDS.labels(result.outcome).inc()
        answer = exchange_response(reply)
        if gives_way and answer.has_more and not request.without_records:
            answer.come_again_s = admission.rest_again_s()
        return answer

    @stream
    async def Watch(
        self, request: exchange_pb2.WatchRequest, context: Any
    ) -> AsyncIterator[exchange_pb2.WatchResponse]:
        """Says that there is something newer; heartbeats between."""
        desk = await peer.desk(self._house, context)
        epoch, position = request.cursor.epoch, request.cursor.position
        end = time.monotonic() + STREAM_LASTS_S
        rung = Rung.PAGES  # what came before the stream began, this desk has not heard of
        with self._house.wakeups.listen(audiences_for(desk)) as listening, metrics.STREAMS.track_inprogress():
            while time.monotonic() < end:
                newest = await self._newest(desk, epoch, position, rung)
                position = newest.position
                yield exchange_pb2.WatchResponse(
                    position=position,
                    catalogue_version=newest.catalogue_version,
                    profile_version=newest.profile_version,
                    has_pages=rung is Rung.PAGES,
                )
                rung = await listening.wait(HEARTBEAT_S * random.uniform(0.7, 1))
                if self._house.wakeups.is_draining:
                    raise DistrictError(Fault.DRAINING, retry_s=str(COME_BACK_S))

    async def _newest(self, desk: Desk, epoch: str, position: int, rung: Rung) -> Newest:
        """What a desk is told; where nothing rang, what all are told. Raises DistrictError for a revoked one."""
        if rung is not Rung.QUIET:
            async with self._asking:
                return await asyncio.to_thread(desk_work.newest, self._house, desk, epoch, position)
        standing = await self._roll.look()
        if desk.replica in standing.revoked:
            raise DistrictError(Fault.REVOKED_DESK)
        return Newest(
            position=position,
            catalogue_version=standing.catalogue_version,
            profile_version=standing.profile_version,
        )

    @unary
    async def FindCase(self, request: exchange_pb2.FindCaseRequest, context: Any) -> exchange_pb2.FindCaseResponse:
        """Finds a case by the applicant's own means."""
        desk = await peer.desk(self._house, context, "FindCase")
        found = await asyncio.to_thread(
            self._finding.find, desk, request.session_token, request.token, request.number, request.id_number
        )
        return exchange_pb2.FindCaseResponse(case_id=found[0], more_case_ids=found[1:])

    @unary
    async def SearchCases(
        self, request: exchange_pb2.SearchCasesRequest, context: Any
    ) -> exchange_pb2.SearchCasesResponse:
        """Lists cases, masked."""
        desk = await peer.desk(self._house, context, "SearchCases")
        if request.HasField("card"):
            card = CardRead(id_number=request.card.id_number, name=request.card.name)
            return _rows(await asyncio.to_thread(self._cards.find, desk, request.session_token, card))
        query = Query(
            number=request.number_prefix.strip(),
            name=request.name.strip(),
            item=request.item_code.strip(),
            place=request.place_id,
            state=request.state,
            whole_district=request.whole_district,
        )
        return _rows(await asyncio.to_thread(self._searching.search, desk, request.session_token, query))

    @unary
    async def FindCertificates(
        self, request: exchange_pb2.FindCertificatesRequest, context: Any
    ) -> exchange_pb2.FindCertificatesResponse:
        """Lists a holder's certificates."""
        desk = await peer.desk(self._house, context, "FindCertificates")
        found = await asyncio.to_thread(
            self._certificates.find,
            desk,
            request.session_token,
            request.id_number,
            request.credit_code,
            frozenset(request.type_codes),
        )
        return exchange_pb2.FindCertificatesResponse(certificates=[codec.encode(one).text for one in found])


def read_call(request: exchange_pb2.ExchangeRequest) -> desk_work.Call:
    """What a desk asks."""
    return desk_work.Call(
        epoch=request.cursor.epoch,
        position=request.cursor.position,
        sent=tuple(_sent(deed) for deed in request.deeds),
        signature=request.head_signature,
        tokens=tuple(request.session_tokens)[:8],
        catalogue_version=request.catalogue_version,
        head_size=request.head_size,
        most_bytes=max(0, request.most_bytes),
        without_records=request.without_records,
    )


def _sent(deed: exchange_pb2.SentDeed) -> Sent:
    disclosures = {d.commitment: (d.value, d.salt) for d in deed.envelope.disclosures}
    before = None
    if deed.HasField("answered"):
        outcome = exchange_pb2.DeedResult.Outcome.Name(deed.answered.outcome).removeprefix("OUTCOME_")
        before = Judgement(outcome=outcome, reason=deed.answered.reason, act=max(0, deed.answered.act))
    return Sent(deed=deed.deed_id, seq=deed.seq, text=deed.envelope.text, disclosures=disclosures, before=before)


def signed_text(signed: Signed) -> exchange_pb2.SignedText:
    """A signed text on the wire."""
    return exchange_pb2.SignedText(text=signed.text, signature=signed.signature)


def exchange_response(reply: desk_work.Reply) -> exchange_pb2.ExchangeResponse:
    """What the district answers, on the wire."""
    return exchange_pb2.ExchangeResponse(
        results=[
            exchange_pb2.DeedResult(
                deed_id=result.deed,
                outcome=f"OUTCOME_{result.outcome}",
                reason=result.reason,
                act=result.act,
                expected_seq=result.expected_seq,
            )
            for result in reply.results
        ],
        records=list(_records(reply)),
        left_case_ids=reply.news.left,
        missing_blobs=[exchange_pb2.BlobName(owner=owner, hash=name) for owner, name in reply.missing],
        next_cursor=envelope_pb2.Cursor(epoch=reply.epoch, position=reply.news.position),
        has_more=reply.news.has_more,
        durable_through=reply.durable_through,
        district_time_text=reply.time.text,
        district_time_signature=reply.time.signature,
        catalogue_version=reply.catalogue_version,
        leases=[signed_text(lease) for lease in reply.leases],
        profile_version=reply.profile_version,
        pinned_items=[signed_text(item) for item in reply.items],
        epoch_openings=[
            exchange_pb2.EpochOpening(
                opening=signed_text(opened.signed),
                signatures=[
                    exchange_pb2.AdministratorSignature(person_id=person, signature=signature)
                    for person, signature in opened.signatures.items()
                ],
            )
            for opened in reply.openings
        ],
        log_head=reply.head.note,
        log_head_proof=[bytes.fromhex(step) for step in reply.head.path],
    )


def _records(reply: desk_work.Reply) -> Iterable[exchange_pb2.SentRecord]:
    for row in reply.news.records:
        disclosures = [
            envelope_pb2.Disclosure(commitment=commitment, value=value, salt=salt)
            for commitment, (value, salt) in reply.disclosures[row.case].items()
            if commitment.encode() in row.text
        ]
        envelope = envelope_pb2.Envelope(text=row.text, hash=row.hash, disclosures=disclosures)
        yield exchange_pb2.SentRecord(index=row.position, case_id=row.case, envelope=envelope)


def _rows(found: Rows) -> exchange_pb2.SearchCasesResponse:
    return exchange_pb2.SearchCasesResponse(
        cases=[
            exchange_pb2.FoundCase(
                case_id=row.case,
                number=row.number,
                item_code=row.item,
                item_name=row.item_name,
                state=row.state,
                place_id=row.place,
                masked_name=row.masked_name,
                matter_id=row.matter,
            )
            for row in found.rows
        ],
        has_more=found.has_more,
    )
