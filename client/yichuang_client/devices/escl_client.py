"""eSCL 连接: one request and its answer over HTTP or HTTPS, every failure as a `Trouble`.

Rules kept here: whoever waits can be stopped and hears of every byte; a body has an end and is called cut when it came
short; a scanner's certificate is its own, so without its fingerprint (`https://host#sha256=…`) it is encrypted but not
proven (nothing but pictures of paper is sent, and they come from the machine that an administrator named or that the
network announced); a password goes only to a scanner whose certificate is known, by its fingerprint or to the system's
authorities; one connection a request, because scanners close idle ones; no answer leads to another host.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, parse_qs, quote, unquote, urljoin, urlsplit

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.escl_access import Answerer, read_login

CONNECT_SECONDS = 5.0
_LOOK_SECONDS = 0.05
_READ_BYTES = 1 << 18
_MOST_REDIRECTS = 3
_REDIRECTS = (301, 302, 307, 308)
_PIN = re.compile("[0-9a-f]{64}")


def _never() -> bool:
    return False


def _nobody(_: int) -> None:
    return


@dataclass(frozen=True, kw_only=True)
class ESCLAddress:
    """eSCL 地址: where a scanner listens."""

    is_secret: bool
    """https."""
    host: str
    port: int
    root: str
    """Path without a slash at its end, "/eSCL" for most."""
    pin: str = ""
    """SHA-256 of its certificate in hex; empty: any certificate will do, unless a password is to be sent."""
    login_file: str = ""
    """Where name and password lie; see `escl_access`."""

    def __str__(self) -> str:
        usual = 443 if self.is_secret else 80
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == usual else f":{self.port}"
        more = {"sha256": self.pin, "login": quote(self.login_file)}
        told = "&".join(f"{key}={value}" for key, value in more.items() if value)
        return f"{'https' if self.is_secret else 'http'}://{host}{port}{self.root}" + (f"#{told}" if told else "")


def is_address(device: str) -> bool:
    """Whether a device's name is meant as an eSCL address."""
    return device.startswith(("http://", "https://", "escl:", "escls:"))


def read_address(text: str) -> ESCLAddress:
    """The address that a person or a scanner wrote; raises DeviceError(BAD_SETTING) when it is none.

    Understood are http://…, https://…, escl://…, escls://… and escl:http://…; without a path it is /eSCL. Behind it may
    stand `#sha256=FINGERPRINT` and `#login=FILE` (both: with `&` between), which need https.
    """
    bare = text.strip()
    if bare.startswith("escl:http"):
        bare = bare.removeprefix("escl:")
    try:
        parts = urlsplit(bare)
        port = parts.port
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), 0
    host = unquote(parts.hostname or "")
    is_odd = any(letter <= " " for letter in bare) or parts.username is not None or port == 0
    is_secret = parts.scheme in ("https", "escls")
    told = parse_qs(parts.fragment, keep_blank_values=True)
    pin, login = (told.pop(key, [""])[-1] for key in ("sha256", "login"))
    pin = pin.replace(":", "").lower()
    is_odd = is_odd or bool(told) or bool(pin and not _PIN.fullmatch(pin)) or (bool(pin or login) and not is_secret)
    if parts.scheme not in ("http", "https", "escl", "escls") or not host or is_odd:
        raise DeviceError(Trouble.BAD_SETTING, "scanner address")
    root = parts.path.rstrip("/").removesuffix("/ScannerCapabilities").removesuffix("/ScannerStatus").rstrip("/")
    return ESCLAddress(
        is_secret=is_secret,
        host=host,
        port=port or (443 if is_secret else 80),
        root=root or "/eSCL",
        pin=pin,
        login_file=login,
    )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """应答: of a scanner."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    is_cut: bool
    """Whether less came than was promised."""


@dataclass(kw_only=True)
class Caller:
    """等待的人: whoever waits for answers."""

    cancel: Callable[[], bool] = _never
    """Whether to stop."""
    heard: Callable[[int], None] = _nobody
    """Told how many bytes came."""
    stall_seconds: float = 10.0
    """Longest silence."""
    retry_seconds: float = 0.5
    """Between two looks at a scanner that is not ready."""


@dataclass(kw_only=True)
class ESCLClient:
    """eSCL 客户端: asks one scanner."""

    address: ESCLAddress
    _redirects: int = field(default=0, init=False)
    _answerer: Answerer | None = field(default=None, init=False)
    """Who knows the password, once it was asked for."""

    def ask(self, method: str, path: str, *, caller: Caller, body: bytes = b"", most_bytes: int = 1 << 20) -> Answer:
        """Ask and wait. Raises DeviceError: CANCELLED, TIMEOUT (silence), OFFLINE, COMMUNICATION (broken, too long).

        A redirection to the same host is followed and remembered; a scanner that asks for a password gets it, if there
        is one, and ACCESS is raised for one that may not have it.
        """
        while True:
            answer = self._ask_once(method, path, caller, body, most_bytes)
            if answer.status == 401 and self._has_answer(answer):
                continue
            if answer.status not in _REDIRECTS:
                return answer
            path = self._follow(path, answer.headers.get("Location", ""))

    def _has_answer(self, answer: Answer) -> bool:
        """Whether to ask again, with a password."""
        if self._answerer is None and self.address.login_file:
            self._answerer = Answerer(login=read_login(self.address.login_file))
        return self._answerer is not None and self._answerer.hear(answer.headers.get_all("WWW-Authenticate", []))

    def _follow(self, path: str, location: str) -> str:
        self._redirects += 1
        target = urlsplit(urljoin(path, location))
        is_here = (target.hostname or self.address.host).lower() == self.address.host.lower()
        is_bared = self.address.is_secret and target.scheme == "http"
        if self._redirects > _MOST_REDIRECTS or not location or not is_here or is_bared:
            raise DeviceError(Trouble.COMMUNICATION, "sent on to another host, or out of secrecy")
        if target.scheme in ("http", "https"):
            is_secret = target.scheme == "https"
            port = target.port or (443 if is_secret else 80)
            self.address = replace(self.address, is_secret=is_secret, port=port)
        return target.path or path

    def own_path(self, location: str) -> str:
        """The path that an answer names, on this host; raises DeviceError(COMMUNICATION) for another host.

        Scanners name themselves by names that nobody else knows (`printer.local`, `localhost`), which is no harm as
        only the path is used; an address that is somebody else's is refused.
        """
        try:
            target = urlsplit(location.strip())
            host = unquote(target.hostname or "").lower()
        except ValueError:
            raise DeviceError(Trouble.COMMUNICATION, "the job has no address") from None
        if target.scheme not in ("", "http", "https") or not target.path:
            raise DeviceError(Trouble.COMMUNICATION, "the job has no address")
        if host and not self._is_own(host):
            raise DeviceError(Trouble.COMMUNICATION, "the job lies on another host")
        path = target.path
        if not path.startswith("/"):
            path = f"{self.address.root}/{path}" if "/" in path else f"{self.address.root}/ScanJobs/{path}"
        return path.rstrip("/")

    def _is_own(self, host: str) -> bool:
        if host in (self.address.host.lower(), "localhost") or host.endswith(".local"):
            return True
        return bool(_addresses(host) & _addresses(self.address.host))

    def _ask_once(self, method: str, path: str, caller: Caller, body: bytes, most_bytes: int) -> Answer:
        key = self._answerer.header(method, path) if self._answerer is not None else ""
        run = _Exchange(self.address, method, path, body, most_bytes, key)
        run.start()
        known, heard_at = 0, time.monotonic()
        while not run.is_over.wait(_LOOK_SECONDS):
            got, now = run.got, time.monotonic()
            if got > known:
                caller.heard(got - known)
                known, heard_at = got, now
            trouble = Trouble.TIMEOUT if now - heard_at > caller.stall_seconds else None
            trouble = Trouble.CANCELLED if caller.cancel() else trouble
            if trouble is not None:
                run.give_up()
                raise DeviceError(trouble, f"{method} {path.rpartition('/')[2]}")
        caller.heard(run.got - known)
        return run.answer()


class _Exchange(threading.Thread):
    """One request on a thread of its own, so that whoever waits for it need not."""

    def __init__(
        self, address: ESCLAddress, method: str, path: str, body: bytes, most_bytes: int, key: str = ""
    ) -> None:
        super().__init__(name="escl", daemon=True)
        self._address, self._method, self._path, self._body = address, method, path, body
        self._most_bytes, self._key = most_bytes, key
        self._connection = _connection(address)
        self._error: Exception | None = None
        self._answer: Answer | None = None
        self.got = 0
        """Bytes of the body so far."""
        self.is_over = threading.Event()
        self._was_connected = False

    def run(self) -> None:
        """Ask; the thread's own work."""
        try:
            self._answer = self._exchange()
        except Exception as error:  # told to whoever waits, whatever it is
            self._error = error
        finally:
            self._connection.close()
            self.is_over.set()

    def give_up(self) -> None:
        """Let nobody wait for this any more."""
        with contextlib.suppress(OSError, AttributeError):
            self._connection.sock.shutdown(socket.SHUT_RDWR)

    def answer(self) -> Answer:
        """What came; raises DeviceError."""
        if self._answer is not None:
            return self._answer
        error = self._error
        if isinstance(error, DeviceError):
            raise error
        name = type(error).__name__
        if isinstance(error, ssl.SSLCertVerificationError):
            raise DeviceError(Trouble.ACCESS, "a password needs the certificate's sha256") from error
        is_broken = isinstance(error, ConnectionResetError | BrokenPipeError | http.client.HTTPException)
        trouble = Trouble.COMMUNICATION if is_broken or self._was_connected else Trouble.OFFLINE
        raise DeviceError(trouble, f"{self._method}: {name}") from error

    def _exchange(self) -> Answer:
        connection = self._connection
        connection.connect()
        self._was_connected = True
        if isinstance(connection.sock, ssl.SSLSocket):
            _check_pin(connection.sock, self._address.pin)
        connection.sock.settimeout(None)
        headers: dict[str, str | bytes] = {"Accept": "*/*", "Connection": "close", "User-Agent": "yichuang"}
        if self._key:
            headers["Authorization"] = self._key.encode()
        if self._method == "POST":
            headers["Content-Type"] = "text/xml; charset=utf-8"
        connection.request(self._method, self._path, body=self._body or None, headers=headers)
        response = connection.getresponse()
        promised = None if response.chunked else response.length
        body, is_cut = bytearray(), False
        try:
            while promised is None or self.got < promised:
                part = response.read1(_READ_BYTES)
                if not part:
                    break
                body += part
                self.got = len(body)
                if self.got > self._most_bytes:
                    raise DeviceError(Trouble.COMMUNICATION, "the answer is too long")
        except (http.client.IncompleteRead, ConnectionError):
            is_cut = True
        is_cut = is_cut or (promised is not None and len(body) < promised)
        plain = bytes(body)
        if response.headers.get("Content-Encoding", "").strip().lower() in ("gzip", "x-gzip", "deflate"):
            plain, is_cut = _unpacked(plain, self._most_bytes), False
        return Answer(status=response.status, headers=response.headers, body=plain, is_cut=is_cut)


def _connection(address: ESCLAddress) -> http.client.HTTPConnection:
    if not address.is_secret:
        return http.client.HTTPConnection(address.host, address.port, timeout=CONNECT_SECONDS)
    if address.login_file and not address.pin:
        context = ssl.create_default_context()
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_ciphers("DEFAULT:@SECLEVEL=1")
    return http.client.HTTPSConnection(address.host, address.port, timeout=CONNECT_SECONDS, context=context)


def _check_pin(line: ssl.SSLSocket, pin: str) -> None:
    shown = hashlib.sha256(line.getpeercert(binary_form=True) or b"").hexdigest()
    if pin and shown != pin:
        raise DeviceError(Trouble.ACCESS, f"another certificate: sha256={shown}")


def _unpacked(body: bytes, most_bytes: int) -> bytes:
    """What was packed though nobody asked for it; raises DeviceError(COMMUNICATION) for half of it, or for too much."""
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, whichever it is
    try:
        plain = unpack.decompress(body, most_bytes + 1)
    except zlib.error as error:
        raise DeviceError(Trouble.COMMUNICATION, "the answer cannot be unpacked") from error
    if len(plain) > most_bytes or not unpack.eof:
        raise DeviceError(Trouble.COMMUNICATION, "the answer is too long or cut")
    return plain


def _addresses(host: str) -> set[str]:
    try:
        return {str(row[4][0]) for row in socket.getaddrinfo(host, None)}
    except OSError:
        return set()
