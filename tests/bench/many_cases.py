"""A district with very many cases, loaded in bulk: copies of one case that a desk has really taken in.

Rules kept here: a copy is a deed of the desk's own chain, signed for by nobody, and everything that the district writes
of a deed: its answer, its record and leaf, its values, its row, its audiences; ids, number, token, salts, commitments
are the copy's own. A test sends the same deeds through the exchange and compares every table.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from yichuang import codec
from yichuang_server.store import desks, merkle, tree
from yichuang_server.store.tables import audience, case, deed, disclosure, log, record

AT_ONCE = 1000
"""Cases of one statement."""
Values = dict[str, Any]


def case_of(number: int) -> str:
    """The id of a copy, counted from 0."""
    return _name("case", number)


@dataclass(frozen=True, kw_only=True)
class Model:
    """The rows of a case that was taken in by the last deed of its desk, and by nothing else."""

    deed: Values
    record: Values
    case: Values
    disclosures: tuple[Values, ...]
    audiences: tuple[Values, ...]

    @classmethod
    def read(cls, connection: Connection, of: str) -> Model:
        """Raises NoResultFound where the case has more than its first record."""

        def rows(table: Table, key: Any) -> list[Values]:
            return [dict(row._mapping) for row in connection.execute(select(table).where(key))]

        found = connection.execute(select(record).where(record.c.case == of)).one()
        (given,) = rows(deed, deed.c.deed == json.loads(found.text)["deed"])
        (folded,) = rows(case, case.c.case == of)
        return cls(
            deed=given,
            record=dict(found._mapping),
            case=folded,
            disclosures=tuple(rows(disclosure, disclosure.c.case == of)),
            audiences=tuple(rows(audience, audience.c.case == of)),
        )


def load(connection: Connection, model: Model, count: int, *, first: int = 0) -> None:
    """Write ``count`` copies, the first of them ``case_of(first)``, in the caller's transaction."""
    district = model.record["district"]
    for start in range(first, first + count, AT_ONCE):
        end = connection.execute(select(log.c.size, log.c.frontier).where(log.c.district == district)).one()
        frontier: merkle.Frontier = tuple((height, top) for height, top in json.loads(end.frontier))
        desk = desks.desk(connection, district, model.deed["replica"])
        assert desk is not None
        seq, previous, position = desk.last_seq, desk.last_hash, int(end.size)
        rows: dict[Table, list[Values]] = {table: [] for table in (deed, record, case, disclosure, audience)}
        for number in range(start, min(start + AT_ONCE, first + count)):
            seq, position = seq + 1, position + 1
            for table, row in _copy(model, number, seq, previous, position):
                rows[table].append(row)
            previous = rows[deed][-1]["hash"]
            frontier = tree.grow(connection, district, frontier, rows[record][-1]["text"])
        for table, values in rows.items():
            connection.execute(insert(table), values)
        desks.change(connection, district, desk.replica, last_seq=seq, last_hash=previous)
        changed = update(log).where(log.c.district == district)
        connection.execute(changed.values(size=position, frontier=json.dumps(frontier)))


def _copy(model: Model, number: int, seq: int, previous: str, position: int) -> Iterator[tuple[Table, Values]]:
    own = {"case": case_of(number), "deed": _name("deed", number)}
    own |= {"number": _name("number", number)[:16], "token_digest": 2 * _name("token", number)}
    names = {(model.case | model.deed)[column]: value for column, value in own.items()}
    values = []
    for ordinal, row in enumerate(model.disclosures):
        salt = _name(f"salt-{ordinal}", number)
        commitment = hmac.new(bytes.fromhex(salt), row["value"].encode(), hashlib.sha256).hexdigest()
        names[row["commitment"]] = commitment
        values.append(row | {"case": own["case"], "commitment": commitment, "salt": salt})
    chain = {f'"previous":"{json.loads(model.deed["text"])["previous"]}"': f'"previous":"{previous}"'}
    chain[f'"seq":{model.deed["seq"]},'] = f'"seq":{seq},'
    given, written = _renamed(model.deed["text"], names | chain), _renamed(model.record["text"], names)
    answer = {"deed": own["deed"], "seq": seq, "hash": codec.digest(given), "text": given}
    yield deed, model.deed | answer
    leaf = {"case": own["case"], "position": position, "hash": codec.digest(written), "text": written}
    yield record, model.record | leaf
    del own["deed"]
    yield case, model.case | own | {"head": leaf["hash"]}
    for row in values:
        yield disclosure, row
    for row in model.audiences:
        yield audience, row | {"case": own["case"], "entered": position}


def _renamed(text: bytes, names: dict[str, str]) -> bytes:
    for old, new in names.items():
        text = text.replace(old.encode(), new.encode())
    return text


def _name(kind: str, number: int) -> str:
    return hashlib.sha256(f"{kind} {number}".encode()).hexdigest()[:32]
