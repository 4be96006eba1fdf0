"""A desk on the wire, without a screen: real keys, real certificate, real gRPC; for tests of the district."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_status import rpc_status

from yichuang import codec
from yichuang.v1 import (
    blob_pb2,
    blob_pb2_grpc,
    catalogue_pb2_grpc,
    district_pb2_grpc,
    enrolment_pb2,
    enrolment_pb2_grpc,
    envelope_pb2,
    exchange_pb2,
    exchange_pb2_grpc,
    people_pb2,
    people_pb2_grpc,
    update_pb2_grpc,
)
from yichuang_domain.actions import Action
from yichuang_domain.deed import CaseAct, Deed, Record
from yichuang_domain.ids import CaseId, DeedId, PersonId, PlaceId, ReplicaId

DEADLINE_S = 20


def reason(error: grpc.RpcError) -> str:
    """The reason in a failed call's status; the code's name where there is none."""
    status = rpc_status.from_call(error)
    for detail in status.details if status else ():
        info = ErrorInfo()
        if detail.Unpack(info):
            return str(info.reason)
    return str(error.code().name)


@dataclass(kw_only=True)
class Keys:
    """The two keys of a machine."""

    tls: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    act: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def signing_request(self) -> bytes:
        """PEM; the subject is the district's to choose."""
        request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(self.tls, hashes.SHA256())
        return request.public_bytes(serialization.Encoding.PEM)

    def tls_pem(self) -> bytes:
        """The TLS key."""
        encoding = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        return self.tls.private_bytes(*encoding)


def enrol(root: bytes, port: int, code: str, keys: Keys) -> enrolment_pb2.EnrolResponse:
    """Enrol a machine by its code at the enrolment door."""
    with grpc.secure_channel(f"127.0.0.1:{port}", grpc.ssl_channel_credentials(root)) as channel:
        request = enrolment_pb2.EnrolRequest(
            code=code, signing_request=keys.signing_request(), act_key=keys.act.public_key().public_bytes_raw()
        )
        return enrolment_pb2_grpc.EnrolmentServiceStub(channel).Enrol(request, timeout=DEADLINE_S)


class WireDesk:
    """An enrolled desk that keeps its chain, its cursor and the records that came."""

    def __init__(self, root: bytes, port: int, enrolled: enrolment_pb2.EnrolResponse, keys: Keys) -> None:
        self.credentials = grpc.ssl_channel_credentials(root, keys.tls_pem(), enrolled.certificate_chain)
        self.channel = grpc.secure_channel(f"127.0.0.1:{port}", self.credentials)
        self.replica = ReplicaId(enrolled.device_number)
        self.place = PlaceId(enrolled.place_id)
        self.keys = keys
        self.district_key = Ed25519PublicKey.from_public_bytes(enrolled.district_key)
        self.exchanges = exchange_pb2_grpc.ExchangeServiceStub(self.channel)
        self.blobs = blob_pb2_grpc.BlobServiceStub(self.channel)
        self.people = people_pb2_grpc.PeopleServiceStub(self.channel)
        self.updates = update_pb2_grpc.UpdateServiceStub(self.channel)
        self.catalogue = catalogue_pb2_grpc.CatalogueServiceStub(self.channel)
        self.districts = district_pb2_grpc.DistrictServiceStub(self.channel)
        self.enrolment = enrolment_pb2_grpc.EnrolmentServiceStub(self.channel)
        self.cursor = envelope_pb2.Cursor()
        self.records: dict[int, exchange_pb2.SentRecord] = {}
        self.cases: set[str] = set()
        self.tokens: list[str] = []
        self.lease = ""
        self.person = PersonId("")
        self._seq = itertools.count(1)
        self._previous = ""

    def close(self) -> None:
        """Hang up."""
        self.channel.close()

    def sign_in(self, login: str, password: str, one_time_password: str = "") -> people_pb2.SignInResponse:
        """Sign a person in; further deeds are that person's."""
        answer = self.people.SignIn(
            people_pb2.SignInRequest(login=login, password=password, one_time_password=one_time_password),
            timeout=DEADLINE_S,
        )
        self.tokens = [answer.session_token]
        lease = codec.json.loads(answer.lease.text)
        self.lease, self.person = lease["lease"], PersonId(lease["person"])
        return answer

    def deed(self, *acts: tuple[CaseId, int, Action], **changes: Any) -> exchange_pb2.SentDeed:
        """The next deed of the desk's chain."""
        deed = Deed(
            deed=DeedId(secrets.token_hex(16)),
            replica=self.replica,
            seq=next(self._seq),
            previous=self._previous,
            person=self.person,
            lease=self.lease,
            place=self.place,
            occurred_time=datetime.now(UTC).replace(microsecond=0),
            seen_time=None,
            skew_ms=0,
            acts=tuple(CaseAct(case=case, epoch=epoch, action=action) for case, epoch, action in acts),
        )
        deed = replace(deed, **changes)
        encoded = codec.encode(deed)
        self._previous = codec.digest(encoded.text)
        disclosures = [
            envelope_pb2.Disclosure(commitment=name, value=value, salt=salt)
            for name, (value, salt) in encoded.disclosures.items()
        ]
        envelope = envelope_pb2.Envelope(text=encoded.text, hash=self._previous, disclosures=disclosures)
        return exchange_pb2.SentDeed(deed_id=deed.deed, seq=deed.seq, envelope=envelope)

    def send(self, *deeds: exchange_pb2.SentDeed, signed_in: bool = True) -> exchange_pb2.ExchangeResponse:
        """One Exchange, applied."""
        request = exchange_pb2.ExchangeRequest(
            replica=self.replica,
            cursor=self.cursor,
            deeds=deeds,
            head_signature=self.sign(deeds[-1]) if deeds else b"",
            session_tokens=self.tokens if signed_in else [],
        )
        answer = self.exchanges.Exchange(request, timeout=DEADLINE_S)
        self._apply(answer)
        return answer

    def sign(self, deed: exchange_pb2.SentDeed) -> bytes:
        """The signature over the head of a batch."""
        return self.keys.act.sign(bytes.fromhex(codec.digest(deed.envelope.text)))

    def pull(self) -> None:
        """Exchange until nothing is left."""
        while self.send().has_more:
            continue

    def _apply(self, answer: exchange_pb2.ExchangeResponse) -> None:
        for sent in answer.records:
            self.records[sent.index] = sent
            self.cases.add(sent.case_id)
        for case in answer.left_case_ids:
            self.cases.discard(case)
            self.records = {index: sent for index, sent in self.records.items() if sent.case_id != case}
        self.cursor = answer.next_cursor

    def log(self, case: str) -> list[Record]:
        """What the desk has of a case, read with its disclosures."""
        mine = [sent for _, sent in sorted(self.records.items()) if sent.case_id == case]
        return [read(sent) for sent in mine]

    def events(self, case: str) -> list[str]:
        """Names of the case's events."""
        return [type(record.event).__name__ for record in self.log(case)]

    def upload(self, owner: str, data: bytes, name: str, offset: int = 0, chunk: int = 65536) -> int:
        """Send the rest of a page. Returns the committed offset."""

        def messages() -> Iterator[blob_pb2.UploadRequest]:
            blob = exchange_pb2.BlobName(owner=owner, hash=name)
            for start in range(offset, len(data), chunk):
                yield blob_pb2.UploadRequest(name=blob, offset=start, data=data[start : start + chunk])

        return int(self.blobs.Upload(messages(), timeout=DEADLINE_S).committed_offset)

    def create_upload(self, owner: str, name: str, size: int) -> int:
        """Open or find an upload."""
        blob = exchange_pb2.BlobName(owner=owner, hash=name)
        request = blob_pb2.CreateUploadRequest(name=blob, size=size)
        return int(self.blobs.CreateUpload(request, timeout=DEADLINE_S).committed_offset)

    def download(self, owner: str, name: str, offset: int = 0) -> bytes:
        """Fetch a page."""
        blob = exchange_pb2.BlobName(owner=owner, hash=name)
        answers = self.blobs.Download(blob_pb2.DownloadRequest(name=blob, offset=offset), timeout=DEADLINE_S)
        return b"".join(answer.data for answer in answers)


def read(sent: exchange_pb2.SentRecord) -> Record:
    """A record as it came, its hash checked."""
    assert codec.digest(sent.envelope.text) == sent.envelope.hash
    values = {d.commitment: (d.value, d.salt) for d in sent.envelope.disclosures}
    return codec.decode(Record, sent.envelope.text, values)


def outcomes(answer: exchange_pb2.ExchangeResponse) -> Sequence[str]:
    """Outcomes of a batch, without their prefix."""
    names = [exchange_pb2.DeedResult.Outcome.Name(result.outcome) for result in answer.results]
    return [name.removeprefix("OUTCOME_") for name in names]
