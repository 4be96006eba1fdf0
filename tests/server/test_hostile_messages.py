"""Every rpc with random and with mutated messages: a typed error or an answer, never a fault of the program.

The rpcs are read from the generated descriptors, so that a new one is tried too. The seed is fixed: what failed once
fails again.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import grpc
import psutil
import pytest
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

import yichuang.v1
from tests.server.test_wire import catalogue, taking
from tests.support.desks import WireDesk, reason
from tests.support.district import RunningDistrict
from yichuang.v1 import exchange_pb2
from yichuang_server.services.errors import Fault

SEED = 20261124
RANDOM, MADE, MUTATED = 8, 12, 24
"""How many messages of each kind an rpc gets."""
DEADLINE_S = 20
GROWTH_MB = 64
"""What the server may keep after all of it; caches and allocator included."""
_TEXTS = (
    "",
    "\x00",
    "../../etc/passwd",
    "/dev/zero",
    "' OR 1=1 --",
    "一" * 10_000,
    "\u202e\ufeff\u0000",
    "0" * 64,
    "f" * 32,
    "%s%n{0}",
    "NaN",
    "-1",
    "9" * 400,
)
_BYTES = (b"", b"\x00" * 64, b"{" * 20_000, b"[" * 100_000, b'{"a":1e999}', b"PK\x03\x04", b"\xff" * 64)
_NUMBERS = (0, 1, -1, 2**31 - 1, -(2**31), 2**63 - 1, -(2**63), 2**64 - 1)


@dataclass(frozen=True, kw_only=True)
class Rpc:
    """One method of a service."""

    path: str
    made: type[Message]
    """What it takes."""
    takes_stream: bool
    answers_with_stream: bool


def rpcs() -> Iterator[Rpc]:
    """Every method of the wire."""
    names = [module.name for module in pkgutil.iter_modules(yichuang.v1.__path__) if module.name.endswith("_pb2")]
    for name in sorted(names):
        descriptor = importlib.import_module(f"yichuang.v1.{name}").DESCRIPTOR
        for service in descriptor.services_by_name.values():
            yield from (_rpc(service.full_name, method) for method in service.methods)


def _rpc(service: str, method: MethodDescriptor) -> Rpc:
    return Rpc(
        path=f"/{service}/{method.name}",
        made=GetMessageClass(method.input_type),
        takes_stream=method.client_streaming,
        answers_with_stream=method.server_streaming,
    )


ALL = tuple(rpcs())


class Enemy:
    """Makes messages that nobody should send."""

    def __init__(self, desk: WireDesk, true: list[exchange_pb2.ExchangeRequest]) -> None:
        self._chance = random.Random(SEED)
        self._desk = desk
        self._true = true

    def messages(self, rpc: Rpc) -> Iterator[bytes]:
        """Random bytes, well-formed nonsense, and messages with a few bytes changed."""
        for _ in range(RANDOM):
            yield self._chance.randbytes(self._chance.choice((1, 7, 200, 70_000)))
        for _ in range(MADE):
            yield self._make(rpc.made).SerializeToString()
        for _ in range(MUTATED):
            yield self._mutate(self._known(rpc).SerializeToString())

    def _known(self, rpc: Rpc) -> Message:
        return self._chance.choice(self._true) if rpc.made is exchange_pb2.ExchangeRequest else self._make(rpc.made)

    def _mutate(self, data: bytes) -> bytes:
        bent = bytearray(data or b"\n")
        for _ in range(self._chance.randint(1, 4)):
            at = self._chance.randrange(len(bent))
            kind = self._chance.randrange(4)
            if kind == 0:
                bent[at] ^= 1 << self._chance.randrange(8)
            elif kind == 1:
                del bent[at : at + self._chance.randint(1, 9)]
            elif kind == 2:
                bent[at:at] = bent[: self._chance.randint(1, 200)]
            else:
                bent[at:at] = self._chance.randbytes(3)
            bent = bent or bytearray(b"\n")
        return bytes(bent)

    def _make(self, kind: type[Message], depth: int = 0) -> Message:
        message = kind()
        for field in kind.DESCRIPTOR.fields:
            if depth > 3 or self._chance.random() < 0.2:
                continue
            values = [self._value(field, depth) for _ in range(self._chance.choice((1, 1, 3)))]
            if field.is_repeated:
                self._fill(getattr(message, field.name), values)
            elif field.type == FieldDescriptor.TYPE_MESSAGE:
                getattr(message, field.name).CopyFrom(values[0])
            else:
                setattr(message, field.name, values[0])
        return message

    def _fill(self, container: Any, values: list[Any]) -> None:
        if hasattr(container, "extend"):
            container.extend(values)
        else:
            container.update({self._chance.choice(_TEXTS): "x"})

    def _value(self, field: FieldDescriptor, depth: int) -> Any:
        chance = self._chance
        if field.message_type is not None:
            return self._make(GetMessageClass(field.message_type), depth + 1)
        if field.type == FieldDescriptor.TYPE_STRING:
            return chance.choice((*_TEXTS, self._desk.replica, *self._desk.tokens))
        if field.type == FieldDescriptor.TYPE_BYTES:
            return chance.choice(_BYTES)
        if field.type == FieldDescriptor.TYPE_BOOL:
            return chance.random() < 0.5
        if field.type == FieldDescriptor.TYPE_ENUM:
            return chance.choice((0, 1, 99))
        fitting = [n for n in _NUMBERS if _fits(field, n)]
        return chance.choice(fitting)


def _fits(field: FieldDescriptor, number: int) -> bool:
    bits = 32 if field.type in _NARROW else 64
    low, high = (0, 2**bits - 1) if field.type in _UNSIGNED else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return low <= number <= high


_NARROW = {FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_UINT32, FieldDescriptor.TYPE_SINT32}
_UNSIGNED = {FieldDescriptor.TYPE_UINT32, FieldDescriptor.TYPE_UINT64}


@pytest.fixture(scope="module")
def desk(district: RunningDistrict) -> Iterator[WireDesk]:
    with closing(district.desk("fengqiao", login="wuminmin")) as desk:
        yield desk


@pytest.fixture(scope="module")
def enemy(desk: WireDesk) -> Enemy:
    """Knows what a true exchange of this desk looks like, before and after it was sent."""
    item = catalogue(desk)[0][0]
    true = []
    for _ in range(3):
        case, received = taking(item)
        deed = desk.deed((case, 0, received))
        true.append(
            exchange_pb2.ExchangeRequest(
                replica=desk.replica,
                cursor=desk.cursor,
                deeds=[deed],
                head_signature=desk.sign(deed),
                session_tokens=desk.tokens,
            )
        )
    return Enemy(desk, true)


def answer(channel: grpc.Channel, rpc: Rpc, data: bytes) -> str:
    """What the call came to: OK, a reason, or the code of an error without one."""
    kind = f"{'stream' if rpc.takes_stream else 'unary'}_{'stream' if rpc.answers_with_stream else 'unary'}"
    call: Callable[..., Any] = getattr(channel, kind)(rpc.path)
    sent = iter([data, data]) if rpc.takes_stream else data
    try:
        found = call(sent, timeout=DEADLINE_S)
        if rpc.answers_with_stream:
            next(found, None)
            found.cancel()
    except grpc.RpcError as error:
        return reason(error)
    return "OK"


KNOWN = {"OK", *(fault.value for fault in Fault)} - {Fault.INTERNAL.value}


@pytest.mark.parametrize("rpc", ALL, ids=lambda rpc: rpc.path.rpartition(".")[2])
def test_no_message_is_a_fault_of_the_program(
    rpc: Rpc, desk: WireDesk, enemy: Enemy, district: RunningDistrict
) -> None:
    said = {answer(desk.channel, rpc, data) for data in enemy.messages(rpc)}
    assert said <= KNOWN
    assert "unforeseen" not in district.journal.read_text()


def test_the_enrolment_door_takes_no_nonsense_either(desk: WireDesk, enemy: Enemy, district: RunningDistrict) -> None:
    target = f"127.0.0.1:{district.ports['enrolment_port']}"
    with grpc.secure_channel(target, grpc.ssl_channel_credentials(district.root)) as channel:
        open_here = [rpc for rpc in ALL if rpc.path.endswith(("/Enrol", "/RenewExpired"))]
        said = {answer(channel, rpc, data) for rpc in open_here for data in enemy.messages(rpc)}
    assert said <= KNOWN - {"OK"}
    assert "unforeseen" not in district.journal.read_text()


def test_after_all_of_it_the_server_serves_and_has_not_grown(
    desk: WireDesk, enemy: Enemy, district: RunningDistrict
) -> None:
    server = psutil.Process(district.pid)
    exchange = next(rpc for rpc in ALL if rpc.path.endswith("/Exchange"))
    before = server.memory_full_info().pss
    huge = exchange_pb2.ExchangeRequest(replica=desk.replica, session_tokens=[secrets.token_hex(16)] * 100_000)
    assert huge.ByteSize() > 3 << 20
    for _ in range(5):
        assert answer(desk.channel, exchange, huge.SerializeToString()) in KNOWN
    assert answer(desk.channel, exchange, b"\x00" * (5 << 20)) == "RESOURCE_EXHAUSTED"
    assert server.memory_full_info().pss - before < GROWTH_MB << 20
    case, received = taking(catalogue(desk)[0][0])
    assert [r.outcome for r in desk.send(desk.deed((case, 0, received))).results]
