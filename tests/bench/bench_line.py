"""The line: 150 cold desks on a Monday, on 2 Mbit/s that they share.

``stampede_vs_line`` is the time until all of them can work (profile and catalogue of a real district are here, checked)
through the time in which the line alone would carry that many times what one desk needs when nobody else is there.
The district has a log too, which the desks fetch as soon as they can work.
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
