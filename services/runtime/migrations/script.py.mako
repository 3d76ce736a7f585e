"""${message}"""

from alembic import op

revision = "${up_revision}"
down_revision = "${down_revision}"


def upgrade() -> None:
    """Say what changes."""


def downgrade() -> None:
    """Take it back."""
