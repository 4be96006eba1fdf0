"""How a machine becomes a desk (登记入网), and how its certificate stays young.

Rules kept here: the private keys are made here and never leave; the district is pinned by its root's fingerprint
before the code is sent; the certificate is renewed at two thirds of its life, with the same key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from yichuang_client.store.desk import Desk, DeskKind
from yichuang_client.sync.channels import Address
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.pinning import fetch_root
from yichuang_client.sync.sessions import Session
from yichuang_client.sync.transport import enrol, renew_expired
from yichuang_domain.ids import PlaceId, ReplicaId, SectionId
from yichuang_domain.training import is_training


@dataclass(frozen=True, kw_only=True)
class Slip:
    """入网单: what the district printed for this machine."""

    host: str
    port: int
    """Enrolment port."""
    root_fingerprint: str
    """SHA-256 of the district's root certificate, hex."""
    code: str = field(repr=False)
    """One-time code."""


def become_desk(slip: Slip, *, is_practice: bool = False) -> Desk:
    """Enrol this machine; blocking. Raises TransportError (OFFLINE, FOREIGN_CERTIFICATE, OTHER_WORLD, CODE_…).

    Practice enrols at a training district and nowhere else, a real desk never there: the root's name says which it is.
    """
    tls_key, act_key = ec.generate_private_key(ec.SECP256R1()), Ed25519PrivateKey.generate()
    root = fetch_root(slip.host, slip.port, slip.root_fingerprint)
    if is_training(_district_of(root)) != is_practice:
        raise TransportError(TransportReason.OTHER_WORLD)
    address = Address(host=slip.host, port=slip.port, root_certificate=root)
    enrolled = enrol(address, slip.code, signing_request(tls_key), act_key.public_key().public_bytes_raw())
    if is_training(enrolled.district_code) != is_practice:
        raise TransportError(TransportReason.BAD_ANSWER, detail="district")
    if enrolled.kind not in DeskKind.__members__:
        raise TransportError(TransportReason.BAD_ANSWER, detail="desk kind")
    return Desk(
        replica=ReplicaId(enrolled.device_number),
        place=PlaceId(enrolled.place),
        kind=DeskKind[enrolled.kind],
        section=SectionId(enrolled.section) if enrolled.section else None,
        district_code=enrolled.district_code,
        host=slip.host,
        port=enrolled.port,
        root_certificate=root,
        certificate_chain=enrolled.certificate_chain,
        district_key=enrolled.district_key,
        tls_key=tls_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        act_key=act_key.private_bytes_raw(),
        enrolment_port=slip.port,
    )


def _district_of(root: bytes) -> str:
    """The district's code in the name of its root certificate; empty where there is none."""
    subject = x509.load_pem_x509_certificate(root).subject.rfc4514_string()
    found = re.search(r"\b[0-9]{6}\b", subject)
    return found[0] if found is not None else ""


def address_of(desk: Desk) -> Address:
    """How an enrolled desk reaches its district."""
    return Address(
        host=desk.host,
        port=desk.port,
        root_certificate=desk.root_certificate,
        certificate_chain=desk.certificate_chain,
        private_key=desk.tls_key,
    )


def signing_request(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A signing request (PEM); the district chooses the subject."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM)


def renewal_request(desk: Desk, now: datetime) -> bytes | None:
    """A signing request when two thirds of the certificate's life are over, None before."""
    certificate = x509.load_pem_x509_certificate(desk.certificate_chain)
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < start + (end - start) * 2 / 3:
        return None
    return _own_request(desk)


def has_expired(desk: Desk, now: datetime) -> bool:
    """Whether the desk's certificate opens the ordinary door no more."""
    return now >= x509.load_pem_x509_certificate(desk.certificate_chain).not_valid_after_utc


def come_back(desk: Desk, login: str, password: str, one_time_password: str) -> tuple[Desk, Session]:
    """After a long holiday: a new certificate by the same key and a person's sign-in; blocking.

    Raises TransportError (OFFLINE, FOREIGN_DESK when it is too late, REVOKED, WRONG_LOGIN, SECOND_FACTOR, …).
    """
    address = Address(host=desk.host, port=desk.enrolment_port, root_certificate=desk.root_certificate)
    chain, session = renew_expired(
        address, desk.certificate_chain, _own_request(desk), login, password, one_time_password
    )
    return replace(desk, certificate_chain=chain), session


def _own_request(desk: Desk) -> bytes:
    key = serialization.load_pem_private_key(desk.tls_key, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("not a P-256 key")
    return signing_request(key)
