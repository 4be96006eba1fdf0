"""操作栏: what the review desk says of the case, and which acts it offers.

Rules kept here: the sentence says what 同意 leads to and who may act; an act that is not possible is shown disabled
with its reason; one primary act at most: the next valid step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from yichuang_client.presenters.casework import month_day
from yichuang_client.presenters.models.common import Act, ActKind, Bar, Mark, Sentence, Text, Tone, joined, msg
from yichuang_client.presenters.models.review import ReviewAct
from yichuang_client.presenters.review_barred import UNANSWERED, Barred, is_last_level, missing, of_reason, offered
from yichuang_client.presenters.review_case import CaseSeen
from yichuang_client.presenters.review_opinion import LIMIT, Signer
from yichuang_domain.case import State
from yichuang_domain.errors import Reason

_KEYS = {
    ReviewAct.CLAIM: "F8",
    ReviewAct.MAKE_READY: "F8",
    ReviewAct.ACCEPT: "F9",
    ReviewAct.AGREE: "F9",
    ReviewAct.TELL_SUPPLEMENT: "F10",
    ReviewAct.RETURN: "F10",
    ReviewAct.PROCEDURE: "F11",
    ReviewAct.ADOPT: "F11",
    ReviewAct.DECLINE: "F12",
    ReviewAct.REFUSE: "F12",
}
_KEY_BESIDE_ADOPT = "F6"
"""特别程序 while F11 adopts, as on the case's own screen."""
_DANGEROUS = frozenset({ReviewAct.DECLINE, ReviewAct.REFUSE})
_WITH_OPINION = frozenset({ReviewAct.AGREE, ReviewAct.REFUSE})
TOO_LONG = Barred(name="TEXT_TOO_LONG", text=msg("review.too_long", n=LIMIT))
QUIET_ACTS = (
    Act(id=ReviewAct.REFRESH, key="F5", label=msg("review.act_REFRESH"), is_hidden=True),
    Act(id=ReviewAct.QUEUE, key="F2", label=msg("review.act_QUEUE"), is_hidden=True),
)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What else the bar depends on."""

    text: str
    """The opinion as it stands in the box."""
    signer: Signer
    notice: Sentence | None = None
    """What has just been done or gone wrong, shown instead of the case's own sentence."""


def empty_bar(notice: Sentence | None) -> Bar:
    """No case is on the desk."""
    return Bar(sentence=notice or Sentence(lead=msg("review.empty"), hint=msg("review.empty_hint")), acts=QUIET_ACTS)


def bar(seen: CaseSeen, standing: Standing) -> Bar:
    """The sentence and the acts for the case on the desk."""
    why = {act: reason for act in shown(seen) if (reason := why_not(seen, act, standing.text)) is not None}
    primary = _primary(seen, why)
    acts = tuple(_act(act, why, is_primary=act is primary) for act in shown(seen))
    if ReviewAct.ADOPT in shown(seen):
        acts = tuple(replace(act, key=_KEY_BESIDE_ADOPT) if act.id == ReviewAct.PROCEDURE else act for act in acts)
    return Bar(sentence=standing.notice or _sentence(seen, standing), acts=(*acts, *QUIET_ACTS))


def resting(made: Bar) -> Bar:
    """The bar while nothing can be done to the case: it is being saved, turned over, or gone."""
    acts = tuple(
        act if act.is_hidden else replace(act, is_enabled=False, kind=_calm(act.kind), reason=UNANSWERED.name)
        for act in made.acts
    )
    return replace(made, acts=acts)


def _calm(kind: ActKind) -> ActKind:
    return ActKind.NORMAL if kind is ActKind.PRIMARY else kind


def shown(seen: CaseSeen) -> tuple[ReviewAct, ...]:
    """The acts in the order of their keys."""
    claims = offered(seen.case) and not seen.is_held_here and not seen.is_elsewhere
    return (*((ReviewAct.CLAIM,) if claims else ()), *offered(seen.case))


def why_not(seen: CaseSeen, act: ReviewAct, text: str) -> Barred | None:
    """Why an act cannot be done now, the opinion's text included; None if it can."""
    found = seen.barred.get(act)
    if found is None and act in _WITH_OPINION:
        if not text.strip():
            return of_reason(Reason.TEXT_MISSING)
        return TOO_LONG if len(text) > LIMIT else None
    return found


def _primary(seen: CaseSeen, why: Mapping[ReviewAct, Barred]) -> ReviewAct | None:
    """The next valid step."""
    if ReviewAct.CLAIM in shown(seen):
        return ReviewAct.CLAIM if ReviewAct.CLAIM not in why else None
    lacks = seen.case.state is State.RECEIVED and bool(missing(seen.case, seen.item))
    order = (ReviewAct.TELL_SUPPLEMENT,) if lacks else (ReviewAct.ACCEPT, ReviewAct.AGREE, ReviewAct.MAKE_READY)
    return next((act for act in order if act in shown(seen) and act not in why), None)


def _act(act: ReviewAct, why: Mapping[ReviewAct, Barred], *, is_primary: bool) -> Act:
    kind = ActKind.DANGER if act in _DANGEROUS else ActKind.PRIMARY if is_primary else ActKind.NORMAL
    return Act(
        id=act,
        key=_KEYS[act],
        label=msg(f"review.act_{act.name}"),
        kind=kind,
        is_enabled=act not in why,
        blocked_by=_blocker(act, why),
        reason=why[act].name if act in why else "",
        starts_group=act in _DANGEROUS,
    )


def _blocker(act: ReviewAct, why: Mapping[ReviewAct, Barred]) -> str | None:
    """What the key of a disabled act leads to: the act that must come first, or the opinion."""
    first = {Reason.NOT_HOLDER.value: ReviewAct.CLAIM, Reason.MATERIAL_MISSING.value: ReviewAct.TELL_SUPPLEMENT}
    before = first.get(why[act].name) if act in why else None
    if before is not None and before not in why:
        return f"act.{before}"
    return "opinion" if act in _WITH_OPINION else None


# ---- the sentence ---------------------------------------------------------------------------------------------


def names(people: tuple[str, ...], fallback: str) -> Text:
    """A few names, or how many; the role where nobody is known by name."""
    if not people:
        return msg(fallback)
    if len(people) > 2:
        return msg("review.several", name=people[0], n=len(people))
    return joined(*people, separator="case.and")


def next_signer(seen: CaseSeen, ahead: int) -> Text:
    """Who signs the level that is due, or so many further on."""
    level = seen.level(ahead)
    return names(seen.signers(ahead), f"review.anybody_{level.name}" if level else "review.anybody")


def level_word(seen: CaseSeen, ahead: int) -> Text:
    """审核, 核准 or 批准."""
    level = seen.level(ahead)
    return msg(f"step.level_{level.name}") if level else ""


def _sentence(seen: CaseSeen, standing: Standing) -> Sentence:
    return next(_sentences(seen, standing))


def _sentences(seen: CaseSeen, standing: Standing) -> Iterator[Sentence]:
    """What holds first is said."""
    state = seen.case.state
    if seen.is_pending:
        yield _quiet("review.saved", hint=msg("review.saved_hint"), mark=Mark.WAIT)
    if not offered(seen.case):
        yield _quiet(f"review.stands_{state.name}", hint=msg("review.stands_hint"))
    if standing.signer.is_away:
        yield _warning("review.away", hint=msg("review.away_hint"), mark=Mark.OFFLINE)
    if not standing.signer.has_session:
        yield _warning("review.again", hint=msg("review.again_hint"), mark=Mark.LOCK)
    if seen.is_elsewhere:
        holder = seen.people.get(seen.case.assignee, "") if seen.case.assignee else ""
        lead = msg("review.held_by", name=holder) if holder else msg("review.held")
        yield Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=lead, hint=msg("review.held_hint"))
    if state is State.SUPPLEMENT_ASKED and seen.case.supplement is not None:
        told = seen.case.supplement
        lead = msg("review.waits", n=len(told.outstanding))
        yield Sentence(mark=Mark.WAIT, lead=lead, hint=msg("review.waits_hint", day=month_day(told.until)))
    if state is State.SUSPENDED:
        name = msg(f"case.procedure_{seen.case.suspensions[-1].procedure.name}")
        yield Sentence(mark=Mark.PAUSE, lead=msg("review.suspended", name=name), hint=msg("review.suspended_hint"))
    if state is State.DECIDED:
        yield _quiet("review.decided", hint=msg("review.decided_hint"))
    yield _of_receipt(seen) if state is State.RECEIVED else _of_review(seen, standing)


def _of_receipt(seen: CaseSeen) -> Sentence:
    case, lacks = seen.case, missing(seen.case, seen.item)
    told = case.supplement
    if not seen.is_held_here:
        day = month_day(case.notice_due_on)
        hint: Text = msg("review.all_in_hint") if told is not None else msg("review.notice_hint", day=day)
        return _quiet("review.claim_first", hint=hint)
    if lacks:
        hint = msg("review.lacks_hint" if told is None else "review.lacks_told")
        return Sentence(
            mark=Mark.WARN, tone=Tone.WARNING, lead=msg("review.lacks", n=len(lacks)), subject=lacks[0].name, hint=hint
        )
    if ReviewAct.ACCEPT in seen.barred:
        return said_why(seen.barred[ReviewAct.ACCEPT])
    hint = msg("review.accept_hint")
    if told is not None and told.all_in_on is not None:
        hint = msg("review.accept_from", day=month_day(told.all_in_on))
    return Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg("review.complete"), hint=hint)


def _of_review(seen: CaseSeen, standing: Standing) -> Sentence:
    why = seen.barred.get(ReviewAct.AGREE)
    held_back = {Reason.SAME_PERSON.value: "review.not_self", Reason.NEEDS_ROLE.value: "review.not_your_role"}
    if why is not None and why.name in held_back:
        lead = msg("review.must_sign", who=next_signer(seen, 0), level=level_word(seen, 0))
        return Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=lead, hint=msg(held_back[why.name]))
    if not seen.is_held_here:
        return Sentence(lead=msg("review.claim_review", level=level_word(seen, 0)), hint=_grade(seen))
    if why is not None and why.name == Reason.OPINION_DISAGREES.value:
        return _warning("review.disagrees", hint=msg("review.disagrees_hint"))
    if why is not None:
        return said_why(why)
    if len(standing.text) > LIMIT:
        return Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=TOO_LONG.text, hint=msg("review.too_long_hint"))
    leads_to = msg("review.agree_grants") if is_last_level(seen.case, seen.item) else _agree_passes_on(seen)
    return Sentence(lead=leads_to, hint=_grade(seen) if standing.text.strip() else msg("review.write_first"))


def _agree_passes_on(seen: CaseSeen) -> Text:
    return msg("review.agree_passes", who=next_signer(seen, 1), level=level_word(seen, 1))


def _grade(seen: CaseSeen) -> Text:
    """How many sign, and what must still come."""
    grade = seen.item.grade if seen.item is not None else None
    rule = msg(f"review.grade_{grade.name}") if grade is not None else msg("review.grade_not_stated")
    deferred = msg("review.deferred_first", n=len(seen.case.deferrals)) if seen.case.deferrals else ""
    return joined(rule, deferred, separator="case.semicolon")


def said_why(why: Barred) -> Sentence:
    """Why an act cannot be done, as the bar says it."""
    return Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=why.text)


def _quiet(key: str, *, hint: Text, mark: Mark = Mark.INFO) -> Sentence:
    return Sentence(mark=mark, lead=msg(key), hint=hint)


def _warning(key: str, *, hint: Text, mark: Mark = Mark.WARN) -> Sentence:
    return Sentence(mark=mark, tone=Tone.WARNING, lead=msg(key), hint=hint)
