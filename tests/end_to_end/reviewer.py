"""What the people of a section do at the review desk, key by key."""

from __future__ import annotations

from tests.end_to_end.clerk import confirm
from tests.end_to_end.window_desk import WindowDesk


def see_case(desk: WindowDesk, case: str, state: str) -> None:
    """Wait until the case stands on the desk in a state."""
    desk.desktop.now("case shown", case=case, state=state)


def claim(desk: WindowDesk, case: str) -> None:
    """F8: take it over, and see the district's word."""
    desk.desktop.mark()
    desk.key("F8")
    desk.wait("decision answered", case=case, refused=False)


def look_through(desk: WindowDesk) -> None:
    """All pages, one after the other, and where it came from."""
    desk.desktop.now("page drawn")
    desk.desktop.mark()
    desk.key("Next")
    desk.wait("page drawn")
    desk.shot("review_page")
    desk.key("alt+j")
    desk.shot("review_events")
    desk.key("alt+b")


def sign(desk: WindowDesk, case: str) -> None:
    """The first template as the opinion, F9, and the district's word."""
    desk.to("review.opinion")
    desk.until("alt+1", "opinion saved")
    confirm(desk, "F9", "review_agree")
    desk.wait("decision answered", case=case, refused=False)


def try_to_verify(desk: WindowDesk) -> str:
    """Press F9 although one may not; returns the reason."""
    desk.desktop.mark()
    desk.key("F9")
    return str(desk.wait("act blocked", act="agree")["reason"])


def tell_supplement(desk: WindowDesk, case: str) -> None:
    """F10: what is missing, why and what helps, as suggested; its notice prints."""
    confirm(desk, "F10", "review_supplement")
    desk.desktop.both("papers done", "decision answered")
    desk.desktop.now("papers done", n=1)


def accept(desk: WindowDesk, case: str) -> None:
    """F9 while it is only received."""
    confirm(desk, "F9", "review_accept")
    desk.wait("decision answered", case=case, refused=False)
