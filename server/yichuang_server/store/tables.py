"""The tables of the district.

Rules kept here: the district's code is the first part of every key, so that one database can hold a city; times
are ISO text in UTC with milliseconds, as they stand in the canonical texts; the canonical texts are stored as the bytes
that came.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, text

metadata = MetaData()


def _key(name: str, length: int = 64) -> Column[str]:
    return Column(name, String(length), primary_key=True)


district = Table(
    "district",
    metadata,
    _key("district", 6),
    Column("profile", LargeBinary, nullable=False),
    Column("profile_version", BigInteger, nullable=False),
)
"""One row a district: the canonical text of its profile."""

person = Table(
    "person",
    metadata,
    _key("district", 6),
    _key("person"),
    Column("login", String(64), nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("totp_secret", String(64), nullable=False),
    Column("last_totp", BigInteger, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", String(32), nullable=False, default=""),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("must_change", Boolean, nullable=False, default=False),
    Column("password_time", String(32), nullable=False, server_default=""),
    Column("former_hashes", Text, nullable=False, server_default="[]"),
    Index("person_login", "district", "login", unique=True),
)

person_right = Table(
    "person_right",
    metadata,
    _key("district", 6),
    _key("person"),
    _key("from_time", 32),
    Column("text", LargeBinary, nullable=False),
)
"""What a person may do since when: an act is judged by the rights at its own time."""

session = Table(
    "session",
    metadata,
    _key("district", 6),
    _key("token_hash"),
    Column("person", String(64), nullable=False),
    Column("replica", String(4), nullable=False),
    Column("started_time", String(32), nullable=False),
    Column("active_time", String(32), nullable=False),
    Column("has_second_factor", Boolean, nullable=False, default=False),
    Index("session_person", "district", "person"),
)

lease = Table(
    "lease",
    metadata,
    _key("district", 6),
    _key("lease"),
    Column("person", String(64), nullable=False),
    Column("replica", String(4), nullable=False),
    Column("not_after", String(32), nullable=False),
)
"""Until when a person may work at a desk without a line."""

enrolment_code = Table(
    "enrolment_code",
    metadata,
    _key("district", 6),
    _key("code_hash"),
    Column("place", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("section", String(64), nullable=False),
    Column("not_after", String(32), nullable=False),
    Column("used_by", String(4), nullable=False, default=""),
)

device = Table(
    "device",
    metadata,
    _key("district", 6),
    _key("replica", 4),
    Column("place", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("section", String(64), nullable=False),
    Column("act_key", LargeBinary, nullable=False),
    Column("enrolled_time", String(32), nullable=False),
    Column("revoked_time", String(32), nullable=False, default=""),
    Column("last_seq", BigInteger, nullable=False, default=0),
    Column("last_hash", String(64), nullable=False, default=""),
    Column("last_time", String(32), nullable=False, default=""),
    Column("forked_time", String(32), nullable=False, default=""),
)
"""A desk; ``last_…`` are the end of its chain as received; a forked desk is fenced."""

certificate = Table(
    "certificate",
    metadata,
    _key("district", 6),
    _key("serial"),
    Column("replica", String(4), nullable=False),
    Column("not_after", String(32), nullable=False),
)
"""Every certificate that was issued to a desk."""

deed = Table(
    "deed",
    metadata,
    _key("district", 6),
    _key("deed"),
    Column("replica", String(4), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("act", Integer, nullable=False),
    Column("recorded_time", String(32), nullable=False),
    Index("deed_seq", "district", "replica", "seq", unique=True),
)
"""Every deed that was answered, for ever: the idempotency of the exchange."""

log = Table(
    "log",
    metadata,
    _key("district", 6),
    Column("epoch", String(32), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("frontier", Text, nullable=False),
    Column("durable_through", BigInteger, nullable=False, default=0),
    Column("restored_from", String(32), nullable=False, default=""),
)
"""The head of the district's one log: the row that is locked last.

``restored_from`` is the time of a backup that was restored, until a new epoch is opened: nothing is served before."""

log_epoch = Table(
    "log_epoch",
    metadata,
    _key("district", 6),
    _key("epoch", 32),
    Column("position", BigInteger, nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("signatures", Text, nullable=False),
    Column("first_number", Integer, nullable=False),
    Column("first_release", BigInteger, nullable=False),
    Column("heard_time", String(32), nullable=False, default=""),
)
"""The openings of the log, in the order of their positions; ``signatures`` is JSON, person to hex.

``first_number``, ``first_release``: no device number and no release of the catalogue below it is given any more;
``heard_time``: when the first desk offered again."""

administrator_key = Table(
    "administrator_key",
    metadata,
    _key("district", 6),
    _key("person"),
    _key("key"),
    Column("from_time", String(32), nullable=False),
    Column("sealing_key", String(64), nullable=False, server_default=""),
)
"""Ed25519 keys, hex, of the administrators who open log epochs; ``sealing_key``: X25519, for what they open."""

recovery_key = Table(
    "recovery_key",
    metadata,
    _key("district", 6),
    _key("key", 64),
    Column("made_time", String(32), nullable=False),
    Column("halves", Text, nullable=False),
)
"""X25519 keys, hex, for which desks seal their data keys; ``halves`` is JSON, by pair of administrators."""

escrow = Table(
    "escrow",
    metadata,
    _key("district", 6),
    _key("replica", 4),
    _key("key_id", 32),
    _key("recovery_key", 64),
    Column("sealed", LargeBinary, nullable=False),
    Column("kept_time", String(32), nullable=False),
)

key_opening = Table(
    "key_opening",
    metadata,
    _key("district", 6),
    _key("replica", 4),
    _key("opened_time", 32),
    Column("text", LargeBinary, nullable=False),
    Column("signatures", Text, nullable=False),
)
"""Data keys that two administrators have opened: ``text`` is a leaf of the log too."""

record = Table(
    "record",
    metadata,
    _key("district", 6),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("case", String(32), nullable=False),
    Column("n", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("text", LargeBinary, nullable=False),
    Index("record_case", "district", "case", "n", unique=True),
    Index("record_case_position", "district", "case", "position"),
)

notice = Table(
    "notice",
    metadata,
    _key("district", 6),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("text", LargeBinary, nullable=False),
)
"""Leaves of the log that are no records: refusals and views of personal data; feeds skip them."""

tree_node = Table(
    "tree_node",
    metadata,
    _key("district", 6),
    Column("height", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
)
"""Every eighth level of the log's Merkle tree, its complete subtrees alone: proofs read few leaves with them.

Counted from the leaves; says nothing that they do not."""

disclosure = Table(
    "disclosure",
    metadata,
    _key("district", 6),
    _key("case", 32),
    _key("commitment"),
    Column("value", Text, nullable=False),
    Column("salt", String(32), nullable=False),
)
"""Values and salts beside the texts: what a lawful erasure removes."""

case = Table(
    "case_state",
    metadata,
    _key("district", 6),
    _key("case", 32),
    Column("number", String(50), nullable=False),
    Column("token_digest", String(64), nullable=False),
    Column("item", String(80), nullable=False),
    Column("item_version", BigInteger, nullable=False),
    Column("state", String(24), nullable=False),
    Column("place", String(64), nullable=False),
    Column("section", String(64), nullable=False),
    Column("holder", String(4), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("matter", String(32), nullable=False, server_default=""),
    Column("matter_number", String(50), nullable=False, server_default=""),
    Index("case_token", "district", "token_digest"),
    Index("case_matter", "district", "matter"),
    Index("case_matter_number", "district", "matter_number"),
    Index("case_number", "district", "number"),
)
"""Projection of the log: one row a case; can be dropped and rebuilt."""

audience = Table(
    "audience",
    metadata,
    _key("district", 6),
    _key("audience", 80),
    _key("case", 32),
    Column("entered", BigInteger, nullable=False),
    Column("left", BigInteger, nullable=False, default=0),
    Index("audience_case", "district", "case"),
    Index("audience_entered", "district", "audience", "entered"),
    Index(
        "audience_left",
        "district",
        "audience",
        "left",
        sqlite_where=text('"left" > 0'),
        postgresql_where=text('"left" > 0'),
    ),
)
"""Whose slice a case lies in: ``place:…``, ``section:…`` or ``desk:…``, since which position of the log.

``left`` is 0 while it lies there."""

blob = Table(
    "blob",
    metadata,
    _key("district", 6),
    _key("owner", 32),
    _key("hash"),
    Column("size", BigInteger, nullable=False),
    Column("replica", String(4), nullable=False),
    Column("complete", Boolean, nullable=False, default=False),
    Index("blob_maker", "district", "replica", "complete"),
)
"""A page of a case or a matter: announced by its record, complete when every byte is durable."""

release = Table(
    "catalogue_release",
    metadata,
    _key("district", 6),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("published_time", String(32), nullable=False),
    Column("hash", String(64), nullable=False),
)

item = Table(
    "item",
    metadata,
    _key("district", 6),
    _key("code", 80),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("text", LargeBinary, nullable=False),
    Index("item_version", "district", "version"),
)
"""Published item versions, immutable; ``version`` is the release that brought it."""

cancellation = Table(
    "cancellation",
    metadata,
    _key("district", 6),
    _key("code", 80),
    Column("on", String(10), nullable=False),
    Column("version", BigInteger, nullable=False),
)

calendar_notice = Table(
    "calendar_notice",
    metadata,
    _key("district", 6),
    _key("name"),
    Column("text", LargeBinary, nullable=False),
)
"""放假通知, as loaded."""
