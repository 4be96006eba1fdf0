"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table of the first release."""
    _desks()
    _people()
    _log()
    _cases()
    _catalogue()
    _district()


def _desks() -> None:
    op.create_table(
        "certificate",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("replica", sa.String(length=4), nullable=False),
        sa.Column("not_after", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("district", "serial"),
    )
    op.create_table(
        "device",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("replica", sa.String(length=4), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("section", sa.String(length=64), nullable=False),
        sa.Column("act_key", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled_time", sa.String(length=32), nullable=False),
        sa.Column("revoked_time", sa.String(length=32), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.Column("last_time", sa.String(length=32), nullable=False),
        sa.Column("forked_time", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("district", "replica"),
    )
    op.create_table(
        "enrolment_code",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("section", sa.String(length=64), nullable=False),
        sa.Column("not_after", sa.String(length=32), nullable=False),
        sa.Column("used_by", sa.String(length=4), nullable=False),
        sa.PrimaryKeyConstraint("district", "code_hash"),
    )


def _people() -> None:
    op.create_table(
        "lease",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("lease", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("replica", sa.String(length=4), nullable=False),
        sa.Column("not_after", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("district", "lease"),
    )
    op.create_table(
        "person",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.String(length=64), nullable=False),
        sa.Column("last_totp", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.String(length=32), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("district", "person"),
    )
    op.create_index("person_login", "person", ["district", "login"], unique=True)
    op.create_table(
        "person_right",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("from_time", sa.String(length=32), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("district", "person", "from_time"),
    )
    op.create_table(
        "session",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("replica", sa.String(length=4), nullable=False),
        sa.Column("started_time", sa.String(length=32), nullable=False),
        sa.Column("active_time", sa.String(length=32), nullable=False),
        sa.Column("has_second_factor", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("district", "token_hash"),
    )
    op.create_index("session_person", "session", ["district", "person"], unique=False)


def _log() -> None:
    op.create_table(
        "log",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("epoch", sa.String(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("frontier", sa.Text(), nullable=False),
        sa.Column("durable_through", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district"),
    )
    op.create_table(
        "record",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case", sa.String(length=32), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("district", "position"),
    )
    op.create_index("record_case", "record", ["district", "case", "n"], unique=True)
    op.create_index("record_case_position", "record", ["district", "case", "position"], unique=False)
    op.create_table(
        "notice",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("district", "position"),
    )
    op.create_table(
        "deed",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("deed", sa.String(length=64), nullable=False),
        sa.Column("replica", sa.String(length=4), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("act", sa.Integer(), nullable=False),
        sa.Column("recorded_time", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("district", "deed"),
    )
    op.create_index("deed_seq", "deed", ["district", "replica", "seq"], unique=True)


def _cases() -> None:
    op.create_table(
        "case_state",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("case", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=50), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("item_version", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("section", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=4), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("district", "case"),
    )
    op.create_index("case_number", "case_state", ["district", "number"], unique=False)
    op.create_index("case_token", "case_state", ["district", "token_digest"], unique=False)
    op.create_table(
        "disclosure",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("case", sa.String(length=32), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("district", "case", "commitment"),
    )
    op.create_table(
        "audience",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("audience", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=32), nullable=False),
        sa.Column("entered", sa.BigInteger(), nullable=False),
        sa.Column("left", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "audience", "case"),
    )
    op.create_index("audience_case", "audience", ["district", "case"], unique=False)
    op.create_table(
        "blob",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("replica", sa.String(length=4), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("district", "owner", "hash"),
    )
    op.create_index("blob_maker", "blob", ["district", "replica", "complete"], unique=False)


def _catalogue() -> None:
    op.create_table(
        "catalogue_release",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("published_time", sa.String(length=32), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("district", "version"),
    )
    op.create_table(
        "item",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("district", "code", "version"),
    )
    op.create_index("item_version", "item", ["district", "version"], unique=False)
    op.create_table(
        "cancellation",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("on", sa.String(length=10), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "code"),
    )


def _district() -> None:
    op.create_table(
        "district",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.Column("profile_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district"),
    )
    op.create_table(
        "calendar_notice",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("district", "name"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("session_person", table_name="session")
    op.drop_table("session")
    op.drop_index("record_case_position", table_name="record")
    op.drop_index("record_case", table_name="record")
    op.drop_table("record")
    op.drop_table("person_right")
    op.drop_index("person_login", table_name="person")
    op.drop_table("person")
    op.drop_table("notice")
    op.drop_table("log")
    op.drop_table("lease")
    op.drop_index("item_version", table_name="item")
    op.drop_table("item")
    op.drop_table("enrolment_code")
    op.drop_table("district")
    op.drop_table("disclosure")
    op.drop_table("device")
    op.drop_index("deed_seq", table_name="deed")
    op.drop_table("deed")
    op.drop_table("certificate")
    op.drop_table("catalogue_release")
    op.drop_index("case_token", table_name="case_state")
    op.drop_index("case_number", table_name="case_state")
    op.drop_table("case_state")
    op.drop_table("cancellation")
    op.drop_table("calendar_notice")
    op.drop_index("blob_maker", table_name="blob")
    op.drop_table("blob")
    op.drop_index("audience_case", table_name="audience")
    op.drop_table("audience")
