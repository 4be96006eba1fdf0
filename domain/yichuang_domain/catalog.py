"""事项目录: one published version of a service item, with everything a counter needs to know about it.

Rules kept here: a published version is immutable, a case points at a variant (业务办理项) AND a version; a code is a
text and nothing is derived from its shape; a fact that the source does not state is ``None`` (目录未载), never a guess.
Whether an item is instant is a fact of its own: "promises one day" does not prove it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from yichuang_domain.approval import Grade
from yichuang_domain.ids import ItemCode, SectionId
from yichuang_domain.material import Condition, Material, MaterialForm, Option, Question

__all__ = [
    "AcceptBy",
    "Condition",
    "Fee",
    "FieldKind",
    "FormField",
    "Grade",
    "ItemVersion",
    "Limit",
    "LimitUnit",
    "Material",
    "MaterialForm",
    "MatterItem",
    "Option",
    "Outcome",
    "OutcomeKind",
    "Pickup",
    "Question",
    "SharedKey",
]


class LimitUnit(enum.StrEnum):
    """时限单位: in what a time limit is counted."""

    WORKDAYS = "WORKDAYS"
    """工作日, on the district's calendar."""
    CALENDAR_DAYS = "CALENDAR_DAYS"
    """自然日."""
    HOURS = "HOURS"
    """小时: hours of the clock, not parts of a working day."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """时限: an amount and its unit. Zero means on the spot."""

    amount: int
    """0 or more."""
    unit: LimitUnit = LimitUnit.WORKDAYS
    """What is counted."""


class AcceptBy(enum.StrEnum):
    """受理权: who may accept a case of the item."""

    COUNTER = "COUNTER"
    """综合窗口: any comprehensive counter."""
    SECTION = "SECTION"
    """审批科室: the item's back-office section only."""


class Pickup(enum.StrEnum):
    """取件方式: how the result reaches the applicant."""

    COUNTER = "COUNTER"
    """窗口领取."""
    POST = "POST"
    """快递邮寄."""
    LOCKER = "LOCKER"
    """取件柜."""
    SELF_SERVICE = "SELF_SERVICE"
    """自助终端."""


class FieldKind(enum.StrEnum):
    """表单项类型: what may be typed into a form field."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    DATE = "DATE"
    CHOICE = "CHOICE"


class OutcomeKind(enum.StrEnum):
    """结果类型: what a granted case produces."""

    DECISION = "DECISION"
    """批文: the decision paper itself."""
    CERTIFICATE = "CERTIFICATE"
    """证照: a certificate with a number of its own."""


@dataclass(frozen=True, kw_only=True)
class Fee:
    """收费: whether the item costs anything, and the tariff as text."""

    charged: bool
    """Whether a fee is charged."""
    text: str = ""
    """Tariff and its basis as the applicant reads it."""


@dataclass(frozen=True, kw_only=True)
class FormField:
    """申请表单项: one field of the item's own form."""

    key: str
    """Stable key inside the item (ASCII)."""
    label: str
    """What the clerk reads."""
    kind: FieldKind = FieldKind.TEXT
    """What may be typed."""
    required: bool = True
    """Whether it must be filled in before acceptance."""
    choices: tuple[str, ...] = ()
    """The possible values of a CHOICE."""
    max_length: int = 200
    """Longest text in characters."""
    unit: str = ""
    """Unit shown behind the field."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """办理结果: one thing that a granted case produces."""

    kind: OutcomeKind
    """Decision paper or certificate."""
    name: str
    """Its name as printed."""
    type_code: str | None = None
    """Type code of the electronic certificate (GB/T 36904), if it has one."""
    valid_years: int | None = None
    """Years of validity; ``None`` means that it does not expire or the catalogue does not say."""


@dataclass(frozen=True, kw_only=True)
class SharedKey:
    """同一项: a question, material or field of an item, and its key in the matter's one form."""

    own: str
    """Its key inside the item."""
    shared: str
    """Its key inside the matter."""


@dataclass(frozen=True, kw_only=True)
class MatterItem:
    """一件事的事项: one of the items that a matter consists of; what is asked once leads to each item that needs it."""

    code: ItemCode
    version: int
    name: str
    questions: tuple[SharedKey, ...] = ()
    materials: tuple[SharedKey, ...] = ()
    fields: tuple[SharedKey, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ItemVersion:
    """事项版本: one version of one variant (业务办理项). Every ``None`` is a fact that the catalogue does not state."""

    code: ItemCode
    """Identity of the variant inside the district; a text, whatever the shape of the official codes."""
    version: int
    """1, 2, … in the order of publication."""
    name: str
    """Name of the variant."""
    main_name: str | None = None
    """主项名称: name of the main item, when the variant is a part of one."""
    implementation_code: str | None = None
    """实施编码, 31 characters on the national shape."""
    handling_code: str | None = None
    """业务办理项编码: the implementation code and 2 digits."""
    local_codes: tuple[str, ...] = ()
    """Codes of the province or the district, in any shape."""
    former_names: tuple[str, ...] = ()
    """曾用名: names that people still ask for."""
    former_codes: tuple[str, ...] = ()
    """曾用编码."""
    aliases: tuple[str, ...] = ()
    """俗称: everyday words under which it is found."""
    department: str
    """实施部门: the responsible department, as text."""
    body_code: str | None = None
    """统一社会信用代码 of the implementing body."""
    section: SectionId | None = None
    """审批科室: the back-office queue; ``None`` when the district has not set one up for the item."""
    type_code: str
    """事项类型 on the national table (GB/T 39046)."""
    objects: tuple[str, ...] = ()
    """服务对象: who may apply."""
    instant: bool | None = None
    """即办件 (true) or 承诺件 (false)."""
    statutory_limit: Limit | None = None
    """法定时限."""
    promised_limit: Limit | None = None
    """承诺时限: what the window owes."""
    grade: Grade | None = None
    """审批级别."""
    accept_by: AcceptBy = AcceptBy.SECTION
    """Who may accept."""
    accepts_offline: bool = False
    """Whether a counter may accept without a line."""
    counter_grants: bool = False
    """当场办结: whether a clerk may grant an instant case at the counter, right after accepting it."""
    fee: Fee | None = None
    """收费."""
    visits: int | None = None
    """到窗次数: visits that the applicant owes."""
    pickups: tuple[Pickup, ...] = ()
    """取件方式; empty when the catalogue does not say."""
    questions: tuple[Question, ...] = ()
    """情形."""
    materials: tuple[Material, ...] = ()
    """材料."""
    lists_materials: bool = True
    """材料是否载明: with no materials, tells 无 (nothing is needed) from 目录未载 (the source lists none)."""
    fields: tuple[FormField, ...] = ()
    """申请表."""
    condition: str | None = None
    """受理条件."""
    basis: str | None = None
    """设定依据."""
    steps: tuple[str, ...] = ()
    """办理流程, one entry a step."""
    mistakes: tuple[str, ...] = ()
    """常见错误: what applicants get wrong."""
    after: tuple[str, ...] = ()
    """办后须知: what the holder must do afterwards, and who supervises."""
    results: tuple[Outcome, ...] = ()
    """办理结果."""
    decision_terms: tuple[str, ...] = ()
    """准予条款: terms printed in the decision."""
    effective_on: date
    """First day of this version."""
    plan_cancel_on: date | None = None
    """计划取消日期: from this day on the item cannot be taken in; its open cases go on."""
    sample: bool = False
    """示范: invented for demonstration."""
    source: str
    """Where the row comes from."""

    items: tuple[MatterItem, ...] = ()
    """一件事: the items that are handed in together; empty for an item of its own."""

    @property
    def is_matter(self) -> bool:
        """Whether it is a matter: one form, and a case for each of its items."""
        return bool(self.items)

    def is_cancelled(self, on: date) -> bool:
        """已取消: whether the item can no longer be taken in on that day."""
        return self.plan_cancel_on is not None and on >= self.plan_cancel_on
