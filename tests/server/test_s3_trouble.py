"""Pages on S3 when the service is hostile or away: every wait and every number of tries ends, no secret is told."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from yichuang_server.bootstrap import open_house
from yichuang_server.config import ConfigError, DataFolder, PagesOnS3, ServerConfig
from yichuang_server.store import sealing
from yichuang_server.store.blobs import BlobFiles, PagesAwayError, WrongHashError
from yichuang_server.store.s3_pages import Patience, S3Pages, S3Secrets, connect, read_secrets

OWNER, DATA = "c" * 32, b"page" * 1000
NAME = hashlib.sha256(DATA).hexdigest()
SECRETS = S3Secrets(access_key="who", secret_key="never-told")


class Service(ThreadingHTTPServer):
    """A service that answers every request with one status, or with none."""

    daemon_threads = True
    status = 503
    asked = 0


class _Answer(BaseHTTPRequestHandler):
    server: Service

    def do_PUT(self) -> None:
        """Answer as the service was told to."""
        self.server.asked += 1
        if not self.server.status:
            threading.Event().wait(5)
            return
        self.send_response(self.server.status)
        self.send_header("Retry-After", "3600")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_PUT

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(status: int) -> Iterator[Service]:
    """A service on a free port."""
    service = Service(("127.0.0.1", 0), _Answer)
    service.status = status
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield service
    finally:
        service.shutdown()
        thread.join()
        service.server_close()


def pages(service: Service, folder: Path) -> S3Pages:
    """Pages at a service, of short patience."""
    place = PagesOnS3(endpoint=f"http://127.0.0.1:{service.server_port}", bucket="pages")
    bucket = connect(place, SECRETS, patience=Patience(connect_s=0.5, answer_s=0.2, retries=1))
    return S3Pages("330402", BlobFiles(folder), bucket, bytes(32))


@pytest.mark.parametrize("status", [503, 403, 0])
def test_a_service_that_does_not_serve_is_told_in_bounded_time_and_the_page_stays_here(
    status: int, tmp_path: Path
) -> None:
    with serving(status) as service:
        store = pages(service, tmp_path)
        assert store.append(OWNER, NAME, 4000, 0, DATA[:1500]) == 1500  # a half page needs no service
        with pytest.raises(PagesAwayError) as caught:
            store.append(OWNER, NAME, 4000, 1500, DATA[1500:])
        assert service.asked == (1 if status == 403 else 2)
        assert "never-told" not in repr(caught.value) and "never-told" not in repr(SECRETS)
        with pytest.raises(PagesAwayError):
            store.committed(OWNER, NAME)  # not complete before the service has it
        assert BlobFiles(tmp_path).has(OWNER, NAME)


def test_other_bytes_never_reach_the_service(tmp_path: Path) -> None:
    with serving(200) as service:
        store = pages(service, tmp_path)
        with pytest.raises(WrongHashError):
            store.append(OWNER, NAME, 4000, 0, bytes(4000))
        assert service.asked == 0


def test_a_service_that_says_yes_and_keeps_nothing_is_found_out(tmp_path: Path) -> None:
    with serving(200) as service, pytest.raises(PagesAwayError, match="did not keep"):
        pages(service, tmp_path).append(OWNER, NAME, 4000, 0, DATA)
    assert BlobFiles(tmp_path).has(OWNER, NAME)


def test_secrets_that_others_can_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "s3.json"
    path.write_text(json.dumps({"access_key": "who", "secret_key": "never-told"}))
    path.chmod(0o640)
    with pytest.raises(ConfigError, match="may be read by others"):
        read_secrets(path)
    path.chmod(0o600)
    assert read_secrets(path) == SECRETS
    path.write_text("{}")
    with pytest.raises(ConfigError, match="holds no access_key"):
        read_secrets(path)


@pytest.mark.parametrize("endpoint", ["http://s3.example.gov.cn", "ftp://127.0.0.1", "https://", "https://a/path"])
def test_a_place_without_tls_or_that_is_no_address_is_refused(endpoint: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="s3: endpoint"):
        PagesOnS3(endpoint=endpoint, bucket="pages")
    folder = DataFolder(path=tmp_path)
    plain = {"district": "330402", "database": "sqlite:///x", "hosts": [], "s3": {"endpoint": endpoint, "bucket": "p"}}
    folder.config.write_text(json.dumps(plain))
    with pytest.raises(ConfigError, match="s3: endpoint"):
        ServerConfig.load(folder)
    with pytest.raises(ConfigError):
        open_house(folder)


@pytest.mark.parametrize("size", [0, 1, 256 * 1024, 256 * 1024 + 1, 600_000])
def test_the_size_of_a_page_is_known_from_its_sealed_form(size: int) -> None:
    sealed = b"".join(sealing.sealed(bytes(32), "name", iter([bytes(size)])))
    assert sealing.plain_size(len(sealed)) == size
