"""The tables of billing."""

from alembic import op

from services.runtime.migrations.statements import create_schema

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create them."""
    create_schema("billing")


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP SCHEMA billing CASCADE")
