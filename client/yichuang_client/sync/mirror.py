"""Second copy (存两处): what the district does not have yet, written as it is saved to a second place.

Rules kept here: the copy is the bundle that a stick would carry, so that the district takes it when this disk is dead;
a deed counts as kept twice only when its file is durable there; what has reached the district is taken away; whatever
fails there is told and tried again, and never holds up the desk.
"""

from __future__ import annotations

import contextlib
import errno
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from yichuang import bundle
from yichuang.bundle import BundleError
from yichuang_client.store.errors import StoreError
from yichuang_client.store.exchange_values import BlobName
from yichuang_client.store.store import Store
from yichuang_client.sync.bundles import Outgoing, medium
from yichuang_client.sync.loop import SyncLoop
from yichuang_client.sync.status import StatusChanged
from yichuang_client.trace import trace

FOLDER = "mirror_folder"
"""Under which name the store keeps where the second copy lies."""
RETRY_SECONDS = 5.0
MOST_FILES = 32
"""Files of deeds before they are written as one."""


class MirrorState(Enum):
    """How the second copy is."""

    OFF = "OFF"
    CURRENT = "CURRENT"
    """存两处: all that waits lies there too, durable."""
    BEHIND = "BEHIND"
    """Something was saved that is not there yet."""
    GONE = "GONE"
    """The place cannot be written."""


@dataclass(frozen=True, kw_only=True)
class MirrorStatus:
    """The state of the second copy."""

    state: MirrorState
    folder: str = ""
    behind: int = 0
    """Deeds and pages that are not there."""


@dataclass(kw_only=True)
class _Copy:
    """A file there."""

    path: Path
    first: int
    last: int
    """Seqs that it holds; 0 for a file of pages."""
    pages: frozenset[BlobName]


class Mirror:
    """Keeps the second copy of one open store, in a thread of its own."""

    def __init__(self, store: Store, now: Callable[[], datetime], told: Callable[[], None]) -> None:
        """``told`` is called from the thread when the state has changed."""
        self._store = store
        self._now = now
        self._told = told
        self._copies: list[_Copy] = []
        self._begun = ""
        """The folder, and the desk's number in it, that was begun anew by this run."""
        self._wake = threading.Event()
        self._is_ended = False
        self._status = MirrorStatus(state=MirrorState.OFF)
        self._thread = threading.Thread(target=self._run, name="mirror", daemon=True)

    @property
    def status(self) -> MirrorStatus:
        """The state as last told."""
        return self._status

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for the thread."""
        self._is_ended = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(10.0)

    def wake(self) -> None:
        """Something was saved, or answered."""
        self._wake.set()

    def choose(self, folder: str) -> None:
        """Keep the second copy there from now on; empty for nowhere. Raises StoreError."""
        self._store.meta.keep(FOLDER, folder)
        self._wake.set()

    def copy_once(self) -> MirrorStatus:
        """Bring the second copy up to date. Raises StoreError."""
        folder = self._store.meta.text(FOLDER)
        if not folder:
            return MirrorStatus(state=MirrorState.OFF)
        try:
            with medium():
                self._copy(Path(folder))
        except BundleError as error:
            trace("mirror failed", flaw=error.flaw.value)
            self._begun = ""
            return MirrorStatus(state=MirrorState.GONE, folder=folder, behind=self._behind())
        behind = self._behind()
        state = MirrorState.BEHIND if behind else MirrorState.CURRENT
        return MirrorStatus(state=state, folder=folder, behind=behind)

    def _run(self) -> None:
        while not self._is_ended:
            self._wake.clear()
            try:
                self._say(self.copy_once())
            except StoreError as error:
                trace("mirror stopped", reason=error.reason.value)
            self._wake.wait(RETRY_SECONDS)

    def _say(self, status: MirrorStatus) -> None:
        if status != self._status:
            self._status = status
            trace("mirror", state=status.state.value, behind=status.behind)
            self._told()

    def _copy(self, folder: Path) -> None:
        if not folder.is_dir():
            raise FileNotFoundError(errno.ENOENT, "no such folder")
        if not all(copy.path.exists() for copy in self._copies):
            self._begun = ""  # another medium, or somebody took files away
        out = Outgoing(self._store)
        before: list[Path] = []
        place = str(folder / out.stem)
        if self._begun != place:
            before = [old for old in folder.glob(f"{out.stem}-*{bundle.SUFFIX}") if bundle.IS_ANSWER not in old.name]
            self._copies = []
        files = [copy for copy in self._copies if copy.last]
        last = 0 if len(files) >= MOST_FILES else max((copy.last for copy in files), default=0)
        batches = list(out.batches(last))
        if batches and batches[0][0].seq <= last:
            batches = list(out.batches())
        fresh: list[_Copy] = []
        if batches:
            first, newest = batches[0][0].seq, batches[-1][-1].seq
            path = folder / f"{out.stem}-mirror-{first:08d}-{newest:08d}{bundle.SUFFIX}"
            with out.writing(path, self._now()) as writer:
                out.put_deeds(writer, batches)
            fresh.append(_Copy(path=path, first=first, last=newest, pages=frozenset()))
        known = {name for copy in self._copies for name in copy.pages}
        pages = [page for page in self._store.pages.to_carry() if page.name not in known]
        while pages:
            path = folder / f"{out.stem}{bundle.IS_PAGES}{self._now():%Y%m%d%H%M%S%f}{bundle.SUFFIX}"
            with out.writing(path, self._now()) as writer:
                rest = out.put_pages(writer, pages)
            put = frozenset(page.name for page in pages[: len(pages) - len(rest)])
            fresh.append(_Copy(path=path, first=0, last=0, pages=put))
            pages = rest
        self._copies += fresh
        self._begun = place
        self._tidy([old for old in before if all(old != copy.path for copy in fresh)])

    def _tidy(self, before: list[Path]) -> None:
        """Take away what has reached the district, or lies there in a newer file."""
        waiting = {deed.seq for deeds in Outgoing(self._store).batches() for deed in deeds}
        unsent = {page.name for page in self._store.pages.to_carry()}
        kept: list[_Copy] = []
        for number, copy in enumerate(self._copies):
            newer = [c for c in self._copies[number + 1 :] if c.first and c.first <= copy.first and copy.last <= c.last]
            deeds = waiting.intersection(range(copy.first, copy.last + 1)) if copy.last and not newer else set()
            if deeds or copy.pages & unsent:
                kept.append(copy)
            else:
                before.append(copy.path)
        self._copies = kept
        stays = {copy.path for copy in kept}
        for path in before:
            if path not in stays:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)

    def _behind(self) -> int:
        there = [(copy.first, copy.last) for copy in self._copies if copy.last] if self._begun else []
        held = {name for copy in self._copies for name in copy.pages} if self._begun else set()
        seqs = self._store.outbox.waiting_seqs()
        deeds = sum(not any(first <= seq <= last for first, last in there) for seq in seqs)
        return deeds + sum(page.name not in held for page in self._store.pages.to_carry())


def beside(sync: SyncLoop, store: Store, now: Callable[[], datetime]) -> Mirror:
    """A mirror that runs beside a sync loop: both are woken by what is saved."""
    mirror = Mirror(store, now, lambda: sync.events.put(StatusChanged(status=sync.status)))

    def saved() -> None:
        sync.wake()
        mirror.wake()

    store.on_appended = saved
    mirror.start()
    return mirror
