"""Plausible models of queues, one case, supplements, issue and sync; all people are invented."""

from __future__ import annotations

from tests.support import samples_pages as pages
from tests.support.samples_pages import picture
from yichuang_client.presenters.models.common import (
    Act,
    ActKind,
    Banner,
    Bar,
    Chip,
    Column,
    Fact,
    Field,
    Mark,
    Option,
    Progress,
    Row,
    Sentence,
    Table,
    Tone,
)
from yichuang_client.presenters.models.queues import (
    BroughtRow,
    CaseHead,
    CaseModel,
    EventLine,
    Filter,
    IssueModel,
    MaterialPages,
    ResultPaper,
    StepMark,
    SupplementModel,
)
from yichuang_client.presenters.models.scan import PageView
from yichuang_client.presenters.models.sync import Hop, SyncModel

DONE = Chip(text="已送达", tone=Tone.SUCCESS, mark=Mark.OK)
WAITING = Chip(text="等线路", tone=Tone.WARNING, mark=Mark.WAIT)
TODO = Chip(text="要您处理", tone=Tone.DANGER, mark=Mark.WARN, is_bold=True)
LEFT_3 = Chip(text="剩 3 日", tone=Tone.WARNING, mark=Mark.CLOCK)
LEFT_6 = Chip(text="剩 6 日", tone=Tone.SUCCESS, mark=Mark.CLOCK)
OVER = Chip(text="超 1 日", tone=Tone.DANGER, mark=Mark.STOP, is_bold=True)

HEAD = CaseHead(
    item="公共场所卫生许可（新办）",
    applicant="赵**",
    number="330402-0137-20261124-0017-M",
    state=Chip(text="审核中", tone=Tone.PRIMARY, mark=Mark.CLOCK),
    chips=(LEFT_3, Chip(text="一审一核", tone=Tone.PRIMARY)),
    due="截止 2026-12-03 17:00",
    clock="11-24 受理，次日起算 7 个工作日；因 11-28 周六、11-29 周日顺延 2 天",
)
EVENTS = (
    EventLine(at="11-24 10:26", text="凤桥镇 3 号窗口 收件"),
    EventLine(at="11-24 10:31", text="受理，容缺 1 件"),
    EventLine(at="11-30 09:05", text="周航 签收，审核中", mark=StepMark.CURRENT),
    EventLine(at="之后", text="陈立群 核准 → 制证 → 窗口出件", mark=StepMark.FUTURE),
)
FACTS = (
    Fact(label="申请人", value="小桥美发店（个体工商户）"),
    Fact(
        label="经营者",
        value="赵**　3304**********1047",
        chip=Chip(text="与材料一致", tone=Tone.SUCCESS, mark=Mark.OK),
    ),
    Fact(label="信用代码", value="92330402********3R", chip=Chip(text="与材料一致", tone=Tone.SUCCESS, mark=Mark.OK)),
    Fact(label="经营项目", value="理发（含染烫）"),
    Fact(label="经营面积", value="112 m²，消毒间 6 m²", chip=Chip(text="与材料一致", tone=Tone.SUCCESS, mark=Mark.OK)),
    Fact(label="场所", value="凤桥镇桃园路 *** 号，租赁"),
    Fact(
        label="健康证明",
        value="容缺，12-01 前补交",
        is_strong=True,
        tone=Tone.WARNING,
        chip=Chip(text="", tone=Tone.WARNING, mark=Mark.WAIT),
    ),
)
SCANNED = Chip(text="已扫描", tone=Tone.SUCCESS, mark=Mark.OK)


def group(ordinal: int, name: str, *names: str, on_way: int = 0) -> MaterialPages:
    """One material with its pages."""
    shown = tuple((f"m{ordinal}-{n}", picture(page, height=70)) for n, page in enumerate(names))
    return MaterialPages(
        key=f"m{ordinal}",
        ordinal=ordinal,
        name=name,
        state=SCANNED,
        evidence="原件已核",
        pages=(*shown, *((f"m{ordinal}-way{n}", None) for n in range(on_way))),
    )


PAGES = (
    group(1, "申请书", pages.APPLICATION),
    group(2, "营业执照", pages.HEALTH),
    group(3, "平面图", pages.LAYOUT),
    group(4, "卫生管理制度", pages.LEASE),
    group(5, "检测报告", pages.IDENTITY, on_way=1),
)
CASE = CaseModel(
    head=HEAD,
    facts=FACTS,
    materials=PAGES,
    selected_page="m3-0",
    page=PageView(title="③ 平面图 1 / 1", detail="全件 3 / 6", picture=picture(pages.LAYOUT, width=560)),
    events=EVENTS,
    banner=Banner(kind="ITEM_CANCELLED", text="收件时事项已取消。回执有效，请联系申请人说明。"),
    bar=Bar(
        sentence=Sentence(lead="区卫健局在审核。", hint="窗口不用做什么，出件会自动到“待出件”"),
        acts=(
            Act(id="print_receipt", key="Ctrl+P", label="补打回执"),
            Act(id="withdraw", key="Ctrl+W", label="撤回"),
            Act(id="hand_over", key="Ctrl+H", label="交接"),
            Act(id="back", key="Esc", label="返回", starts_group=True),
        ),
    ),
)
_STATES = (
    Option(key="missing", text="没带来"),
    Option(key="scanned", text="已扫描"),
    Option(key="seen", text="原件已核"),
)
SUPPLEMENT = SupplementModel(
    head=CaseHead(
        item="公共场所卫生许可（新办）",
        applicant="赵**",
        number="330402-0137-20261124-0017-M",
        state=Chip(text="等补正", tone=Tone.WARNING, mark=Mark.WAIT),
        chips=(Chip(text="一审一核", tone=Tone.PRIMARY),),
        due="补正到 2026-12-08",
        clock="11-25 区卫健局 周航 一次性告知，共 2 项；全部补齐那天算受理日",
    ),
    told="11-25 告知，共 2 项",
    until=Chip(text="剩 9 日，12-08 前", tone=Tone.SUCCESS, mark=Mark.CLOCK),
    rows=(
        BroughtRow(
            key="m3",
            ordinal=3,
            name="平面图",
            reason="没有标出消毒间。请补一张标明消毒间位置和面积的平面图。",
            state=Chip(text="已扫描 1 页", tone=Tone.SUCCESS, mark=Mark.OK),
            states=_STATES,
            chosen="scanned",
            thumbnails=(picture(pages.LAYOUT, height=62),),
        ),
        BroughtRow(
            key="m5",
            ordinal=5,
            name="卫生检测报告",
            reason="报告已过一年。请补一年内的报告复印件。",
            state=Chip(text="没带来", tone=Tone.DANGER, mark=Mark.MISSING),
            states=_STATES,
            chosen="missing",
            is_selected=True,
        ),
    ),
    person=(
        Field(key="name", label="姓名", text="赵小桥", masked="赵**", is_half=True),
        Field(key="phone", label="手机", text="", is_half=True),
    ),
    bar=Bar(
        sentence=Sentence(
            mark=Mark.WARN, tone=Tone.DANGER, lead="还差 1 件：", subject="⑤ 卫生检测报告", hint="也可以先收带来的"
        ),
        acts=(
            Act(id="scan", key="F5", label="扫描", kind=ActKind.PRIMARY),
            Act(id="bring", key="F8", label="收下带来的"),
            Act(id="back", key="Esc", label="返回", starts_group=True),
        ),
    ),
)
ISSUE = IssueModel(
    head=CaseHead(
        item="公共场所卫生许可（新办）",
        applicant="赵**",
        number="330402-0137-20261124-0017-M",
        state=Chip(text="待出件", tone=Tone.SUCCESS, mark=Mark.OK),
        chips=(Chip(text="剩 8 日", tone=Tone.SUCCESS, mark=Mark.CLOCK),),
        due="送达到 2026-12-17",
        clock="12-03 准予，10 个工作日内送达",
    ),
    papers=(
        ResultPaper(
            key="decision",
            name="准予行政许可决定书",
            detail="嘉南卫许决〔2026〕0318 号",
            state=Chip(text="已打印", tone=Tone.SUCCESS, mark=Mark.OK),
        ),
        ResultPaper(
            key="certificate",
            name="公共场所卫生许可证",
            detail="编号纸 No. 000318",
            state=Chip(text="没打印", mark=Mark.UNKNOWN),
            is_selected=True,
        ),
        ResultPaper(
            key="delivery", name="送达回证", detail="申请人签字后留存", state=Chip(text="没打印", mark=Mark.UNKNOWN)
        ),
    ),
    methods=(
        Option(key="COUNTER", text="窗口领取"),
        Option(key="POST", text="邮寄"),
        Option(key="LOCKER", text="取件柜"),
    ),
    method="COUNTER",
    fields=(
        Field(key="recipient", label="领取人", text="赵小桥", masked="赵**", is_half=True),
        Field(key="relation", label="身份", text="本人", is_half=True),
    ),
    after=("亮证经营；变更地址要先申请。监管：区卫健局监督所。", "4 年有效，到期前 30 天办延续。"),
    preview=PageView(picture=picture(pages.HEALTH, height=440)),
    progress=Progress(text="正在打印公共场所卫生许可证", detail="HP LaserJet M404，已等 4 秒", can_cancel=True),
    bar=Bar(
        sentence=Sentence(lead="先打印许可证。", hint="印好后按 F9 确认，印坏按 F10 换一张"),
        acts=(
            Act(id="print", key="Ctrl+P", label="打印", kind=ActKind.PRIMARY),
            Act(id="confirm_print", key="F9", label="印好了", is_enabled=False, blocked_by="papers"),
            Act(id="void_print", key="F10", label="印坏了", is_enabled=False, blocked_by="papers"),
            Act(id="deliver", key="F8", label="送达", is_enabled=False, blocked_by="papers"),
            Act(id="back", key="Esc", label="返回", starts_group=True),
        ),
    ),
)
_SENT = (
    ("受理", "食品经营许可（变更） · 孙*", "09:58", "区里回执 10:01:12"),
    ("办结", "老年优待证办理 · 周**", "09:51", "区里回执 09:51:40"),
    ("受理", "公共场所卫生许可（延续） · 吴*", "09:37", "区里回执 09:37:22"),
    ("出件", "食品经营许可（延续） · 郑**", "09:20", "区里回执 09:20:05"),
)
SYNC = SyncModel(
    headline="有 3 件还没到区里",
    safe="都存在本机，断电也不会丢。您可以继续受理。",
    facts=(
        Fact(label="从何时", value="10:02 起，24 分钟"),
        Fact(label="为什么", value="区政务外网不通"),
        Fact(label="最早一件", value="10:04 受理"),
        Fact(label="办事人影响", value="时限从本机收件时起算"),
    ),
    hops_title="走到哪一步断的",
    hops=(
        Hop(name="本机", state="已存 3 件", mark=Mark.OK, tone=Tone.SUCCESS),
        Hop(name="线路", state="10:02 起不通", mark=Mark.MISSING, tone=Tone.DANGER),
        Hop(name="区里", state="连不到，未知", mark=Mark.UNKNOWN, tone=Tone.NEUTRAL),
        Hop(name="电脑时间", state="慢 3 秒", mark=Mark.OK, tone=Tone.SUCCESS),
    ),
    table_title="发件箱",
    filters=(
        Filter(key="all", text="全部 34"),
        Filter(key="unsent", text="没送达 3"),
        Filter(key="mine", text="要我处理 1"),
        Filter(key="sent", text="今天已送达 31"),
    ),
    filter="all",
    hint="Alt+1–4 筛选　↑↓ 选择　空格 展开原因",
    table=Table(
        chip_title="状态",
        chip_width=132,
        columns=(
            Column(key="act", title="动作", width=104),
            Column(key="case", title="办件", width=330),
            Column(key="age", title="多久了", width=110),
            Column(key="why", title="原因", width=236),
            Column(key="next", title="下一步", width=200, stretches=True),
        ),
        rows=(
            Row(
                key="a",
                chip=TODO,
                cells=(
                    "补扫材料",
                    "公共场所卫生许可 · 浴室 · 赵**",
                    "18 分钟",
                    "第 2 页图像读不出",
                    "Enter 重扫第 2 页",
                ),
                tone=Tone.DANGER,
            ),
            Row(
                key="b",
                chip=WAITING,
                cells=("受理", "食品经营许可（新办） · 王*", "22 分钟", "区政务外网不通", "自动重试，10:27:30"),
                is_strong=False,
            ),
            Row(
                key="c",
                chip=WAITING,
                cells=("收件", "城乡居民养老保险参保登记 · 钱**", "9 分钟", "区政务外网不通", "自动重试，10:27:30"),
            ),
            Row(key="g", cells=("今天已送达 31 件", "", "以下按送达时间倒排"), is_group=True),
            *(Row(key=f"s{n}", chip=DONE, cells=(*line, "—"), is_muted=True) for n, line in enumerate(_SENT)),
        ),
        selected="b",
    ),
    bar=Bar(
        sentence=Sentence(
            mark=Mark.WARN,
            tone=Tone.DANGER,
            lead="要您做 1 件事：",
            subject="重扫赵**的第 2 页",
            hint="另外 2 件线路通了自动送达",
        ),
        acts=(
            Act(id="do", key="Enter", label="重扫第 2 页", kind=ActKind.PRIMARY),
            Act(id="retry", key="F5", label="马上重试"),
            Act(id="copy_diagnosis", key="Ctrl+D", label="复制诊断"),
        ),
    ),
)
