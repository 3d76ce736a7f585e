"""The tables of ledger."""

from alembic import op

from services.runtime.migrations.statements import create_schema

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create them."""
    create_schema("ledger")


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP SCHEMA ledger CASCADE")
