"""更正已办结的件: a new intake of the same item, with who applied and what was typed, that names the case it corrects.

Rules kept here (domain: a result is never changed, its correction is a new case); papers are brought and compared anew;
an agent's mandate is not taken over. Not for the Tk thread.
"""

from __future__ import annotations

from collections.abc import Iterator

from yichuang_client.actions import receiving
from yichuang_client.actions.paper_facts import shown
from yichuang_client.actions.work import Work
from yichuang_client.presenters import intake_filing as filing
from yichuang_client.presenters.intake_draft import IntakeDraft
from yichuang_domain.case import Case
from yichuang_domain.ids import CaseId
from yichuang_domain.personal import Personal


def begin_correction(work: Work, name: CaseId) -> CaseId:
    """Make and keep the draft; returns its name. Raises StoreError."""
    case = work.store.view(name)
    draft = IntakeDraft(
        case=receiving.new_case(),
        item=case.item,
        version=case.item_version,
        answers={answer.question: answer.option for answer in case.answers},
        kind=case.applicant.kind,
        texts=dict(_texts(case)),
        corrects=case.case,
        corrects_number=case.number,
    )
    filing.save(work, draft)
    return draft.case


def _texts(case: Case) -> Iterator[tuple[str, str]]:
    who = case.applicant
    typed: list[tuple[str, Personal | None]] = [
        ("name", who.name),
        ("id_number", who.id_number),
        ("phone", who.phone),
        ("credit_code", who.credit_code),
        ("operator", who.operator),
        *((f"form.{field.key}", field.value) for field in case.fields),
    ]
    return ((key, text) for key, value in typed if (text := shown(value)))
