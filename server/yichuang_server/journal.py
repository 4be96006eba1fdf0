"""The server's log: one line of JSON an event, on the error stream.

Rules kept here: what our own modules say is ids, counts and reasons; of what a library says only its name, its level
and the type of an error are kept, for its text may hold anything.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

OURS = "yichuang.server"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class Line(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        plain: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
        }
        if record.name.startswith(OURS):
            plain["event"] = record.getMessage()
            plain |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0] is not None:
            plain["error"] = record.exc_info[0].__name__
        return json.dumps(plain, ensure_ascii=False)


def configure(level: str) -> None:
    """Write this process's log from now on: ours from a level on, a library's warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(OURS).setLevel(level)
