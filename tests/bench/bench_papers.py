"""A receipt: from its facts to the PDF, every text new, its code drawn, by the warm worker.

The reference is the typesetter alone, called in this process on the same inputs with the codes drawn already.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from tests.bench.row import Row, Size
from tests.support import papers
from yichuang_client.documents.fonts import find_fonts
from yichuang_client.documents.paper_data import Form, ReceiptData, ReceivedMaterial
from yichuang_client.documents.press import Press
from yichuang_client.documents.press_job import Job, plain_json
from yichuang_client.documents.press_worker import Typesetter
from yichuang_client.documents.qr import tracking_url

SEED = 20261124
MATERIALS = 7
WARM_RUNS = 3
BAR_MS = 50.0
COMMON = bytes(byte for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFA) for byte in (row, cell)).decode("gb2312")
"""The 3,471 characters of GB 2312's first level but its last row: what names and materials are written with."""


def bench_paper_page(size: Size) -> list[Row]:
    """``paper_page_ms``: the median receipt."""
    facts = _receipts(WARM_RUNS + size.of(full=40, quick=3))
    with Press() as press:
        through_worker = _median_ms(
            [lambda each=each: press.render(each.paper, each.to_data(), timestamp=papers.STAMP) for each in facts]
        )
    typesetter = Typesetter(find_fonts().folders)
    jobs = [_job(each) for each in facts]
    alone = _median_ms([lambda job=job: typesetter.make(job) for job in jobs])
    return [
        Row(
            name="paper_page_ms",
            value=through_worker,
            unit="ms",
            reference="typst in this process, code drawn already",
            reference_value=alone,
            bar=BAR_MS,
        )
    ]


def _median_ms(runs: list[Callable[[], bytes]]) -> float:
    """Median of the runs after the first few, which warm what they use."""
    times: list[float] = []
    for run in runs:
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[WARM_RUNS:])


def _job(facts: ReceiptData) -> Job:
    return Job(
        template=facts.paper.template,
        data=plain_json(facts.to_data()),
        fits=facts.paper.fits,
        saves_pages=facts.paper.saves_pages,
        blanks="",
        timestamp=int(papers.STAMP.timestamp()),
    )


def _receipts(count: int) -> list[ReceiptData]:
    """Receipts that share no text: names, materials, number and token are drawn anew."""
    draw = random.Random(SEED)

    def words(length: int) -> str:
        return "".join(draw.choices(COMMON, k=length))

    return [
        papers.receipt(
            case_number=f"330402-0137-20261124-{draw.randint(0, 9999):04}-K",
            qr=tracking_url("https://yc.example.gov.cn", f"{draw.getrandbits(88):022x}", fragment=draw.randbytes(90)),
            applicant=words(12),
            item=words(10),
            person=words(3),
            counter=words(8),
            office=words(9),
            materials=tuple(
                ReceivedMaterial(name=words(9), form=Form.COPY, pages=draw.randint(1, 9), note=words(6))
                for _ in range(MATERIALS)
            ),
        )
        for _ in range(count)
    ]
