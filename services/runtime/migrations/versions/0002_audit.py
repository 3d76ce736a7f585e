"""The tables of audit."""

from alembic import op

from services.runtime.migrations.statements import create_schema

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create them."""
    create_schema("audit")


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP SCHEMA audit CASCADE")
