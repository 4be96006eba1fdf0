"""The address that is printed on a receipt is answered by the district's own pages."""

from __future__ import annotations

import hashlib
import json
import secrets
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.server.test_wire import FOOD, catalogue, taking
from tests.support.district import RunningDistrict
from yichuang import codec
from yichuang.v1 import district_pb2
from yichuang_client.documents.qr import tracking_url
from yichuang_domain.organisation import District
from yichuang_server.config import ConfigError, DataFolder, ServerConfig, public_address

PROGRAM = [sys.executable, "-m", "yichuang_server"]


def test_web_serves_the_tracking_page_at_the_address_of_the_receipt(tmp_path: Path) -> None:
    district = RunningDistrict(tmp_path / "data", second_factor=False, own_address=True)
    address = district.founded["public_url"]
    assert address == f"http://127.0.0.1:{district.ports['web_port']}"
    token = secrets.token_urlsafe(16)
    district.start()
    try:
        with closing(district.desk("fengqiao", login="wuminmin")) as counter:
            profile = counter.districts.GetProfile(district_pb2.GetProfileRequest(), timeout=20)
            case, receipt = taking({item.name: item for item in catalogue(counter)[0]}[FOOD])
            receipt = replace(receipt, token_digest=hashlib.sha256(token.encode()).hexdigest())
            counter.send(counter.deed((case, 1, receipt)))
    finally:
        district.stop()
    url = tracking_url(codec.decode(District, profile.district.text).public_url, token)
    assert url == f"{address}/q/{token}"
    command = [*PROGRAM, "web", "--data", str(district.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as web:
        assert web.stdout is not None
        assert json.loads(web.stdout.readline())["web"] == address
        page, unknown = (httpx.get(address, trust_env=False) for address in (url, url[:-4] + "AAAA"))
        web.send_signal(signal.SIGTERM)
    assert page.status_code == unknown.status_code == 200
    assert FOOD in page.text
    assert receipt.number[-4:].upper() in page.text.upper()
    assert FOOD not in unknown.text


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("http://127.0.0.1:8081/", "http://127.0.0.1:8081", 8081),
        ("http://[::1]:8081", "http://[::1]:8081", 8081),
        ("https://yichuang.example.gov.cn", "https://yichuang.example.gov.cn", None),
        ("https://yichuang.example.gov.cn:8443", "https://yichuang.example.gov.cn:8443", None),
        ("http://example.gov.cn/yc/", "http://example.gov.cn/yc", None),
    ],
)
def test_an_address_with_a_port_is_served_by_the_pages_themselves(text: str, address: str, port: int | None) -> None:
    assert public_address(text) == (address, port)


@pytest.mark.parametrize(
    "text", ["", "example.gov.cn", "ftp://x", "https://", "https://x?a=1", "https://x#a", "http://x:port", "http://a@x"]
)
def test_what_is_no_address_is_refused_before_anything_is_made(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        public_address(text)
    if text:
        folder = tmp_path / "data"
        done = subprocess.run([*PROGRAM, "init", "--data", str(folder), "--public-url", text], capture_output=True)
        assert done.returncode == 1
        assert not folder.exists()
        with pytest.raises(ConfigError):
            ServerConfig.load(DataFolder(path=folder))
