"""导出清单: the list as it is shown becomes a file, and a sentence says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from yichuang_client.actions.list_export import export_list
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Mark, Sentence, Tone, msg
from yichuang_client.trace import trace


def write_list(desk: Desk, lines: Sequence[Sequence[str]], name: str, told: Callable[[Sentence], None]) -> None:
    """Write titles and lines in the background; ``told`` hears where they are, or why they are not."""

    def done(path: Path) -> None:
        trace("list exported", screen=name, rows=len(lines) - 1)
        told(Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg("queue.exported", n=len(lines) - 1), hint=path.name))

    def failed(error: Exception) -> None:
        told(Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=sentence(error)))

    desk.background.run(lambda: export_list(lines, name, desk.work().clock()), done, failed)
