"""审批工作台的画面: the model of the review desk, from what was read and what is being done.

Rules kept here: pure: the same state gives the same model; while another case is on its way to the desk, nothing can
be done to the one that is still shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from yichuang_client.presenters.casework import page_id
from yichuang_client.presenters.models.common import Bar, Confirm, Picture, Progress, Sentence, msg
from yichuang_client.presenters.models.queues import MaterialPages
from yichuang_client.presenters.models.review import QueueRow, ReviewAct, ReviewCase, ReviewModel, ReviewTab
from yichuang_client.presenters.models.scan import PageView
from yichuang_client.presenters.review_banner import Overtaken, banner
from yichuang_client.presenters.review_bar import Standing, bar, empty_bar, resting
from yichuang_client.presenters.review_case import CaseSeen, Typed
from yichuang_client.presenters.review_look import Look
from yichuang_client.presenters.review_opinion import is_written, opinion
from yichuang_client.presenters.review_queue import queue_hint, waiting_for_us
from yichuang_client.presenters.review_strips import strip
from yichuang_domain.ids import BlobHash


@dataclass(frozen=True, kw_only=True)
class Pages:
    """页: the page in front and the pictures that are here."""

    view: PageView
    selected: str | None
    thumbnails: Mapping[BlobHash, Picture]


@dataclass(frozen=True, kw_only=True)
class Front:
    """案头: the state of the screen besides what a look at the store says."""

    rows: tuple[QueueRow, ...] = ()
    tab: str = ReviewTab.FORM
    asking: ReviewAct | None = None
    """The act whose strip is open."""
    notice: Sentence | None = None
    overtaken: Overtaken | None = None
    progress: Progress | None = None
    is_resting: bool = False
    """Whether a deed is being saved, or another case is on its way."""
    typed: Typed = field(default_factory=Typed)
    revision: int = 0


def model_of(look: Look | None, seen: CaseSeen | None, pages: Pages, front: Front) -> ReviewModel:
    """What the screen shows; ``seen`` stays when the case has left the desk."""
    return ReviewModel(
        queue_title=msg("review.queue", n=waiting_for_us(look.queue) if look else 0),
        queue_hint=queue_hint(look.queue) if look else "",
        queue=front.rows,
        empty=msg("review.empty") if look else "",
        case=_case(look, seen, pages, front) if look and seen else None,
        tab=front.tab,
        progress=front.progress,
        banner=banner(look, seen, front.overtaken) if look else None,
        bar=_bar(look, seen, front),
    )


def _case(look: Look, seen: CaseSeen, pages: Pages, front: Front) -> ReviewCase:
    may_write = look.case is not None and is_written(seen, is_overtaken=front.overtaken is not None)
    return ReviewCase(
        key=seen.case.case,
        head=seen.head,
        materials=_materials(seen, pages),
        selected_page=pages.selected,
        page=pages.view,
        position=pages.view.title,
        overall=pages.view.detail,
        form=seen.facts,
        events=seen.events,
        opinion=opinion(seen, front.typed.text, front.revision, look.signer, may_write=may_write),
    )


def _materials(seen: CaseSeen, pages: Pages) -> tuple[MaterialPages, ...]:
    pictures = {page_id(page): pages.thumbnails.get(page.page) for page in seen.pages}
    return tuple(
        replace(row, pages=tuple((name, pictures.get(name)) for name, _ in row.pages)) for row in seen.materials
    )


def _bar(look: Look | None, seen: CaseSeen | None, front: Front) -> Bar:
    if look is None or seen is None:
        return empty_bar(front.notice)
    made = bar(seen, Standing(text=front.typed.text, signer=look.signer, notice=front.notice))
    if look.case is None or front.is_resting:
        return resting(made)
    return replace(made, confirm=question(look, seen, front))


def question(look: Look, seen: CaseSeen, front: Front) -> Confirm | None:
    """The strip that is open, with what was typed into it."""
    if front.asking is None:
        return None
    return strip(seen, front.asking, front.typed.strips.get(front.asking, {}), look.dates)
