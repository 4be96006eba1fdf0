"""Plausible models of the frame and of the screens before the work; all people are invented."""

from __future__ import annotations

from datetime import datetime

from yichuang_client.presenters.models.common import Chip, Field, Mark, Option, Progress, TimeStyle, Tone, When
from yichuang_client.presenters.models.session import (
    DeviceLine,
    EnrolModel,
    HomeModel,
    LockModel,
    NavItem,
    PasswordModel,
    ScreenName,
    ShellModel,
    SignInModel,
)
from yichuang_domain.deed import CHINA

NOW = datetime(2026, 11, 24, 10, 26, tzinfo=CHINA)
ONLINE = Chip(text="在线", tone=Tone.SUCCESS, mark=Mark.OK)
OFFLINE = Chip(text="离线 24 分钟", tone=Tone.DANGER, mark=Mark.OFFLINE, is_bold=True)
UNSENT = Chip(text="2 件未到区里", tone=Tone.WARNING, mark=Mark.UNSENT)
COUNTER_NAV = (
    NavItem(screen=ScreenName.INTAKE, label="受理", icon="intake", key="F2"),
    NavItem(screen=ScreenName.CASES, label="我的办件", icon="cases", key="2", count=12),
    NavItem(screen=ScreenName.SUPPLEMENTS, label="待补正", icon="supplements", key="3", count=3),
    NavItem(screen=ScreenName.ISSUES, label="待出件", icon="issues", key="4", count=5),
    NavItem(screen=ScreenName.SEARCH, label="查询", icon="search", key="5"),
    NavItem(screen=ScreenName.SHIFT, label="班次", icon="shift", key="6"),
    NavItem(screen=ScreenName.SYNC, label="同步", icon="sync", key="7", count=2),
    NavItem(screen=ScreenName.DEVICES, label="设备", icon="devices", key="8"),
)
REVIEW_NAV = (
    NavItem(screen=ScreenName.REVIEW, label="审批", icon="review", key="F2", count=9),
    NavItem(screen=ScreenName.CASES, label="经办", icon="cases", key="2"),
    NavItem(screen=ScreenName.SEARCH, label="查询", icon="search", key="5"),
    NavItem(screen=ScreenName.SYNC, label="同步", icon="sync", key="7"),
)
DEVICES = (
    DeviceLine(label="读卡器", state="就绪"),
    DeviceLine(label="扫描仪", state="就绪"),
    DeviceLine(label="打印机", state="缺纸", tone=Tone.WARNING, mark=Mark.WARN),
)


def shell(active: str, *, online: bool = True, is_slim: bool = False) -> ShellModel:
    """The frame around a screen."""
    return ShellModel(
        office="区卫生健康局 · 行政许可科" if is_slim else "凤桥镇便民服务中心 · 3 号窗口",
        person="周航（审核）" if is_slim else "李敏（窗口）",
        clock=When(value=NOW, style=TimeStyle.FULL),
        online=ONLINE if online else OFFLINE,
        unsent=None if is_slim else UNSENT,
        nav=REVIEW_NAV if is_slim else COUNTER_NAV,
        active=active,
        devices=DEVICES,
        is_slim=is_slim,
    )


SIGN_IN = SignInModel(
    office="凤桥镇便民服务中心 · 3 号窗口",
    people=(Option(key="limin", text="李敏"), Option(key="wuhao", text="吴昊")),
    account="limin",
    line=ONLINE,
)
SIGN_IN_WRONG = SignInModel(
    office="凤桥镇便民服务中心 · 3 号窗口",
    people=SIGN_IN.people,
    account="limin",
    needs_code=True,
    line=Chip(text="离线，可以登录和收件", tone=Tone.WARNING, mark=Mark.OFFLINE),
    note="离线登录到 12-01 为止，之前请连一次网。",
    error="密码不对。数据都在，请再输一次。",
)
SIGN_IN_CODE = SignInModel(
    office="市场准入科 · 0201",
    people=tuple(
        Option(key=f"p{n}", text=name)
        for n, name in enumerate(("周静", "徐文", "顾定", "韩雪", "阿依古丽·买买提", "董平"))
    ),
    account="zhoujing",
    needs_code=True,
    line=ONLINE,
    code_note="密码对了，请输 6 位数字",
    note="这台电脑没有受保护的钥匙库，请管好硬盘。",
)
SIGN_IN_LOCKED = SignInModel(
    office="凤桥镇便民服务中心 · 0137",
    people=SIGN_IN.people,
    account="qianxin",
    error="这台电脑锁着，您没在这里登录过。请先让李敏、吴昊登录。",
)
PASSWORD = PasswordModel(
    note="这个密码是机器给的，只用一次。请选一个自己的。",
    rules=(
        Chip(text="至少 10 位", tone=Tone.SUCCESS, mark=Mark.OK),
        Chip(text="不同于现在的密码，也不含登录名", mark=Mark.MISSING),
        Chip(text="两遍一样", mark=Mark.NEXT_STEP),
    ),
    leave="退出登录",
)
PASSWORD_WEAK = PasswordModel(
    rules=(
        Chip(text="至少 10 位", tone=Tone.SUCCESS, mark=Mark.OK),
        Chip(text="不同于现在的密码，也不含登录名", tone=Tone.SUCCESS, mark=Mark.OK),
        Chip(text="两遍一样", tone=Tone.SUCCESS, mark=Mark.OK),
    ),
    leave="返回",
    can_change=True,
    error="区里说新密码太容易猜。密码没改，请换一个。",
)
ENROL = EnrolModel(
    address=Field(key="address", label="区里地址", text="yichuang.example.gov.cn:7443", placeholder="登记单第 1 行"),
    code=Field(key="code", label="一次性登记码", text="K7QF-2M9X-TR4D", note="登记单第 2 行，不分大小写"),
    fingerprint=Field(key="fingerprint", label="区里证书指纹", placeholder="登记单第 3 行"),
)
ENROL_BUSY = EnrolModel(
    address=Field(key="address", label="区里地址", text="yichuang.example.gov.cn:7443", is_enabled=False),
    code=Field(key="code", label="一次性登记码", text="K7QF-2M9X-TR4D", is_enabled=False),
    fingerprint=Field(key="fingerprint", label="区里证书指纹", text="4F:A2:90:1C:77:D0:5E:13", is_enabled=False),
    progress=Progress(text="正在向区里登记", detail="已等 2 秒", can_cancel=True),
)
LOCK = LockModel(
    person="李敏",
    since=When(value=NOW, style=TimeStyle.CLOCK),
    running=(Chip(text="正在扫描，第 37 页", tone=Tone.PRIMARY, mark=Mark.CLOCK), UNSENT),
)
HOME = HomeModel(
    title="事项目录正在下载",
    lines=("这台电脑刚登记好。目录到了就能受理，不用重新登录。", "读卡器和扫描仪可以先在“设备”里试一下。"),
    progress=Progress(text="已到 1,240 项，共 3,397 项", fraction=0.36, detail="断了会接着传"),
)
