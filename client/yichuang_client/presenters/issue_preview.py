"""结果纸张的预览: the paper as it will come out, set and drawn in memory.

Rules kept here: setting and drawing happen off the Tk thread; a paper that cannot be set says why on the grey sheet;
stale pictures are dropped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from yichuang_client.documents.preview import preview_png
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.issue_seen import PaperNow, said
from yichuang_client.presenters.models.common import Picture, Text, msg
from yichuang_client.presenters.models.scan import Fit, PageView
from yichuang_client.presenters.pictures import picture
from yichuang_client.trace import trace
from yichuang_domain.actions import DeliveryMethod, PaperKind

_MARGIN = 16
"""Left free around the page, so that it is seen whole."""


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    paper: PaperNow
    method: DeliveryMethod
    recipient: str = field(repr=False)
    area: tuple[int, int]


class Preview:
    """The preview of one paper; Tk thread only."""

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        """``changed`` is called when ``view`` is another."""
        self._desk = desk
        self._changed = changed
        self._area = (0, 0)
        self._wanted: _Wanted | None = None
        self._picture: Picture | None = None
        self._waiting: Text = ""

    def area(self, width: int, height: int) -> None:
        """The view's size in device pixels."""
        self._area = (width, height)
        if self._wanted is not None:
            wanted = self._wanted
            self.show(wanted.paper, wanted.method, wanted.recipient)

    def show(self, paper: PaperNow, method: DeliveryMethod, recipient: str) -> None:
        """Draw this paper; what does not change it is not drawn again."""
        is_receipt = paper.kind is PaperKind.DELIVERY
        wanted = _Wanted(
            paper=replace(paper, run=None, voided=0),
            method=method if is_receipt else DeliveryMethod.COUNTER,
            recipient=recipient if is_receipt else "",
            area=self._area,
        )
        if wanted == self._wanted:
            return
        if self._wanted is None or wanted.paper != self._wanted.paper:
            self._picture, self._waiting = None, msg("issue.setting")
        self._wanted = wanted
        if self._area[0] > 1:
            self._draw(wanted)

    @property
    def view(self) -> PageView:
        """As it stands."""
        return PageView(picture=self._picture, waiting=self._waiting, fit=Fit.PAGE)

    def _draw(self, wanted: _Wanted) -> None:
        work, press = self._desk.work, self._desk.press

        def make() -> Picture:
            at_work = work()
            head = said(at_work, wanted.paper, wanted.method, wanted.recipient)
            pdf = press.render(head.paper, head.to_data(), timestamp=at_work.clock())
            width, height = (side - _MARGIN for side in wanted.area)
            return picture(hashlib.sha256(pdf).hexdigest(), preview_png(pdf), width, height)

        def done(made: Picture) -> None:
            if wanted == self._wanted:
                self._picture = made
                trace("preview shown", case=wanted.paper.case, paper=wanted.paper.kind.value)
                self._changed()

        def failed(error: Exception) -> None:
            if wanted == self._wanted:
                self._picture, self._waiting = None, sentence(error)
                self._changed()

        self._desk.background.run(make, done, failed)
