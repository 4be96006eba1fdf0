"""Every eighth level of the log's Merkle tree, for proofs; counted from the leaves that are there."""

from __future__ import annotations

import hashlib
import heapq

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STEP = 8


def upgrade() -> None:
    """Add the table and fill it."""
    nodes = op.create_table(
        "tree_node",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("height", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("district", "height", "number"),
    )
    connection = op.get_bind()
    for (district,) in connection.execute(sa.text("SELECT district FROM log")).all():
        fill(connection, nodes, district)


def fill(connection: sa.Connection, nodes: sa.Table, district: str) -> None:
    """Count the nodes of a district's log."""
    texts = []
    for table in ("record", "notice"):
        query = sa.text(f"SELECT position, text FROM {table} WHERE district = :district ORDER BY position")
        texts.append(connection.execute(query, {"district": district}).all())
    waiting: list[tuple[int, bytes]] = []
    for number, row in enumerate(heapq.merge(*texts, key=lambda row: row[0])):
        height, top = 0, hashlib.sha256(b"\x00" + row[1]).digest()
        while waiting and waiting[-1][0] == height:
            top = hashlib.sha256(b"\x01" + waiting.pop()[1] + top).digest()
            height += 1
            if height % _STEP == 0:
                values = {"district": district, "height": height, "number": number >> height, "hash": top.hex()}
                connection.execute(nodes.insert().values(**values))
        waiting.append((height, top))


def downgrade() -> None:
    """Remove it."""
    op.drop_table("tree_node")
