"""Plausible models of the lists: the clerk's own, and what the district found; all people are invented."""

from __future__ import annotations

from yichuang_client.presenters.handover_model import HANDOVER_COLUMNS
from yichuang_client.presenters.models.common import (
    Act,
    ActKind,
    Bar,
    Chip,
    Column,
    Confirm,
    Field,
    Mark,
    Row,
    Sentence,
    Table,
    Tone,
)
from yichuang_client.presenters.models.queues import Filter, QueueModel
from yichuang_client.presenters.queues_district import DISTRICT_COLUMNS

LEFT_3 = Chip(text="剩 3 日", tone=Tone.WARNING, mark=Mark.CLOCK)
LEFT_6 = Chip(text="剩 6 日", tone=Tone.SUCCESS, mark=Mark.CLOCK)
OVER = Chip(text="超 1 日", tone=Tone.DANGER, mark=Mark.STOP, is_bold=True)
PLACE = "七星街道便民服务中心"

QUEUE = QueueModel(
    title="我的办件 12",
    hint="↑↓ 选择　Enter 打开　Alt+数字 筛选",
    filters=(
        *(
            Filter(key=name, text=f"{name} {n}")
            for n, name in enumerate(
                ("待受理", "要您处理", "内部退回", "在办", "容缺待补", "特别程序", "今日收件", "快到期"), 2
            )
        ),
    ),
    filter="快到期",
    table=Table(
        chip_title="时限",
        chip_width=128,
        columns=(
            Column(key="item", title="办件", width=310, stretches=True),
            Column(key="who", title="申请人", width=150),
            Column(key="state", title="到哪一步", width=150),
            Column(key="due", title="截止", width=150),
            Column(key="number", title="编号", width=250),
        ),
        rows=(
            Row(
                key="1",
                chip=OVER,
                cells=(
                    "公共场所卫生许可（延续）",
                    "周**",
                    "区卫健局 审核",
                    "11-23 17:00",
                    "330402-0137-20261112-0004-8",
                ),
                tone=Tone.DANGER,
            ),
            Row(
                key="2",
                chip=LEFT_3,
                cells=(
                    "公共场所卫生许可（新办）",
                    "凤桥镇小桥美发店",
                    "等补正",
                    "11-27 17:00",
                    "330402-0137-20261123-0002-K",
                ),
            ),
            *(
                Row(
                    key=str(3 + n),
                    chip=LEFT_6,
                    cells=(name, who, "区市场监管局 审核", "12-02 17:00", f"330402-0137-20261124-{n:04}-X"),
                )
                for n, (name, who) in enumerate(
                    (("食品经营许可（新办）", "王*"), ("小餐饮登记", "冯*"), ("食品经营许可（变更）", "孙*"))
                )
            ),
            Row(
                key="9",
                chip=Chip(text="暂停计时", mark=Mark.PAUSE),
                cells=("诊所备案", "褚*", "现场核查中", "—", "330402-0137-20261110-0001-5"),
                is_muted=True,
            ),
        ),
        selected="2",
    ),
    reason="截止 2026-11-27 周五 · 11-20 受理，次日起算 5 个工作日；因 11-21 周六、11-22 周日顺延 2 天",
    bar=Bar(
        sentence=Sentence(
            mark=Mark.WARN, tone=Tone.DANGER, lead="1 件超时：", subject="公共场所卫生许可", hint="已提醒区卫健局"
        ),
        acts=(
            Act(id="open", key="Enter", label="打开", kind=ActKind.PRIMARY),
            Act(id="claim", key="F8", label="签收"),
            Act(id="refresh", key="F5", label="刷新"),
            Act(id="hand_over", key="Ctrl+H", label="交接"),
        ),
    ),
)
_SEARCH_SCOPES = (Filter(key="HERE", text="本机"), Filter(key="DISTRICT", text="到区里查"))
DISTRICT_SEARCH = QueueModel(
    title="查询 2",
    query=Field(key="query", label="", text="330402-0138 赵"),
    filters=_SEARCH_SCOPES,
    filter="DISTRICT",
    table=Table(
        chip_title="到哪一步",
        chip_width=120,
        columns=DISTRICT_COLUMNS,
        rows=(
            Row(
                key="1",
                chip=Chip(text="审核中", tone=Tone.PRIMARY, mark=Mark.CLOCK),
                cells=(
                    "公共场所卫生许可（新办）",
                    "赵*",
                    PLACE,
                    "不在本机",
                    "330402-0138-20261120-0007-X",
                ),
            ),
            Row(
                key="2",
                chip=Chip(text="待出件", tone=Tone.SUCCESS, mark=Mark.OK),
                cells=(
                    "食品经营许可（新办）",
                    "赵记早餐店",
                    PLACE,
                    "本机有",
                    "330402-0138-20261111-0002-3",
                ),
            ),
        ),
        selected="1",
    ),
    bar=Bar(
        sentence=Sentence(mark=Mark.LOCK, lead="全区 2 件。", hint="别的中心收的：扫回执，或加身份证号"),
        acts=(Act(id="refresh", key="F5", label="刷新"), Act(id="export", key="Ctrl+E", label="导出")),
    ),
)
EMPTY_SEARCH = QueueModel(
    title="查询",
    filters=_SEARCH_SCOPES,
    filter="HERE",
    query=Field(key="query", label="", placeholder="办件编号、姓名或身份证后四位；回执二维码也行"),
    table=Table(
        chip_title="状态",
        columns=QUEUE.table.columns,
        empty="输入编号或姓名，按 Enter。本机的件离线也查得到。",
    ),
    bar=Bar(sentence=Sentence(lead="查一件。", hint="别的中心收的件要扫回执、读卡或输全身份证号")),
)


HANDOVER = QueueModel(
    title="交接纸质材料",
    hint="↑↓ 选择　Enter 打开　Alt+数字 筛选",
    filters=(Filter(key="HERE", text="在窗口 3"), Filter(key="SENT", text="等签回 12")),
    filter="HERE",
    table=Table(
        chip_title="时限",
        chip_width=120,
        columns=HANDOVER_COLUMNS,
        rows=tuple(
            Row(
                key=str(n),
                chip=LEFT_6,
                cells=(item, who, "区市场监管局·市场准入科", "5 件 9 页，原件 1", f"330402-0137-20261124-{n:04}-X"),
            )
            for n, (item, who) in enumerate(
                (("食品经营许可（新办）", "小桥早餐店"), ("小餐饮登记", "冯*"), ("食品经营许可（变更）", "孙*")),
                1,
            )
        ),
        selected="1",
    ),
    bar=Bar(
        sentence=Sentence(lead="3 件申请的材料交给", subject="区市场监管局·市场准入科", hint="F8 打交接单"),
        acts=(
            Act(id="send", key="F8", label="打交接单", kind=ActKind.PRIMARY),
            Act(id="open", key="Enter", label="看这件"),
            Act(id="back", key="Esc", label="返回", starts_group=True),
        ),
        confirm=Confirm(
            act="send",
            title="把 3 件申请的纸质材料交给区市场监管局·市场准入科？",
            lines=("15 件 27 页，原件 3", "打印物料流转交接单一式两份，双方当面清点、签字。"),
            fields=tuple(
                Field(key=key, label=label, placeholder="可空着，纸上手写", is_half=True)
                for key, label in (("person", "接收人"), ("bag", "封包和封签"), ("container", "容器"))
            ),
            confirm_label="打印交接单",
        ),
    ),
)
