"""Plausible models of the scan workbench and the devices page."""

from __future__ import annotations

from dataclasses import replace

from tests.support import samples_pages as pages
from tests.support.samples_pages import picture
from yichuang_client.presenters.models.common import (
    Act,
    ActKind,
    Banner,
    Bar,
    Chip,
    Fact,
    Mark,
    Option,
    Progress,
    Sentence,
    Tone,
)
from yichuang_client.presenters.models.scan import PageView, ScanAct, ScanModel, Speed, StripPage, Target
from yichuang_client.presenters.models.sync import DeviceAct, DeviceCard, DeviceSetting, DevicesModel

_NAMES = (pages.LEASE, pages.LAYOUT, pages.APPLICATION, pages.LEASE, pages.BLANK, pages.IDENTITY, pages.HEALTH)


def strip(first: int, count: int, selected: int) -> tuple[StripPage, ...]:
    """Pages of a batch."""
    words = {29: ("倾斜已纠正", None), 33: ("空白页", Tone.WARNING), 34: ("重扫", None)}
    made = []
    for number in range(first, first + count):
        word, tone = words.get(number, ("", None))
        is_here = number == selected
        made.append(
            StripPage(
                page=f"p{number}",
                number=number,
                thumbnail=picture(_NAMES[(number - first) % len(_NAMES)], height=62),
                word="当前" if is_here else word,
                tone=tone,
                is_selected=is_here,
            )
        )
    return tuple(made)


TARGETS = (
    Target(key="m1", ordinal=1, name="申请书", count="3 页"),
    Target(key="m2", ordinal=2, name="营业执照", count="免交"),
    Target(key="m3", ordinal=3, name="平面图和设备布局", count="1 页"),
    Target(key="m4", ordinal=4, name="食品安全管理制度", count="26 页"),
    Target(key="m5", ordinal=5, name="场所使用证明", count="1 页", is_current=True),
    Target(key="m6", ordinal=6, name="健康证明", count="1 页"),
    Target(key="", ordinal=0, name="未归类", count="0 页"),
)


def acts(first: Act) -> tuple[Act, ...]:
    """The scan screen's buttons after the first."""
    return (
        first,
        Act(id=ScanAct.STOP, key="Esc", label="停止"),
        Act(id=ScanAct.INSERT, key="Ins", label="插页", starts_group=True),
        Act(id=ScanAct.REPLACE, key="R", label="换页"),
        Act(id=ScanAct.ASSIGN, key="M", label="归到"),
        Act(id=ScanAct.FINISH, key="F4", label="完成"),
    )


JAM = ScanModel(
    title="第 29 – 38 页",
    hint="空白只标记，不丢弃",
    strip=(
        *strip(29, 9, 37),
        StripPage(page="p38", number=38, word="卡在进纸口", tone=Tone.DANGER),
    ),
    page=PageView(title="第 37 页", detail="适宽 57%　灰度 84 KB", picture=picture(pages.LEASE, width=560)),
    targets=TARGETS,
    speed=Speed(
        number="38",
        label="卡住前 1 分钟",
        rating="送纸器额定 40",
        fraction=0.84,
        tick=0.885,
        sentence="额定的 95%：机器就这么快，不是网络慢",
    ),
    facts=(
        Fact(label="清晰度", value="200 dpi，合格"),
        Fact(label="倾斜", value="0.3°，不用纠正"),
        Fact(label="存放", value="本机，完成后送达"),
    ),
    banner=Banner(
        kind="JAM",
        text="进纸卡住：最后一张完好的是第 37 页，清除后按空格继续",
        hint="请把卡住的那张放回最上面",
        at="10:25:41",
        tone=Tone.DANGER,
        mark=Mark.STOP,
        is_solid=True,
    ),
    bar=Bar(
        sentence=Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead="卡纸，等您清除。", hint="已存 37 页，一页没丢。"),
        acts=acts(Act(id=ScanAct.CONTINUE, key="Space", label="继续扫描", kind=ActKind.PRIMARY)),
    ),
)
CROP = replace(
    JAM,
    banner=None,
    page=replace(JAM.page, frame=(8, 6, 12, 40)),
    bar=Bar(
        sentence=Sentence(lead="方向键收边，Alt+方向键放回", hint="Enter 裁掉，Esc 不裁"),
        acts=(Act(id=ScanAct.CUT, key="Enter", label="裁掉框外的", kind=ActKind.PRIMARY),),
    ),
)
EMPTY = ScanModel(
    title="还没有页面",
    hint="空白只标记，不丢弃",
    page=PageView(),
    targets=tuple(replace(target, count="0 页") for target in TARGETS),
    facts=JAM.facts[2:],
    empty=("把材料放进扫描仪，按 F5", "也可按 Ctrl+O 选文件，F11 打分隔页"),
    bar=Bar(
        sentence=Sentence(lead="扫描仪就绪。", hint="SANE pnm · A4 · 灰度 200 dpi"),
        acts=(
            *acts(Act(id=ScanAct.START, key="F5", label="扫描", kind=ActKind.PRIMARY)),
            Act(id=ScanAct.SEPARATORS, key="F11", label="打分隔页"),
        ),
    ),
)
DEVICES = DevicesModel(
    title="设备",
    hint="4 台，2 处要看一下",
    devices=(
        DeviceCard(
            key="scanner",
            kind="扫描仪",
            name="Fujitsu fi-7160",
            state=Chip(text="就绪", tone=Tone.SUCCESS, mark=Mark.OK),
            in_use=Chip(text="正在用", tone=Tone.PRIMARY, mark=Mark.DONE_STEP),
            facts=(
                Fact(label="驱动", value="SANE"),
                Fact(label="设备号", value="fujitsu:fi-7160:123456"),
            ),
            picture=picture(pages.LEASE, height=62),
            settings=(
                DeviceSetting(
                    key="source",
                    label="进纸",
                    options=(Option(key="feeder", text="进纸器"), Option(key="duplex", text="进纸器双面")),
                    chosen="feeder",
                ),
                DeviceSetting(
                    key="mode",
                    label="色彩",
                    options=(Option(key="gray", text="灰度"), Option(key="colour", text="彩色")),
                    chosen="gray",
                ),
                DeviceSetting(
                    key="resolution",
                    label="dpi",
                    options=tuple(Option(key=dpi, text=dpi) for dpi in ("150", "200", "300", "600")),
                    chosen="300",
                ),
            ),
            is_selected=True,
        ),
        DeviceCard(
            key="escl",
            kind="扫描仪",
            name="HP LaserJet MFP M234sdw",
            state=Chip(text="就绪", tone=Tone.SUCCESS, mark=Mark.OK),
            facts=(
                Fact(label="驱动", value="eSCL（免驱动）"),
                Fact(label="设备号", value="https://192.168.7.31/eSCL"),
                Fact(label="线路", value="已加密，证书未核对"),
            ),
        ),
        DeviceCard(
            key="usb",
            kind="打印机",
            name="EPSON TM-T88V",
            state=Chip(text="还不能用", tone=Tone.WARNING, mark=Mark.WARN),
            advice="没有使用权限。请管理员装好权限规则，再重插设备。",
        ),
        DeviceCard(
            key="printer",
            kind="打印机",
            name="HP LaserJet M404",
            state=Chip(text="没有纸", tone=Tone.WARNING, mark=Mark.WARN),
            in_use=Chip(text="正在用", tone=Tone.PRIMARY, mark=Mark.DONE_STEP),
            advice="没有纸了。已扫的都在，放好纸继续。",
            facts=(Fact(label="型号", value="HP LaserJet M404"), Fact(label="单双面", value="能双面")),
        ),
    ),
    progress=Progress(text="正在找设备，已看 5 处"),
    bar=Bar(
        sentence=Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead="扫描用 Fujitsu fi-7160。"),
        acts=(
            Act(id=DeviceAct.FIND, key="F5", label="再找"),
            Act(id=DeviceAct.TEST, key="F6", label="试扫一页"),
            Act(id=DeviceAct.MAKE_DEFAULT, key="F8", label="用这台", is_enabled=False, blocked_by="list"),
        ),
    ),
)
