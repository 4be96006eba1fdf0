"""The smaller services: pages, catalogue, enrolment, people, profile. They translate, nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any, TypeVar

import grpc
from sqlalchemy import Connection

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
    people_pb2,
    people_pb2_grpc,
)
from yichuang_server import metrics
from yichuang_server.api import peer
from yichuang_server.api.entrance import entering
from yichuang_server.api.exchange_servicer import signed_text
from yichuang_server.api.faults import stream, unary
from yichuang_server.api.profiles import profile_message
from yichuang_server.services import desk_work, pages, recovery
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.house import House
from yichuang_server.services.packing import Packed
from yichuang_server.store import desks

T = TypeVar("T")
_SEGMENT = 1 << 20
"""Bytes that are made durable in one go."""
_MESSAGE = 200 * 1024
_PART = 16 * 1024
"""Of a packed text: what a cut line costs, at most."""


async def _read(house: House, work: Callable[[Connection], T]) -> T:
    return await asyncio.to_thread(house.read, work)


async def _write(house: House, work: Callable[[Connection], T]) -> T:
    return await asyncio.to_thread(house.write, work)


class BlobServicer(blob_pb2_grpc.BlobServiceServicer):
    """Pages up and down."""

    def __init__(self, house: House) -> None:
        self._house = house

    @unary
    async def CreateUpload(self, request: blob_pb2.CreateUploadRequest, context: Any) -> blob_pb2.CreateUploadResponse:
        """Opens or finds an upload."""
        desk = await peer.desk(self._house, context)
        name = request.name
        committed = await asyncio.to_thread(pages.open_upload, self._house, desk, name.owner, name.hash, request.size)
        return blob_pb2.CreateUploadResponse(committed_offset=committed)

    @unary
    async def Upload(self, request: AsyncIterator[blob_pb2.UploadRequest], context: Any) -> blob_pb2.UploadResponse:
        """Appends a stream of bytes, made durable in segments."""
        desk = await peer.desk(self._house, context)
        name: exchange_pb2.BlobName | None = None
        held, start, committed = bytearray(), 0, 0

        async def keep() -> int:
            assert name is not None
            data = bytes(held)
            kept = await asyncio.to_thread(pages.append, self._house, desk, name.owner, name.hash, start, data)
            metrics.PAGE_BYTES.inc(len(data))
            return kept

        try:
            async for message in request:
                if name is None:
                    name, start = message.name, message.offset
                elif message.offset != start + len(held):
                    raise DistrictError(Fault.WRONG_OFFSET, committed=str(start))
                held += message.data
                if len(held) >= _SEGMENT:
                    committed = await keep()
                    start += len(held)
                    held.clear()
        except asyncio.CancelledError:
            if held:  # the line was cut: what came need not come again
                await asyncio.shield(keep())
            raise
        if name is None:
            raise DistrictError(Fault.MALFORMED)
        if held:
            committed = await keep()
        return blob_pb2.UploadResponse(committed_offset=committed)

    @stream
    async def Download(
        self, request: blob_pb2.DownloadRequest, context: Any
    ) -> AsyncIterator[blob_pb2.DownloadResponse]:
        """Sends a page."""
        desk = await peer.desk(self._house, context)
        self._house.admission.after_what_is_needed()
        name = request.name
        chunks = await asyncio.to_thread(pages.read, self._house, desk, name.owner, name.hash, request.offset)
        while chunk := await asyncio.to_thread(next, chunks, b""):
            yield blob_pb2.DownloadResponse(data=chunk)


class CatalogueServicer(catalogue_pb2_grpc.CatalogueServiceServicer):
    """The published catalogue."""

    def __init__(self, house: House) -> None:
        self._house = house

    @stream
    async def GetCatalogue(
        self, request: catalogue_pb2.GetCatalogueRequest, context: Any
    ) -> AsyncIterator[catalogue_pb2.GetCatalogueResponse]:
        """What changed after a version, the head last."""
        desk = await peer.desk(self._house, context, "GetCatalogue")
        with self._house.admission.inside(desk.replica) as moved:
            if request.packed:
                found = await asyncio.to_thread(self._packed, request.known_version)
                for part in _parts(found, request.offset if request.tag == found.tag else 0):
                    yield part
                    moved()
                return
            change = await asyncio.to_thread(desk_work.catalogue_since, self._house, request.known_version)
            for batch in _batches(change.texts):
                yield catalogue_pb2.GetCatalogueResponse(items=batch)
                moved()
            yield catalogue_pb2.GetCatalogueResponse(head=signed_text(change.head))

    def _packed(self, known: int) -> Packed:
        house = self._house

        def text() -> bytes:
            change = desk_work.catalogue_since(house, known)
            whole = catalogue_pb2.GetCatalogueResponse(items=change.texts, head=signed_text(change.head))
            return whole.SerializeToString(deterministic=True)

        return house.packing.packed(known, desk_work.standing(house).catalogue_version, text)


def _parts(found: Packed, offset: int) -> Iterator[catalogue_pb2.GetCatalogueResponse]:
    """The packed text from an offset on; one part at least, so that a desk that has all of it is told so."""
    size = len(found.data)
    begin = offset if 0 <= offset <= size else 0
    for start in range(begin, max(size, begin + 1), _PART):
        part = found.data[start : start + _PART]
        yield catalogue_pb2.GetCatalogueResponse(part=part, offset=start, tag=found.tag, size=size)


def _batches(texts: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > _MESSAGE:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


async def _sign_in(house: House, desk: desks.Desk, request: people_pb2.SignInRequest) -> people_pb2.SignInResponse:
    done = await asyncio.to_thread(house.sign_in, desk, request.login, request.password, request.one_time_password)
    return people_pb2.SignInResponse(
        session_token=done.token,
        person=codec.encode(done.person).text,
        lease=signed_text(done.lease),
        has_second_factor=done.has_second_factor,
        must_change_password=done.must_change,
    )


class EnrolmentServicer(enrolment_pb2_grpc.EnrolmentServiceServicer):
    """``Enrol`` and ``RenewExpired`` on the enrolment door, ``Renew`` on the ordinary one."""

    def __init__(self, house: House, *, enrols: bool, port: int = 0) -> None:
        self._house = house
        self._enrols = enrols
        self.port = port
        """Of the ordinary door, told to new desks."""

    @unary
    async def Enrol(self, request: enrolment_pb2.EnrolRequest, context: Any) -> enrolment_pb2.EnrolResponse:
        """A one-time code for a certificate."""
        if not self._enrols:
            raise DistrictError(Fault.NO_RIGHT)
        house, now = self._house, self._house.now()
        with entering(house.limits, context):
            new = await _write(
                house,
                lambda connection: house.enrolment.enrol(
                    connection, request.code, request.signing_request, request.act_key, now
                ),
            )
        return enrolment_pb2.EnrolResponse(
            certificate_chain=new.leaf.chain,
            device_number=new.desk.replica,
            place_id=new.desk.place,
            desk_kind=new.desk.kind,
            section_id=new.desk.section,
            district_code=house.district,
            district_key=house.authority.public_key,
            port=self.port,
        )

    @unary
    async def Renew(self, request: enrolment_pb2.RenewRequest, context: Any) -> enrolment_pb2.RenewResponse:
        """A new certificate for the same desk."""
        house, now = self._house, self._house.now()
        desk = await peer.desk(house, context, "Renew")
        leaf = await _write(
            house, lambda connection: house.enrolment.renew(connection, desk, request.signing_request, now)
        )
        return enrolment_pb2.RenewResponse(certificate_chain=leaf.chain)

    @unary
    async def RenewExpired(
        self, request: enrolment_pb2.RenewExpiredRequest, context: Any
    ) -> enrolment_pb2.RenewExpiredResponse:
        """A new certificate for a desk whose own has expired."""
        if not self._enrols:
            raise DistrictError(Fault.NO_RIGHT)
        house, now, chain = self._house, self._house.now(), request.certificate_chain
        with entering(house.limits, context):
            desk = await _write(
                house, lambda connection: house.enrolment.of_expired(connection, chain, request.signing_request, now)
            )
        house.limits.take(desk.replica, "SignIn")
        session = await _sign_in(house, desk, request.sign_in)
        leaf = await _write(
            house, lambda connection: house.enrolment.renew(connection, desk, request.signing_request, now)
        )
        return enrolment_pb2.RenewExpiredResponse(certificate_chain=leaf.chain, session=session)

    @unary
    async def KeepEscrow(
        self, request: enrolment_pb2.KeepEscrowRequest, context: Any
    ) -> enrolment_pb2.KeepEscrowResponse:
        """A desk's data key, sealed."""
        desk = await peer.desk(self._house, context, "KeepEscrow")
        given = request.recovery_key, request.key_id, request.sealed
        await asyncio.to_thread(recovery.keep, self._house, desk, *given)
        return enrolment_pb2.KeepEscrowResponse()


class PeopleServicer(people_pb2_grpc.PeopleServiceServicer):
    """Sign-in and what belongs to it."""

    def __init__(self, house: House) -> None:
        self._house = house

    @unary
    async def SignIn(self, request: people_pb2.SignInRequest, context: Any) -> people_pb2.SignInResponse:
        """Opens a session."""
        return await _sign_in(self._house, await peer.desk(self._house, context, "SignIn"), request)

    @unary
    async def SignOut(self, request: people_pb2.SignOutRequest, context: Any) -> people_pb2.SignOutResponse:
        """Ends a session."""
        desk = await peer.desk(self._house, context)
        token = request.session_token
        await _write(self._house, lambda connection: self._house.people.sign_out(connection, token, desk.replica))
        return people_pb2.SignOutResponse()

    @unary
    async def ChangePassword(
        self, request: people_pb2.ChangePasswordRequest, context: Any
    ) -> people_pb2.ChangePasswordResponse:
        """Lets the person choose a password."""
        desk = await peer.desk(self._house, context, "ChangePassword")
        await asyncio.to_thread(
            self._house.change_password, desk, request.session_token, request.old_password, request.new_password
        )
        return people_pb2.ChangePasswordResponse()


class DistrictServicer(district_pb2_grpc.DistrictServiceServicer):
    """What every desk knows of its district."""

    def __init__(self, house: House) -> None:
        self._house = house

    @unary
    async def GetProfile(
        self, request: district_pb2.GetProfileRequest, context: Any
    ) -> district_pb2.GetProfileResponse:
        """Places, sections, people, holiday notices, desk keys."""
        await peer.desk(self._house, context, "GetProfile")
        context.set_compression(grpc.Compression.Gzip)  # published names and keys: its length tells nothing
        await context.send_initial_metadata(())  # without it the answer would go out as it is
        return await _read(self._house, lambda connection: profile_message(self._house, connection))
