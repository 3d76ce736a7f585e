"""The tables of pricing."""

from alembic import op

from services.runtime.migrations.statements import create_schema

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create them."""
    create_schema("pricing")


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP SCHEMA pricing CASCADE")
