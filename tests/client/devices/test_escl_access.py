"""eSCL scanners that ask for a password, show a certificate of their own, or pack what they send."""

from __future__ import annotations

import hashlib
import os
import ssl
from pathlib import Path

import httpx
import pytest

from tests.client.devices.test_escl import driver, feeder, never, scan
from tests.support.escl_scanner import SHEETS, ESCLScanner
from tests.support.page_sink import Pages
from yichuang_client.config import DataFolder
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.escl_client import read_address
from yichuang_client.devices.settings import DeviceSettings

LOGIN = ("扫描", 'se:cr"et')


@pytest.fixture
def login_file(tmp_path: Path) -> Path:
    file = tmp_path / "scanner.login"
    file.touch(mode=0o600)
    file.write_text(f"{LOGIN[0]}:{LOGIN[1]}\n", encoding="utf-8")
    return file


def pin(folder: Path) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert((folder / "cert.pem").read_text(encoding="ascii"))).hexdigest()


def trouble_at(url: str) -> tuple[Trouble, str]:
    with pytest.raises(DeviceError) as caught:
        driver().scan(feeder(url), Pages(), never)
    return caught.value.trouble, caught.value.detail


@pytest.mark.parametrize("way", ["Basic", "MD5", "SHA-256"])
def test_a_password_is_given_to_a_scanner_that_is_known(way: str, tmp_path: Path, login_file: Path) -> None:
    with ESCLScanner(certificate=tmp_path, login=LOGIN, login_way=way) as scanner:
        url = f"{scanner.url}#sha256={pin(tmp_path)}&login={login_file}"
        pages = Pages()
        assert driver().scan(feeder(url), pages, never) == SHEETS
        login_file.write_text(f"{LOGIN[0]}:wrong", encoding="utf-8")
        assert trouble_at(url)[0] is Trouble.ACCESS
        asked = len(scanner.log)
        assert trouble_at(url)[0] is Trouble.ACCESS
        assert len(scanner.log) - asked == 2  # once without it, once with it: a wrong one is not tried again and again


@pytest.mark.parametrize("way", ["MD5", "SHA-256"])
def test_the_simulated_password_is_what_another_client_understands(way: str, tmp_path: Path) -> None:
    with ESCLScanner(certificate=tmp_path, login=("abc", "def"), login_way=way, has_basic=False) as scanner:
        auth = httpx.DigestAuth("abc", "def")
        assert httpx.get(f"{scanner.url}/ScannerStatus", auth=auth, verify=False).status_code == 200


def test_no_password_goes_to_a_scanner_that_is_not_known(tmp_path: Path, login_file: Path) -> None:
    with ESCLScanner(certificate=tmp_path, login=LOGIN, login_way="Basic") as scanner:
        assert trouble_at(f"{scanner.url}#login={login_file}") == (
            Trouble.ACCESS,
            "a password needs the certificate's sha256",
        )
        assert trouble_at(f"{scanner.url}#sha256={'0' * 64}&login={login_file}") == (
            Trouble.ACCESS,
            f"another certificate: sha256={pin(tmp_path)}",
        )
        assert scanner.log == []
        login_file.chmod(0o644)
        known = f"{scanner.url}#sha256={pin(tmp_path)}&login={login_file}"
        assert trouble_at(known) == (Trouble.ACCESS, "password file is open to others")
        os.remove(login_file)
        assert trouble_at(known) == (Trouble.ACCESS, "password file")


def test_a_pinned_scanner_is_the_one_that_was_meant(tmp_path: Path) -> None:
    with ESCLScanner(certificate=tmp_path) as scanner:
        pages = Pages()
        assert driver().scan(feeder(f"{scanner.url}#sha256={pin(tmp_path)}"), pages, never) == SHEETS


def test_what_is_packed_is_unpacked() -> None:
    for is_chunked in (False, True):
        with ESCLScanner(is_packed=True, is_chunked=is_chunked) as scanner:
            assert len(scan(scanner).frames) == SHEETS


def test_the_addresses_of_the_settings(tmp_path: Path) -> None:
    rows = {
        f'escl = "https://a"\nsha256 = "{"AB:" * 31}AB"': f"https://a/eSCL#sha256={'ab' * 32}",
        'escl = "a"\nlogin_file = "/etc/x y"': "https://a/eSCL#login=/etc/x%20y",
        'escl = "http://a"\nlogin_file = "/etc/x"': None,
        'escl = "https://a"\nsha256 = "abc"': None,
    }
    for text, device in rows.items():
        (tmp_path / "config.toml").write_text(f"[[scanner]]\n{text}\n", encoding="utf-8")
        settings = DeviceSettings(DataFolder(root=tmp_path))
        assert [scanner.device for scanner in settings.scanners] == ([device] if device else []), text
        assert settings.is_readable is (device is not None)
    assert read_address("https://a#login=/etc/x%20y").login_file == "/etc/x y"
    for text in ("http://a#sha256=" + "0" * 64, "https://a#secret=1", "https://a#sha256=1"):
        with pytest.raises(DeviceError):
            read_address(text)
