"""扫描工作台的模型: what the scan screen says of the pages, the scanner and the batch.

Rules kept here: pure; the number in the jam banner is the last page safely on disk; a speed that is not live says so;
one primary button, the next valid step.
"""

from __future__ import annotations

from dataclasses import replace

from yichuang_client.devices.errors import Trouble
from yichuang_client.presenters.models.common import (
    Banner,
    Chip,
    Fact,
    Mark,
    Picture,
    Progress,
    Text,
    TimeStyle,
    Tone,
    When,
    joined,
    msg,
)
from yichuang_client.presenters.models.scan import Fit, PageView, ScanModel, Speed, StripPage, Target
from yichuang_client.presenters.scan_bar import scan_bar
from yichuang_client.presenters.scan_pages import UNSORTED, PageStack, Sheet
from yichuang_client.presenters.scan_state import ScanState

SHOWN = 10
"""Pages of the strip."""
_ROW = 2
GOOD_DPI = 200


def scan_model(state: ScanState, picture: Picture | None, fit: Fit, *, is_unreadable: bool) -> ScanModel:
    """The whole screen."""
    first, shown = _window(state)
    is_jam = state.trouble is Trouble.JAM and not state.is_feeding
    strip = tuple(_cell(sheet, first + n, state.stack.selected) for n, sheet in enumerate(shown))
    if is_jam and first + len(shown) == len(state.stack.sheets):
        stuck = StripPage(page="", number=first + len(shown) + 1, word=msg("scan.in_feeder"), tone=Tone.DANGER)
        strip = (*strip, stuck)
    return ScanModel(
        title=_title(first, len(shown)),
        hint=msg("scan.blanks_stay") if shown else "",
        strip=strip,
        newer=_newer(state.stack),
        page=_framed(_page(state.stack, picture, fit, is_unreadable=is_unreadable), state),
        targets=_targets(state),
        speed=_speed(state),
        facts=_facts(state.stack.selected),
        banner=_banner(state),
        progress=_progress(state),
        empty=_empty(state),
        is_assigning=state.is_assigning,
        bar=scan_bar(state),
    )


def _window(state: ScanState) -> tuple[int, list[Sheet]]:
    """The pages of the strip: moved by whole rows and only when the selected one would be out of sight."""
    sheets, place = state.stack.sheets, state.stack.selected_index
    last = max(0, (len(sheets) - SHOWN + _ROW - 1) // _ROW * _ROW)
    first = min(state.first_shown, last)
    if place < first:
        first = place // _ROW * _ROW
    elif place >= first + SHOWN:
        first = (place - SHOWN) // _ROW * _ROW + _ROW
    state.first_shown = first
    return first, sheets[first : first + SHOWN]


def _title(first: int, count: int) -> Text:
    if not count:
        return msg("scan.no_pages")
    if count == 1:
        return msg("scan.page_title", n=first + 1)
    return msg("scan.pages_shown", first=first + 1, last=first + count)


def _cell(sheet: Sheet, index: int, selected: Sheet | None) -> StripPage:
    word: Text = ""
    is_selected = selected is not None and sheet.id == selected.id
    tone: Tone | None = None
    if sheet.is_separator:
        word, tone = msg("scan.separator"), Tone.PRIMARY
    elif sheet.page.is_blank:
        word, tone = msg("scan.blank"), Tone.WARNING
    elif sheet.flaws:
        word, tone = msg(f"scan.flaw_{sheet.flaws[0]}"), Tone.WARNING
    elif sheet.is_again:
        word = msg("scan.again")
    elif sheet.is_straightened:
        word = msg("scan.straightened")
    elif is_selected:
        word = msg("scan.current")
    return StripPage(
        page=str(sheet.id),
        number=index + 1,
        thumbnail=sheet.thumbnail,
        word=word,
        tone=tone,
        is_selected=is_selected,
    )


def _newer(stack: PageStack) -> Chip | None:
    if not stack.newer:
        return None
    return Chip(text=msg("scan.newer", n=stack.newer), tone=Tone.PRIMARY)


def _page(stack: PageStack, picture: Picture | None, fit: Fit, *, is_unreadable: bool) -> PageView:
    sheet = stack.selected
    if sheet is None:
        return PageView(fit=fit)
    number = stack.selected_index + 1
    if picture is None:
        waiting = msg("scan.page_unreadable" if is_unreadable else "scan.page_coming", n=number)
        return PageView(title=msg("scan.page_title", n=number), waiting=waiting, fit=fit)
    percent = round(100 * picture.width / max(1, sheet.page.width))
    words = msg("scan.at_width" if fit is Fit.WIDTH else "scan.at_page", percent=percent)
    detail = joined(words, msg("scan.kilobytes", n=max(1, round(sheet.page.size / 1000))), separator="common.space")
    return PageView(title=msg("scan.page_title", n=number), detail=detail, picture=picture, fit=fit, number=number)


def _framed(page: PageView, state: ScanState) -> PageView:
    crop = state.crop
    return page if crop is None else replace(page, frame=(crop.left, crop.top, crop.right, crop.bottom))


def _targets(state: ScanState) -> tuple[Target, ...]:
    counts = state.stack.counts()
    rows = [
        Target(
            key=key,
            ordinal=ordinal,
            name=name,
            count=msg("scan.page_count", n=counts[key]),
            is_current=key == state.stack.target,
        )
        for ordinal, (key, name) in enumerate(state.tray.materials, 1)
    ]
    unsorted = Target(
        key=UNSORTED,
        ordinal=0,
        name=msg("scan.unsorted"),
        count=msg("scan.page_count", n=counts[UNSORTED]),
        is_current=state.stack.target == UNSORTED,
    )
    return (*rows, unsorted)


def _speed(state: ScanState) -> Speed | None:
    number = state.speed.pages_a_minute
    if not number:
        return None
    rating = state.scanner.rating if state.scanner else 0
    scale = max(number, rating) * 1.1
    label = "scan.speed_live" if state.is_feeding else "scan.speed_stopped"
    sentence: Text = msg(f"scan.bottleneck_{state.speed.bottleneck.name}")
    if rating:
        sentence = joined(msg("scan.speed_share", percent=round(100 * number / rating)), sentence)
    return Speed(
        number=f"{number:,}",
        label=msg(label),
        rating=msg("scan.speed_rating", n=rating) if rating else "",
        fraction=number / scale if rating else None,
        tick=rating / scale if rating else None,
        sentence=sentence,
    )


def _facts(sheet: Sheet | None) -> tuple[Fact, ...]:
    stored = Fact(label=msg("scan.stored"), value=msg("scan.stored_here"))
    if sheet is None:
        return (stored,)
    sharp: Text = msg("common.unknown")
    tone: Tone | None = None
    if sheet.flaws:
        sharp, tone = joined(*(msg(f"scan.flaw_{flaw}") for flaw in sheet.flaws)), Tone.WARNING
    elif sheet.dpi >= GOOD_DPI:
        sharp = msg("scan.dpi_good", n=sheet.dpi)
    elif sheet.dpi:
        sharp, tone = msg("scan.dpi_low", n=sheet.dpi), Tone.WARNING
    skew = msg("common.unknown")
    if sheet.skew is not None:
        key = "scan.skew_mended" if sheet.is_straightened else "scan.skew_small"
        skew = msg(key, degrees=f"{abs(sheet.skew):.1f}")
    return (
        Fact(label=msg("scan.sharpness"), value=sharp, tone=tone),
        Fact(label=msg("scan.skew"), value=skew),
        stored,
    )


def _banner(state: ScanState) -> Banner | None:
    if state.is_feeding or state.ended is None or not state.fault:
        return None
    at = When(value=state.ended.at, style=TimeStyle.SECONDS)
    trouble = state.trouble
    if trouble is Trouble.JAM:
        safe = state.last_safe
        text = msg("scan.jam", n=safe) if safe else msg("scan.jam_first")
        return _stopped("JAM", text, msg("scan.jam_hint"), at)
    if trouble is Trouble.FEEDER_EMPTY:
        return Banner(kind="FEEDER_EMPTY", text=state.fault, at=at)
    kind = trouble.name if trouble else type(state.ended.error).__name__
    hint = msg("scan.last_safe", n=state.last_safe) if state.stack.sheets else ""
    if state.from_file:
        return Banner(kind=kind, text=state.fault, hint=msg("scan.file_part", n=state.ended.count), at=at)
    return _stopped(kind, state.fault, hint, at)


def _stopped(kind: str, text: Text, hint: Text, at: When) -> Banner:
    return Banner(kind=kind, text=text, hint=hint, at=at, tone=Tone.DANGER, mark=Mark.STOP, is_solid=True)


def _progress(state: ScanState) -> Progress | None:
    if state.stack.sheets:
        return None
    if state.is_feeding:
        return Progress(text=msg("scan.reading_file" if state.from_file else "scan.feeding"), can_cancel=True)
    is_looking = state.scanner is None and state.no_scanner == ""
    return Progress(text=msg("scan.looking")) if is_looking else None


def _empty(state: ScanState) -> tuple[Text, ...]:
    if state.stack.sheets:
        return ()
    if state.is_feeding:
        return (msg("scan.first_page_coming"),)
    if state.no_scanner != "":
        last = msg("scan.last_scanner", name=state.last_scanner) if state.last_scanner else ""
        return tuple(line for line in (state.no_scanner, last, msg("scan.find_or_file")) if line != "")
    if state.scanner is None:
        return (msg("scan.no_pages"),)
    return (msg("scan.put_paper_in"), msg("scan.or_file"))
