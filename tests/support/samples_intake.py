"""Plausible models of the intake screen and of the briefing; all people and firms are invented."""

from __future__ import annotations

from dataclasses import replace

from tests.support import samples_pages as pages
from tests.support.samples_pages import picture
from yichuang_client.presenters.models.common import (
    Act,
    ActKind,
    Bar,
    Chip,
    Confirm,
    Fact,
    Field,
    FieldInput,
    FieldMark,
    Mark,
    Option,
    Sentence,
    Tone,
)
from yichuang_client.presenters.models.intake import (
    ApplicantForm,
    CaseForm,
    DraftLine,
    Frequent,
    Hit,
    IntakeAct,
    IntakeModel,
    ItemFacts,
    MaterialRow,
    Materials,
    Preview,
    QuestionRow,
    RecentCase,
    SearchBox,
    Situation,
    StartModel,
)

OK = {"tone": Tone.SUCCESS, "mark": Mark.OK}


def acts(*, is_ready: bool = False, has_item: bool = True) -> tuple[Act, ...]:
    """The intake's buttons."""
    normal, first = ActKind.NORMAL, ActKind.PRIMARY
    return (
        Act(
            id=IntakeAct.SCAN,
            key="F5",
            label="扫描",
            kind=normal if is_ready or not has_item else first,
            is_enabled=has_item,
        ),
        Act(id=IntakeAct.CHECK, key="F6", label="核验", is_enabled=has_item),
        Act(id=IntakeAct.RECEIVE, key="F8", label="收件", is_enabled=has_item),
        Act(
            id=IntakeAct.ACCEPT,
            key="F9",
            label="受理",
            kind=first if is_ready else normal,
            is_enabled=is_ready,
            blocked_by="materials",
        ),
        Act(id=IntakeAct.TELL_SUPPLEMENT, key="F10", label="补正告知", is_enabled=has_item, starts_group=True),
        Act(id=IntakeAct.DECLINE, key="F12", label="不予受理", kind=ActKind.DANGER, is_enabled=has_item),
    )


MISSING = Sentence(
    mark=Mark.WARN,
    tone=Tone.DANGER,
    lead="还缺 1 件：",
    subject="⑤ 场所使用证明",
    hint="放入扫描仪按 F5，或 Alt+R 容缺",
)
READY = Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead="可以受理。", hint="容缺 1 件，12-01 前补；离线也能受理")
START = IntakeModel(
    body=StartModel(
        search=SearchBox(placeholder="首字母、汉字或事项编码，如 spjyxk、养老参保", count="共 1,037 项"),
        card_hint="先读身份证也行，会带出此人没办完的件",
        frequent_hint="近 30 天，按 Alt+数字直接选",
        frequent=tuple(
            Frequent(code=str(n), name=name, detail=detail)
            for n, (name, detail) in enumerate(
                (
                    ("城乡居民养老保险参保登记", "即办 · 46 件"),
                    ("老年优待证办理", "即办 · 33 件"),
                    ("食品经营许可（新办）", "承诺 2 日 · 21 件"),
                    ("城乡居民医保参保登记", "即办 · 19 件"),
                    ("灵活就业登记", "即办 · 15 件"),
                    ("公共场所卫生许可（新办）", "承诺 7 日 · 9 件"),
                    ("个体工商户设立登记", "即办 · 8 件"),
                    ("残疾人证申领", "承诺 10 日 · 7 件"),
                    ("小餐饮登记", "承诺 3 日 · 6 件"),
                )
            )
        ),
        drafts_title="没办完的 2 件",
        drafts_hint="自动存在本机，随时接着办",
        drafts=(
            DraftLine(
                draft="a",
                title="公共场所卫生许可（新办） · 吴*",
                chip=Chip(text="缺平面图", tone=Tone.WARNING, mark=Mark.WAIT),
                at="今天 10:08",
            ),
            DraftLine(
                draft="b",
                title="食品经营许可（变更） · 钱**",
                chip=Chip(text="等申请人签字", tone=Tone.WARNING, mark=Mark.WAIT),
                at="昨天 16:42",
            ),
        ),
    ),
    bar=Bar(
        sentence=Sentence(lead="先选事项。", hint="输入首字母，或按 Alt+数字选常办事项"),
        acts=acts(has_item=False),
    ),
)
SEARCH = SearchBox(
    query="spjyxk",
    hits=tuple(
        Hit(
            code=code,
            name_parts=(("食品经营许可", True), (f"（{kind}）", False)),
            reason=reason,
            is_selected=code == "1",
        )
        for code, kind, reason in (
            ("1", "新办", "市场监管 · 近 30 天 21 件"),
            ("2", "变更", "市场监管 · 6 件"),
            ("3", "延续", "市场监管 · 4 件"),
        )
    ),
    count="3 项",
    hint="↑↓ 选择　Enter 确定　首字母、汉字、事项编码都可以",
    folded="换事项　区市场监管局 · 1 次到窗 · 目录第 37 版",
)
ITEM = ItemFacts(
    name="食品经营许可（新办）",
    chips=(Chip(text="承诺件", tone=Tone.PRIMARY), Chip(text="示范")),
    facts=(
        Fact(label="承诺时限", value="2 个工作日", is_strong=True),
        Fact(label="法定时限", value="10 个工作日"),
        Fact(label="审批级别", value="独任审核", is_strong=True),
        Fact(label="收费", value="不收费"),
        Fact(label="到窗次数", value="1 次"),
        Fact(label="取件", value="窗口 / 邮寄"),
        Fact(label="审批部门", value="区市场监管局"),
        Fact(label="目录版本", value="2026-11-18 第 37 版"),
    ),
)


def question(key: str, text: str, chosen: int | None, *options: str) -> QuestionRow:
    """One question with its answers."""
    made = tuple(Option(key=f"{key}{n}", text=option) for n, option in enumerate(options))
    return QuestionRow(key=key, text=text, options=made, chosen=None if chosen is None else f"{key}{chosen}")


SITUATION = Situation(
    summary="3 问已答 3，应交 6 件",
    questions=(
        question("kind", "主体业态", 0, "餐饮服务", "食品销售", "单位食堂"),
        question("place", "场所来源", 0, "租赁", "自有", "无偿使用"),
        question("cold", "冷食生食", 1, "有", "没有"),
    ),
)
APPLICANT = ApplicantForm(
    kinds=(
        Option(key="SOLE_TRADER", text="个体工商户"),
        Option(key="COMPANY", text="企业"),
        Option(key="PERSON", text="个人"),
    ),
    kind="SOLE_TRADER",
    fields=(
        Field(key="name", label="名称", text="嘉兴市南湖区凤桥镇小满面馆", mark=FieldMark.GOOD),
        Field(
            key="credit_code",
            label="信用代码",
            text="92330402MA2BXYZ47K",
            masked="92330402********7K",
            mark=FieldMark.GOOD,
            is_half=True,
        ),
        Field(key="operator", label="经营者", text="王满", masked="王*", is_half=True),
        Field(
            key="id_number",
            label="身份证",
            text="330402199001010012",
            masked="3304**********0012",
            mark=FieldMark.GOOD,
            is_half=True,
        ),
        Field(key="phone", label="手机", text="13800005521", masked="138****5521", mark=FieldMark.GOOD, is_half=True),
    ),
    check=Chip(text="校验位正确 · 身份证读卡 10:24 · 与执照经营者一致", tone=Tone.SUCCESS, mark=Mark.OK),
    agent_hint="勾选后增加代理人与委托书",
)


def material(ordinal: int, name: str, needs: str, state: Chip, evidence: str, *thumbs: str) -> MaterialRow:
    """One material row."""
    return MaterialRow(
        key=f"m{ordinal}",
        ordinal=ordinal,
        name=name,
        requirement=needs,
        state=state,
        evidence=evidence,
        thumbnails=tuple(picture(thumb, height=50) for thumb in thumbs),
        is_selected=ordinal == 5,
        tone=Tone.DANGER if state.tone is Tone.DANGER else None,
    )


ROWS = (
    material(
        1,
        "食品经营许可申请书",
        "原件 1 份 · 申请人签字",
        Chip(text="已扫描 3 页", tone=Tone.SUCCESS, mark=Mark.OK),
        "原件已核",
        pages.APPLICATION,
        pages.LAYOUT,
        pages.LEASE,
    ),
    material(
        2,
        "营业执照",
        "证照库取回 · 有效",
        Chip(text="证照库免交", tone=Tone.SUCCESS, mark=Mark.OK),
        "2026-11-24 10:24 比对一致",
        pages.HEALTH,
    ),
    material(
        3,
        "平面图和设备布局",
        "复印件 1 份",
        Chip(text="已扫描 1 页", tone=Tone.SUCCESS, mark=Mark.OK),
        "原件已核",
        pages.LAYOUT,
    ),
    material(
        4,
        "食品安全管理制度",
        "复印件 1 份",
        Chip(text="原件已核", tone=Tone.SUCCESS, mark=Mark.OK),
        "未扫描 · 本件可不扫",
    ),
    material(
        5,
        "场所使用证明",
        "租赁合同 · 原件核、复印件留",
        Chip(text="未交", tone=Tone.DANGER, mark=Mark.MISSING, is_bold=True),
        "扫描 F5 / 拖入文件",
    ),
    material(
        6,
        "从业人员健康证明",
        "承诺 2026-12-01 前补交",
        Chip(text="容缺", tone=Tone.WARNING, mark=Mark.WAIT),
        "已签容缺承诺书",
        pages.IDENTITY,
    ),
)
MATERIALS = Materials(
    summary="应交 6 件",
    counts=(
        ("m5", Chip(text="缺 1", tone=Tone.DANGER, mark=Mark.WARN, is_bold=True)),
        ("m6", Chip(text="容缺 1", tone=Tone.WARNING, mark=Mark.WAIT)),
        ("m1", Chip(text="齐 4", tone=Tone.SUCCESS, mark=Mark.OK)),
    ),
    rows=ROWS,
)
FORM = CaseForm(
    search=SEARCH,
    item=ITEM,
    situation=SITUATION,
    applicant=APPLICANT,
    materials=MATERIALS,
    recent=(
        RecentCase(title="个体工商户设立登记", at="2026-11-03 办结", chip=Chip(text="执照可复用", tone=Tone.SUCCESS)),
        RecentCase(title="城乡居民养老保险参保登记", at="2026-05-16 办结", chip=Chip(text="无可复用")),
        RecentCase(title="公共场所卫生许可", at="2025-12-08 撤回", chip=Chip(text="平面图已过期", tone=Tone.WARNING)),
    ),
    preview=Preview(title="① 申请书 · 第 1 页", count="共 3 页", picture=picture(pages.APPLICATION, width=470)),
)
FILLED = IntakeModel(body=FORM, bar=Bar(sentence=MISSING, acts=acts()))
FILLED_LOW = replace(FILLED, body=replace(FORM, search=replace(SEARCH, query="食品经营许可（新办）", hits=())))
WRONG = replace(
    FILLED,
    body=replace(
        FORM,
        applicant=replace(
            APPLICANT,
            fields=(
                *APPLICANT.fields[:3],
                replace(
                    APPLICANT.fields[3],
                    text="330402199001010013",
                    masked=None,
                    mark=FieldMark.BAD,
                    note="身份证第 18 位应为 2",
                ),
                APPLICANT.fields[4],
            ),
            check=None,
            has_agent=True,
            agent_fields=(
                Field(key="agent.name", label="代理人", text="赵平", is_half=True),
                Field(key="agent.phone", label="手机", text="13900001234", is_half=True),
                Field(key="agent.id_number", label="身份证", text=""),
            ),
        ),
    ),
)
_READY_ROWS = (
    *ROWS[:4],
    replace(
        ROWS[4],
        state=Chip(text="已扫描 2 页", tone=Tone.SUCCESS, mark=Mark.OK),
        tone=None,
        evidence="原件已核",
        thumbnails=(picture(pages.LEASE, height=50),),
    ),
    ROWS[5],
)
ACCEPTING = IntakeModel(
    body=replace(FORM, materials=replace(MATERIALS, rows=_READY_ROWS, counts=MATERIALS.counts[1:])),
    bar=Bar(
        sentence=READY,
        acts=acts(is_ready=True),
        confirm=Confirm(
            act=IntakeAct.ACCEPT,
            title="受理食品经营许可（新办）？",
            lines=(
                "王* 今天起 2 个工作日内得到结果，截止 11-26 17:00。受理后不能再要求补正。",
                "会打印：受理通知书 1 份、容缺承诺书回执 1 份。",
            ),
            confirm_label="受理并打印通知书",
        ),
    ),
)
DECLINING = IntakeModel(
    body=FORM,
    bar=Bar(
        sentence=MISSING,
        acts=acts(),
        confirm=Confirm(
            act=IntakeAct.DECLINE,
            title="不予受理食品经营许可（新办）？",
            lines=("会打印不予受理通知书，写明理由和复议、诉讼的权利。",),
            fields=(
                Field(
                    key="ground",
                    label="情形",
                    input=FieldInput.CHOICE,
                    text="wrong",
                    options=(Option(key="none", text="依法不需要许可"), Option(key="wrong", text="不归本机关")),
                ),
                Field(key="office", label="应去", text="", placeholder="告诉申请人该去哪个机关"),
                Field(key="reason", label="理由", input=FieldInput.LONG_TEXT),
            ),
            confirm_label="不予受理并打印通知书",
            kind=ActKind.DANGER,
            can_confirm=False,
            blocked_text="还差理由",
        ),
    ),
)
