"""The first schema."""

from __future__ import annotations

from alembic import op

from yichuang_server.store.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table of the first release."""
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Drop them."""
    metadata.drop_all(op.get_bind())
