"""A real S3 service for one test process: OpenStack Swift of the distribution with its s3api, on free ports.

Rules kept here: four servers and a memcached as processes of their own, ended with the context; everything lies in a
temporary folder whose file system keeps extended attributes; as root it runs as ``nobody``
there.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ACCESS, SECRET = "district:server", "a-secret-of-the-tests"
KINDS = ("account", "container", "object")
_RINGS = """
import sys
from swift.common.ring import RingBuilder
for kind, port in (pair.split(":") for pair in sys.argv[2:]):
    builder = RingBuilder(2, 1, 1)
    builder.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": int(port), "device": "disk", "weight": 1})
    builder.rebalance()
    builder.get_ring().save(f"{sys.argv[1]}/{kind}.ring.gz")
"""
_COMMON = "bind_ip = 127.0.0.1\nbind_port = {port}\nworkers = 0\nswift_dir = {folder}\nlog_level = ERROR\n"
_PROXY = """[pipeline:main]
pipeline = catch_errors cache s3api tempauth proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{cache}
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_{account}_{user} = {secret} .admin
"""


@dataclass(frozen=True, kw_only=True)
class Swift:
    """A service that runs."""

    port: int

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


def free_ports(count: int) -> list[int]:
    """Ports that nobody has now."""
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in taken]


@contextmanager
def running() -> Iterator[Swift]:
    """A service without any bucket, while the context lasts."""
    folder = Path(tempfile.mkdtemp(prefix="yc-swift-", dir="/tmp"))
    proxy, cache, *storage = free_ports(5)
    ports = dict(zip(KINDS, storage, strict=True))
    try:
        _configure(folder, proxy, cache, ports)
        names = [f"{kind}:{port}" for kind, port in ports.items()]
        subprocess.run(["/usr/bin/python3", "-c", _RINGS, str(folder), *names], check=True, capture_output=True)
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", "nobody:", str(folder)], check=True)
        with ExitStack() as stack:
            memory = ["/usr/bin/memcached", "-U", "0", "-l", "127.0.0.1", "-p", str(cache), "-m", "8"]
            stack.enter_context(_process(memory, folder))
            for kind in ("proxy", *KINDS):
                server = [f"/usr/bin/swift-{kind}-server", str(folder / f"{kind}-server.conf")]
                stack.enter_context(_process(server, folder))
            for port in (proxy, cache, *storage):
                _await(port)
            yield Swift(port=proxy)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configure(folder: Path, proxy: int, cache: int, ports: dict[str, int]) -> None:
    (folder / "devices" / "disk").mkdir(parents=True)
    hashing = "[swift-hash]\nswift_hash_path_suffix = tests\nswift_hash_path_prefix = tests\n"
    (folder / "swift.conf").write_text(hashing)
    account, user = ACCESS.split(":")
    common = "[DEFAULT]\n" + _COMMON.format(port=proxy, folder=folder)
    text = common + _PROXY.format(cache=cache, account=account, user=user, secret=SECRET)
    (folder / "proxy-server.conf").write_text(text)
    for kind, port in ports.items():
        common = "[DEFAULT]\n" + _COMMON.format(port=port, folder=folder)
        own = f"devices = {folder / 'devices'}\nmount_check = false\ndisable_fallocate = true\n"
        app = f"[pipeline:main]\npipeline = {kind}-server\n[app:{kind}-server]\nuse = egg:swift#{kind}\n"
        (folder / f"{kind}-server.conf").write_text(common + own + app)


@contextmanager
def _process(command: list[str], folder: Path) -> Iterator[None]:
    as_other = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"] if os.getuid() == 0 else []
    with open(folder / "log", "ab") as log:
        process = subprocess.Popen([*as_other, *command], stdout=log, stderr=log, cwd=folder)
        try:
            yield
        finally:
            process.kill()
            process.wait()


def _await(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise RuntimeError("Swift does not start: apt-get install swift-proxy swift-account swift-container swift-object")
