"""办下去: a confirmed act of the review desk as the deed that it means; off the Tk thread.

Rules kept here: the case is read again right before the deed; what the district had refused before is put away with
the next try; durable when it returns, answered by the district later.
"""

from __future__ import annotations

from yichuang_client.actions import deciding
from yichuang_client.actions.work import Work
from yichuang_client.presenters.models.review import ReviewAct
from yichuang_client.presenters.review_barred import is_last_level, promised
from yichuang_client.presenters.review_case import CaseSeen, Typed, put_away
from yichuang_client.presenters.review_procedure import (
    EXTEND,
    RESUME,
    chosen_approver,
    chosen_procedure,
    workdays_of,
)
from yichuang_client.presenters.review_strip_parts import Typing
from yichuang_client.presenters.review_strips import articles_of, chosen_ground, lines_of, points
from yichuang_domain import actions as a
from yichuang_domain.case import Case
from yichuang_domain.ids import PersonId


def carry_out(work: Work, seen: CaseSeen, act: ReviewAct, typed: Typed) -> Case:
    """Do what was confirmed. Raises Refused, StoreError; nothing is written then."""
    case = work.store.view(seen.case.case)
    strip = typed.strips.get(act, {})
    if act is ReviewAct.CLAIM:
        done = deciding.claim(work, case.case)
    elif act is ReviewAct.MAKE_READY:
        done = deciding.make_ready(work, case)
    elif act is ReviewAct.ADOPT and case.late is not None:
        done = deciding.adopt(work, case.case, case.late)
    elif act is ReviewAct.ACCEPT:
        done = deciding.accept(work, case, promised(case, seen.item))
    elif act is ReviewAct.TELL_SUPPLEMENT:
        told = [deciding.Point(material=m, reason=reason, remedy=remedy) for m, reason, remedy in points(seen, strip)]
        done = deciding.tell_supplement(work, case, told)
    elif act is ReviewAct.DECLINE:
        reason, office = strip.get("reason", "").strip(), strip.get("office", "").strip()
        done = deciding.decline(work, case, chosen_ground(seen, strip), reason, office)
    elif act is ReviewAct.NOTE:
        return deciding.note(work, case.case, strip.get("reason", "").strip())
    else:
        done = _review(work, seen, case, act, typed)
    put_away(work, case.case)
    return done


def _review(work: Work, seen: CaseSeen, case: Case, act: ReviewAct, typed: Typed) -> Case:
    strip, text = typed.strips.get(act, {}), typed.text.strip()
    if act is ReviewAct.AGREE:
        return deciding.sign(work, case, a.Verdict.GRANT, text)
    if act is ReviewAct.REFUSE and not is_last_level(case, seen.item):
        return deciding.sign(work, case, a.Verdict.REFUSE, text)
    if act is ReviewAct.REFUSE:
        return deciding.refuse(work, case, text, lines_of(strip.get("reason", "")), articles_of(seen, strip))
    if act is ReviewAct.RETURN:
        return deciding.return_internally(work, case, strip.get("reason", "").strip())
    return _procedure(work, seen, case, strip)


def _procedure(work: Work, seen: CaseSeen, case: Case, strip: Typing) -> Case:
    chosen = chosen_procedure(seen, strip)
    if chosen == RESUME:
        return deciding.resume(work, case)
    if chosen == EXTEND:
        head = PersonId(chosen_approver(seen, strip))
        return deciding.extend(work, case, workdays_of(strip), strip.get("reason", "").strip(), head)
    return deciding.suspend(work, case, a.Procedure[chosen], strip.get("by", "").strip(), workdays_of(strip))
