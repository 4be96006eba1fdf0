"""Plausible models of the review desk; all people are invented."""

from __future__ import annotations

from dataclasses import replace

from tests.support import samples_casework as cases, samples_pages as pages
from tests.support.samples_pages import picture
from yichuang_client.presenters.models.common import (
    Act,
    ActKind,
    Banner,
    Bar,
    Chip,
    Confirm,
    Field,
    FieldInput,
    Mark,
    Sentence,
    Tone,
)
from yichuang_client.presenters.models.review import Opinion, QueueRow, ReviewAct, ReviewCase, ReviewModel
from yichuang_client.presenters.models.scan import PageView


def row(key: str, item: str, chip: Chip, who: str, due: str, *, urgent: bool = False) -> QueueRow:
    """One case of the queue."""
    return QueueRow(key=key, item=item, chip=chip, applicant=who, due=due, is_urgent=urgent, is_selected=key == "3")


HALF = Chip(text="剩 0.5 日", tone=Tone.DANGER, mark=Mark.WARN, is_bold=True)
QUEUE = (
    row("1", "公共场所卫生许可（延续）", cases.OVER, "周**", "11-27 到期", urgent=True),
    row("2", "护士执业注册（变更）", HALF, "孙*", "今天 17:00 到期", urgent=True),
    row("3", "公共场所卫生许可（新办）", cases.LEFT_3, "赵**", "12-03 到期"),
    row("4", "乡村医生执业注册", cases.LEFT_3, "钱**", "12-03 到期"),
    row("5", "公共场所卫生许可（变更）", cases.LEFT_6, "郑**", "12-07 到期"),
    row("6", "供水单位卫生许可（新办）", cases.LEFT_6, "冯*", "12-08 到期"),
    row("7", "公共场所卫生许可（新办）", Chip(text="暂停计时", mark=Mark.PAUSE), "", "现场核查中"),
    row("8", "诊所备案", cases.LEFT_6, "褚*", "12-10 到期"),
)
OPINION = Opinion(
    title="审核意见",
    text="材料齐全、符合法定形式，平面图与申请书面积一致。健康证明容缺，12-01 前补交。同意。",
    revision=1,
    templates=(("fit", "符合"), ("defer", "容缺后补"), ("visit", "需核查")),
    signer=Chip(text="已双因素登录 · 周航", tone=Tone.SUCCESS, mark=Mark.OK),
)
CASE = ReviewCase(
    key="3",
    head=cases.HEAD,
    materials=cases.PAGES,
    selected_page="m3-0",
    page=PageView(picture=picture(pages.LAYOUT, width=400)),
    position="③ 平面图 1 / 1",
    overall="全件 3 / 6",
    form=cases.FACTS,
    events=cases.EVENTS,
    opinion=OPINION,
)
ACTS = (
    Act(id=ReviewAct.AGREE, key="F9", label="同意", kind=ActKind.PRIMARY),
    Act(id=ReviewAct.RETURN, key="F10", label="退回"),
    Act(id=ReviewAct.PROCEDURE, key="F11", label="特别程序"),
    Act(id=ReviewAct.REFUSE, key="F12", label="不予许可", kind=ActKind.DANGER, starts_group=True),
)
DESK = ReviewModel(
    queue_title="待审批 9",
    queue_hint="按剩余时限",
    queue=QUEUE,
    case=CASE,
    bar=Bar(
        sentence=Sentence(lead="同意后转 陈立群 核准", hint="一审一核，不能自审自核；容缺 1 件补齐后才能发证"),
        acts=ACTS,
    ),
)
EMPTY = ReviewModel(
    queue_title="待审批 0",
    empty="没有待审批的件。下一件最早 12-01 到期（在特别程序）。",
    bar=Bar(sentence=Sentence(lead="没有待审批的件。", hint="有新件会自己出现")),
)
OVERTAKEN = replace(
    DESK,
    banner=Banner(kind="OVERTAKEN", text="周一 09:10 陈立群 已退回本件", hint="您写的意见还在，可以复制"),
    case=replace(
        CASE,
        opinion=replace(
            OPINION, is_read_only=True, previous="核准意见（陈立群，09:08）：平面图没有标出消毒间，退回重审。"
        ),
        page=PageView(waiting="第 8 页还在路上，约 4 秒"),
    ),
    tab="materials",
    bar=Bar(
        sentence=Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead="这件现在由陈立群办。", hint="您只能看"),
        acts=tuple(replace(act, is_enabled=False, kind=ActKind.NORMAL) for act in ACTS),
    ),
)
AGREEING = replace(
    DESK,
    bar=replace(
        DESK.bar,
        confirm=Confirm(
            act=ReviewAct.AGREE,
            title="同意，转陈立群核准？",
            lines=("您的意见会签上名字和时间，核准前可以撤回。", "申请人看到：审核通过，等核准。"),
            confirm_label="签署意见并转核准",
        ),
    ),
)
REFUSING = replace(
    DESK,
    bar=replace(
        DESK.bar,
        confirm=Confirm(
            act=ReviewAct.REFUSE,
            title="不予许可公共场所卫生许可（新办）？",
            lines=("会出不予许可决定书，写明理由、依据和复议、诉讼的权利。",),
            fields=(
                Field(key="article", label="依据", text="《公共场所卫生管理条例实施细则》第二十五条"),
                Field(key="reason", label="理由", input=FieldInput.LONG_TEXT),
            ),
            confirm_label="不予许可并送决定书",
            kind=ActKind.DANGER,
            can_confirm=False,
            blocked_text="还差理由",
        ),
    ),
)
