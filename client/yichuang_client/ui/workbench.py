"""工作台: the one window of the client: its kit, its screens, its way from one to the other.

Rules kept here: screens are built ahead or at their first showing and then raised; only this module knows which class
draws which screen, and imports it when it is needed; the cover (lock) hides everything and hears all keys.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from yichuang_client.presenters.models.common import Bar, Text
from yichuang_client.presenters.models.session import ScreenName, ShellEvents, ShellModel
from yichuang_client.presenters.tour import TourModel
from yichuang_client.trace import trace
from yichuang_client.ui import tokens as t
from yichuang_client.ui.actionbar import ActionBar
from yichuang_client.ui.ahead import Ahead
from yichuang_client.ui.focus import Focus
from yichuang_client.ui.i18n.catalogue import Catalogue
from yichuang_client.ui.keys import KeyBoard
from yichuang_client.ui.look import open_window
from yichuang_client.ui.loop import TkLoop
from yichuang_client.ui.screen import Outlet, Screen
from yichuang_client.ui.shell import Shell
from yichuang_client.ui.tourline import KEY as TOUR_KEY
from yichuang_client.ui.widgets.base import Box, Kit, label
from yichuang_client.ui.widgets.buttons import paint_keys

_CLASSES = {
    ScreenName.ENROL: ("enrol", "EnrolScreen"),
    ScreenName.SIGN_IN: ("sign_in", "SignInScreen"),
    ScreenName.LOCK: ("lock", "LockScreen"),
    ScreenName.PASSWORD: ("password", "PasswordScreen"),
    ScreenName.HOME: ("home", "HomeScreen"),
    ScreenName.INTAKE: ("intake", "IntakeScreen"),
    ScreenName.BRIEFING: ("briefing", "BriefingScreen"),
    ScreenName.SCAN: ("scan", "ScanScreen"),
    ScreenName.CASES: ("queue", "CasesScreen"),
    ScreenName.SUPPLEMENTS: ("queue", "SupplementsScreen"),
    ScreenName.ISSUES: ("queue", "IssuesScreen"),
    ScreenName.SEARCH: ("queue", "SearchScreen"),
    ScreenName.SHIFT: ("queue", "ShiftScreen"),
    ScreenName.HANDOVER: ("queue", "HandoverScreen"),
    ScreenName.CASE: ("case", "CaseScreen"),
    ScreenName.SUPPLEMENT: ("supplement", "SupplementScreen"),
    ScreenName.ISSUE: ("issue", "IssueScreen"),
    ScreenName.SYNC: ("sync", "SyncScreen"),
    ScreenName.DEVICES: ("devices", "DevicesScreen"),
    ScreenName.REVIEW: ("review", "ReviewScreen"),
    ScreenName.HELP: ("help", "HelpScreen"),
}
"""Module below ``ui.screens`` and class of each screen."""
_ALONE = frozenset({ScreenName.ENROL, ScreenName.SIGN_IN, ScreenName.LOCK, ScreenName.PASSWORD, ScreenName.HELP})
"""Screens that fill the whole window, without the frame."""


def load_screens() -> None:
    """Import what draws the screens; any thread may."""
    for module, _ in _CLASSES.values():
        import_module(f"yichuang_client.ui.screens.{module}")


@dataclass(frozen=True, kw_only=True)
class PageKeys:
    """What the keys of a page do."""

    acts: tuple[tuple[str, Text], ...] = ()
    places: tuple[tuple[str, Text], ...] = ()
    more: str = ""
    """Keys without a button."""


class Late:
    """Events of a screen whose presenter is made after its view: told to it once it is there."""

    def __init__(self) -> None:
        self.presenter: Any = None

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *values: getattr(self.presenter, name)(*values) if self.presenter is not None else None


class Workbench:
    """One window. Made by ``bootstrap``; presenters get outlets, the loop and the words from it."""

    def __init__(
        self,
        language: str = "zh",
        *,
        size: tuple[int, int] = (1366, 768),
        factor: float | None = None,
        is_practice: bool = False,
    ) -> None:
        words = Catalogue(language)
        title = words.key("shell.title_practice" if is_practice else "shell.title")
        self.window, look = open_window(title, size, factor)
        accent = t.PRACTICE if is_practice else t.PRIMARY
        self.kit = Kit(look, words, Focus(self.window), accent)
        self.loop = TkLoop(self.window)
        self._keyboard = KeyBoard(self.window, self.kit.focus)
        self._root = Box(self.window, self.kit, fill=t.CANVAS)
        if is_practice:  # over every screen, whichever is in front
            band = Box(self.window, self.kit, fill=t.PRACTICE)
            band.pack(fill="x")
            label(band, words.key("shell.practice"), 14, bold=True, colour="#FFFFFF").pack(pady=self.kit.look.px(1))
        self._root.pack(fill="both", expand=True)
        self._alone = Box(self._root)
        self._shell: Shell | None = None
        self._bar: ActionBar | None = None
        self._outlets: dict[str, Outlet[Any]] = {}
        self._ask_help: Callable[[], None] = lambda: None
        self._tour: tuple[Callable[[], None], Callable[[], None]] | None = None
        self._seen = ""
        self._fields: dict[str, str] = {}
        self._used = time.monotonic()
        self.ahead = Ahead(self.window, lambda: self.idle_seconds)
        for kind in ("<Any-KeyPress>", "<Any-ButtonPress>", "<Motion>", "<MouseWheel>"):
            self.window.bind_all(kind, self._note_use, add="+")

    # ---- assembly ---------------------------------------------------------------------------------------------

    def frame(self, events: ShellEvents) -> Callable[[ShellModel], None]:
        """Build the frame of the workbench; returns how its model is shown."""
        self.ahead.close()
        if self._shell is not None:
            self._shell.destroy()
            self._tour = None
            for name in [name for name in self._outlets if ScreenName(name) not in _ALONE]:
                del self._outlets[name]
        self._shell = Shell(self._root, self.kit, events)
        self._bar = ActionBar(self._shell.foot, self._shell)
        self._bar.pack(fill="x")
        return self._show_frame

    def screen(self, name: ScreenName, events: Any) -> Outlet[Any]:
        """The outlet of a screen; it is built when first shown. ``events`` is told what a person does."""

        def build() -> Screen[Any]:
            module, kind = _CLASSES[name]
            view = getattr(import_module(f"yichuang_client.ui.screens.{module}"), kind)
            parent = self._alone if name in _ALONE or self._shell is None else self._shell.stage
            made: Screen[Any] = view(parent, self, events)
            return made

        self._outlets[name] = Outlet(name, self, build)
        return self._outlets[name]

    def paint(self) -> Iterator[None]:
        """Paint ahead what all screens show, a step at a time."""
        return paint_keys(self.kit.look)

    def build(self, name: ScreenName) -> Iterator[None]:
        """Build a screen ahead of its first showing, a step at a time, and lay it out behind the one in front."""
        outlet = self._outlets[name]
        yield from outlet.build()
        screen = outlet.screen
        if screen is None or screen.winfo_manager():
            return
        screen.place(relwidth=1.0, relheight=1.0)
        screen.lower()
        self.window.update_idletasks()
        yield
        if screen.winfo_manager() == "place":
            screen.place_forget()
        yield

    def raise_screen(self, name: ScreenName, field: str = "") -> None:
        """Show a screen; the focus goes to ``field``, or where it was on that screen, or to its first field."""
        if self._seen:
            self._fields[self._seen] = self.kit.focus.current
        if field:
            self._fields[name] = f"{name}.{field}"
        before = self._outlets.get(self._seen)
        if before is not None and before.screen is not None and self._seen != name:
            before.screen.pack_forget()
        self._seen = name
        self._show_side(name in _ALONE)
        screen = self._outlets[name].ready()
        screen.pack(fill="both", expand=True)
        if name not in _ALONE and self._bar is not None:
            self._bar.serve(name, screen.bar_events(), screen.bar)
        self.keys_changed(name)
        self._focus(name, field, screen)
        self._trace_when_drawn(name)

    def _show_side(self, is_alone: bool) -> None:
        side, other = (self._alone, self._shell) if is_alone else (self._shell, self._alone)
        if other is not None and other.winfo_manager():
            other.pack_forget()
        if side is not None and not side.winfo_manager():
            side.pack(fill="both", expand=True)

    def _focus(self, name: str, field: str, screen: Screen[Any]) -> None:
        wanted = (f"{name}.{field}" if field else "", self._fields.get(name, ""), f"{name}.{screen.first_field}")
        is_asking = self._bar is not None and self._bar.is_asking
        own = (f"{name}.", "confirm.") if is_asking else (f"{name}.",)
        for candidate in wanted:
            if candidate.startswith(own) and self.kit.focus.has(candidate):
                self.kit.focus.move(candidate)
                return
        self.window.focus_set()  # the first model, which brings the fields, is on its way

    def _is_nowhere(self) -> bool:
        """Whether the window itself has the keyboard: the field that had it is gone, or is not there yet."""
        return self.window.focus_lastfor() in (None, self.window)

    def _trace_when_drawn(self, name: str) -> None:
        def drawn() -> None:
            if self._seen == name:
                self.window.update_idletasks()
                self.window.winfo_pointerxy()  # an answer of the display: what was drawn before can be seen
                trace("screen", name=str(name))

        def mapped() -> None:
            if self.window.winfo_viewable():
                self.window.after_idle(lambda: self.window.after(1, drawn))
            else:
                self.window.after(5, mapped)

        mapped()

    # ---- help and guide ---------------------------------------------------------------------------------------

    def help_by(self, asked: Callable[[], None]) -> None:
        """Who is told that F1 was pressed on a screen without the frame."""
        self._ask_help = asked

    def show_tour(self, model: TourModel | None, following: Callable[[], None], ended: Callable[[], None]) -> None:
        """A step of the first-run guide, above every page of the frame; nothing takes it away."""
        if self._shell is None:
            return
        self._tour = (following, ended) if model is not None else None
        self._shell.show_tour(model, following, ended)
        self.keys_changed(self._seen)

    @property
    def seen(self) -> ScreenName | None:
        """The screen in front."""
        return ScreenName(self._seen) if self._seen else None

    def keys_of_page(self) -> PageKeys:
        """What the keys of the page in front do: read off the action bar and the rail, so that it is what they do."""
        outlet, say = self._outlets.get(self._seen), self.kit.words.key
        if self._shell is None or self._seen in _ALONE or outlet is None or outlet.screen is None:
            return PageKeys()
        frame = self._shell.model
        places = [
            (place.key if place.key.startswith("F") else f"Ctrl+{place.key}", place.label)
            for place in (frame.nav if frame is not None else ())
        ]
        names = (("Ctrl+L", "lock"), ("Ctrl+U", "password"), ("Esc", "back"))
        more = f"shell.more_{self._seen}"
        return PageKeys(
            acts=tuple((act.key, act.label) for act in outlet.screen.bar.acts if act.key),
            places=(*places, *((key, say(f"shell.keys_{name}")) for key, name in names)),
            more=say(more) if self.kit.words.has(more) else "",
        )

    # ---- what screens need of the window ----------------------------------------------------------------------

    def is_seen(self, screen: str) -> bool:
        """Whether this screen is the one in front."""
        return screen == self._seen

    def focus_later(self, screen: str, field: str) -> None:
        """Where the focus is to go when this screen, which is not in front, is raised."""
        self._fields[screen] = f"{screen}.{field}"

    def bar_changed(self, screen: str, bar: Bar) -> None:
        """The screen's action bar has changed."""
        outlet = self._outlets.get(screen)
        if screen == self._seen and self._bar is not None and outlet is not None and outlet.screen is not None:
            self._bar.serve(screen, outlet.screen.bar_events(), bar)
            self.keys_changed(screen)

    def keys_changed(self, screen: str) -> None:
        """The screen's keys have changed."""
        outlet = self._outlets.get(screen)
        if screen != self._seen or outlet is None or outlet.screen is None:
            return
        if screen in _ALONE or self._bar is None:
            self._keyboard.frame({"F1": self._ask_help})
            self._keyboard.screen(outlet.screen.key_map())
            return
        self._keyboard.frame(self._shell.key_map() if self._shell else {})
        back = {"Esc": self._bar.back}
        own = {} if self._bar.is_asking else outlet.screen.key_map()
        keys: dict[str, Callable[[], None]] = {**back, **self._bar.key_map(), **own}
        if self._tour is not None:
            following, ended = self._tour
            keys |= {TOUR_KEY: following, "Esc": _both(ended, keys["Esc"])}
        self._keyboard.screen(keys)
        if self._is_nowhere() and not self._bar.is_asking:
            self._focus(screen, "", outlet.screen)

    def _show_frame(self, model: ShellModel) -> None:
        assert self._shell is not None
        self._shell.show(model)
        if self._seen and ScreenName(self._seen) not in _ALONE:
            self._keyboard.frame(self._shell.key_map())

    # ---- life -------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Take the focus and serve the window until it is closed."""
        self.window.lift()
        self._take_keyboard()
        self.window.mainloop()

    def _take_keyboard(self) -> None:
        """Give the first field the keyboard once the window can be seen: X gives it to no window before."""
        outlet = self._outlets.get(self._seen)
        if not self.window.winfo_viewable() or outlet is None or outlet.screen is None:
            self.window.after(10, self._take_keyboard)
            return
        self.window.update_idletasks()
        self.window.focus_force()
        self._focus(self._seen, "", outlet.screen)

    @property
    def idle_seconds(self) -> float:
        """How long nobody pressed a key or moved the mouse."""
        return time.monotonic() - self._used

    def _note_use(self, _event: object) -> None:
        self._used = time.monotonic()

    def close(self) -> None:
        """End the window."""
        self.ahead.close()
        self.loop.close()
        self.window.destroy()


def _both(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    """Esc takes the guide away and does what it does on the page: nobody has to press it twice."""

    def run() -> None:
        first()
        second()

    return run
