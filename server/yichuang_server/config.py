"""Where the district lives: data folder, database, ports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class ServerConfig:
    """Settings of one server process."""

    data: Path
    """Folder of keys, pages and, by default, the database."""
    database: str
    """SQLAlchemy URL; SQLite in the data folder by default."""
    host: str = "127.0.0.1"
    port: int = 8443
    """mTLS, for everything."""
    enrolment_port: int = 8444
    """Server TLS only, for Enrol alone."""
    web_port: int = 0
    """Public pages; 0 for none."""

    @classmethod
    def of(cls, data: Path, database: str = "", **ports: int | str) -> ServerConfig:
        """The settings for a data folder."""
        url = database or f"sqlite:///{data / 'district.db'}"
        return cls(data=data, database=url, **ports)  # type: ignore[arg-type]
