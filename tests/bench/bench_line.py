"""The line: 150 cold desks on a Monday, on 2 Mbit/s that they share.

``stampede_vs_line`` is the time until all of them can work (profile and catalogue of a real district are here, checked)
through the time in which the line alone would carry that many times what one desk needs when nobody else is there.
The district has a log too, which the desks fetch as soon as they can work.

``bad_line_overhead`` is every byte that either end gave to a line with resets, black holes and half-open connections
(drawn from a seed), through the bytes of the pages, of the deeds and of the records that come back for them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.bench.bench_load import BATCH, request_of
from tests.bench.cold_desks import KEYS
from tests.bench.row import Row, Size
from tests.bench.workplace import folder
from tests.faults.district_faults import Stream, district_history, running_district
from tests.faults.proxy import BadLine
from tests.server.test_wire import catalogue
from tests.support.district import RunningDistrict
from yichuang_client.config import DataFolder
from yichuang_client.store.desk import Desk, DeskKind
from yichuang_client.store.store import Store
from yichuang_client.sync.enrol import signing_request
from yichuang_domain.catalog import AcceptBy
from yichuang_domain.ids import PlaceId, ReplicaId
from yichuang_server.bootstrap import open_house
from yichuang_server.config import DataFolder as DistrictFolder

RATE_KBIT = 2000
LASTS_BYTES = (300_000, 2_000_000)
"""After how many bytes something happens to a connection of the bad line."""
LONGEST_S = 3600


def bench_stampede(size: Size) -> list[Row]:
    """``stampede_vs_line``: all of 150 cold desks can work."""
    with folder() as place:
        district = RunningDistrict(place / "district", second_factor=False)
        if not size.is_quick:
            district.run("catalog", "import")
        _fill(district)
        _enrol(district, place, 1 + size.of(full=150, quick=4))
        rate = size.of(full=RATE_KBIT, quick=0)
        port = str(district.ports["port"])
        command = [sys.executable, "-m", "tests.bench.cold_desks", str(place), port, str(rate)]
        alone = ["unshare", "--net", *command] if rate else command
        done = subprocess.run(alone, capture_output=True, text=True, timeout=LONGEST_S, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
    needed = found["desks"] * found["one_bytes"]
    limit_s = needed * 8 / (RATE_KBIT * 1000) if rate else found["seconds"]
    told = f"{found['seconds']:.1f} s for {found['desks']} desks, {needed / 1e6:.1f} MB needed"
    print(f"… {told}, {found['all_bytes'] / 1e6:.1f} MB carried", file=sys.stderr, flush=True)
    return [Row(name="stampede_vs_line", value=found["seconds"] / limit_s, unit="times", bar=1.3)]


def bench_bad_line(size: Size) -> list[Row]:
    """``bad_line_overhead``: bytes given to a bad line for cases with a page each."""
    cases, page_bytes = size.of(full=40, quick=2), size.of(full=500_000, quick=50_000)
    with running_district() as (place, district):
        stream = Stream(place / "desk", district)
        line = BadLine(district.ports["port"], seed=5, lasts_bytes=LASTS_BYTES, fates=("reset", "black", "half"))
        try:
            stream.go_through(line)
            stream.seat.wait(lambda: stream.seat.session.sync.status.is_complete)
            line.carried = 0
            stream.take_in(cases, page_bytes)
            stream.settle(LONGEST_S)
            carried = line.carried
            row = stream.judge("bad line", 1, district)
            texts = sum(len(record.text) for record in district_history(district).records)
        finally:
            line.close()
    if not row.holds:
        raise RuntimeError(f"what was saved is not there once: {row}")
    payload = cases * page_bytes + 2 * texts
    fates = ", ".join(f"{count} {name}" for name, count in sorted(line.fates.items()))
    print(f"… bad line: {carried / 1e6:.2f} MB for {payload / 1e6:.2f} MB; {fates}", file=sys.stderr, flush=True)
    return [Row(name="bad_line_overhead", value=carried / payload, unit="times", bar=1.1)]


def _fill(district: RunningDistrict) -> None:
    """A hundred cases in the log of the desks' place."""
    district.start()
    with ExitStack() as closing_time:
        closing_time.callback(district.stop)
        desk = closing_time.enter_context(closing(district.desk("fengqiao", login="wuminmin")))
        item = next(item for item in catalogue(desk)[0] if item.accept_by is AcceptBy.COUNTER)
        answer = desk.exchanges.Exchange(request_of(desk, item), timeout=LONGEST_S)
        if len(answer.results) != BATCH:
            raise RuntimeError("the district took nothing in")


def _enrol(district: RunningDistrict, place: Path, desks: int) -> None:
    """Machines that have their certificates and nothing else."""
    _, house = open_house(DistrictFolder(path=district.folder))
    for number in range(desks):
        tls, act = ec.generate_private_key(ec.SECP256R1()), Ed25519PrivateKey.generate()
        code = house.write(lambda c: house.enrolment.new_code(c, "fengqiao", "COUNTER", "", house.now()))
        new = house.write(
            lambda c, code=code, tls=tls, act=act: house.enrolment.enrol(
                c, code, signing_request(tls), act.public_key().public_bytes_raw(), house.now()
            )
        )
        store = Store.open(DataFolder(root=place / f"desk-{number:03}"), KEYS)
        plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        store.desk_store.keep(
            Desk(
                replica=ReplicaId(new.desk.replica),
                place=PlaceId(new.desk.place),
                kind=DeskKind.COUNTER,
                section=None,
                district_code=house.district,
                host="127.0.0.1",
                port=district.ports["port"],
                root_certificate=district.root,
                certificate_chain=new.leaf.chain,
                district_key=house.authority.public_key,
                tls_key=tls.private_bytes(*plain),
                act_key=act.private_bytes_raw(),
            )
        )
        store.close()
    house.engine.dispose()
