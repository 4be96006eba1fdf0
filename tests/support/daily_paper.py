"""The closing sheet of an invented day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from yichuang_client.documents.daily_data import DailyData, DailyRow
from yichuang_client.documents.paper_head import Mark


def daily(**changes: object) -> DailyData:
    """A desk's day."""
    number = "330402-0137-D20261124"
    head = "dc9c5edb8b2d479e697b4b0b8ab874f32b325138598ce9e7b759eb8292110622"
    facts = DailyData(
        case_number=number,
        office="凤桥镇便民服务中心",
        phone="0573-5550 0137",
        qr=f"YC1:D:{number}:{head}",
        mark=Mark.SAMPLE,
        day=date(2026, 11, 24),
        person="沈语桐",
        closed_time=datetime(2026, 11, 24, 9, 12, tzinfo=UTC),
        rows=(
            DailyRow(person="沈语桐", received=19, accepted=12, supplements=2, declined=1, withdrawn=0, delivered=11),
            DailyRow(person="许青禾", received=13, accepted=8, supplements=2, declined=0, withdrawn=1, delivered=8),
        ),
        stock=("A0000101", "A0000103"),
        spoiled=("A0000102",),
        reprints=1,
        open_prints=0,
        slips_signed=12,
        slips_open=3,
        unsent=2,
        deeds=731,
        chain=head,
        log_size=48213,
        log_root="5b4f0c6de1a7c2c8f2b9a6d7e3b1905c77ad41f0e9c86a2d1b3c5e7f9a0b2c4d",
    )
    return replace(facts, **changes)
