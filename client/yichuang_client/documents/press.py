"""印刷: sets papers in a process of its own and hands them out as bytes.

Rules kept here:

* The typesetter needs a quarter of a gigabyte at its peak, so it lives in one spawned process that ends when idle and
  is started again by the next paper; `Press.warm` starts it ahead, while the clerk is still typing.
* A process that died is replaced and the paper set again, once; a second death is told.
* A paper exists in memory only: no file, no name, no title holds a citizen's data.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Mapping
from datetime import datetime
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from types import TracebackType

from yichuang_client.documents.fonts import Coverage, FontSet, find_fonts
from yichuang_client.documents.paper import Paper, PaperError, PaperTrouble
from yichuang_client.documents.paper_head import Mark
from yichuang_client.documents.press_job import Job, Made, Spoiled, plain_json, run_worker
from yichuang_client.processes import PipeEnd

IDLE_SECONDS = 60.0
"""A worker with nothing to do ends after this time."""
ANSWER_SECONDS = 30.0
"""The longest that a paper may take; one page takes about 20 ms, a cold start about 1 s."""


class Press:
    """印刷: one typesetting process at a time; may be called from any thread, papers are set one after the other."""

    def __init__(
        self,
        *,
        idle_seconds: float = IDLE_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
        fonts: FontSet | None = None,
        is_practice: bool = False,
    ) -> None:
        """Nothing is started and no font is read before the first `warm` or `render`.

        A press of practice marks every paper that it sets, whatever the paper says of itself.
        """
        self._is_practice = is_practice
        self._idle_seconds = idle_seconds
        self._answer_seconds = answer_seconds
        self._fonts = fonts
        self._coverage: Coverage | None = None
        self._process: SpawnProcess | None = None
        self._pipe: PipeEnd | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Press:
        """The press itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the worker."""
        self.close()

    @property
    def process(self) -> SpawnProcess | None:
        """The worker, if one was started; it may have ended."""
        return self._process

    def warm(self) -> None:
        """Start the worker unless one runs; returns at once. Raises PaperError(FONTS_MISSING)."""
        with self._lock:
            self._worker()

    def render(self, paper: Paper, data: Mapping[str, object], *, timestamp: datetime) -> bytes:
        """The paper as PDF/A-2b; the same arguments give the same bytes.

        ``data`` is what `paper_data` makes; ``timestamp`` (aware) is written into the PDF. Raises PaperError.
        """
        try:
            marked = {"mark": Mark.PRACTICE.value} if self._is_practice else {}
            text = plain_json({**data, **marked})
        except (TypeError, ValueError) as error:
            raise PaperError(PaperTrouble.BAD_DATA, type(error).__name__) from error
        job = Job(
            template=paper.template,
            data=text,
            fits=paper.fits,
            saves_pages=paper.saves_pages,
            blanks="".join(self.missing_characters(text)),
            is_practice=self._is_practice,
            timestamp=int(timestamp.timestamp()),
        )
        return self._set(job)

    def missing_characters(self, text: str) -> tuple[str, ...]:
        """缺字: the characters that no font has and that come out as framed blanks; for the check at entry.

        Raises PaperError(FONTS_MISSING).
        """
        if self._coverage is None:
            self._coverage = Coverage(self._font_set().covering())
        return self._coverage.missing(text)

    def close(self) -> None:
        """End the worker; the press can be used again."""
        with self._lock:
            self._end_worker()

    def _set(self, job: Job) -> bytes:
        with self._lock:
            for _ in range(2):
                answer = self._ask(self._worker(), job)
                if isinstance(answer, Made):
                    return answer.pdf
                if answer is not None:
                    raise PaperError(PaperTrouble.TEMPLATE, answer.detail)
                self._end_worker()
        raise PaperError(PaperTrouble.WORKER_DIED, job.template)

    def _ask(self, pipe: PipeEnd, job: Job) -> Made | Spoiled | None:
        """The worker's answer, or None when it died or had just gone to rest."""
        try:
            pipe.send(job)
            if not wait([pipe], self._answer_seconds):
                self._end_worker()
                raise PaperError(PaperTrouble.TOO_SLOW, job.template)
            answer: Made | Spoiled = pipe.recv()
        except (EOFError, OSError):
            return None
        return answer

    def _worker(self) -> PipeEnd:
        if self._process is not None and self._pipe is not None and self._process.is_alive():
            return self._pipe
        self._end_worker()
        folders = tuple(str(folder) for folder in self._font_set().folders)
        spawn = multiprocessing.get_context("spawn")
        mine, its = spawn.Pipe()
        process = spawn.Process(
            target=run_worker, args=(its, folders, self._idle_seconds), name="yichuang-press", daemon=True
        )
        process.start()
        its.close()  # so that the worker's end is seen as the end of the pipe
        self._process, self._pipe = process, mine
        return mine

    def _end_worker(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None and self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _font_set(self) -> FontSet:
        if self._fonts is None:
            self._fonts = find_fonts()
        return self._fonts
