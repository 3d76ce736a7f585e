"""Guards see what their caller is not shown; and who sees no customer is not told their names."""

from alembic import op

from services.runtime.migrations.statements import everyone_scope

revision = "0020"
down_revision = "0019"

_CHUNKS = ("billing.run_chunks", "settlement.settlement_run_chunks")


def upgrade() -> None:
    """Change the guard, and create the policies."""
    # A revision for one customer, hidden from its maker, could be approved by the maker.
    op.execute(
        "ALTER FUNCTION pricing.refuse_own_approval()"
        " SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
    )
    op.execute("REVOKE EXECUTE ON FUNCTION pricing.refuse_own_approval() FROM PUBLIC")
    for table in _CHUNKS:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        everyone_scope(table)


def downgrade() -> None:
    """Change it back, and drop them."""
    for table in _CHUNKS:
        op.execute(f"DROP POLICY everyone_scope ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("GRANT EXECUTE ON FUNCTION pricing.refuse_own_approval() TO PUBLIC")
    op.execute("ALTER FUNCTION pricing.refuse_own_approval() SECURITY INVOKER RESET search_path")
