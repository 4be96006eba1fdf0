"""IPP 请求: one request and its answer over HTTP, every failure as a `Trouble`.

`ipp:` and `http:` addresses, as office printers and local queues have them, and `ipps:`; a new connection for each
request, because printers close idle ones without a word. Every wait has an end. Papers name people: a printer that is
spoken to in secret must be known, by the system's authorities or by the fingerprint of its certificate that an
administrator wrote behind its address (`ipps://host/ipp/print#sha256=…`); nothing is sent to any other.
"""

from __future__ import annotations

import hashlib
import http.client
import itertools
import re
import ssl
from collections.abc import Sequence
from urllib.parse import urlsplit

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.ipp_codec import (
    Answer,
    Attribute,
    Group,
    IPPError,
    Operation,
    Tag,
    attribute,
    decode,
    encode,
)

_OK_BELOW = 0x0100
"""Status codes under it are successes (RFC 8011 appendix B.1.2)."""
_MOST_ANSWER_BYTES = 4 << 20
"""No answer of a printer is longer; a longer one is no printer's."""
_STATUS_TROUBLES = {
    0x0401: Trouble.ACCESS,  # client-error-forbidden
    0x0402: Trouble.ACCESS,  # client-error-not-authenticated
    0x0403: Trouble.ACCESS,  # client-error-not-authorized
    0x0404: Trouble.CANCELLED,  # client-error-not-possible: the job is over already
    0x0405: Trouble.TIMEOUT,  # client-error-timeout
    0x0406: Trouble.BAD_SETTING,  # client-error-not-found
    0x040A: Trouble.BAD_SETTING,  # client-error-document-format-not-supported
    0x040B: Trouble.BAD_SETTING,  # client-error-attributes-or-values-not-supported
    0x0501: Trouble.BAD_SETTING,  # server-error-operation-not-supported
    0x0502: Trouble.OFFLINE,  # server-error-service-unavailable
    0x0506: Trouble.OFFLINE,  # server-error-not-accepting-jobs
    0x0507: Trouble.BUSY,  # server-error-busy
    0x0508: Trouble.CANCELLED,  # server-error-job-canceled
}
_PIN = re.compile("sha256=[0-9a-f]{64}")
_HTTP_TROUBLES = {401: Trouble.ACCESS, 403: Trouble.ACCESS, 404: Trouble.BAD_SETTING, 503: Trouble.BUSY}


class IPPClient:
    """IPP 客户端: sends requests to one printer or queue."""

    def __init__(self, uri: str, *, timeout_seconds: float = 20.0) -> None:
        """Remember the address; raises DeviceError(BAD_SETTING) when it is none that we can speak to."""
        parts = urlsplit(uri)
        try:
            port = parts.port
        except ValueError:
            port = 0
        pin = parts.fragment.replace(":", "").lower()
        self._is_secret, self._pin = parts.scheme == "ipps", pin.removeprefix("sha256=")
        is_odd = bool(pin) and not (self._is_secret and _PIN.fullmatch(pin))
        if (
            is_odd
            or parts.scheme not in ("ipp", "ipps", "http")
            or not parts.hostname
            or port == 0
            or parts.username is not None
        ):
            raise DeviceError(Trouble.BAD_SETTING, "printer address")
        self._host = parts.hostname
        self._port = port or (80 if parts.scheme == "http" else 631)
        self._path = parts.path or "/"
        self._timeout_seconds = timeout_seconds
        self._numbers = itertools.count(1)
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.uri = f"{'ipps' if self._is_secret else 'ipp'}://{host}:{self._port}{self._path}"

    def ask(
        self,
        operation: Operation,
        attributes: Sequence[Attribute] = (),
        *,
        job_attributes: Sequence[Attribute] = (),
        document: bytes = b"",
    ) -> Answer:
        """Send a request, wait for its answer; raises DeviceError for every failure and every refusal."""
        head = (
            attribute("attributes-charset", Tag.CHARSET, "utf-8"),
            attribute("attributes-natural-language", Tag.LANGUAGE, "en"),
            attribute("printer-uri", Tag.URI, self.uri),
        )
        groups: list[tuple[Group, Sequence[Attribute]]] = [(Group.OPERATION, (*head, *attributes))]
        if job_attributes:
            groups.append((Group.JOB, job_attributes))
        number = next(self._numbers)
        try:
            answer = decode(self._exchange(encode(operation, number, groups), document))
        except IPPError as error:
            raise DeviceError(Trouble.COMMUNICATION, f"{operation.name}: {error}") from error
        if answer.request_id != number:
            raise DeviceError(Trouble.COMMUNICATION, f"{operation.name}: answer to another request")
        if answer.status >= _OK_BELOW:
            refused = ", ".join(answer.group(Group.UNSUPPORTED)) or f"status {answer.status:#06x}"
            trouble = _STATUS_TROUBLES.get(answer.status, Trouble.COMMUNICATION)
            raise DeviceError(trouble, f"{operation.name}: {refused}")
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        if not self._is_secret:
            return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_seconds)
        context = ssl.create_default_context()
        if self._pin:  # the certificate is its own; which one it is is checked before a byte is sent
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout_seconds, context=context)

    def _check_pin(self, line: ssl.SSLSocket) -> None:
        shown = hashlib.sha256(line.getpeercert(binary_form=True) or b"").hexdigest()
        if self._pin and shown != self._pin:
            raise DeviceError(Trouble.ACCESS, f"another certificate: sha256={shown}")

    def _shown(self) -> str:
        """The fingerprint that the printer shows now, for an administrator to compare with its panel."""
        try:
            shown = ssl.get_server_certificate((self._host, self._port), timeout=self._timeout_seconds)
        except (OSError, ValueError):
            return "?"
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(shown)).hexdigest()

    def _exchange(self, request: bytes, document: bytes) -> bytes:
        connection = self._connection()
        length = str(len(request) + len(document))
        headers = {"Content-Type": "application/ipp", "Content-Length": length, "Connection": "close"}
        try:
            connection.connect()
            if isinstance(connection.sock, ssl.SSLSocket):
                self._check_pin(connection.sock)
            connection.request("POST", self._path, body=iter((request, document)), headers=headers)
            response = connection.getresponse()
            raw = response.read(_MOST_ANSWER_BYTES + 1)
        except TimeoutError as error:
            raise DeviceError(Trouble.TIMEOUT, "no answer from the printer") from error
        except ssl.SSLCertVerificationError as error:
            raise DeviceError(Trouble.ACCESS, f"unknown certificate: sha256={self._shown()}") from error
        except (ConnectionRefusedError, OSError) as error:
            is_broken = isinstance(error, ConnectionResetError | BrokenPipeError)
            raise DeviceError(Trouble.COMMUNICATION if is_broken else Trouble.OFFLINE, type(error).__name__) from error
        except http.client.HTTPException as error:
            raise DeviceError(Trouble.COMMUNICATION, type(error).__name__) from error
        finally:
            connection.close()
        if response.status != http.HTTPStatus.OK:
            trouble = _HTTP_TROUBLES.get(response.status, Trouble.COMMUNICATION)
            raise DeviceError(trouble, f"HTTP {response.status}")
        if len(raw) > _MOST_ANSWER_BYTES:
            raise DeviceError(Trouble.COMMUNICATION, "the answer is too long")
        return raw
