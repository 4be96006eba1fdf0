"""The district over the wire: real certificates, two doors, uploads, push; one server process for all tests."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import grpc
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.support import postgres
from tests.support.cases import page, receive
from tests.support.desks import Keys, WireDesk, enrol, outcomes, reason
from tests.support.district import RunningDistrict
from yichuang import codec
from yichuang.v1 import catalogue_pb2, district_pb2, exchange_pb2
from yichuang_domain import actions as a
from yichuang_domain.catalog import AcceptBy, ItemVersion
from yichuang_domain.ids import BlobHash, CaseId
from yichuang_domain.organisation import District

FOOD = "食品经营许可（新办）"
HALL_SAMPLE = "公共场所卫生许可（新办）"


@pytest.fixture(scope="module")
def counter(district: RunningDistrict) -> Iterator[WireDesk]:
    with closing(district.desk("fengqiao", login="wuminmin")) as desk:
        yield desk


@pytest.fixture(scope="module")
def items(counter: WireDesk) -> dict[str, ItemVersion]:
    """The sample items, by name."""
    return {item.name: item for item in catalogue(counter)[0]}


@dataclass(frozen=True, kw_only=True)
class Head:
    """The catalogue's head as it is signed."""

    version: int
    hash: str
    cancellations: list[dict[str, str]]


def catalogue(desk: WireDesk, known: int = 0) -> tuple[list[ItemVersion], Head]:
    answers = list(desk.catalogue.GetCatalogue(catalogue_pb2.GetCatalogueRequest(known_version=known), timeout=20))
    assert all(not answer.HasField("head") for answer in answers[:-1])
    texts = [text for answer in answers for text in answer.items]
    desk.district_key.verify(answers[-1].head.signature, answers[-1].head.text)
    return [codec.decode(ItemVersion, text) for text in texts], Head(**json.loads(answers[-1].head.text))


def taking(item: ItemVersion) -> tuple[CaseId, a.Receive]:
    materials = [material.key for material in item.materials]
    token = secrets.token_urlsafe(16)
    return CaseId(secrets.token_hex(16)), replace(
        receive(*materials),
        item=item.code,
        item_version=item.version,
        number=secrets.token_hex(8),
        token_digest=hashlib.sha256(token.encode()).hexdigest(),
    )


def test_the_whole_catalogue_arrives_and_its_hash_is_true(counter: WireDesk) -> None:
    found, head = catalogue(counter)
    assert len(found) == 22
    lines = [f"{i.code} {i.version} {codec.digest(codec.encode(i).text)}" for i in sorted(found, key=lambda i: i.code)]
    assert codec.digest("\n".join(lines).encode()) == head.hash
    assert catalogue(counter, head.version)[0] == []


def test_the_profile_is_signed_by_the_district(counter: WireDesk, district: RunningDistrict) -> None:
    profile = counter.districts.GetProfile(district_pb2.GetProfileRequest(), timeout=20)
    with closing(WireDesk(district.root, district.ports["port"], *_new(district))) as other:
        signed = other.send()
    key = Ed25519PublicKey.from_public_bytes(_new(district)[0].district_key)
    key.verify(profile.district.signature, profile.district.text)
    key.verify(signed.district_time_signature, signed.district_time_text)
    assert "time" in json.loads(signed.district_time_text)
    assert codec.decode(District, profile.district.text).code == "330402"
    assert counter.replica in {desk.device_number for desk in profile.desk_keys}


def _new(district: RunningDistrict) -> tuple[object, Keys]:
    keys = Keys()
    return enrol(district.root, district.ports["enrolment_port"], district.code("hall"), keys), keys  # type: ignore[return-value]


def test_a_code_is_used_once_over_the_wire(district: RunningDistrict) -> None:
    code = district.code("hall")
    enrol(district.root, district.ports["enrolment_port"], code, Keys())
    with pytest.raises(grpc.RpcError) as caught:
        enrol(district.root, district.ports["enrolment_port"], code, Keys())
    assert reason(caught.value) == "CODE_USED"


def test_the_enrolment_door_does_nothing_else(district: RunningDistrict, counter: WireDesk) -> None:
    credentials = grpc.ssl_channel_credentials(district.root)
    target = f"127.0.0.1:{district.ports['enrolment_port']}"
    with grpc.secure_channel(target, credentials) as channel:
        call = channel.unary_unary("/yichuang.v1.DistrictService/GetProfile")
        with pytest.raises(grpc.RpcError) as caught:
            call(b"", timeout=20)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
    target = f"127.0.0.1:{district.ports['port']}"
    with grpc.secure_channel(target, credentials) as channel:
        call = channel.unary_unary("/yichuang.v1.DistrictService/GetProfile")
        with pytest.raises(grpc.RpcError) as caught:
            call(b"", timeout=20)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


def test_a_foreign_certificate_is_refused(district: RunningDistrict, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = RunningDistrict(tmp_path_factory.mktemp("other") / "data", items=False)
    other.start()
    try:
        keys = Keys()
        foreign = enrol(other.root, other.ports["enrolment_port"], other.code("hall"), keys)
    finally:
        other.stop()
    with closing(WireDesk(district.root, district.ports["port"], foreign, keys)) as desk:
        with pytest.raises(grpc.RpcError) as caught:
            desk.send()
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


def test_a_desk_cannot_speak_for_another(counter: WireDesk) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        counter.exchanges.Exchange(exchange_pb2.ExchangeRequest(replica="0999"), timeout=20)
    assert reason(caught.value) == "FOREIGN_DESK"


def test_a_revoked_desk_is_refused_at_its_next_call(district: RunningDistrict) -> None:
    with closing(district.desk("hall")) as desk:
        desk.send()
        district.run("device", "revoke", desk.replica)
        with pytest.raises(grpc.RpcError) as caught:
            desk.send()
        assert reason(caught.value) == "REVOKED_DESK"


def test_the_stream_of_a_revoked_desk_is_cut(
    district: RunningDistrict, counter: WireDesk, items: dict[str, ItemVersion]
) -> None:
    with closing(district.desk("fengqiao")) as desk:
        desk.pull()
        watch = desk.exchanges.Watch(exchange_pb2.WatchRequest(cursor=desk.cursor), timeout=30)
        next(watch)
        district.run("device", "revoke", desk.replica)
        case, receipt = taking(items[FOOD])
        counter.send(counter.deed((case, 1, receipt)))
        with pytest.raises(grpc.RpcError) as caught:
            list(watch)
        assert reason(caught.value) == "REVOKED_DESK"


def test_a_renewed_certificate_is_the_same_desks(district: RunningDistrict) -> None:
    from yichuang.v1 import enrolment_pb2

    enrolled, keys = _new(district)
    with closing(WireDesk(district.root, district.ports["port"], enrolled, keys)) as desk:
        request = enrolment_pb2.RenewRequest(signing_request=keys.signing_request())
        renewed = desk.enrolment.Renew(request, timeout=20)
        enrolled.certificate_chain = renewed.certificate_chain  # type: ignore[attr-defined]
        with closing(WireDesk(district.root, district.ports["port"], enrolled, keys)) as again:
            assert again.send().next_cursor.position >= 0


def test_sign_in_says_what_is_wrong(district: RunningDistrict) -> None:
    with closing(district.desk("hall", "market")) as desk:
        secret = district.secret("zhoujing")
        for password, code, expected in (
            ("wrong", "", "WRONG_LOGIN"),
            (secret["password"], "", "SECOND_FACTOR"),
        ):
            with pytest.raises(grpc.RpcError) as caught:
                desk.sign_in("zhoujing", password, code)
            assert reason(caught.value) == expected
        answer = desk.sign_in("zhoujing", secret["password"], district.one_time_password("zhoujing"))
        assert answer.has_second_factor


def test_a_case_arrives_once_and_is_pushed_to_the_section(
    district: RunningDistrict, counter: WireDesk, items: dict[str, ItemVersion]
) -> None:
    with closing(district.desk("hall", "market", login="xuwen")) as section:
        section.pull()
        watch = section.exchanges.Watch(exchange_pb2.WatchRequest(cursor=section.cursor), timeout=30)
        assert next(watch).position == section.cursor.position
        case, receipt = taking(items[FOOD])
        deed = counter.deed((case, 1, receipt))
        assert outcomes(counter.send(deed)) == ["RECORDED"]
        assert outcomes(counter.send(deed)) == ["RECORDED"]
        assert any(told.position > section.cursor.position for told in watch)
        watch.cancel()
        section.pull()
        assert section.events(case) == ["Received"]
        assert section.log(case)[0].event.applicant.name.value == "阿依古丽·买买提"  # type: ignore[union-attr]


def test_a_page_is_sent_in_pieces_resumed_and_read_by_the_section(
    district: RunningDistrict, counter: WireDesk, items: dict[str, ItemVersion]
) -> None:
    data = secrets.token_bytes(700_000)
    name = hashlib.sha256(data).hexdigest()
    case, receipt = taking(items[HALL_SAMPLE])
    assert items[HALL_SAMPLE].accept_by is AcceptBy.SECTION
    sheet = replace(page(items[HALL_SAMPLE].materials[0].key), page=BlobHash(name), size=len(data))
    answer = counter.send(counter.deed((case, 1, receipt), (case, 1, a.AttachPage(page=sheet))))
    assert (case, name) in {(blob.owner, blob.hash) for blob in answer.missing_blobs}
    with closing(district.desk("hall", "health", login="hanxue")) as section:
        section.pull()
        claim = section.deed((case, 1, a.Claim()))
        assert [result.reason for result in section.send(claim).results] == ["PAGES_MISSING"]
        assert counter.create_upload(case, name, len(data)) == 0
        assert counter.upload(case, data[:300_000], name) == 300_000
        with pytest.raises(grpc.RpcError) as caught:
            section.download(case, name)
        assert reason(caught.value) == "NOT_STORED"
        with pytest.raises(grpc.RpcError) as caught:
            counter.upload(case, data, name, offset=0)
        assert caught.value.code() is grpc.StatusCode.OUT_OF_RANGE
        assert counter.create_upload(case, name, len(data)) == 300_000
        assert counter.upload(case, data, name, offset=300_000) == len(data)
        assert counter.create_upload(case, name, len(data)) == len(data)
        assert section.download(case, name, 5) == data[5:]
        assert outcomes(section.send(section.deed((case, 1, a.Claim())))) == ["RECORDED"]
    with closing(district.desk("yuxin", login="panyan")) as stranger:
        with pytest.raises(grpc.RpcError) as caught:
            stranger.download(case, name)
        assert reason(caught.value) == "UNKNOWN"


def test_wrong_bytes_are_data_loss(counter: WireDesk, items: dict[str, ItemVersion]) -> None:
    case, receipt = taking(items[FOOD])
    sheet = replace(page(), size=1000)
    counter.send(counter.deed((case, 1, receipt), (case, 1, a.AttachPage(page=sheet))))
    with pytest.raises(grpc.RpcError) as caught:
        counter.upload(case, bytes(1000), sheet.page)
    assert caught.value.code() is grpc.StatusCode.DATA_LOSS
    with pytest.raises(grpc.RpcError) as caught:
        counter.create_upload(case, "f" * 64, 1000)
    assert reason(caught.value) == "UNKNOWN"


def test_nothing_of_an_inner_error_reaches_the_wire(counter: WireDesk) -> None:
    request = exchange_pb2.ExchangeRequest(replica=counter.replica, head_signature=b"x")
    request.deeds.append(exchange_pb2.SentDeed(deed_id="1", seq=1))
    with pytest.raises(grpc.RpcError) as caught:
        counter.exchanges.Exchange(request, timeout=20)
    assert reason(caught.value) == "BAD_SIGNATURE"
    assert "Traceback" not in caught.value.details()


def test_a_server_that_comes_back_knows_what_it_was_told(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The road without a network: cancelled meanwhile, both cases arrive once, the second flagged."""
    district = RunningDistrict(tmp_path_factory.mktemp("back") / "data")
    district.start(web=True)
    try:
        desk = district.desk("fengqiao", login="wuminmin")
        item = {found.name: found for found in catalogue(desk)[0]}[FOOD]
        first, receipt = taking(item)
        known = desk.deed((first, 1, receipt))
        desk.send(known)
        district.stop(9)
        district.run("catalog", "retire", item.code, "--on", "2026-01-01")
        district.start(web=True)
        second, receipt = taking(item)
        assert outcomes(desk.send(known, desk.deed((second, 1, receipt)), signed_in=False)) == ["RECORDED"] * 2
        assert [r.irregular for r in desk.log(first)] == [()]
        assert [[flag.value for flag in r.irregular] for r in desk.log(second)] == [["ITEM_CANCELLED"]]
        assert desk.events(first) == desk.events(second) == ["Received"]
        _, head = catalogue(desk, 1)
        assert head.cancellations == [{"code": item.code, "on": "2026-01-01"}]
        pages = httpx.get(f"http://127.0.0.1:{district.ports['web_port']}/q/{'x' * 22}")
        assert pages.status_code in (200, 404)
        assert (district.folder / "keys" / "issuing.key").stat().st_mode & 0o777 == 0o600
        desk.close()
    finally:
        district.stop()


def test_a_district_on_postgresql_serves_the_same_road(
    tmp_path_factory: pytest.TempPathFactory, postgres_socket: Path
) -> None:
    database = postgres.new_database(postgres_socket)
    district = RunningDistrict(tmp_path_factory.mktemp("pg") / "data", database=database, second_factor=False)
    district.start()
    try:
        with (
            closing(district.desk("fengqiao", login="wuminmin")) as counter,
            closing(district.desk("hall", "market", login="zhoujing")) as section,
        ):
            section.pull()
            watch = section.exchanges.Watch(exchange_pb2.WatchRequest(cursor=section.cursor), timeout=30)
            next(watch)
            case, receipt = taking({found.name: found for found in catalogue(counter)[0]}[FOOD])
            accept = a.Accept(docno="南市监许受〔2026〕1号")
            assert outcomes(counter.send(counter.deed((case, 1, receipt), (case, 1, accept)))) == ["RECORDED"]
            assert any(told.position == 2 for told in watch)
            watch.cancel()
            section.pull()
            assert section.events(case) == ["Received", "Accepted"]
            assert outcomes(section.send(section.deed((case, 1, a.Claim())))) == ["RECORDED"]
    finally:
        district.stop()
