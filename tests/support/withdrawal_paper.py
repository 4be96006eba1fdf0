"""Facts for a withdrawal's receipt, invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from yichuang_client.documents.paper_data import Mark, WithdrawalData
from yichuang_client.documents.qr import tracking_url


def withdrawal(**changes: object) -> WithdrawalData:
    """撤回申请回执 of a case that ended with it."""
    facts = WithdrawalData(
        case_number="330402-0137-20261124-0042-K",
        office="凤桥镇便民服务中心",
        phone="0573-5550 0137",
        qr=tracking_url("https://yc.example.gov.cn", "RbNpYUXMDrFQu6a36mXEyu", fragment=bytes(range(90))),
        mark=Mark.SAMPLE,
        authority="嘉兴市南湖区市场监督管理局",
        applicant="南湖区凤桥镇禾清面馆",
        is_person=False,
        item="食品经营许可（新办）",
        person="顾春兰",
        person_id="330402198503070026",
        received_on=date(2026, 11, 24),
        accepted_on=None,
        wished_on=date(2026, 11, 25),
        ended_on=date(2026, 11, 25),
        section="市场监管审批科",
        originals=1,
        counter="0137",
        clerk="p0012",
    )
    return replace(facts, **changes)
