"""What moved into and out of a slice, by position: a desk's news must not cost more where its place has had a million
cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_HAS_LEFT = sa.text('"left" > 0')


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("audience_entered", "audience", ["district", "audience", "entered"])
    op.create_index(
        "audience_left",
        "audience",
        ["district", "audience", "left"],
        sqlite_where=_HAS_LEFT,
        postgresql_where=_HAS_LEFT,
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_index("audience_left", "audience")
    op.drop_index("audience_entered", "audience")
