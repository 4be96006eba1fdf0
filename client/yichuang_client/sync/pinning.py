"""Finding the district's root by its fingerprint, before anything is sent.

Rules kept here (security: identity): enrolment never trusts on first use: the fingerprint stands on the printed slip;
a server that cannot show that root in its chain is a stranger.
"""

from __future__ import annotations

import hashlib
import hmac
import socket
import ssl
from typing import Any

from yichuang_client.sync.errors import TransportError, TransportReason

_SECONDS = 10.0


def fetch_root(host: str, port: int, fingerprint: str) -> bytes:
    """The root certificate (PEM) with that SHA-256 fingerprint (hex; blanks and colons do not count).

    Raises TransportError (OFFLINE, FOREIGN_CERTIFICATE).
    """
    wanted = "".join(character for character in fingerprint.lower() if character in "0123456789abcdef")
    for certificate in _shown_chain(host, port):
        if hmac.compare_digest(hashlib.sha256(certificate).hexdigest(), wanted):
            return ssl.DER_cert_to_PEM_cert(certificate).encode()
    raise TransportError(TransportReason.FOREIGN_CERTIFICATE)


def _shown_chain(host: str, port: int) -> list[bytes]:
    """Certificates that the server shows, unverified: only looked at, never trusted; gRPC verifies with the root."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["h2"])
    try:
        with (
            socket.create_connection((host, port), timeout=_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            return _unverified_chain(secure)
    except ssl.SSLError as error:
        raise TransportError(TransportReason.FOREIGN_CERTIFICATE) from error
    except OSError as error:
        raise TransportError(TransportReason.OFFLINE) from error


def _unverified_chain(secure: Any) -> list[bytes]:
    public = getattr(secure, "get_unverified_chain", None)
    if public is not None:
        return [bytes(certificate) for certificate in public()]
    # Before Python 3.13 the chain is to be had from the inner object only.
    certificates = secure._sslobj.get_unverified_chain() or ()
    return [ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in certificates]
