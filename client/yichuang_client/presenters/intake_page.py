"""登记页面: the whole form as the screen draws it, from the intake in hand. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from yichuang_client.presenters.casework_chips import state_chip
from yichuang_client.presenters.intake_certificates import one_card_banner
from yichuang_client.presenters.intake_fields import CardSeen, applicant_form
from yichuang_client.presenters.intake_form import IntakeForm
from yichuang_client.presenters.intake_hand import Hand
from yichuang_client.presenters.intake_materials import Around, checklist
from yichuang_client.presenters.intake_start import Search, search_box
from yichuang_client.presenters.item_facts import item_facts
from yichuang_client.presenters.models.common import Banner, Mark, Option, Text, TimeStyle, Tone, When, joined, msg
from yichuang_client.presenters.models.intake import CaseForm, QuestionRow, RecentCase, SearchBox, Situation
from yichuang_client.store.case_rows import CaseRow
from yichuang_domain.material import required, unanswered

FORM_HITS = 3
"""So many hits have room beside the item's facts."""


def form_model(form: IntakeForm, hand: Hand, search: Search, card: CardSeen, *, is_folded: bool) -> CaseForm:
    """Everything of the case in hand. ``is_folded`` hides the hits behind one line."""
    return CaseForm(
        search=_search(hand, search, is_folded=is_folded),
        item=item_facts(hand.item, hand.opened.cancelled_on),
        situation=_situation(hand),
        applicant=applicant_form(hand.item, hand.draft, hand.today, hand.blanks, hand.active, card),
        materials=checklist(hand.item, hand.draft, _around(form, hand)),
        recent=tuple(_recent(row, hand.today) for row in hand.known.recent),
        preview=form.sheets.preview(hand.item, hand.draft),
    )


def _around(form: IntakeForm, hand: Hand) -> Around:
    return Around(
        pictures=form.sheets.thumbnails,
        deferral_days=hand.opened.deferral_days,
        today=hand.today,
        offers=hand.offers(),
        has_line=hand.has_session or not hand.asked[0],
    )


def _search(hand: Hand, search: Search, *, is_folded: bool) -> SearchBox:
    box = search_box(replace(search, hits=()) if is_folded else search, hand.today, limit=FORM_HITS)
    count: Text = msg("intake.hits", n=len(search.hits)) if search.query.strip() and search.is_answered else ""
    folded = joined(hand.item.department, msg("intake.catalogue_version", n=hand.item.version))
    return replace(box, count=count, folded=joined(msg("intake.other_item"), folded, separator="common.space"))


def _situation(hand: Hand) -> Situation:
    item, answers = hand.item, hand.draft.answers
    asked, open_ones = len(item.questions), len(unanswered(item, answers))
    return Situation(
        summary=msg("intake.answered", n=asked, done=asked - open_ones, papers=len(required(item, answers))),
        questions=tuple(
            QuestionRow(
                key=question.key,
                text=question.text,
                options=tuple(Option(key=option.key, text=option.text) for option in question.options),
                chosen=answers.get(question.key),
            )
            for question in item.questions
        ),
    )


def _recent(row: CaseRow, today: date) -> RecentCase:
    style = TimeStyle.SHORT if row.received_on.year == today.year else TimeStyle.DAY
    title: Text = row.item_name or msg("common.unknown")
    return RecentCase(title=title, at=When(value=row.received_time, style=style), chip=state_chip(row.state))


def form_banner(hand: Hand) -> Banner | None:
    """What must be read before going on: a second application, a new version, pages that came back."""
    if hand.known.duplicates:
        row = hand.known.duplicates[0]
        state = state_chip(row.state).text
        when = When(value=row.received_time, style=TimeStyle.SHORT)
        return Banner(
            kind="duplicate",
            text=msg("intake.duplicate", number=row.number),
            hint=joined(state, msg("intake.received_at", time=when)),
        )
    opened = hand.opened
    if opened.moved_to:
        needed = joined(*opened.needed_now, separator="common.comma") if opened.needed_now else ""
        hint = msg("intake.needed_now", names=needed) if needed != "" else msg("intake.nothing_more")
        return Banner(kind="new_version", text=msg("intake.new_version", n=opened.moved_to), hint=hint)
    if opened.found_pages:
        return Banner(
            kind="pages_found",
            tone=Tone.PRIMARY,
            mark=Mark.INFO,
            text=msg("intake.pages_found", n=opened.found_pages),
            hint=msg("intake.hint_unfiled"),
        )
    if hand.draft.corrects is not None:
        return Banner(
            kind="correction",
            tone=Tone.PRIMARY,
            mark=Mark.INFO,
            text=msg("intake.corrects", number=hand.draft.corrects_number),
            hint=msg("intake.corrects_hint"),
        )
    return one_card_banner(hand)
