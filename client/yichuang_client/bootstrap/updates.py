"""The newer program beside the running client: which one starts, what fetches it, when it has shown that it works.

Rules kept here: a version has shown that it works when a person is at work in its window and the district has
answered it; one that was closed before, in order, has lost no try, unless the district could not be understood.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from concurrent.futures import TimeoutError as CallTimeoutError
from pathlib import Path
from typing import TYPE_CHECKING

import yichuang_client.update
from yichuang_client.config import Config, update_ring
from yichuang_client.store.errors import StoreError
from yichuang_client.sync.desk_session import DeskSession
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.status import Line
from yichuang_client.trace import trace
from yichuang_client.update import slots
from yichuang_client.update.status import UpdateError, UpdateReason, UpdateStatus, running_version

if TYPE_CHECKING:  # its library is loaded when there is something to look for
    from yichuang_client.update.updating import Updating

_PIECE_SECONDS = 60.0


def start_newer(config: Config, arguments: Sequence[str] | None) -> int | None:
    """In the packaged client: hand over to the version of the slots. None to go on with this program."""
    if not getattr(sys, "frozen", False):
        return None
    given = sys.argv[1:] if arguments is None else list(arguments)
    return slots.hand_over(_real(config), given, running_version())


def _real(config: Config) -> Path:
    """Practice and the real desk run one program."""
    return (config.real or config.data).program


def _root(config: Config) -> Path | None:
    shipped = Path(yichuang_client.update.__file__).with_name("root.json")
    found = (shipped, (config.real or config.data).update_root)
    return next((path for path in found if path.exists()), None)


class Updates:
    """Of one running client; ``look`` and ``close`` on the window's thread."""

    def __init__(self, config: Config, session: DeskSession) -> None:
        self._config, self._session = config, session
        self._folder = _real(config)
        self._updating: Updating | None = None
        self._is_settled = False

    def status(self) -> UpdateStatus | None:
        """What is known. From any thread."""
        return self._updating.status if self._updating is not None else None

    def look(self, *, is_at_work: bool) -> None:
        """Begin once the desk is open, and say that this version works once it has."""
        if not self._session.is_running:
            return
        if self._updating is None and not self._config.data.is_practice:
            from yichuang_client.update.updating import Place, Updating

            with contextlib.suppress(StoreError):
                desk, ring = self._session.store.desk.replica, update_ring(self._config.data)
                place = Place(folder=self._folder, root=_root(self._config), desk=desk, ring=ring)
                self._updating = Updating(place, self._read, self._is_free)
                self._updating.start()
        if is_at_work and not self._is_settled and self._session.sync.status.line is Line.ONLINE:
            self._is_settled = True
            with contextlib.suppress(OSError):  # asked again at the next start
                if slots.confirm(self._folder):
                    trace("version confirmed", version=running_version())

    def close(self, *, was_at_work: bool) -> None:
        """End; what was fetched stays."""
        if self._updating is not None:
            self._updating.stop()
        is_blocked = self._session.is_running and self._session.sync.status.line is Line.BLOCKED
        if not self._is_settled and not (was_at_work and is_blocked):
            with contextlib.suppress(OSError):
                slots.take_try_back(self._folder)

    def _is_free(self) -> bool:
        if not self._session.is_running:
            return False
        status = self._session.sync.status
        return status.line is Line.ONLINE and not status.unsent and not status.pages_to_send

    def _read(self, path: str, offset: int) -> bytes:
        try:
            return self._session.sync.call(lambda t: t.read_release(path, offset)).result(_PIECE_SECONDS)
        except TransportError as error:
            is_none = error.reason is TransportReason.NOT_FOUND
            raise UpdateError(UpdateReason.NOT_FOUND if is_none else UpdateReason.OFFLINE) from error
        except (StoreError, CallTimeoutError) as error:
            raise UpdateError(UpdateReason.OFFLINE) from error
