"""Audit records are written in one's own name, and shown to those who may see everybody's."""

from alembic import op

from services.runtime.migrations.statements import everyone_scope

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Create the policies."""
    own = "principal = runtime.current_subject()"
    op.execute("ALTER TABLE audit.records ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY subject_scope ON audit.records USING ({own}) WITH CHECK ({own})")
    everyone_scope("audit.records")


def downgrade() -> None:
    """Drop them."""
    for policy in ("everyone_scope", "subject_scope"):
        op.execute(f"DROP POLICY {policy} ON audit.records")
    op.execute("ALTER TABLE audit.records DISABLE ROW LEVEL SECURITY")
