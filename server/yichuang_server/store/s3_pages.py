"""Pages in a bucket behind the S3 protocol, sealed before they leave the machine.

Rules kept here: bytes of a page that is not whole yet lie in the data folder, as with files; a page is put there in one
request, sealed under the district's key for pages and its own name, after its hash was found true; it counts as
complete only when the service has it in its right size, and only then the local bytes go; every wait and every number
of tries has an end; no secret stands in an error or a log.
"""

from __future__ import annotations

import io
import json
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import certifi
from minio import Minio
from minio.error import MinioException, S3Error
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from yichuang_server.config import ConfigError, PagesOnS3
from yichuang_server.store import sealing
from yichuang_server.store.blobs import BlobFiles, PageDamagedError, PagesAwayError
from yichuang_server.store.sealing import SealError

_AT_ONCE = 2
"""Pages that are sealed in memory at the same time."""
_ONE_PART = 5 * 1024 * 1024 * 1024
"""Bytes below which an object is put in one request; the protocol's own limit."""
_ABSENT = frozenset({"NoSuchKey", "NoSuchObject"})


@dataclass(frozen=True, kw_only=True)
class S3Secrets:
    """What the server shows the service."""

    access_key: str
    secret_key: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long one request may take, and how often it is tried."""

    connect_s: float = 5.0
    answer_s: float = 20.0
    """Without a byte."""
    retries: int = 3
    """After the first try; with growing pauses, below 3 seconds in all."""


def read_secrets(path: Path) -> S3Secrets:
    """The secrets of a file that only this user may read. Raises ConfigError."""
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ConfigError(f"{path} may be read by others: chmod 600 {path}, and change the secret")
        plain = json.loads(path.read_bytes())
        return S3Secrets(access_key=plain["access_key"], secret_key=plain["secret_key"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path} holds no access_key and secret_key: run yichuang-server pages s3") from error


class Bucket:
    """One bucket of the service."""

    def __init__(self, client: Minio, name: str) -> None:
        self._client = client
        self._name = name

    def put(self, key: str, data: bytes) -> None:
        """Put an object and see that it is there whole. Raises PagesAwayError."""
        with _told(key):
            self._client.put_object(self._name, key, io.BytesIO(data), len(data), part_size=_ONE_PART)
        if self.size(key) != len(data):
            raise PagesAwayError("the S3 service did not keep what was put there")

    def size(self, key: str) -> int | None:
        """Bytes of an object, None where there is none. Raises PagesAwayError."""
        try:
            with _told(key):
                return int(self._client.stat_object(self._name, key).size or 0)
        except FileNotFoundError:
            return None

    @contextmanager
    def opened(self, key: str) -> Iterator[tuple[int, Callable[[int], bytes]]]:
        """Size and reader of an object. Raises FileNotFoundError, PagesAwayError."""
        with _told(key):
            response = self._client.get_object(self._name, key)
            try:
                yield int(response.headers["Content-Length"]), response.read
            finally:
                response.close()
                response.release_conn()

    def listed(self, prefix: str) -> Iterator[tuple[str, int]]:
        """(key, size) of the objects under a prefix. Raises PagesAwayError."""
        with _told(prefix):
            for found in self._client.list_objects(self._name, prefix, recursive=True):
                yield found.object_name or "", int(found.size or 0)

    def remove(self, key: str) -> None:
        """Remove an object. Raises PagesAwayError."""
        with _told(key):
            self._client.remove_object(self._name, key)


def connect(
    place: PagesOnS3, secrets: S3Secrets, authority: Path | None = None, patience: Patience | None = None
) -> Bucket:
    """The bucket of a place; nothing is asked yet."""
    patience, parts = patience or Patience(), urlsplit(place.endpoint)
    retries = Retry(
        total=patience.retries,
        backoff_factor=0.3,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=None,  # each request may be repeated: an object is named by what it holds
        respect_retry_after_header=False,  # a service could make us wait for ever
        raise_on_status=False,
        redirect=0,
    )
    http = PoolManager(
        timeout=Timeout(connect=patience.connect_s, read=patience.answer_s),
        retries=retries,
        maxsize=8,
        cert_reqs="CERT_REQUIRED",
        ca_certs=str(authority) if authority is not None else certifi.where(),
    )
    client = Minio(
        parts.netloc,
        secrets.access_key,
        secrets.secret_key,
        secure=parts.scheme == "https",
        region=place.region,
        http_client=http,
    )
    return Bucket(client, place.bucket)


class S3Pages:
    """The pages of one district in a bucket."""

    def __init__(self, district: str, files: BlobFiles, bucket: Bucket, key: bytes) -> None:
        self._district = district
        self._files = files
        self._bucket = bucket
        self._key = key
        self._room = threading.BoundedSemaphore(_AT_ONCE)

    def committed(self, owner: str, name: str) -> int:
        """How many bytes are durable; a page that is whole in the data folder is put to its place first."""
        there = self._files.committed(owner, name)
        if there and self._files.has(owner, name):
            self._send(owner, name)
        elif not there:
            size = self._bucket.size(self._object(owner, name))
            return max(0, sealing.plain_size(size)) if size is not None else 0
        return there

    def append(self, owner: str, name: str, size: int, offset: int, data: bytes) -> int:
        """Add bytes durably. Returns the committed offset, ``size`` once the bucket has the page."""
        committed = self._files.append(owner, name, size, offset, data)
        if committed == size:
            self._send(owner, name)
        return committed

    def read(self, owner: str, name: str, offset: int = 0) -> Iterator[bytes]:
        """The bytes of a complete page from an offset on, in chunks."""
        here = self._files.read(owner, name, offset)
        try:
            first = next(here, b"")
        except FileNotFoundError:
            yield from self._fetched(owner, name, offset)
            return
        yield first
        yield from here

    def listed(self) -> Iterator[tuple[str, str, int]]:
        """(owner, hash, size) of every page in the bucket, and of those in the data folder that wait to be moved."""
        yield from self._files.listed()
        for key, size in self._bucket.listed(f"{self._district}/"):
            _, owner, name = key.split("/", 2)
            yield owner, name, sealing.plain_size(size)

    def move(self) -> int:
        """Put every page that is whole in the data folder to the bucket. Returns how many. Raises PagesAwayError."""
        waiting = list(self._files.listed())
        for owner, name, _ in waiting:
            self._send(owner, name)
        return len(waiting)

    def probe(self) -> None:
        """Put, read, and remove an object. Raises PagesAwayError, PageDamagedError."""
        key, data = f"{self._district}-probe", b"probe"
        self._bucket.put(key, data)
        with self._bucket.opened(key) as (_, read):
            if read(len(data)) != data:
                raise PageDamagedError(key)
        self._bucket.remove(key)

    def _object(self, owner: str, name: str) -> str:
        return f"{self._district}/{owner}/{name}"

    def _send(self, owner: str, name: str) -> None:
        key = self._object(owner, name)
        with self._room:
            try:
                data = b"".join(sealing.sealed(self._key, key, self._files.read(owner, name)))
            except FileNotFoundError:
                return  # another thread has just done it
            self._bucket.put(key, data)
        self._files.drop(owner, name)

    def _fetched(self, owner: str, name: str, offset: int) -> Iterator[bytes]:
        key, passed = self._object(owner, name), 0
        with self._bucket.opened(key) as (size, read):
            try:
                for chunk in sealing.unsealed(read, size, self._key, key):
                    rest = chunk[max(0, offset - passed) :]
                    passed += len(chunk)
                    if rest:
                        yield rest
            except SealError as error:
                raise PageDamagedError(key) from error


@contextmanager
def _told(key: str) -> Iterator[None]:
    """Translate what the client library raises. Raises FileNotFoundError, PagesAwayError."""
    try:
        yield
    except S3Error as error:
        if error.code in _ABSENT:
            raise FileNotFoundError(key) from error
        raise PagesAwayError(f"the S3 service refuses: {error.code}") from error
    except (MinioException, HTTPError, OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise PagesAwayError(f"the S3 service does not answer: {type(error).__name__}") from error
