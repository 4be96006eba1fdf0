"""Takes in what a desk without a line has sent on a medium, and makes the answer that is carried back.

Rules kept here: what is carried passes through the very calls of the line (``desk_work``, ``pages``), so that a replay
changes nothing and a line that comes back in the middle harms nothing; the desk is known by its key, and a desk that
was shut out is refused, unless two administrators have opened its key since; nobody counts as signed in; the answer is
sealed for that desk alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from google.protobuf.message import DecodeError

from yichuang import bundle, codec
from yichuang.bundle import BundleError, Direction, Flaw, Head, Kind
from yichuang.v1 import bundle_pb2, catalogue_pb2, exchange_pb2
from yichuang_server.api.exchange_servicer import exchange_response, read_call, signed_text
from yichuang_server.api.profiles import profile_message
from yichuang_server.services import desk_work, pages, recovery
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.house import House
from yichuang_server.services.people import Signed
from yichuang_server.store import desks, profile, times
from yichuang_server.store.desks import Desk

_SEGMENT = 1 << 20
"""Bytes of a page that are made durable in one go."""
_MOST_PAGES = 500
"""Pages that an answer brings."""
_PAGES_BYTES = 1 << 30
_FAULTS = {Fault.REVOKED_DESK: Flaw.REVOKED, Fault.FOREIGN_DESK: Flaw.FOREIGN_DESK, Fault.TOO_LARGE: Flaw.TOO_LARGE}


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What came of one desk's bundles."""

    replica: str
    files: int
    recorded: int
    refused: int
    other: int
    """Deeds that wait: a gap before them, an act that is not known yet, a forked desk."""
    pages: int
    """Pages that the district has now."""
    unknown_pages: int
    """Pages that no recorded act has announced."""
    answer: str
    """Path of the answer."""


@dataclass(kw_only=True)
class _Work:
    """One desk's bundles, on their way in."""

    desk: Desk
    context: bundle_pb2.CarriedRequest = field(default_factory=bundle_pb2.CarriedRequest)
    responses: list[exchange_pb2.ExchangeResponse] = field(default_factory=list)
    stored: dict[tuple[str, str], None] = field(default_factory=dict)
    unknown: int = 0
    files: int = 0
    epoch: str = ""
    position: int = 0


def take(house: House, files: Sequence[Path], answers: Path) -> list[Taken]:
    """Take bundles in, in the order of their names, and write an answer for each desk. Raises BundleError, OSError."""
    work: dict[str, _Work] = {}
    for file in files:
        _take_file(house, file, work)
    return [_finish(house, one, answers) for one in work.values()]


def _take_file(house: House, file: Path, work: dict[str, _Work]) -> None:
    key = house.authority.bundle_key
    head, found = bundle.sections(file, Direction.TO_DISTRICT, lambda head: _desk(house, head).act_key, key)
    desk = _desk(house, head)
    one = work.setdefault(head.replica, _Work(desk=desk))
    one.files += 1
    try:
        for kind, data in found:
            _take_section(house, one, kind, data)
    except DecodeError as error:
        raise BundleError(Flaw.DAMAGED, "message") from error
    except DistrictError as error:
        raise BundleError(_FAULTS.get(error.fault, Flaw.DAMAGED), error.fault.value) from error


def _desk(house: House, head: Head) -> Desk:
    if head.district != house.district:
        raise BundleError(Flaw.FOREIGN_DISTRICT)
    desk = house.read(lambda connection: desks.desk(connection, house.district, head.replica))
    if desk is None:
        raise BundleError(Flaw.FOREIGN_DESK)
    if desk.revoked_time and not house.read(lambda c: recovery.may_rescue(c, house.district, desk)):
        raise BundleError(Flaw.REVOKED)
    return replace(desk, is_rescued=bool(desk.revoked_time))


def _take_section(house: House, one: _Work, kind: Kind, data: bytes) -> None:
    if kind is Kind.CONTEXT:
        is_first = not one.context.answer_key
        one.context = bundle_pb2.CarriedRequest.FromString(data)
        if is_first:
            one.epoch, one.position = one.context.cursor.epoch, one.context.cursor.position
    elif kind is Kind.EXCHANGE:
        request = exchange_pb2.ExchangeRequest.FromString(data)
        if request.replica != one.desk.replica:
            raise BundleError(Flaw.FOREIGN_DESK)
        _exchange(house, one, read_call(request))
    else:
        _page(house, one, *bundle.read_page(data))


def _exchange(house: House, one: _Work, call: desk_work.Call) -> desk_work.Reply:
    """As a desk on the line does it: each call goes on where the answer before ended."""
    version = one.context.catalogue_version
    now = replace(call, epoch=one.epoch, position=one.position, tokens=(), catalogue_version=version)
    reply = desk_work.exchange(house, one.desk, now)
    if not reply.openings:
        one.epoch, one.position = reply.epoch, reply.news.position
    one.responses.append(exchange_response(reply))
    return reply


def _page(house: House, one: _Work, owner: str, name: str, data: bytes) -> None:
    try:
        offset = pages.open_upload(house, one.desk, owner, name, len(data))
        while offset < len(data):
            part = data[offset : offset + _SEGMENT]
            offset = pages.append(house, one.desk, owner, name, offset, part)
    except DistrictError as error:
        if error.fault not in (Fault.UNKNOWN, Fault.MALFORMED, Fault.WRONG_HASH):
            raise
        one.unknown += 1
        return
    one.stored[(owner, name)] = None


def _finish(house: House, one: _Work, answers: Path) -> Taken:
    leases = tuple(one.context.leases)
    call = desk_work.Call(
        epoch=one.epoch, position=one.position, sent=(), signature=b"", tokens=(), catalogue_version=0, leases=leases
    )
    try:
        while (reply := _exchange(house, one, call)).news.has_more and not reply.openings:
            call = replace(call, leases=())
    except DistrictError as error:
        raise BundleError(_FAULTS.get(error.fault, Flaw.DAMAGED), error.fault.value) from error
    now = house.now()
    answers.mkdir(parents=True, exist_ok=True)
    path = answers / f"yichuang-{house.district}-{one.desk.replica}-answer-{now:%Y%m%d%H%M%S%f}{bundle.SUFFIX}"
    head = Head(
        district=house.district,
        replica=one.desk.replica,
        direction=Direction.TO_DESK,
        bundle=secrets.token_hex(16),
        made_time=now,
        sealed_by="",
    )
    with bundle.writing(path, head, _answer_key(one), house.authority.sign) as writer:
        writer.add(Kind.CONTEXT, _context(house, one, now).SerializeToString())
        for response in one.responses:
            writer.add(Kind.EXCHANGE, response.SerializeToString())
        for owner, name, data in _lacking(house, one):
            writer.add(Kind.PAGE, bundle.page_section(owner, name, data))
    return _taken(one, path)


def _answer_key(one: _Work) -> bytes:
    if len(one.context.answer_key) != 32:
        raise BundleError(Flaw.DAMAGED, "answer key")
    return one.context.answer_key


def _context(house: House, one: _Work, now: datetime) -> bundle_pb2.CarriedAnswer:
    text = codec.canonical({"replica": one.desk.replica, "time": times.text(now)})
    made = signed_text(Signed(text=text, signature=house.authority.sign(text)))
    stored = [exchange_pb2.BlobName(owner=owner, hash=name) for owner, name in one.stored]
    answer = bundle_pb2.CarriedAnswer(made=made, stored=stored)
    if house.read(lambda c: profile.version(c, house.district)) > one.context.profile_version:
        answer.profile.CopyFrom(house.read(lambda c: profile_message(house, c)))
    change = desk_work.catalogue_since(house, one.context.catalogue_version)
    if change.texts or one.responses[-1].catalogue_version > one.context.catalogue_version:
        part = catalogue_pb2.GetCatalogueResponse(items=change.texts, head=signed_text(change.head))
        answer.catalogue.append(part)
    return answer


def _lacking(house: House, one: _Work) -> Iterator[tuple[str, str, bytes]]:
    """The pages that the desk lacks and may have, as far as one answer carries them."""
    size = 0
    for name in list(one.context.lacking)[:_MOST_PAGES]:
        try:
            data = b"".join(pages.read(house, one.desk, name.owner, name.hash, 0))
        except DistrictError:
            continue
        size += len(data)
        if size > _PAGES_BYTES:
            return
        yield name.owner, name.hash, data


def _taken(one: _Work, path: Path) -> Taken:
    outcomes = {result.deed_id: result.outcome for response in one.responses for result in response.results}
    recorded = _count(outcomes.values(), exchange_pb2.DeedResult.OUTCOME_RECORDED)
    refused = _count(outcomes.values(), exchange_pb2.DeedResult.OUTCOME_REFUSED)
    return Taken(
        replica=one.desk.replica,
        files=one.files,
        recorded=recorded,
        refused=refused,
        other=len(outcomes) - recorded - refused,
        pages=len(one.stored),
        unknown_pages=one.unknown,
        answer=str(path),
    )


def _count(outcomes: Iterable[int], wanted: int) -> int:
    return sum(outcome == wanted for outcome in outcomes)
