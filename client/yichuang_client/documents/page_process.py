"""页面进程: prepares one page after the other in a process of its own, seen from the owner's side and from inside.

Rules kept here: the pixels lie in memory that both share, or in a scanner's, and are not copied again; a page that has
a vault is written by the process, the key coming by the pipe with each page and going with it; a process that dies or
falls silent is replaced and the page tried again, once: a page that kills its process twice is told; the owner never
loads the image libraries, and has the processors first.
"""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass, field
from multiprocessing.context import SpawnProcess

import numpy

from yichuang_client.documents.pages import PreparedPage, RawPage, Vault
from yichuang_client.processes import PipeEnd, stand_alone, step_back
from yichuang_client.shared_memory import SharedMemory, borrow

ANSWER_SECONDS = 60.0
"""The longest that a page may take; an A4 page takes a tenth of a second, a cold start half a second."""

IDLE_SECONDS = 60.0
"""A process with nothing to do ends after this time: its libraries take fifty megabytes."""

_ROOM_BYTES = 1 << 30
"""Room for one page."""


class PageWorkError(Exception):
    """页面处理不了: the process died twice over a page."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """任务: where the pixels are and how they are to be read, and what is wanted besides the page."""

    shape: tuple[int, ...]
    dtype: str
    dpi: int
    view: tuple[int, int]
    """Box for a picture to look at, (0, 0) for none."""
    vault: Vault | None = field(repr=False)
    """Where to write the page."""
    is_lent: bool = False
    """Whether they lie in the memory that was borrowed last, else in the room."""
    offset: int = 0
    """Where in it."""


@dataclass(frozen=True, kw_only=True)
class Borrow:
    """Message: a scanner's memory follows."""


class PageProcess:
    """One process; one page at a time."""

    def __init__(self, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        """Nothing is started yet. Raises OSError when the system has no memory to share."""
        self._answer_seconds = answer_seconds
        self._room = SharedMemory(_ROOM_BYTES)
        self._filled = 0
        """How far the room was written."""
        self._process: SpawnProcess | None = None
        self._pipe: PipeEnd | None = None
        self._lender: SharedMemory | None = None
        """In which the page lies that was loaded, None: in the room."""
        self._known: SharedMemory | None = None
        """The scanner's memory that the process has borrowed."""

    @property
    def process_id(self) -> int | None:
        """Process id, None when none is running."""
        return self._process.pid if self._process is not None and self._process.is_alive() else None

    def start(self) -> None:
        """Start the process unless it runs; returns at once."""
        if self.process_id is not None:
            return
        self._end()
        spawn = multiprocessing.get_context("spawn")
        self._pipe, far_end = spawn.Pipe()
        self._process = spawn.Process(target=serve, args=(far_end, self._room), name="yichuang-page", daemon=True)
        self._process.start()
        far_end.close()  # so that the process's end is seen as the end of the pipe

    def load(self, raw: RawPage, view: tuple[int, int], vault: Vault | None = None) -> Task:
        """Copy a page into the memory that both share, unless it is lent. Raises ValueError for what is no page."""
        pixels = raw.pixels
        self._lender = raw.lent.memory if raw.lent is not None else None
        if raw.lent is not None:
            return Task(
                shape=pixels.shape,
                dtype=str(pixels.dtype),
                dpi=raw.dpi,
                view=view,
                vault=vault,
                is_lent=True,
                offset=raw.lent.offset,
            )
        if not 0 < pixels.nbytes <= self._room.size:
            raise ValueError(f"no page: {pixels.nbytes} bytes")
        self._room.make_room(0, pixels.nbytes)
        self._filled = max(self._filled, pixels.nbytes)
        numpy.copyto(numpy.ndarray(pixels.shape, pixels.dtype, buffer=self._room.view), pixels)
        return Task(shape=pixels.shape, dtype=str(pixels.dtype), dpi=raw.dpi, view=view, vault=vault)

    def prepare(self, task: Task) -> PreparedPage:
        """Prepare the page that was loaded. Raises ValueError (no page), PageWorkError, what the vault raises."""
        for _ in range(2):
            answer = self._ask(task)
            if isinstance(answer, PreparedPage):
                return answer
            if isinstance(answer, Exception):
                raise answer
            if answer is not None:
                raise ValueError(answer)
            self._end()
        raise PageWorkError(f"{task.shape} of {task.dtype}")

    def _ask(self, task: Task) -> PreparedPage | Exception | str | None:
        """The page, or why there is none; None when the process died or was killed for its silence."""
        self.start()
        if self._pipe is None:
            return None
        try:
            self._lend(self._pipe)
            self._pipe.send(task)
            if not self._pipe.poll(self._answer_seconds):
                return None
            answer: PreparedPage | Exception | str = self._pipe.recv()
        except (EOFError, OSError):
            return None
        return answer

    def _lend(self, pipe: PipeEnd) -> None:
        """Let the process have the scanner's memory in which the page lies, unless it has."""
        lender, process_id = self._lender, self.process_id
        if lender is not None and lender is not self._known and process_id is not None:
            pipe.send(Borrow())
            lender.lend(pipe, process_id)
            self._known = lender

    def clear(self) -> None:
        """Forget the last page's pixels."""
        self._room.clear(0, self._room.size, self._filled)
        self._filled = 0

    def close(self) -> None:
        """End the process and free the memory."""
        self._end()
        self._room.close()

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._process = self._pipe = self._known = None


def serve(pipe: PipeEnd, room: SharedMemory) -> None:
    """Prepare pages until there is nothing to do or the owner is gone; the target of the spawned process."""
    from yichuang_client.documents.page_pipeline import NotKept, keep_freed_memory, prepare_page, run_alone

    stand_alone()
    step_back()
    keep_freed_memory()
    run_alone()
    lent = room.view
    try:
        while pipe.poll(IDLE_SECONDS):
            message: Task | Borrow = pipe.recv()
            if isinstance(message, Borrow):
                lent = borrow(pipe)
                continue
            task, memory = message, lent if message.is_lent else room.view
            pixels = numpy.ndarray(task.shape, task.dtype, buffer=memory, offset=task.offset)
            pixels.flags.writeable = False  # it must be whole should it be tried again
            try:
                pipe.send(prepare_page(RawPage(pixels=pixels, dpi=task.dpi), task.view, task.vault))
            except ValueError as error:
                pipe.send(str(error))
            except NotKept as error:
                pipe.send(error.reason)
            del task, message, pixels  # the vault's key stays no longer than its page
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
