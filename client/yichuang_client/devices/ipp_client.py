"""IPP 请求: one request and its answer over HTTP, every failure as a `Trouble`.

Plain `ipp:` and `http:` addresses, as office printers and local queues have them; a new connection for each
request, because printers close idle ones without a word. Every wait has an end.
"""

from __future__ import annotations

import http.client
import itertools
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
        if parts.scheme not in ("ipp", "http") or not parts.hostname or port == 0 or parts.username is not None:
            raise DeviceError(Trouble.BAD_SETTING, "printer address")
        self._host = parts.hostname
        self._port = port or (631 if parts.scheme == "ipp" else 80)
        self._path = parts.path or "/"
        self._timeout_seconds = timeout_seconds
        self._numbers = itertools.count(1)
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.uri = f"ipp://{host}:{self._port}{self._path}"

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

    def _exchange(self, request: bytes, document: bytes) -> bytes:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_seconds)
        length = str(len(request) + len(document))
        headers = {"Content-Type": "application/ipp", "Content-Length": length, "Connection": "close"}
        try:
            connection.request("POST", self._path, body=iter((request, document)), headers=headers)
            response = connection.getresponse()
            raw = response.read(_MOST_ANSWER_BYTES + 1)
        except TimeoutError as error:
            raise DeviceError(Trouble.TIMEOUT, "no answer from the printer") from error
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
