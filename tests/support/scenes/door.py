"""Before and around the work: enrolment, sign-in, password, cover, the empty workbench; and practice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.support.counter import Immediate, Shown, Waiting
from tests.support.desk import TUESDAY
from tests.support.scenes.stage import OFFLINE, ONLINE, Scene, Stage, shell
from yichuang_client.presenters.enrolment import EnrolPresenter
from yichuang_client.presenters.frame import Seen, home_model
from yichuang_client.presenters.lock import LockPresenter, going_on
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.password import PasswordPresenter
from yichuang_client.presenters.sign_in import SignInPresenter
from yichuang_client.presenters.worlds import OtherWorld
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.people import LeaseState
from yichuang_client.sync.door import Door, SignInError, SignInReason, Visitor
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.status import Line

OFFICE = ("凤桥镇便民服务中心", "0137")
SLIP = {"address": "yichuang.example.gov.cn:8444", "code": "K7QF-2M9X-TR4D", "fingerprint": "4FA2901C77D05E13"}


def scenes(_stage: Stage) -> Iterator[Scene]:
    """All of them."""
    yield from _enrolling()
    yield from _signing_in()
    yield from _passwords()
    yield from _cover()
    yield from _home()


def _world(is_practice: bool = False) -> OtherWorld:
    return OtherWorld(is_practice=is_practice, unsent=lambda: 0, go=lambda: None)


def _raising(error: Exception) -> Callable[..., Any]:
    def fail(*_values: object) -> Any:
        raise error

    return fail


def _enrolling() -> Iterator[Scene]:
    def made(state: str, background: Any, answer: Callable[..., Any], typed: dict[str, str]) -> Scene:
        view = Shown()
        presenter = EnrolPresenter(view, background, answer, lambda: None, _world())
        presenter.open()
        for key, text in typed.items():
            presenter.type_in(key, text)
        presenter.enrol()
        return Scene(name=f"enrol-{state}", screen=ScreenName.ENROL, model=view.last)

    yield made("empty", Immediate(), _raising(AssertionError()), {})
    yield made("busy", Waiting(), lambda _slip: None, SLIP)
    yield made("offline", Immediate(), _raising(TransportError(TransportReason.OFFLINE)), SLIP)
    yield made("error", Immediate(), _raising(TransportError(TransportReason.CODE_USED)), SLIP)


def _signing_in() -> Iterator[Scene]:
    ends = {"limin": ("李敏", 14), "wuhao": ("吴昊", 2)}
    people = tuple(
        Visitor(login=login, name=name, lease_ends=TUESDAY + timedelta(days=days))
        for login, (name, days) in ends.items()
    )
    known = Door(office=OFFICE, people=people, line=Line.ONLINE)

    def made(state: str, door: Door, answer: Any = None, *, account: str = "limin", practice: bool = False) -> Scene:
        view = Shown()
        background = Immediate()
        ask = answer if callable(answer) else _raising(answer or AssertionError())
        presenter = SignInPresenter(
            view, background, ask, lambda _: None, lambda: door, lambda: TUESDAY, _world(practice)
        )
        presenter.open()
        presenter.choose_account(account)
        if answer is not None:
            presenter.sign_in(account, "secret", "")
        first = "" if account else "account"
        here = ScreenName.SIGN_IN
        return Scene(name=f"sign_in-{state}", screen=here, model=view.last, is_practice=practice, focus=first)

    yield made("empty", Door(office=OFFICE, is_first=True, line=Line.ONLINE), account="")
    yield made("online", known)
    yield made("code", known, TransportError(TransportReason.SECOND_FACTOR))
    yield made("offline", replace(known, line=Line.OFFLINE), account="wuhao")
    yield made("wrong", known, StoreError(StoreReason.WRONG_PASSWORD))
    yield made("waiting", known, StoreError(StoreReason.LOCKED_FOR, seconds=30))
    yield made("error", known, SignInError(SignInReason.NEEDS_COLLEAGUE, ("李敏", "吴昊")))
    yield made("practice", known, practice=True)
    view, background = Shown(), Waiting()
    busy = SignInPresenter(view, background, _raising(AssertionError()), lambda _: None, lambda: known, lambda: TUESDAY)
    busy.open()
    background.go()
    busy.sign_in("limin", "secret", "")
    yield Scene(name="sign_in-busy", screen=ScreenName.SIGN_IN, model=view.last)


def _passwords() -> Iterator[Scene]:
    def made(state: str, background: Any, answer: Callable[..., Any], typed: str, **options: bool) -> Scene:
        view = Shown()
        presenter = PasswordPresenter(view, background, answer, lambda: None, lambda: None)
        presenter.open("limin", **options)
        if typed:
            presenter.type_in("Juzi-Shui-1", typed, typed)
            presenter.change("Juzi-Shui-1", typed, typed)
        return Scene(name=f"password-{state}", screen=ScreenName.PASSWORD, model=view.last)

    refused = TransportError(TransportReason.WEAK_PASSWORD)
    yield made("empty", Immediate(), _raising(refused), "", is_forced=True, is_online=True)
    yield made("busy", Waiting(), _raising(refused), "Pingguo-Zhi-2", is_online=True)
    yield made("offline", Immediate(), _raising(refused), "", is_online=False)
    yield made("error", Immediate(), _raising(refused), "Pingguo-Zhi-2", is_online=True)


def _cover() -> Iterator[Scene]:
    running = going_on(is_scanning=True, is_printing=False, unsent=2)
    for state, shown, answer in (
        ("empty", (), None),
        ("busy", running, None),
        ("error", (), StoreError(StoreReason.WRONG_PASSWORD)),
    ):
        view = Shown()
        presenter = LockPresenter(view, Immediate(), _raising(answer or AssertionError()), lambda: None, lambda: None)
        presenter.open("李敏", TUESDAY, shown)
        if answer is not None:
            presenter.unlock("secret")
        yield Scene(name=f"lock-{state}", screen=ScreenName.LOCK, model=view.last)


def _home() -> Iterator[Scene]:
    plain = Seen(
        office=OFFICE,
        person=None,  # type: ignore[arg-type]
        kind=None,  # type: ignore[arg-type]
        status=replace(ONLINE, is_complete=False),
        counts={},
        refused=0,
        items=0,
        has_session=True,
        lease_ends=None,
        lease_state=LeaseState.VALID,
        skew=timedelta(0),
    )
    here = ScreenName.HOME
    yield Scene(name="home-busy", screen=here, model=home_model(plain), shell=shell(here))
    offline = replace(OFFLINE, unsent=0, is_complete=False)
    yield Scene(
        name="home-offline", screen=here, model=home_model(replace(plain, status=offline)), shell=shell(here, offline)
    )
