"""同步医生 and 设备: how much is unsent, whether it is safe, where it breaks; what each device says.

Rules kept here: delivered means a receipt from the district; everything behind the first broken hop is unknown,
never red; no codes on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from yichuang_client.presenters.models.common import (
    ActEvents,
    Banner,
    Bar,
    Chip,
    Fact,
    Mark,
    Option,
    Picture,
    Progress,
    Table,
    Text,
    Tone,
)
from yichuang_client.presenters.models.queues import Filter


class SyncAct(StrEnum):
    """Acts of the sync page."""

    DO = "do"
    """Enter: what the selected row needs"""
    RETRY = "retry"
    """F5"""
    COPY_DIAGNOSIS = "copy_diagnosis"
    """Ctrl+D"""
    PUT_AWAY = "put_away"
    """Del: a refusal that was looked at"""
    CARRY = "carry"
    """F6: write what waits to a medium"""
    TAKE = "take"
    """F8: take the district's answer in from a medium"""
    MIRROR = "mirror"
    """F7: where the second copy lies"""
    RENEW = "renew"
    """F9: a desk that was fenced goes on under a new number"""


@dataclass(frozen=True, kw_only=True)
class Hop:
    """One step of the road as far as it is known: 本机, 线路, 区里; and the two clocks."""

    name: Text
    state: Text
    mark: Mark
    tone: Tone


@dataclass(frozen=True, kw_only=True)
class SyncModel:
    """同步医生."""

    headline: Text
    """有 n 件还没到区里, or 全部已到区里."""
    safe: Text
    """Whether the clerk may go on."""
    safe_tone: Tone = Tone.NEUTRAL
    """DANGER when the local store could not confirm."""
    facts: tuple[Fact, ...] = ()
    """从何时, 为什么, 最早一件, 办事人影响."""
    hops_title: Text = ""
    hops: tuple[Hop, ...] = ()
    table_title: Text = ""
    filters: tuple[Filter, ...] = ()
    filter: str = ""
    hint: Text = ""
    table: Table
    progress: Progress | None = None
    banner: Banner | None = None
    bar: Bar = field(default_factory=Bar)
    clipboard: str = field(default="", repr=False)
    copied: int = 0
    """When this number changes, ``clipboard`` is put on the window's clipboard."""


class SyncEvents(ActEvents, Protocol):
    """What the sync page tells."""

    def select(self, key: str) -> None:
        """Another row is selected."""

    def open_row(self, key: str) -> None:
        """Enter or a double click: do what the row needs."""

    def expand(self, key: str) -> None:
        """Space: the whole reason."""

    def filter(self, key: str) -> None:
        """Alt+n or a click."""


class DeviceAct(StrEnum):
    """Acts of the devices page."""

    FIND = "find"
    """F5"""
    TEST = "test"
    """F6: a test page, a test scan"""
    MAKE_DEFAULT = "make_default"
    """F8"""


@dataclass(frozen=True, kw_only=True)
class DeviceSetting:
    """设置: one choice of a device, e.g. where the paper comes from."""

    key: str
    label: Text
    options: tuple[Option, ...]
    chosen: str


@dataclass(frozen=True, kw_only=True)
class DeviceCard:
    """设备: one device with its state in the operator's words and what helps."""

    key: str
    kind: Text
    """扫描仪, 打印机."""
    name: Text
    state: Chip
    in_use: Chip | None = None
    """正在用, on the one that this desk uses."""
    advice: Text = ""
    facts: tuple[Fact, ...] = ()
    picture: Picture | None = None
    """What a test scan brought."""
    is_selected: bool = False
    settings: tuple[DeviceSetting, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DevicesModel:
    """设备页."""

    title: Text
    hint: Text = ""
    devices: tuple[DeviceCard, ...] = ()
    banner: Banner | None = None
    """What an administrator set and the program did not understand."""
    progress: Progress | None = None
    bar: Bar = field(default_factory=Bar)


class DevicesEvents(ActEvents, Protocol):
    """What the devices page tells."""

    def select(self, key: str) -> None:
        """Alt+n, arrows or a click."""

    def choose(self, key: str, setting: str, option: str) -> None:
        """An option of a device's setting."""
