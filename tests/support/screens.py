"""Every screen with a plausible model, in the sizes that a counter has, and a workbench on which they are shown.

Rules kept here: real windows, models in; 1366x768, 1366x697 after the system's bars, 1920x1080.
"""

from __future__ import annotations

import tkinter
from dataclasses import dataclass
from typing import Any

from tests.support import (
    samples_briefing as briefing,
    samples_casework as cases,
    samples_frame as frame,
    samples_intake as intake,
    samples_queues as queues,
    samples_review as review,
    samples_scan as scan,
    samples_shift as shift,
)
from tests.support.listener import Listener
from yichuang_client.presenters.models.session import ScreenName, ShellModel
from yichuang_client.presenters.tour import TourModel
from yichuang_client.ui.workbench import Workbench

NORMAL, LOW, WIDE = (1366, 768), (1366, 697), (1920, 1080)


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture to take."""

    name: str
    screen: ScreenName
    model: Any
    shell: ShellModel | None = None
    sizes: tuple[tuple[int, int], ...] = (NORMAL,)
    focus: str = ""
    tour: TourModel | None = None
    """The step of the first-run guide above it."""


def shots() -> list[Shot]:
    """All pictures."""
    return [
        Shot(name="sign_in", screen=ScreenName.SIGN_IN, model=frame.SIGN_IN, sizes=(NORMAL, WIDE)),
        Shot(name="sign_in_wrong", screen=ScreenName.SIGN_IN, model=frame.SIGN_IN_WRONG),
        Shot(name="sign_in_code", screen=ScreenName.SIGN_IN, model=frame.SIGN_IN_CODE, sizes=(NORMAL, LOW)),
        Shot(name="sign_in_locked", screen=ScreenName.SIGN_IN, model=frame.SIGN_IN_LOCKED),
        Shot(name="password", screen=ScreenName.PASSWORD, model=frame.PASSWORD, sizes=(NORMAL, LOW)),
        Shot(name="password_weak", screen=ScreenName.PASSWORD, model=frame.PASSWORD_WEAK),
        Shot(name="enrol", screen=ScreenName.ENROL, model=frame.ENROL),
        Shot(name="enrol_busy", screen=ScreenName.ENROL, model=frame.ENROL_BUSY),
        Shot(name="lock", screen=ScreenName.LOCK, model=frame.LOCK),
        Shot(name="home", screen=ScreenName.HOME, model=frame.HOME, shell=frame.shell(ScreenName.INTAKE)),
        *_intake_shots(),
        *_counter_shots(),
        *_review_shots(),
    ]


def _intake_shots() -> list[Shot]:
    here = frame.shell(ScreenName.INTAKE)
    name = ScreenName.INTAKE
    return [
        Shot(name="intake_start", screen=name, model=intake.START, shell=here, sizes=(NORMAL, LOW, WIDE)),
        Shot(name="intake", screen=name, model=intake.FILLED, shell=here, sizes=(NORMAL, WIDE)),
        Shot(name="intake_low", screen=name, model=intake.FILLED_LOW, shell=here, sizes=(LOW,)),
        Shot(name="intake_wrong", screen=name, model=intake.WRONG, shell=here, focus="id_number"),
        Shot(name="intake_accepting", screen=name, model=intake.ACCEPTING, shell=here, sizes=(NORMAL, LOW)),
        Shot(name="intake_declining", screen=name, model=intake.DECLINING, shell=here, sizes=(LOW,)),
    ]


def _counter_shots() -> list[Shot]:
    def at(name: str, screen: ScreenName, model: Any, active: ScreenName, *sizes: tuple[int, int]) -> Shot:
        return Shot(name=name, screen=screen, model=model, shell=frame.shell(active), sizes=(NORMAL, *sizes))

    names = ScreenName
    return [
        at("briefing", names.BRIEFING, briefing.BRIEFING, names.INTAKE, LOW),
        at("scan_jam", names.SCAN, scan.JAM, names.INTAKE, LOW, WIDE),
        at("scan_crop", names.SCAN, scan.CROP, names.INTAKE),
        at("scan_empty", names.SCAN, scan.EMPTY, names.INTAKE),
        at("queue", names.CASES, queues.QUEUE, names.CASES, LOW, WIDE),
        at("search", names.SEARCH, queues.EMPTY_SEARCH, names.SEARCH),
        at("search_district", names.SEARCH, queues.DISTRICT_SEARCH, names.SEARCH),
        at("shift", names.SHIFT, shift.PEOPLE_MODEL, names.SHIFT),
        at("shift_ledger", names.SHIFT, shift.LEDGER_MODEL, names.SHIFT, LOW),
        at("handover", names.HANDOVER, queues.HANDOVER, names.CASES, LOW),
        at("case", names.CASE, cases.CASE, names.CASES, LOW),
        at("supplement", names.SUPPLEMENT, cases.SUPPLEMENT, names.SUPPLEMENTS, LOW),
        at("issue", names.ISSUE, cases.ISSUE, names.ISSUES, LOW),
        at("sync", names.SYNC, cases.SYNC, names.SYNC, LOW, WIDE),
        at("devices", names.DEVICES, scan.DEVICES, names.DEVICES, LOW),
    ]


def _review_shots() -> list[Shot]:
    def at(name: str, model: Any, *sizes: tuple[int, int], focus: str = "") -> Shot:
        shell = frame.shell(ScreenName.REVIEW, is_slim=True)
        return Shot(name=name, screen=ScreenName.REVIEW, model=model, shell=shell, sizes=(NORMAL, *sizes), focus=focus)

    return [
        at("review", review.DESK, LOW, WIDE, focus="opinion"),
        at("review_agreeing", review.AGREEING),
        at("review_refusing", review.REFUSING, LOW),
        at("review_overtaken", review.OVERTAKEN, focus="queue"),
        at("review_empty", review.EMPTY, focus="queue"),
    ]


class Studio:
    """One workbench, one model after the other."""

    def __init__(
        self, language: str = "zh", factor: float | None = 1.0, *, patience: int = 120, is_practice: bool = False
    ) -> None:
        self._patience = patience
        self.bench = Workbench(language, size=WIDE, factor=factor, is_practice=is_practice)
        self.shell_events = Listener()
        self._frame = self.bench.frame(self.shell_events)
        self._listeners = {name: Listener(insert_template="。") for name in ScreenName}
        self.outlets = {name: self.bench.screen(name, self._listeners[name]) for name in ScreenName}
        self.bench.window.focus_force()

    def pose(self, shot: Shot, size: tuple[int, int]) -> None:
        """Show the model in a window of this size and let it be drawn."""
        window = self.bench.window
        window.geometry(f"{size[0]}x{size[1]}+0+0")
        if shot.shell is not None:
            self._frame(shot.shell)
        self.bench.show_tour(shot.tour, lambda: None, lambda: None)
        self.outlets[shot.screen].show(shot.model)
        self.bench.raise_screen(shot.screen, shot.focus)
        for _ in range(4):
            self.settle(self._patience)
            window.update_idletasks()

    def listener(self, screen: ScreenName) -> Listener:
        """Who hears what a person does on that screen."""
        return self._listeners[screen]

    def settle(self, milliseconds: int) -> None:
        """Let the window work for a while."""
        done = tkinter.BooleanVar(self.bench.window, False)
        self.bench.window.after(milliseconds, lambda: done.set(True))
        self.bench.window.wait_variable(done)

    def close(self) -> None:
        """End the window."""
        self.bench.close()
