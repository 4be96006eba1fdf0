"""When a password was chosen, and the hashes of the ones before it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("person", sa.Column("password_time", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("person", sa.Column("former_hashes", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("person", "former_hashes")
    op.drop_column("person", "password_time")
