"""Recovery keys of the district, desks' data keys sealed for them, and what two administrators have opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and the administrators' keys to seal for."""
    op.add_column(
        "administrator_key", sa.Column("sealing_key", sa.String(length=64), nullable=False, server_default="")
    )
    op.create_table(
        "recovery_key",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("made_time", sa.String(length=32), nullable=False),
        sa.Column("halves", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "key"),
    )
    op.create_table(
        "escrow",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("replica", sa.String(length=4), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("recovery_key", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_time", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("district", "replica", "key_id", "recovery_key"),
    )
    op.create_table(
        "key_opening",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("replica", sa.String(length=4), nullable=False),
        sa.Column("opened_time", sa.String(length=32), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("signatures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "replica", "opened_time"),
    )


def downgrade() -> None:
    """Remove them."""
    for name in ("key_opening", "escrow", "recovery_key"):
        op.drop_table(name)
    op.drop_column("administrator_key", "sealing_key")
