"""The tables of settlement."""

from alembic import op

from services.runtime.migrations.statements import create_schema

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create them."""
    create_schema("settlement")


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP SCHEMA settlement CASCADE")
