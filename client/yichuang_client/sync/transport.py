"""Calls to the district.

Rules kept here: everything above speaks in the store's values; two channels, so that a scan never delays a decision;
a deadline on every call; messages of at most 256 KiB; a failure is a ``TransportError`` and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

import grpc

from yichuang import codec
from yichuang.v1 import (
    blob_pb2,
    blob_pb2_grpc,
    catalogue_pb2,
    catalogue_pb2_grpc,
    district_pb2,
    district_pb2_grpc,
    enrolment_pb2,
    enrolment_pb2_grpc,
    exchange_pb2,
    exchange_pb2_grpc,
    people_pb2,
    people_pb2_grpc,
    update_pb2,
    update_pb2_grpc,
)
from yichuang_client.store.catalogue_parts import CatalogueParts
from yichuang_client.store.exchange_values import BlobName, Cursor, ExchangeAnswer, ExchangeRequest, SignedText, Told
from yichuang_client.store.people import Profile
from yichuang_client.sync.case_search import CaseQuery, FoundCases
from yichuang_client.sync.channels import Address, open_blocking_channel, open_channel, translate
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.sessions import Session
from yichuang_client.sync.wire import (
    found_case,
    read_answer,
    read_packed,
    read_profile,
    signed_text,
    wire_blob,
    wire_cursor,
    wire_request,
)
from yichuang_domain.ids import CaseId
from yichuang_domain.organisation import Person
from yichuang_domain.party import HeldCertificate

T = TypeVar("T")
CALL_SECONDS = 20.0
SIGN_IN_SECONDS = 10.0
"""A black hole must not keep a clerk from working under the lease."""
LONG_SECONDS = 300.0
HEARTBEAT_SECONDS = 40.0
"""A watch that says nothing for so long is dead."""
SEGMENT_BYTES = 1 << 20
LARGEST_PIECE = 192 * 1024
"""Of a page in a message; what a cut line costs of it, for the district keeps the pieces before."""


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """What the district gave a new desk."""

    certificate_chain: bytes
    device_number: str
    place: str
    kind: str
    section: str
    district_code: str
    district_key: bytes
    port: int


class Transport:
    """An enrolled desk's calls, on one asyncio loop. Every method raises TransportError."""

    def __init__(self, address: Address) -> None:
        self._channel, self._blob_channel = open_channel(address), open_channel(address)
        stub: Any = exchange_pb2_grpc.ExchangeServiceStub
        self._exchange = stub(self._channel)
        stub = people_pb2_grpc.PeopleServiceStub
        self._people = stub(self._channel)
        stub = district_pb2_grpc.DistrictServiceStub
        self._district = stub(self._channel)
        stub = catalogue_pb2_grpc.CatalogueServiceStub
        self._catalogue = stub(self._blob_channel)
        stub = enrolment_pb2_grpc.EnrolmentServiceStub
        self._enrolment = stub(self._channel)
        stub = blob_pb2_grpc.BlobServiceStub
        self._blobs = stub(self._blob_channel)
        stub = update_pb2_grpc.UpdateServiceStub
        self._updates = stub(self._blob_channel)

    async def close(self, grace_seconds: float | None = None) -> None:
        """End all calls, those on their way after a grace."""
        await asyncio.gather(self._channel.close(grace_seconds), self._blob_channel.close(grace_seconds))

    async def exchange(self, request: ExchangeRequest) -> ExchangeAnswer:
        """Deeds up, records down."""
        return read_answer(await _call(self._exchange.Exchange(wire_request(request), timeout=CALL_SECONDS)))

    async def watch(self, cursor: Cursor) -> AsyncIterator[Told]:
        """What the district tells; heartbeats repeat the last position. Ends by raising."""
        call = self._exchange.Watch(exchange_pb2.WatchRequest(cursor=wire_cursor(cursor)))
        try:
            while True:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    message: Any = await _call(call.read())
                if message is grpc.aio.EOF:
                    raise TransportError(TransportReason.OFFLINE, detail="watch ended")
                yield Told(
                    position=message.position,
                    catalogue_version=message.catalogue_version,
                    profile_version=message.profile_version,
                    has_pages=message.has_pages,
                )
        except TimeoutError as error:
            raise TransportError(TransportReason.OFFLINE, detail="no heartbeat") from error
        finally:
            call.cancel()

    async def find_cases(self, session_token: str, token: str, number: str, id_number: str) -> tuple[CaseId, ...]:
        """Find a case, or every case of a matter, by the applicant's own means."""
        request = exchange_pb2.FindCaseRequest(
            session_token=session_token, token=token, number=number, id_number=id_number
        )
        answer: Any = await _call(self._exchange.FindCase(request, timeout=CALL_SECONDS))
        return tuple(CaseId(found) for found in (answer.case_id, *answer.more_case_ids))

    async def search_cases(self, session_token: str, query: CaseQuery) -> FoundCases:
        """Cases as a list shows them, masked."""
        request = exchange_pb2.SearchCasesRequest(
            session_token=session_token,
            number_prefix=query.number,
            name=query.name,
            item_code=query.item,
            place_id=query.place,
            state=query.state.value if query.state else "",
            whole_district=query.whole_district,
        )
        answer: Any = await _call(self._exchange.SearchCases(request, timeout=CALL_SECONDS))
        return FoundCases(rows=tuple(map(found_case, answer.cases)), has_more=answer.has_more)

    async def cases_by_card(self, session_token: str, id_number: str, name: str) -> FoundCases:
        """Cases of the whole district of who laid a card on the reader, masked."""
        card = exchange_pb2.CardRead(id_number=id_number, name=name)
        request = exchange_pb2.SearchCasesRequest(session_token=session_token, card=card)
        answer: Any = await _call(self._exchange.SearchCases(request, timeout=CALL_SECONDS))
        return FoundCases(rows=tuple(map(found_case, answer.cases)), has_more=answer.has_more)

    async def find_certificates(
        self, session_token: str, id_number: str, credit_code: str, types: Collection[str]
    ) -> tuple[HeldCertificate, ...]:
        """The certificates of a holder, one a type."""
        request = exchange_pb2.FindCertificatesRequest(
            session_token=session_token, id_number=id_number, credit_code=credit_code, type_codes=sorted(types)
        )
        answer: Any = await _call(self._exchange.FindCertificates(request, timeout=CALL_SECONDS))
        return tuple(codec.decode(HeldCertificate, text, {}) for text in answer.certificates)

    async def sign_in(self, login: str, password: str, one_time_password: str) -> Session:
        """Open a session."""
        request = people_pb2.SignInRequest(login=login, password=password, one_time_password=one_time_password)
        return _session(await _call(self._people.SignIn(request, timeout=SIGN_IN_SECONDS)))

    async def change_password(self, token: str, old: str, new: str) -> None:
        """Choose a password."""
        request = people_pb2.ChangePasswordRequest(session_token=token, old_password=old, new_password=new)
        await _call(self._people.ChangePassword(request, timeout=CALL_SECONDS))

    async def sign_out(self, token: str) -> None:
        """End a session."""
        await _call(self._people.SignOut(people_pb2.SignOutRequest(session_token=token), timeout=CALL_SECONDS))

    async def profile(self) -> Profile:
        """Places, people, calendar, desk keys."""
        answer: Any = await _call(self._district.GetProfile(district_pb2.GetProfileRequest(), timeout=LONG_SECONDS))
        return read_profile(answer)

    async def catalogue(self, known_version: int, parts: CatalogueParts) -> tuple[list[bytes], SignedText]:
        """What changed in the catalogue after a version, and its signed head; parts that came are kept on the way.

        Raises StoreError too.
        """
        request = catalogue_pb2.GetCatalogueRequest(
            known_version=known_version, packed=True, tag=parts.tag, offset=parts.size
        )
        call = self._catalogue.GetCatalogue(request, timeout=LONG_SECONDS)
        texts: list[bytes] = []
        head: SignedText | None = None
        whole = 0
        while (message := await _call(call.read())) is not grpc.aio.EOF:
            if message.tag:
                whole = message.size
                await asyncio.to_thread(parts.keep, message.tag, message.offset, message.part)
            texts.extend(message.items)
            head = signed_text(message.head) if message.HasField("head") else head
        if whole and parts.size >= whole:
            return read_packed(await asyncio.to_thread(parts.unpacked))
        if head is None:
            raise TransportError(TransportReason.OFFLINE, detail="catalogue cut short")
        return texts, head

    async def keep_escrow(self, recovery_key: bytes, key_id: str, sealed: bytes) -> None:
        """Leave the sealed data key at the district."""
        request = enrolment_pb2.KeepEscrowRequest(recovery_key=recovery_key, key_id=key_id, sealed=sealed)
        await _call(self._enrolment.KeepEscrow(request, timeout=CALL_SECONDS))

    async def renew(self, signing_request: bytes) -> bytes:
        """A new certificate chain (PEM) for the same key."""
        request = enrolment_pb2.RenewRequest(signing_request=signing_request)
        answer: Any = await _call(self._enrolment.Renew(request, timeout=CALL_SECONDS))
        return bytes(answer.certificate_chain)

    async def open_upload(self, name: BlobName, size: int) -> int:
        """From which byte on the district lacks the page; ``size`` when it has all."""
        request = blob_pb2.CreateUploadRequest(name=wire_blob(name), size=size)
        answer: Any = await _call(self._blobs.CreateUpload(request, timeout=CALL_SECONDS))
        return int(answer.committed_offset)

    async def upload(self, name: BlobName, offset: int, data: bytes, piece: int = LARGEST_PIECE) -> int:
        """Send one segment (at most 1 MiB) in pieces; returns the committed offset."""

        async def messages() -> AsyncIterator[blob_pb2.UploadRequest]:
            for start in range(0, len(data), piece):
                part = data[start : start + piece]
                yield blob_pb2.UploadRequest(name=wire_blob(name), offset=offset + start, data=part)

        answer: Any = await _call(self._blobs.Upload(messages(), timeout=LONG_SECONDS))
        return int(answer.committed_offset)

    async def download(self, name: BlobName, held: bytearray) -> None:
        """Add to the bytes of a page what is not among them yet."""
        request = blob_pb2.DownloadRequest(name=wire_blob(name), offset=len(held))
        call = self._blobs.Download(request, timeout=LONG_SECONDS)
        while (message := await _call(call.read())) is not grpc.aio.EOF:
            held += message.data

    async def read_release(self, path: str, offset: int) -> bytes:
        """One piece of a file of the program's releases; empty at its end."""
        request = update_pb2.ReadReleaseRequest(path=path, offset=offset)
        answer: Any = await _call(self._updates.ReadRelease(request, timeout=LONG_SECONDS))
        return bytes(answer.data)


def enrol(address: Address, code: str, signing_request: bytes, act_key: bytes) -> Enrolled:
    """Blocking, on the enrolment port: a one-time code for a certificate. Raises TransportError."""
    request = enrolment_pb2.EnrolRequest(code=code, signing_request=signing_request, act_key=act_key)
    with open_blocking_channel(address) as channel:
        stub: Any = enrolment_pb2_grpc.EnrolmentServiceStub
        try:
            answer = stub(channel).Enrol(request, timeout=CALL_SECONDS)
        except grpc.RpcError as error:
            raise translate(error) from error
    return Enrolled(
        certificate_chain=answer.certificate_chain,
        device_number=answer.device_number,
        place=answer.place_id,
        kind=answer.desk_kind,
        section=answer.section_id,
        district_code=answer.district_code,
        district_key=answer.district_key,
        port=answer.port,
    )


def renew_expired(
    address: Address, chain: bytes, signing_request: bytes, login: str, password: str, one_time_password: str
) -> tuple[bytes, Session]:
    """Blocking, on the enrolment port: a new chain for an expired one, and a session. Raises TransportError."""
    sign_in = people_pb2.SignInRequest(login=login, password=password, one_time_password=one_time_password)
    request = enrolment_pb2.RenewExpiredRequest(
        certificate_chain=chain, signing_request=signing_request, sign_in=sign_in
    )
    with open_blocking_channel(address) as channel:
        stub: Any = enrolment_pb2_grpc.EnrolmentServiceStub
        try:
            answer = stub(channel).RenewExpired(request, timeout=SIGN_IN_SECONDS)
        except grpc.RpcError as error:
            raise translate(error) from error
    return answer.certificate_chain, _session(answer.session)


def _session(answer: Any) -> Session:
    return Session(
        token=answer.session_token,
        person=codec.decode(Person, answer.person),
        lease=signed_text(answer.lease),
        has_second_factor=answer.has_second_factor,
        must_change_password=answer.must_change_password,
    )


async def _call(call: Awaitable[T]) -> T:
    """The answer. A cancelled task stays cancelled; a call that ended with its channel is a line that is away.

    gRPC mixes both up: a cancellation that meets the call's answer comes out as an error, and a closed channel as a
    cancellation of a task that nobody has cancelled.
    """
    task = asyncio.current_task()
    try:
        return await call
    except grpc.RpcError as error:
        if task is not None and task.cancelling():
            raise asyncio.CancelledError from error
        raise translate(error) from error
    except asyncio.CancelledError as error:
        if task is not None and not task.cancelling():
            raise TransportError(TransportReason.OFFLINE, detail="channel closed") from error
        raise
