"""Log epochs: what opens one, and whose keys sign it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the openings and the keys of administrators."""
    op.add_column("log", sa.Column("restored_from", sa.String(length=32), nullable=False, server_default=""))
    op.create_table(
        "log_epoch",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("epoch", sa.String(length=32), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("signatures", sa.Text(), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("first_release", sa.BigInteger(), nullable=False),
        sa.Column("heard_time", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("district", "epoch"),
    )
    op.create_table(
        "administrator_key",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("from_time", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("district", "person", "key"),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("administrator_key")
    op.drop_table("log_epoch")
    op.drop_column("log", "restored_from")
