"""A plausible model of the briefing."""

from __future__ import annotations

from tests.support.samples_intake import ITEM, ROWS
from yichuang_client.presenters.models.common import Act, ActKind, Bar, Sentence
from yichuang_client.presenters.models.intake import BriefingModel, BriefingSection

BRIEFING = BriefingModel(
    item=ITEM,
    sections=(
        BriefingSection(
            title="要带的材料（6 件）",
            is_numbered=True,
            lines=tuple(f"{row.name}　{row.requirement}" for row in ROWS),
        ),
        BriefingSection(title="受理条件", lines=("有与经营的食品品种、数量相适应的场所和设备，距污染源 25 米以上。",)),
        BriefingSection(
            title="办理流程",
            is_numbered=True,
            lines=("窗口收件、受理", "区市场监管局独任审核，必要时现场核查", "窗口或邮寄取证"),
        ),
        BriefingSection(
            title="常见错误",
            lines=("申请书上的经营场所与租赁合同不一致", "健康证明过期", "平面图没有标出食品处理区"),
        ),
        BriefingSection(title="办后须知", lines=("亮证经营；变更地址要先申请。", "监管：区市场监管局食品科")),
        BriefingSection(title="设定依据", lines=()),
    ),
    bar=Bar(
        sentence=Sentence(lead="念给申请人听，一次说清。", hint="Ctrl+P 打印给他带走"),
        acts=(
            Act(id="start", key="F2", label="办这件", kind=ActKind.PRIMARY),
            Act(id="print", key="Ctrl+P", label="打印"),
            Act(id="back", key="F7", label="返回"),
        ),
    ),
)
