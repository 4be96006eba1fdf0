"""Matters: which case was handed in with which matter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the matter of a case."""
    op.add_column("case_state", sa.Column("matter", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("case_state", sa.Column("matter_number", sa.String(length=50), nullable=False, server_default=""))
    op.create_index("case_matter", "case_state", ["district", "matter"])
    op.create_index("case_matter_number", "case_state", ["district", "matter_number"])


def downgrade() -> None:
    """Remove it."""
    op.drop_index("case_matter_number", "case_state")
    op.drop_index("case_matter", "case_state")
    op.drop_column("case_state", "matter_number")
    op.drop_column("case_state", "matter")
