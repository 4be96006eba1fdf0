"""文号: the number of a document that this desk issues, unique without a line.

Rules kept here: prefix of the authority, year in 〔〕, then device number and serial of the desk in that year, so that
two desks without a line never give one number twice; no padding, no 第 (GB/T 9704).
"""

from __future__ import annotations

from yichuang_client.actions.work import Work
from yichuang_domain.organisation import Section


def take_docno(work: Work, section: Section | None, kind: str) -> str:
    """The next number of a kind of document: prefix, kind, year, device and serial. Raises StoreError."""
    prefix = section.docno_prefix if section is not None else ""
    year = work.today.year
    serial = work.store.serials.take(f"docno {prefix}{kind} {year}")
    return f"{prefix}{kind}〔{year}〕{int(work.store.desk.replica)}-{serial}号"


ACCEPT, SUPPLEMENT, DECLINE, GRANT, REFUSE = "受", "补", "不受", "准", "不准"
SUSPEND, EXTEND = "特", "延"
"""The word by which the authority's numbers tell the kinds of documents apart."""
