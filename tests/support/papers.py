"""Facts for every paper, invented: people, bodies and numbers that nobody has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from tests.support.daily_paper import daily
from tests.support.withdrawal_paper import withdrawal
from yichuang_client.documents.paper import Paper
from yichuang_client.documents.paper_data import (
    AcceptanceData,
    BriefingData,
    BriefingMaterial,
    BriefingPlace,
    BriefingStep,
    CertificateData,
    DeliveryData,
    ExtensionData,
    Form,
    GrantData,
    HandedInBy,
    HandoverData,
    HandoverRow,
    LabelledText,
    Mark,
    MaterialSlipData,
    NonAcceptanceData,
    PaperHead,
    ProcedureData,
    ReceiptData,
    ReceivedMaterial,
    RefusalData,
    RightOffice,
    SeparatorData,
    ServedDocument,
    SpecialProcedureData,
    SupplementData,
    SupplementPointData,
)
from yichuang_client.documents.qr import batch_payload, separator_payload, slip_payload, tracking_url
from yichuang_domain.actions import DeclineGround, DeliveryMethod, Procedure
from yichuang_domain.catalog import Limit, Pickup

CASE = "330402-0137-20261124-0042-K"
URL = tracking_url("https://yc.example.gov.cn", "RbNpYUXMDrFQu6a36mXEyu", fragment=bytes(range(90)))
STAMP = datetime(2026, 11, 24, 1, 42, tzinfo=UTC)
AUTHORITY = "嘉兴市南湖区市场监督管理局"
APPLICANT = "南湖区凤桥镇禾清面馆"
ITEM = "食品经营许可（新办）"
OFFICE = "凤桥镇便民服务中心"

_HEAD = {
    "case_number": CASE,
    "office": OFFICE,
    "phone": "0573-5550 0137",
    "digest": "686C AC97 03BC",
    "qr": URL,
    "mark": Mark.SAMPLE,
}
_LETTER = {**_HEAD, "authority": AUTHORITY, "applicant": APPLICANT, "is_person": False, "item": ITEM}

MATERIALS = (
    ReceivedMaterial(name="食品经营许可申请书", form=Form.ORIGINAL, pages=4, note="窗口代填，当场签名"),
    ReceivedMaterial(name="营业执照", form=Form.EXEMPT, note="电子证照已调取"),
    ReceivedMaterial(name="经营者身份证", form=Form.ORIGINAL_CHECKED, pages=1, note="原件核对后退还"),
    ReceivedMaterial(name="经营场所平面布局图", form=Form.ORIGINAL, pages=1, note="标注面积和设备位置"),
    ReceivedMaterial(name="主要设备设施清单", form=Form.ORIGINAL, pages=2),
    ReceivedMaterial(name="食品安全管理制度目录", form=Form.COPY, pages=1),
    ReceivedMaterial(name="从业人员健康证明", form=Form.DEFERRED, due_on=date(2026, 12, 8)),
)


def receipt(**changes: object) -> ReceiptData:
    """A receipt for seven materials."""
    facts = ReceiptData(
        **_HEAD,
        applicant=APPLICANT,
        item=ITEM,
        person="顾禾清",
        person_id="330402198001010012",
        role=HandedInBy.OPERATOR,
        mobile="13800000012",
        received_time=STAMP,
        counter="综合服务3号窗口",
        clerk="F0137",
        materials=MATERIALS,
        notice_due_on=date(2026, 12, 1),
    )
    return replace(facts, **changes)


def material_slip(**changes: object) -> MaterialSlipData:
    """A slip for the same materials."""
    facts = MaterialSlipData(
        **{**_HEAD, "qr": slip_payload(CASE)},
        applicant=APPLICANT,
        item=ITEM,
        received_time=STAMP,
        counter="综合服务3号窗口",
        clerk="F0137",
        section="市场准入科",
        due_on=date(2026, 12, 2),
        materials=MATERIALS,
    )
    return replace(facts, **changes)


def separator(**changes: object) -> SeparatorData:
    """A separator sheet for the third material of seven."""
    facts = SeparatorData(
        **{**_HEAD, "qr": separator_payload(CASE, 3, 7)},
        applicant=APPLICANT,
        item=ITEM,
        material="经营者身份证（复印件）",
        ordinal=3,
        total=7,
        pages=1,
        bar_digits="013720261124004203",
    )
    return replace(facts, **changes)


def acceptance(**changes: object) -> AcceptanceData:
    """An acceptance notice."""
    facts = AcceptanceData(
        **_LETTER,
        docno="南市监许受〔2026〕42号",
        issued_on=date(2026, 11, 25),
        received_on=date(2026, 11, 24),
        accepted_on=date(2026, 11, 25),
        statutory=Limit(amount=10),
        promised=Limit(amount=5),
        due_on=date(2026, 12, 2),
        pickups=(Pickup.COUNTER, Pickup.POST),
    )
    return replace(facts, **changes)


def supplement(**changes: object) -> SupplementData:
    """A supplement notice with four points."""
    points = (
        (
            "食品经营许可申请书",
            "第3页“主要设备设施”一栏未填写，落款处未签名。",
            "补填该栏并由经营者本人签名；可到窗口当场补正。",
        ),
        (
            "经营场所平面布局图",
            "图上未标明粗加工间、烹饪间的面积。",
            "重新绘制1份，标明各功能区面积（平方米）；手绘即可。",
        ),
        ("房屋使用证明", "未提交。", "提交租赁合同或者产权证复印件1份，带原件核对。"),
        ("食品安全管理制度目录", "缺少“食品安全事故处置”制度。", "补充该制度名称后重新提交1份；窗口可提供范本。"),
    )
    facts = SupplementData(
        **_LETTER,
        docno="南市监许补〔2026〕17号",
        issued_on=date(2026, 11, 27),
        received_on=date(2026, 11, 24),
        points=tuple(SupplementPointData(material=m, reason=r, remedy=h) for m, r, h in points),
        until=date(2026, 12, 18),
    )
    return replace(facts, **changes)


def non_acceptance(**changes: object) -> NonAcceptanceData:
    """A notice that names the right office."""
    facts = NonAcceptanceData(
        **_LETTER,
        docno="南市监许不受〔2026〕3号",
        issued_on=date(2026, 11, 24),
        received_on=date(2026, 11, 24),
        ground=DeclineGround.WRONG_OFFICE,
        reason="你单位的经营场所位于嘉兴市秀洲区王店镇，依照属地管理的规定，该申请事项不属于本机关职权范围",
        right_office=RightOffice(
            name="嘉兴市秀洲区市场监督管理局",
            address="秀洲区示例路100号政务服务中心2楼",
            hours="工作日8:30—12:00，13:30—17:00",
        ),
        originals=5,
        review_body="嘉兴市南湖区人民政府",
        court="嘉兴市南湖区人民法院",
    )
    return replace(facts, **changes)


def grant(**changes: object) -> GrantData:
    """A grant with four terms."""
    facts = GrantData(
        **_LETTER,
        docno="南市监许准〔2026〕39号",
        issued_on=date(2026, 12, 2),
        received_on=date(2026, 11, 24),
        accepted_on=date(2026, 11, 25),
        basis="《中华人民共和国食品安全法》第三十五条第二款",
        terms=(
            LabelledText(label="主体业态", text="餐饮服务经营者（小型餐饮）"),
            LabelledText(label="经营项目", text="热食类食品制售（不含冷食、生食）"),
            LabelledText(label="经营场所", text="嘉兴市南湖区凤桥镇示例街18号102室"),
            LabelledText(label="有效期限", text="2026年12月2日至2031年12月1日"),
        ),
        deliver_by=date(2026, 12, 16),
    )
    return replace(facts, **changes)


def refusal(**changes: object) -> RefusalData:
    """A refusal with three facts."""
    facts = RefusalData(
        **_LETTER,
        docno="南市监许不准〔2026〕5号",
        issued_on=date(2026, 12, 2),
        received_on=date(2026, 11, 24),
        accepted_on=date(2026, 11, 25),
        facts=(
            "2026年11月30日，本机关两名工作人员对经营场所进行了现场核查，并制作现场核查笔录，经营者签字确认。",
            "经营场所后厨窗外7米处为露天垃圾收集点，未采取任何隔离措施，不符合与污染源保持规定距离的要求。",
            "未设置专用的餐用具清洗、消毒水池，也未配备其他消毒设施。",
        ),
        articles=("《中华人民共和国食品安全法》第三十三条第一款第（一）项、第（二）项",),
        review_body="嘉兴市南湖区人民政府",
        court="嘉兴市南湖区人民法院",
    )
    return replace(facts, **changes)


def special_procedure(**changes: object) -> SpecialProcedureData:
    """Two procedures, one after the other."""
    rows = (
        (Procedure.TESTING, "嘉兴市示例检测中心", 8, date(2026, 11, 30), date(2026, 12, 9)),
        (Procedure.EXPERT_REVIEW, "南湖区食品安全专家组", 2, date(2026, 12, 10), date(2026, 12, 11)),
    )
    facts = SpecialProcedureData(
        **_LETTER,
        docno="南市监许特〔2026〕6号",
        issued_on=date(2026, 11, 27),
        accepted_on=date(2026, 11, 25),
        due_before=date(2026, 12, 2),
        procedures=tuple(
            ProcedureData(procedure=p, by=by, workdays=n, from_on=first, until_on=last)
            for p, by, n, first, last in rows
        ),
        due_after=date(2026, 12, 16),
        duty="请于2026年11月30日上午在经营场所等候采样，无需另行准备材料，检测不收费。",
    )
    return replace(facts, **changes)


def extension(**changes: object) -> ExtensionData:
    """Five more working days."""
    facts = ExtensionData(
        **_LETTER,
        docno="南市监许延〔2026〕2号",
        issued_on=date(2026, 12, 8),
        accepted_on=date(2026, 11, 25),
        due_before=date(2026, 12, 9),
        reason="经营场所所在道路自2026年12月1日起封闭施工，现场核查无法按期进行",
        workdays=5,
        due_after=date(2026, 12, 16),
    )
    return replace(facts, **changes)


def certificate(**changes: object) -> CertificateData:
    """A certificate with four lines of its own."""
    facts = CertificateData(
        **_HEAD,
        authority=AUTHORITY,
        issued_on=date(2026, 12, 2),
        subject="食品经营许可",
        number="NH20261202-0039",
        holder=APPLICANT,
        fields=(
            LabelledText(label="信用代码", text="92330402********XX"),
            LabelledText(label="经营者", text="顾禾清"),
            LabelledText(label="经营场所", text="嘉兴市南湖区凤桥镇示例街18号102室"),
            LabelledText(label="许可内容", text="餐饮服务：热食类食品制售（不含冷食类、生食类）"),
        ),
        valid_from=date(2026, 12, 2),
        valid_until=date(2031, 12, 1),
        identifier="1.2.156.3005.2.11330402MB0000000X001.11330402MB0000001T.NH202612020039.001.Y",
    )
    return replace(facts, **changes)


def delivery(**changes: object) -> DeliveryData:
    """A decision and its certificate, handed out at the counter."""
    facts = DeliveryData(
        **_HEAD,
        authority=AUTHORITY,
        docno="南市监送〔2026〕58号",
        issued_on=date(2026, 12, 3),
        recipient=APPLICANT,
        person="顾禾清",
        person_id="3304**********0012",
        address="嘉兴市南湖区凤桥镇示例街18号102室",
        documents=(
            ServedDocument(kind=Paper.GRANT, number="南市监许准〔2026〕39号"),
            ServedDocument(kind=Paper.CERTIFICATE, number="NH20261202-0039", copies=2),
        ),
        method=DeliveryMethod.COUNTER,
    )
    return replace(facts, **changes)


def handover(count: int = 12, **changes: object) -> HandoverData:
    """A batch of ``count`` cases."""
    batch = "330402-0137-B20261124-02"
    rows = tuple(
        HandoverRow(
            case_number=f"330402-0137-20261124-{n:04}-K",
            applicant=f"南湖区凤桥镇示例第{n}商店",
            item=ITEM,
            pieces=3 + n % 5,
            pages=6 + n,
            originals=n % 3,
            due_on=date(2026, 12, 1 + n % 4),
        )
        for n in range(1, count + 1)
    )
    facts = HandoverData(
        **{**_HEAD, "case_number": batch, "qr": batch_payload(batch)},
        from_party="便民服务中心3号窗口　沈语桐",
        to_party="区市场监管局审批科　钱以宁",
        handed_time=STAMP,
        bag="FQ-000318 / 7741920",
        container="蓝色周转箱1只",
        rows=rows,
    )
    return replace(facts, **changes)


def briefing(**changes: object) -> BriefingData:
    """A guide for one situation."""
    facts = BriefingData(
        **{**_HEAD, "case_number": "11330402MB0A271067400013101000101", "qr": "https://yc.example.gov.cn/g/0137"},
        item=ITEM,
        situation="开小面馆，自己经营，店面100平方米以下",
        materials=(
            BriefingMaterial(name="食品经营许可申请书", form=Form.ORIGINAL, note="不会填？窗口替您填，您签名就行。"),
            BriefingMaterial(name="营业执照", form=Form.EXEMPT, note="系统自动调取。"),
            BriefingMaterial(name="经营者身份证", form=Form.COPY, note="带原件来，窗口免费复印。"),
            BriefingMaterial(name="经营场所平面布局图", form=Form.ORIGINAL, note="手画也行，标明面积和水池位置。"),
            BriefingMaterial(name="场所使用证明", form=Form.ORIGINAL_CHECKED, note="租赁合同，看过就还您。"),
            BriefingMaterial(name="从业人员健康证明", form=Form.DEFERRED, note="10个工作日内补来。"),
        ),
        places=(BriefingPlace(name=OFFICE, address="示例街1号一楼", hours="周一至周五8:30—12:00、13:30—17:00"),),
        promised=Limit(amount=5),
        statutory=Limit(amount=10),
        is_instant=False,
        steps=(
            BriefingStep(title="交材料", text="当场拿回执"),
            BriefingStep(title="受理", text="收到短信"),
            BriefingStep(title="到店看", text="提前打电话"),
            BriefingStep(title="拿证", text="寄到家或来取"),
        ),
        is_charged=False,
        fee="复印也不收费。",
        mistakes=("店面地址跟营业执照上的不一样：先改执照，再来办许可。", "布局图没画洗手池、消毒柜。"),
        after=("许可证管5年，到期前30个工作日来延续。",),
        basis="《食品安全法》第三十五条",
        version="3",
        effective_on=date(2026, 1, 1),
        printed_time=STAMP,
    )
    return replace(facts, **changes)


EVERY: tuple[Callable[..., PaperHead], ...] = (
    receipt,
    material_slip,
    separator,
    acceptance,
    supplement,
    non_acceptance,
    grant,
    refusal,
    special_procedure,
    extension,
    withdrawal,
    certificate,
    delivery,
    handover,
    briefing,
    daily,
)
"""A maker for each paper; the roll is made from the receipt."""
