"""The district's own certificate authority and its signing key.

Rules kept here (security: identity): root → issuing → leaf of 30 days, P-256, ``notBefore`` a day back; the district
chooses every subject, SAN ``spiffe://<district>/place/<id>/desk/<n>``; texts of the district are signed with an
Ed25519 key. Private keys are files of mode 600; the root's should be taken off line after ``init``.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from yichuang.bundle import sealing_key

LEAF_DAYS = 30
BACKDATED = timedelta(days=1)
"""How long before its issue a certificate is valid: clocks differ."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A certificate that a caller has shown."""

    serial: str
    """Hex."""
    not_after: datetime


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """An issued certificate."""

    chain: bytes
    """PEM: the leaf and the issuing certificate."""
    serial: str
    """Hex serial number of the leaf."""
    not_after: datetime


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _private(key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _issue(
    subject: str,
    public_key: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    days: int,
    *,
    authority: int | None = None,
    names: tuple[x509.GeneralName, ...] = (),
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority is not None, path_length=authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if names:
        usages = [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def create(folder: Path, offline: Path, district: str, hosts: Sequence[str], now: datetime) -> None:
    """Make the keys and certificates of a new district in ``folder``, the root key in ``offline``.

    Raises FileExistsError if there are any.
    """
    root_key, issuing_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    root_name = f"Yichuang {district} root"
    root = _issue(root_name, root_key.public_key(), _name(root_name), root_key, now, 3650, authority=1)
    issuing = _issue(
        f"Yichuang {district} issuing", issuing_key.public_key(), root.subject, root_key, now, 1825, authority=0
    )
    server = _issue(
        f"Yichuang {district} server",
        server_key.public_key(),
        issuing.subject,
        issuing_key,
        now,
        825,
        names=_server_names(hosts),
    )
    _write(offline / "root.key", _private(root_key))
    _write(folder / "issuing.key", _private(issuing_key))
    _write(folder / "server.key", _private(server_key))
    _write(folder / "district.key", _private(Ed25519PrivateKey.generate()))
    _write(folder / "root.pem", _pem(root))
    _write(folder / "issuing.pem", _pem(issuing))
    _write(folder / "server.pem", _pem(server) + _pem(issuing) + _pem(root))


def _server_names(hosts: Sequence[str]) -> tuple[x509.GeneralName, ...]:
    names: list[x509.GeneralName] = []
    for host in ("localhost", "127.0.0.1", *hosts):
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            names.append(x509.DNSName(host))
    return tuple(dict.fromkeys(names))


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


class Authority:
    """Issues and signs for one district."""

    def __init__(self, folder: Path, district: str) -> None:
        self._district = district
        self._issuing = x509.load_pem_x509_certificate((folder / "issuing.pem").read_bytes())
        key = serialization.load_pem_private_key((folder / "issuing.key").read_bytes(), None)
        signing = serialization.load_pem_private_key((folder / "district.key").read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(signing, Ed25519PrivateKey):
            raise ValueError("not the keys of a district")
        self._key, self._signing = key, signing
        self.root_pem = (folder / "root.pem").read_bytes()
        self.server_chain = (folder / "server.pem").read_bytes()
        self.server_key = (folder / "server.key").read_bytes()

    @property
    def root_fingerprint(self) -> str:
        """SHA-256 of the root certificate, hex: printed on the enrolment slip."""
        root = x509.load_pem_x509_certificate(self.root_pem)
        return hashlib.sha256(root.public_bytes(serialization.Encoding.DER)).hexdigest()

    @property
    def public_key(self) -> bytes:
        """The district's Ed25519 key, 32 bytes raw."""
        return self._signing.public_key().public_bytes_raw()

    @property
    def bundle_key(self) -> X25519PrivateKey:
        """For which desks seal what is carried."""
        return sealing_key(self._signing.private_bytes_raw(), "district bundle key")

    def sign(self, text: bytes) -> bytes:
        """Sign a text of the district."""
        return self._signing.sign(text)

    def read_ours(self, chain: bytes, request: bytes) -> Shown:
        """What a chain (PEM) shows that this district issued, for the key that signed the request, expired or not.

        Raises ValueError for a certificate of another or a request by another key.
        """
        leaf = x509.load_pem_x509_certificate(chain)
        try:
            leaf.verify_directly_issued_by(self._issuing)
        except (InvalidSignature, TypeError) as error:
            raise ValueError("not issued here") from error
        signing_request = x509.load_pem_x509_csr(request)
        if not signing_request.is_signature_valid or signing_request.public_key() != leaf.public_key():
            raise ValueError("not by the key of the certificate")
        return Shown(serial=f"{leaf.serial_number:x}", not_after=leaf.not_valid_after_utc)

    def issue(self, request: bytes, place: str, replica: str, now: datetime) -> Leaf:
        """A desk's certificate for the key of a signing request (PEM); its subject is ours.

        Raises ValueError for a request that is not a P-256 one, signed by its own key.
        """
        signing_request = x509.load_pem_x509_csr(request)
        public_key = signing_request.public_key()
        is_ours = isinstance(public_key, ec.EllipticCurvePublicKey) and isinstance(public_key.curve, ec.SECP256R1)
        if not signing_request.is_signature_valid or not is_ours:
            raise ValueError("not a signing request of ours")
        assert isinstance(public_key, ec.EllipticCurvePublicKey)
        name = x509.UniformResourceIdentifier(f"spiffe://{self._district}/place/{place}/desk/{replica}")
        leaf = _issue(replica, public_key, self._issuing.subject, self._key, now, LEAF_DAYS, names=(name,))
        return Leaf(
            chain=_pem(leaf) + _pem(self._issuing), serial=f"{leaf.serial_number:x}", not_after=leaf.not_valid_after_utc
        )
