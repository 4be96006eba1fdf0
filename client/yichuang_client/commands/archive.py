"""``yichuang pages pdf``: files as one PDF/A for the archive.

Rules kept here: all pages of all files or no PDF; pages are turned upright where that can be trusted, as at the
scanner; what cannot be read is told with its reason.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from yichuang_client.commands.exit_codes import DONE, FAILED, NOT_THERE
from yichuang_client.commands.output import print_json, words
from yichuang_client.documents.archive_pdf import ArchivePage, write_archive_pdf
from yichuang_client.documents.inspection import upright
from yichuang_client.documents.page_encoding import decode_page
from yichuang_client.documents.page_import import import_file
from yichuang_client.documents.page_pipeline import prepare_page
from yichuang_client.documents.pages import PageError, PageProblem
from yichuang_client.documents.text_reading import NoReaderError, TextReader


def write_pdf(options: argparse.Namespace) -> int:
    """Write the PDF. Returns the exit code."""
    say = words()
    try:
        reader = TextReader() if options.text else None
    except NoReaderError:
        print(say.key("pages.no_reader"), file=sys.stderr)
        return NOT_THERE
    out: Path = options.out
    part = out.with_name(out.name + ".part")
    try:
        count = write_archive_pdf(part, _pages(options.files, reader), title=options.title or out.stem)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(out)
    except _BadFile as error:
        reason = say.key(f"page.{error.problem.name}")
        print(" ".join(filter(None, (str(error), str(error.page or ""), reason))), file=sys.stderr)
        return FAILED
    except OSError:
        print(say.key("command.no_folder"), file=sys.stderr)
        return FAILED
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    if options.json:
        print_json({"event": "ended", "file": str(out), "pages": count, "bytes": out.stat().st_size})
    return DONE


class _BadFile(Exception):
    """A file that gives no pages, or not all."""

    def __init__(self, file: Path, problem: PageProblem, page: int) -> None:
        super().__init__(os.fsencode(file).decode("utf-8", "replace"))
        self.problem, self.page = problem, page


def _pages(files: Sequence[Path], reader: TextReader | None) -> Iterator[ArchivePage]:
    for file in files:
        try:
            for raw in import_file(file):
                page = prepare_page(upright(raw))
                lines = reader.read(decode_page(page.data)[0]) if reader is not None and not page.is_blank else ()
                yield ArchivePage(data=page.data, lines=lines)
        except PageError as error:
            raise _BadFile(file, error.problem, error.page) from error
        except (OSError, ValueError) as error:
            raise _BadFile(file, PageProblem.UNREADABLE, 0) from error
