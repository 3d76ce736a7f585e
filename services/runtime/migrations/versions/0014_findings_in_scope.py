"""Findings of settlement, and their waivers, are shown to those who may see what they are about."""

from alembic import op

from services.runtime.migrations.statements import everyone_scope

revision = "0014"
down_revision = "0013"

_TABLES = ("settlement_run_findings", "finding_waivers")


def upgrade() -> None:
    """Create the policies."""
    # What is about a contract is seen by who sees the contract: its own policy decides. What is
    # about a month, or about trades of several, is for those who see every customer.
    seen = "EXISTS (SELECT FROM settlement.contracts c WHERE c.name = subject)"
    for table in _TABLES:
        op.execute(f"ALTER TABLE settlement.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY customer_scope ON settlement.{table} USING ({seen}) WITH CHECK ({seen})"
        )
        everyone_scope(f"settlement.{table}")
    # One row tells of the findings of all.
    op.execute("ALTER TABLE settlement.allocated_months ENABLE ROW LEVEL SECURITY")
    everyone_scope("settlement.allocated_months")


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP POLICY everyone_scope ON settlement.allocated_months")
    op.execute("ALTER TABLE settlement.allocated_months DISABLE ROW LEVEL SECURITY")
    for table in _TABLES:
        for policy in ("everyone_scope", "customer_scope"):
            op.execute(f"DROP POLICY {policy} ON settlement.{table}")
        op.execute(f"ALTER TABLE settlement.{table} DISABLE ROW LEVEL SECURITY")
