"""TLS on the doors of a running server, as scanners from the distribution see it, and what the doors do not answer."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import grpc
import pytest

from tests.support.desks import Keys, enrol
from tests.support.district import RunningDistrict
from yichuang_server.api import TLS_12_SUITES

TLS_13_SUITES = frozenset({"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"})
REFLECTION = ("grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A district that serves, and the identity of a desk of it."""

    district: RunningDistrict
    certificate: Path
    key: Path

    @property
    def doors(self) -> tuple[int, int]:
        """The ordinary one and the one of enrolment."""
        return self.district.ports["port"], self.district.ports["enrolment_port"]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """A district that was started with an environment that asks for a weak suite."""
    folder = tmp_path_factory.mktemp("district")
    running = RunningDistrict(folder / "data", items=False)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GRPC_SSL_CIPHER_SUITES", "ECDHE-ECDSA-AES128-SHA")
        running.start()
    keys = Keys()
    enrolled = enrol(running.root, running.ports["enrolment_port"], running.code("hall"), keys)
    (folder / "desk.pem").write_bytes(enrolled.certificate_chain)
    (folder / "desk.key").write_bytes(keys.tls_pem())
    yield Shown(district=running, certificate=folder / "desk.pem", key=folder / "desk.key")
    running.stop()


def scanned(door: int) -> ElementTree.Element:
    """What sslscan finds at a door."""
    done = subprocess.run(["sslscan", "--xml=-", f"127.0.0.1:{door}"], capture_output=True, timeout=60, check=True)
    found = ElementTree.fromstring(done.stdout).find("ssltest")
    assert found is not None
    return found


def taken(shown: Shown, door: int) -> set[str]:
    """The suites of TLS 1.2 that a desk with its certificate can have, each tried alone; sslscan shows none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    names = [suite["name"] for suite in context.get_ciphers() if suite["protocol"] != "TLSv1.3"]
    assert len(names) > 50
    return {name for name in names if _shakes_hands(shown, door, name)}


def _shakes_hands(shown: Shown, door: int, suite: str) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=shown.district.root.decode())
    context.load_cert_chain(shown.certificate, shown.key)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(f"{suite}:@SECLEVEL=0")
    context.set_alpn_protocols(["h2"])
    with socket.create_connection(("127.0.0.1", door), timeout=20) as plain:
        try:
            with context.wrap_socket(plain, server_hostname="localhost") as secure:
                return secure.cipher() is not None
        except (ssl.SSLError, ConnectionError):
            return False


def test_every_door_offers_our_suites_and_no_other(shown: Shown) -> None:
    for door in shown.doors:
        found = scanned(door)
        versions = {
            (one.get("type"), one.get("version")) for one in found.iter("protocol") if one.get("enabled") == "1"
        }
        assert versions == {("tls", "1.2"), ("tls", "1.3")}
        suites = {(one.get("sslversion"), one.get("cipher")) for one in found.iter("cipher")}
        assert {suite for version, suite in suites if version == "TLSv1.3"} == TLS_13_SUITES
        assert {suite for version, suite in suites if version != "TLSv1.3"} <= set(TLS_12_SUITES)
        assert taken(shown, door) == set(TLS_12_SUITES)
        assert {one.get("vulnerable") for one in found.iter("heartbleed")} == {"0"}
        assert {one.get("supported") for one in found.iter("renegotiation")} == {"0"}


@pytest.mark.long
def test_testssl_knows_no_weakness_of_the_doors(shown: Shown, tmp_path: Path) -> None:
    for door in shown.doors:
        report = tmp_path / f"{door}.json"
        command = ["testssl", "--quiet", "--warnings", "off", "--protocols", "--std", "--vulnerable"]
        command += ["--jsonfile", str(report), f"127.0.0.1:{door}"]
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=900, check=False)
        found = {row["id"]: row["severity"] for row in json.loads(report.read_text())}
        assert {"SSLv3", "TLS1_1", "TLS1_2", "cipherlist_NULL", "heartbleed", "ROBOT", "LUCKY13"} <= found.keys()
        bad = {name: severity for name, severity in found.items() if severity not in {"OK", "INFO", "DEBUG"}}
        # what asks for a whole connection without a certificate cannot be tried at the ordinary door
        untried = {"BREACH", "secure_client_renego"} if door == shown.doors[0] else set()
        assert {name: severity for name, severity in bad.items() if (name, severity) not in _warned(untried)} == {}


def _warned(names: set[str]) -> set[tuple[str, str]]:
    return {(name, "WARN") for name in names}


def test_no_door_answers_reflection(shown: Shown) -> None:
    certificate, key = shown.certificate.read_bytes(), shown.key.read_bytes()
    credentials = grpc.ssl_channel_credentials(shown.district.root, key, certificate)
    for door in shown.doors:
        with grpc.secure_channel(f"127.0.0.1:{door}", credentials) as channel:
            for service in REFLECTION:
                call: Any = channel.stream_stream(f"/{service}/ServerReflectionInfo")
                with pytest.raises(grpc.RpcError) as caught:
                    list(call(iter([b"\x3a\x00"]), timeout=20))
                assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_a_desk_offers_our_suites_and_no_other(shown: Shown) -> None:
    heard: list[bytes] = []

    def listen() -> None:
        caller, _ = door.accept()
        with caller:
            heard.append(caller.recv(4096))

    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(60)
        listener = threading.Thread(target=listen)
        listener.start()
        # a process of its own: gRPC reads the suites when it is first imported
        command = [sys.executable, "-c", _CALL, str(door.getsockname()[1]), str(shown.certificate)]
        subprocess.run(command, timeout=60, check=True)
        listener.join()
    assert offered(heard[0]) == {0xC02B, 0xC02C, 0xCCA9, 0x1301, 0x1302, 0x1303}


_CALL = """
import pathlib, sys
from yichuang_client.sync.channels import Address, open_blocking_channel
import grpc
root = pathlib.Path(sys.argv[2]).read_bytes()
address = Address(host="127.0.0.1", port=int(sys.argv[1]), root_certificate=root)
with open_blocking_channel(address) as channel:
    try:
        channel.unary_unary("/a/b")(b"", timeout=20)
    except grpc.RpcError:
        pass
"""


def offered(hello: bytes) -> set[int]:
    """The suites of a ClientHello, by their numbers (IANA)."""
    start = 5 + 4 + 2 + 32
    start += 1 + hello[start]
    size = int.from_bytes(hello[start : start + 2])
    suites = hello[start + 2 : start + 2 + size]
    return {int.from_bytes(suites[at : at + 2]) for at in range(0, size, 2)}
