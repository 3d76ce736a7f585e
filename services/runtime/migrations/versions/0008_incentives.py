"""The tables of incentives."""

from alembic import op

from services.runtime.migrations.statements import create_schema

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create them."""
    create_schema("incentives")


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP SCHEMA incentives CASCADE")
