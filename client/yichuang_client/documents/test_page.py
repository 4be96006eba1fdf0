"""打印测试页: what a clerk prints to see whether a printer prints.

Rule kept here: it names the desk and the printer, never a person, and says that it is no document.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yichuang_client.documents.paper import Paper
from yichuang_client.documents.qr import qr_svg
from yichuang_domain.deed import CHINA


@dataclass(frozen=True, kw_only=True)
class TestPage:
    """The facts of the test page."""

    __test__ = False  # a test runner takes the name for a test

    office: str
    replica: str
    """The desk's number."""
    printer: str
    at: datetime

    @property
    def paper(self) -> Paper:
        """Its template."""
        return Paper.TEST_PAGE

    def to_data(self) -> dict[str, object]:
        """The facts as the template wants them."""
        return {
            "office": self.office,
            "replica": self.replica,
            "printer": self.printer,
            "at": self.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M"),
            "qr": qr_svg(self.replica).text,
        }
