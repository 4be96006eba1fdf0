"""排版进程: the process that holds the typesetter; it sets one paper at a time and ends by itself when idle.

Rules kept here:

* Data come and papers go through a pipe; nothing is written to a disk, and the process leaves no core file.
* One compiler, made once: its construction reads the fonts, its templates stay compiled.
* A warning is an error: an unknown font or a stretched fallback would otherwise pass in silence.
* Every paper is PDF/A-2b, because only under a standard does a missing glyph stop the typesetter. A character that the
  fonts lack becomes a framed blank and the paper comes out (domain, trap 13).
* What goes back about a failure names the template, never the text: diagnostics quote data, so quotes are cut out.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import typst

from yichuang_client.documents.press_job import Job, Made, Spoiled
from yichuang_client.processes import PipeEnd, stand_alone

TEMPLATES = Path(__file__).resolve().parent / "templates"
PRACTICE_TEMPLATE = "practice.typ"
"""Wraps any paper and lays the watermark of practice over its pages."""
STANDARD = "a-2b"
WARM_TEMPLATE = "warm.typ"

_PAGES = re.compile(rb"/Type\s*/Pages\s*/Count\s+(\d+)")
_NO_GLYPH = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_QUOTED = re.compile(r"[`\"'“].*[`\"'”]", re.DOTALL)
_GLYPH_ROUNDS = 3


class Typesetter:
    """排版: one warm compiler over the folder of templates."""

    def __init__(self, fonts: Sequence[Path], templates: Path = TEMPLATES) -> None:
        """Read the fonts in the folders ``fonts``."""
        self._templates = templates
        found = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in fonts]
        )
        self._compiler = typst.Compiler(
            str(templates / WARM_TEMPLATE), root=str(templates), font_paths=found, ignore_system_fonts=True
        )

    def warm(self) -> None:
        """Set a page with every font once, so that the first paper does not wait for them."""
        self._compiler.compile(format="pdf", pdf_standards=[STANDARD], timestamp=0)

    def make(self, job: Job) -> bytes:
        """Set a paper at the first factor at which it needs one page; when none does, see `Job.saves_pages`.

        Raises typst.TypstError, or typst.TypstWarning for the first warning.
        """
        blanks, widest = self._set_with_blanks(job)
        shortest = widest
        for fit in job.fits[1:]:
            if page_count(shortest) == 1:
                return shortest
            paper = self._compile(job, fit, blanks)
            if page_count(paper) < page_count(shortest):
                shortest = paper
        return shortest if job.saves_pages or page_count(shortest) == 1 else widest

    def _set_with_blanks(self, job: Job) -> tuple[str, bytes]:
        """The paper at its first factor and the characters without a glyph, more of them where the fonts say so."""
        blanks = job.blanks
        for _ in range(_GLYPH_ROUNDS):
            try:
                return blanks, self._compile(job, job.fits[0], blanks)
            except typst.TypstError as error:
                more = set(unprintable(error)) - set(blanks)
                if not more:
                    raise
                blanks = "".join(sorted({*blanks, *more}))
        return blanks, self._compile(job, job.fits[0], blanks)

    def _compile(self, job: Job, fit: float, blanks: str) -> bytes:
        inputs = {"data": job.data, "fit": str(fit), "blanks": blanks_pattern(blanks), "codes": code_points(blanks)}
        inputs["template"] = job.template
        paper, warnings = self._compiler.compile_with_warnings(
            str(self._templates / (PRACTICE_TEMPLATE if job.is_practice else job.template)),
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=[STANDARD],
            timestamp=job.timestamp,
        )
        if warnings:
            raise warnings[0]
        return bytes(paper)


def page_count(pdf: bytes) -> int:
    """页数 of a PDF as the typesetter writes it: its page tree is a plain object."""
    counts = [int(count) for count in _PAGES.findall(pdf)]
    return max(counts, default=0)


def unprintable(error: typst.TypstError) -> str:
    """The characters that an error of the typesetter says no font has."""
    texts = _NO_GLYPH.findall(f"{error.message}\n{error.diagnostic}")
    plain = "".join(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) for text in texts)
    return "".join(sorted(set(plain)))


def blanks_pattern(characters: Iterable[str]) -> str:
    """A pattern for the characters, empty for none."""
    body = "".join(f"\\x{{{ord(character):X}}}" for character in characters)
    return f"[{body}]" if body else ""


def code_points(characters: Iterable[str]) -> str:
    """The code points as people write them: U+2EBF0 U+31350."""
    return " ".join(f"U+{ord(character):04X}" for character in characters)


def serve(pipe: PipeEnd, fonts: tuple[str, ...], idle_seconds: float) -> None:
    """Set papers until idle for ``idle_seconds`` or until the owner is gone; what the spawned process does."""
    stand_alone()
    typesetter = Typesetter([Path(folder) for folder in fonts])
    typesetter.warm()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while pipe.poll(idle_seconds):
            pipe.send(answer(typesetter, pipe.recv()))


def answer(typesetter: Typesetter, job: Job) -> Made | Spoiled:
    """The paper, or what was wrong without a word of its text."""
    try:
        return Made(pdf=typesetter.make(job))
    except (typst.TypstError, typst.TypstWarning) as error:
        return Spoiled(detail=f"{job.template}: {_QUOTED.sub('…', error.message)}")
