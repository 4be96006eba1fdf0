"""扫描工作台的操作栏: the sentence and the keys, by what can be done next."""

from __future__ import annotations

from yichuang_client.devices.settings import ScanChoice
from yichuang_client.presenters.models.common import Act, ActKind, Bar, Mark, Sentence, Text, Tone, joined, msg
from yichuang_client.presenters.models.scan import ScanAct
from yichuang_client.presenters.scan_state import ScanState


def choice_words(choice: ScanChoice) -> Text:
    """How a scanner is used: 进纸器 · 灰度 · 300 dpi."""
    return joined(
        msg(f"scan.source_{choice.source.name}") if choice.source else "",
        msg(f"scan.mode_{choice.mode.name}") if choice.mode else "",
        msg("scan.dpi", n=choice.resolution) if choice.resolution else "",
    )


def scan_bar(state: ScanState) -> Bar:
    """The whole bar."""
    return Bar(sentence=_sentence(state), acts=_acts(state), confirm=state.asked)


def _sentence(state: ScanState) -> Sentence:
    count, unsorted = len(state.stack.sheets), state.unsorted
    if state.is_assigning:
        return Sentence(lead=msg("scan.assign_where"), hint=msg("scan.assign_how"))
    if state.crop is not None:
        return Sentence(lead=msg("scan.crop_how"), hint=msg("scan.crop_end"))
    if state.is_feeding:
        lead = msg("scan.reading_file" if state.from_file else "scan.feeding")
        return Sentence(mark=Mark.WAIT, lead=lead, hint=msg("scan.safe_count", n=count))
    if state.is_stuck:
        hint = msg("scan.none_lost", n=count) if count else ""
        return Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=msg("scan.waits_for_you"), hint=hint)
    if state.note != "":
        return Sentence(lead=state.note)
    if unsorted:
        hint = msg("scan.sort_how")
        return Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=msg("scan.unsorted_left", n=unsorted), hint=hint)
    if count:
        return Sentence(
            mark=Mark.OK, tone=Tone.SUCCESS, lead=msg("scan.all_sorted", n=count), hint=msg("scan.finish_how")
        )
    if state.no_scanner != "":
        return Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=msg("scan.no_scanner"), hint=msg("scan.find_how"))
    if state.scanner is None:
        return Sentence(mark=Mark.WAIT, lead=msg("scan.looking"))
    return Sentence(lead=msg("scan.ready"), hint=_device(state))


def _device(state: ScanState) -> Text:
    return joined(state.scanner.name, choice_words(state.scanner.choice)) if state.scanner else ""


def _acts(state: ScanState) -> tuple[Act, ...]:
    if state.is_feeding:
        stop = Act(id=ScanAct.STOP, key="Esc", label=msg("scan.act_stop"))
        return (stop, *_sorting(state, ActKind.NORMAL))
    if state.crop is not None:
        kind = ActKind.NORMAL if state.crop.is_whole else ActKind.PRIMARY
        return (Act(id=ScanAct.CUT, key="Enter", label=msg("scan.act_cut"), kind=kind),)
    has_pages, is_sorted, can_scan = bool(state.stack.sheets), not state.unsorted, state.can_scan
    acts = [_first(state, can_scan=can_scan)]
    if state.is_stuck and can_scan:
        acts.append(Act(id=ScanAct.CONTINUE, key="F5", label=msg("scan.act_continue"), is_hidden=True))
    if has_pages:
        acts += [
            Act(id=ScanAct.INSERT, key="Ins", label=msg("scan.act_insert"), is_enabled=can_scan, starts_group=True),
            Act(id=ScanAct.REPLACE, key="R", label=msg("scan.act_replace"), is_enabled=can_scan),
        ]
    is_next = has_pages and not state.is_stuck
    acts += _sorting(state, ActKind.NORMAL if is_sorted or not is_next else ActKind.PRIMARY)
    acts.append(Act(id=ScanAct.SEPARATORS, key="F11", label=msg("scan.act_separators"), is_hidden=has_pages))
    acts.append(Act(id=ScanAct.IMPORT, key="Ctrl+O", label=msg("scan.act_import"), starts_group=not has_pages))
    kind = ActKind.PRIMARY if is_next and is_sorted else ActKind.NORMAL
    acts.append(Act(id=ScanAct.FINISH, key="F4", label=msg("scan.act_finish"), kind=kind, starts_group=True))
    return tuple(acts)


def _first(state: ScanState, *, can_scan: bool) -> Act:
    kind = ActKind.NORMAL if state.stack.sheets and not state.is_stuck else ActKind.PRIMARY
    if not can_scan:
        return Act(id=ScanAct.FIND, key="F5", label=msg("scan.act_find"), kind=kind)
    if state.is_stuck:
        return Act(id=ScanAct.CONTINUE, key="Space", label=msg("scan.act_continue"), kind=kind)
    label = msg("scan.act_more" if state.stack.sheets else "scan.act_start")
    return Act(id=ScanAct.START, key="F5", label=label, kind=kind)


def _sorting(state: ScanState, kind: ActKind) -> list[Act]:
    if not state.stack.sheets and not state.stack.can_undo:
        return []
    acts = [Act(id=ScanAct.ASSIGN, key="M", label=msg("scan.act_assign"), kind=kind, starts_group=state.is_feeding)]
    if state.stack.can_undo:
        acts.append(Act(id=ScanAct.UNDO, key="Ctrl+Z", label=msg("scan.act_undo")))
    return acts
