"""Where a district's server keeps what it has, and on which doors it listens.

Rules kept here: one folder a district; keys, secrets and pages in sub-folders that only the server's user may read;
the offline root key in a folder of its own, to be carried away after ``init``.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class ConfigError(Exception):
    """The data folder holds no district, or one that this program cannot read."""


@dataclass(frozen=True, kw_only=True)
class DataFolder:
    """The folder given by ``--data``."""

    path: Path

    @property
    def config(self) -> Path:
        """Settings, without secrets."""
        return self.path / "server.json"

    @property
    def keys(self) -> Path:
        """Keys and certificates that the running server needs."""
        return self.path / "keys"

    @property
    def offline(self) -> Path:
        """The root key: to be carried to a safe after ``init``."""
        return self.path / "offline"

    @property
    def blobs(self) -> Path:
        """Pages, a folder an owner."""
        return self.path / "blobs"

    @property
    def releases(self) -> Path:
        """Releases of the desk's program, with what signs them."""
        return self.path / "releases"

    @property
    def secrets(self) -> Path:
        """First passwords and one-time-password secrets, to be handed out and deleted."""
        return self.path / "first-secrets.json"

    @property
    def robot(self) -> Path:
        """Device number and key of a training district's robot."""
        return self.keys / "robot.json"

    @property
    def s3_secrets(self) -> Path:
        """What the server shows the S3 service."""
        return self.keys / "s3.json"

    @property
    def s3_authority(self) -> Path:
        """The authority of the S3 service's certificate, where it is not one that the system knows."""
        return self.keys / "s3.pem"

    @property
    def pages_key(self) -> Path:
        """The key under which pages lie at the S3 service (32 bytes)."""
        return self.keys / "pages.key"

    @property
    def pending_epoch(self) -> Path:
        """The opening of a log epoch that waits for signatures, after a restore."""
        return self.path / "epoch.json"

    @property
    def pending_recovery(self) -> Path:
        """What one administrator has begun with the recovery key, until the second one does it."""
        return self.path / "recovery.json"

    @property
    def serving(self) -> Path:
        """Ports and process id of the running server."""
        return self.path / "serving.json"

    def create(self) -> None:
        """Make the folders, readable for this user alone. Raises ConfigError if a district is there already."""
        if self.config.exists():
            raise ConfigError(f"{self.path} holds a district already")
        for folder in (self.path, self.keys, self.offline, self.blobs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


@dataclass(frozen=True, kw_only=True)
class PasswordPolicy:
    """密码规矩: what the district asks of a chosen password."""

    shortest: int = 10
    """Characters."""
    kinds: int = 1
    """How many of four kinds it needs: small letters, capitals, digits, others."""
    banned: tuple[str, ...] = ("password", "passw0rd", "qwerty", "123456", "111111", "yichuang")
    """Words that no password may hold, whatever their case."""
    history: int = 0
    """How many of a person's last passwords may not come again."""
    days: int = 0
    """After how many days a password must be changed; 0 for never."""

    def __post_init__(self) -> None:
        if not (8 <= self.shortest <= 128 and 1 <= self.kinds <= 4 and 0 <= self.history <= 24 and self.days >= 0):
            raise ValueError("passwords: shortest 8 to 128, kinds 1 to 4, history 0 to 24, days 0 or more")


@dataclass(frozen=True, kw_only=True)
class PagesOnS3:
    """Where pages lie, instead of in the data folder: a bucket behind the S3 protocol. Its secrets stand elsewhere."""

    endpoint: str
    """``https://HOST:PORT``; ``http`` only on this machine."""
    bucket: str
    region: str = "us-east-1"

    def __post_init__(self) -> None:
        parts = urlsplit(self.endpoint)
        is_near = parts.hostname in {"127.0.0.1", "::1", "localhost"}
        if parts.scheme not in ({"http", "https"} if is_near else {"https"}) or parts.path.strip("/") or parts.query:
            raise ValueError("s3: endpoint must be https://HOST:PORT (http only on this machine)")
        if not (parts.hostname and self.bucket and self.region):
            raise ValueError("s3: endpoint, bucket and region are needed")


@dataclass(frozen=True, kw_only=True)
class ServerConfig:
    """Settings of one district's server."""

    district: str
    """Six digits of GB/T 2260."""
    database: str
    """URL of SQLAlchemy: ``sqlite:///…`` or ``postgresql+psycopg://…``."""
    hosts: tuple[str, ...]
    """Names and addresses by which desks reach the server; they stand in its certificate."""
    listen: str = "0.0.0.0"
    port: int = 7443
    """The ordinary door: a desk's certificate is needed."""
    enrolment_port: int = 7444
    """The door of ``Enrol`` alone."""
    web_listen: str = "127.0.0.1"
    web_port: int = 8080
    """The public pages."""
    metrics_port: int = 0
    """Of Prometheus' metrics on 127.0.0.1; 0 for none."""
    robot_pace: float = 1.0
    """Factor of the delays of a training district's robot; 0 for no robot."""
    synchronous_standby: bool = False
    """Whether what a synchronous standby of PostgreSQL has counts as durable, as a backup does.

    Only where the pages too lie on storage that outlives this machine."""
    fetch_at_once: int = 8
    """How many desks may fetch the catalogue at once; the others are told when to come again."""
    passwords: PasswordPolicy = field(default_factory=PasswordPolicy)
    s3: PagesOnS3 | None = None
    """Where pages lie; in the data folder for none."""

    def __post_init__(self) -> None:
        if not 1 <= self.fetch_at_once <= 10_000:
            raise ValueError("fetch_at_once: 1 to 10000")

    def save(self, folder: DataFolder) -> None:
        """Write the settings into the data folder."""
        write_private(folder.config, json.dumps(asdict(self), ensure_ascii=False, indent=1).encode())

    @classmethod
    def read(cls, plain: dict[str, Any]) -> ServerConfig:
        """The settings out of their plain form. Raises ValueError, TypeError, KeyError."""
        given, place = plain.get("passwords", {}), plain.get("s3")
        policy = PasswordPolicy(**{**given, **({"banned": tuple(given["banned"])} if "banned" in given else {})})
        s3 = PagesOnS3(**place) if place else None
        return cls(**{**plain, "hosts": tuple(plain["hosts"]), "passwords": policy, "s3": s3})

    @classmethod
    def load(cls, folder: DataFolder) -> ServerConfig:
        """Read the settings. Raises ConfigError if there are none."""
        try:
            return cls.read(json.loads(folder.config.read_bytes()))
        except ValueError as error:
            raise ConfigError(f"{folder.config} cannot be read: {error}") from error
        except (OSError, TypeError, KeyError) as error:
            raise ConfigError(f"{folder.path} holds no district: run yichuang-server init") from error


def public_address(text: str) -> tuple[str, int | None]:
    """Where citizens follow a case, without a slash at the end, and the port at which the pages must be served there.

    ``http://HOST:PORT`` is answered by this server itself; every other address by a proxy in front of it (no port).
    Raises ConfigError for what is no address: it is printed on every receipt.
    """
    parts = urlsplit(text)
    try:
        port = parts.port
    except ValueError as error:
        raise ConfigError(f"not an address: {text}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ConfigError(f"not an address like https://HOST or http://HOST:PORT: {text}")
    is_direct = parts.scheme == "http" and not parts.path.strip("/")
    return text.rstrip("/"), port if is_direct else None


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only this user may read, durably, in one step."""
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def public_data() -> Path:
    """The project's own public data: holiday notices, catalogues, samples."""
    return Path(__file__).resolve().parents[2] / "data"
