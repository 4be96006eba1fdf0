"""页面流水线: prepares pages in as many processes as there are cores, in the order in which they came.

Rules kept here: a page waits for a free process before it is taken, so that no more pages are in memory than there
are processes; processes start with the first page or with `warm`, and end when they had nothing to do for a while.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from yichuang_client.documents.page_process import PageProcess, Task
from yichuang_client.documents.pages import PreparedPage, RawPage, Vault


class PagePipeline:
    """页面流水线; may be used from any thread."""

    def __init__(self, *, processes: int | None = None) -> None:
        """Nothing is started yet; ``processes``: as many as there are cores unless said."""
        self.count = processes or os.cpu_count() or 1
        """How many pages are prepared at the same time."""
        self._free: queue.SimpleQueue[PageProcess] = queue.SimpleQueue()
        self._threads = ThreadPoolExecutor(self.count, thread_name_prefix="page")
        self._guard = threading.Lock()
        self._processes: list[PageProcess] = []

    def warm(self) -> None:
        """Start the processes unless they run; returns at once. Raises OSError."""
        with self._guard:
            while len(self._processes) < self.count:
                process = PageProcess()
                self._processes.append(process)
                self._free.put(process)
        self._each_free(PageProcess.start)

    @property
    def process_ids(self) -> tuple[int, ...]:
        """Of the processes that run."""
        return tuple(found for process in self._processes if (found := process.process_id) is not None)

    def submit(self, raw: RawPage, view: tuple[int, int] = (0, 0), vault: Vault | None = None) -> Future[PreparedPage]:
        """Begin one page, once a process is free; see `page_pipeline.prepare_page`. Lent pixels are given back.

        Raises ValueError for what is no page; so does the future, and PageWorkError, and what the vault raises.
        """
        over = contextlib.ExitStack()
        try:
            if raw.lent is not None:
                over.callback(raw.lent.give_back)
            if not self._processes:
                self.warm()
            process = self._free.get()
            over.callback(self._free.put, process)
            return self._threads.submit(self._run, process, process.load(raw, view, vault), over)
        except BaseException:
            over.close()
            raise

    def _run(self, process: PageProcess, task: Task, over: contextlib.ExitStack) -> PreparedPage:
        with over:
            return process.prepare(task)

    def prepare(self, pages: Iterable[RawPage]) -> Iterator[PreparedPage]:
        """Prepare pages in order, holding no more of them in memory than there are processes, plus one."""
        waiting: deque[Future[PreparedPage]] = deque()
        for raw in pages:
            waiting.append(self.submit(raw))
            if len(waiting) > self.count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def rest(self) -> None:
        """Between batches: forget the pixels of the pages that were prepared last."""
        self._each_free(PageProcess.clear)

    def _each_free(self, do: Callable[[PageProcess], None]) -> None:
        """Do something to each process that has no page."""
        idle: list[PageProcess] = []
        with contextlib.suppress(queue.Empty):
            while True:
                idle.append(self._free.get_nowait())
        for process in idle:
            with contextlib.suppress(OSError):  # who gives it a page hears of it
                do(process)
            self._free.put(process)

    def close(self) -> None:
        """Wait for what runs and end the processes."""
        self._threads.shutdown()
        for process in self._processes:
            process.close()
        self._processes.clear()
