"""What an operator relies on: health, metrics, a log without persons, limits, and an end that loses nothing."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import grpc
import httpx
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status

from tests.server.test_wire import FOOD, catalogue, taking
from tests.support.cases import page
from tests.support.desks import Keys, WireDesk, enrol, outcomes, reason
from tests.support.district import RunningDistrict, free_port
from tests.support.inner_district import serving
from yichuang.v1 import district_pb2, exchange_pb2, people_pb2
from yichuang_domain import actions as a
from yichuang_domain.ids import BlobHash, CaseId
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.exchange import Taken
from yichuang_server.services.limits import MOST_KNOWN, Allowance, Limits

PAGE = b"a page with a face on it" * 5000


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDistrict]:
    """A district that writes a log and tells its numbers, one a module."""
    folder = tmp_path_factory.mktemp("district")
    running = RunningDistrict(folder / "data", second_factor=False)
    running.journal = folder / "server.log"
    running.ports["metrics_port"] = free_port()
    running.start()
    yield running
    running.stop()


def health(district: RunningDistrict) -> str:
    """What the health service says on the door that asks for no certificate."""
    target = f"127.0.0.1:{district.ports['enrolment_port']}"
    with grpc.secure_channel(target, grpc.ssl_channel_credentials(district.root)) as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=20)
    return str(health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status))


def numbers(district: RunningDistrict) -> dict[str, float]:
    """What Prometheus is told."""
    told = httpx.get(f"http://127.0.0.1:{district.ports['metrics_port']}/metrics").text
    lines = (line.rpartition(" ") for line in told.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def a_morning(desk: WireDesk) -> list[str]:
    """Deeds, a page, searches and mistakes of every kind. Returns what must stand in no log."""
    item = next(item for item in catalogue(desk)[0] if item.name == FOOD)
    case, receipt = taking(item)
    name = hashlib.sha256(PAGE).hexdigest()
    sheet = replace(page(item.materials[0].key), page=BlobHash(name), size=len(PAGE))
    deeds = [desk.deed((case, 1, receipt)), desk.deed((case, 1, a.AttachPage(page=sheet)))]
    refused = desk.deed((case, 1, a.Accept(docno="南市监受〔2026〕1号")), (case, 9, a.Claim()))
    assert outcomes(desk.send(*deeds, refused)) == ["RECORDED", "RECORDED", "REFUSED"]
    desk.upload(case, PAGE, name)
    token, applicant = desk.tokens[0], receipt.applicant
    query = exchange_pb2.SearchCasesRequest(session_token=token, name=applicant.name.value)
    assert desk.exchanges.SearchCases(query, timeout=20).cases
    by_number = exchange_pb2.FindCaseRequest(
        session_token=token, number=receipt.number, id_number=applicant.id_number.value
    )
    for call in (
        lambda: desk.people.SignIn(people_pb2.SignInRequest(login="wuminmin", password="Meimei-2026"), timeout=20),
        lambda: desk.exchanges.FindCase(exchange_pb2.FindCaseRequest(session_token="stolen-token"), timeout=20),
        lambda: desk.exchanges.FindCase(by_number, timeout=20),  # a number that no desk could give
        lambda: desk.upload(CaseId(secrets.token_hex(16)), b"x", "0" * 64),
    ):
        with pytest.raises(grpc.RpcError):
            call()
    persons = [applicant.name.value, applicant.id_number.value, applicant.phone.value, receipt.number]
    return [*persons, receipt.token.value, receipt.token_digest, "wuminmin", "吴敏敏", "Meimei-2026", token, "stolen"]


def test_a_day_is_told_in_numbers_and_no_person_stands_in_the_log(district: RunningDistrict) -> None:
    with closing(district.desk("fengqiao", login="wuminmin")) as desk:
        assert health(district) == "SERVING"
        hidden = [*a_morning(desk), district.secret("wuminmin")["password"]]
        told = numbers(district)
        assert told['yichuang_calls_total{call="Exchange",code="OK"}'] >= 1
        assert told['yichuang_calls_total{call="SignIn",code="WRONG_LOGIN"}'] == 1
        assert told['yichuang_deeds_total{outcome="RECORDED"}'] == 2
        assert (told["yichuang_page_bytes_total"], told["yichuang_missing_pages"]) == (len(PAGE), 0)
        assert told["yichuang_log_size"] > told["yichuang_durable_through"] == 0

        calls = [district_pb2.GetProfileRequest()] * 200
        with pytest.raises(grpc.RpcError) as caught:
            for call in calls:
                desk.districts.GetProfile(call, timeout=20)
        assert reason(caught.value) == "TOO_MANY_TRIES"
        retry = RetryInfo()
        details = rpc_status.from_call(caught.value).details
        assert any(detail.Unpack(retry) for detail in details) and retry.retry_delay.seconds >= 1
        desk.send()  # what people did is never limited

        watching = desk.exchanges.Watch(exchange_pb2.WatchRequest(cursor=desk.cursor), timeout=60)
        next(watching)
        assert numbers(district)["yichuang_watch_streams"] == 1
        assert district.stop() == 0
        with pytest.raises(grpc.RpcError) as ended:
            list(watching)
        assert reason(ended.value) == "DRAINING"
    written = district.journal.read_text()
    lines = [json.loads(line) for line in written.splitlines()]
    assert {"call", "draining", "stopped"} <= {line.get("event") for line in lines}
    assert [line["code"] for line in lines if line.get("call") == "Watch"] == ["DRAINING"]
    assert {line["desk"] for line in lines if line.get("call") == "Exchange"} == {desk.replica}
    assert [word for word in hidden if word in written] == []
    assert len(hidden) > 10 and all(hidden)


def test_a_running_batch_is_answered_before_the_end(district: RunningDistrict, monkeypatch: pytest.MonkeyPatch) -> None:
    district.stop()
    answers: list[str] = []
    asked, drains = threading.Event(), threading.Event()
    with serving(district) as house:
        desk = district.desk("fengqiao", login="wuminmin")
        case, receipt = taking(next(item for item in catalogue(desk)[0] if item.name == FOOD))
        deed = desk.deed((case, 1, receipt))
        watching = desk.exchanges.Watch(exchange_pb2.WatchRequest(cursor=desk.cursor), timeout=60)
        next(watching)
        take_in = house.exchange.take_in

        def slowly(*given: Any) -> Taken:
            asked.set()
            assert drains.wait(20)
            return take_in(*given)

        monkeypatch.setattr(house.exchange, "take_in", slowly)

        def watch() -> None:
            with pytest.raises(grpc.RpcError) as ended:
                list(watching)
            assert reason(ended.value) == "DRAINING"
            drains.set()

        def send() -> None:
            answers.extend(outcomes(desk.send(deed)))

        threads = [threading.Thread(target=work) for work in (watch, send)]
        for thread in threads:
            thread.start()
        assert asked.wait(20)
    for thread in threads:
        thread.join()
    desk.close()
    assert answers == ["RECORDED"]


def test_a_desk_that_asks_too_often_waits_and_others_do_not() -> None:
    time = [0.0]
    limits = Limits({"Search": Allowance(burst=2, per_second=0.5)}, lambda: time[0])
    for _ in range(2):
        limits.take("0137", "Search")
    with pytest.raises(DistrictError) as caught:
        limits.take("0137", "Search")
    assert (caught.value.fault, caught.value.detail) == (Fault.TOO_MANY_TRIES, {"retry_s": "2"})
    limits.take("0138", "Search")
    limits.take("0137", "Exchange")
    time[0] = 2.0
    limits.take("0137", "Search")


def test_guessed_codes_lock_the_address_and_are_told(district: RunningDistrict) -> None:
    if not district.is_running:
        district.ports["metrics_port"] = free_port()
        district.start()
    code, port = district.code("hall"), district.ports["enrolment_port"]

    def try_to_enrol(with_code: str) -> str:
        try:
            enrol(district.root, port, with_code, Keys())
        except grpc.RpcError as error:
            return reason(error)
        return "ENROLLED"

    assert [try_to_enrol(secrets.token_hex(16)) for _ in range(12)] == ["CODE_UNKNOWN"] * 10 + ["TOO_MANY_TRIES"] * 2
    assert try_to_enrol(code) == "TOO_MANY_TRIES"
    told = numbers(district)
    assert told['yichuang_wrong_entries_total{fault="CODE_UNKNOWN"}'] == 10
    assert told['yichuang_wrong_entries_total{fault="TOO_MANY_TRIES"}'] == 3
    lines = [json.loads(line) for line in district.journal.read_text().splitlines()]
    assert [line["fault"] for line in lines if line.get("event") == "wrong entry"].count("CODE_UNKNOWN") == 10


def test_right_codes_are_not_counted_and_addresses_are_forgotten_in_time() -> None:
    clock = [0.0]
    limits = Limits(now=lambda: clock[0])
    for number in range(MOST_KNOWN + 5):
        limits.take(f"10.{number // 65536}.{number // 256 % 256}.{number % 256}", "WrongEntry")
    clock[0] = 61.0
    limits.look("10.0.0.1", "WrongEntry")
    assert limits.known == 0
