"""What closed months booked of trades, and allocated, is frozen by the database too."""

from alembic import op

from services.runtime.roles import APP_ROLE

revision = "0011"
down_revision = "0010"

_GUARDED = (("trades", "INSERT"), ("allocations", "INSERT"), ("allocations", "DELETE"))


def upgrade() -> None:
    """Create what guards it."""
    _create_functions()
    for table, verb in _GUARDED:
        rows = "NEW" if verb == "INSERT" else "OLD"
        op.execute(
            f"CREATE TRIGGER {_name(table, verb)} AFTER {verb} ON settlement.{table}"
            f" REFERENCING {rows} TABLE AS changed"
            " FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_frozen()"
        )
    op.execute(
        "CREATE TRIGGER allocated_months_frozen BEFORE UPDATE ON settlement.allocated_months"
        " FOR EACH ROW EXECUTE FUNCTION settlement.refuse_frozen_month()"
    )
    for table, verbs in (
        ("allocations", "UPDATE OR TRUNCATE"),
        ("allocated_months", "DELETE OR TRUNCATE"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE {verbs} ON settlement.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION runtime.refuse_change()"
        )


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TRIGGER allocations_kept ON settlement.allocations")
    op.execute("DROP TRIGGER allocated_months_kept ON settlement.allocated_months")
    op.execute("DROP TRIGGER allocated_months_frozen ON settlement.allocated_months")
    for table, verb in _GUARDED:
        op.execute(f"DROP TRIGGER {_name(table, verb)} ON settlement.{table}")
    for function in ("refuse_frozen()", "refuse_frozen_month()", "require_open(text)"):
        op.execute(f"DROP FUNCTION settlement.{function}")


def _name(table: str, verb: str) -> str:
    return f"{table}_frozen_{verb.lower()}"


def _create_functions() -> None:
    # A month is closed that lies before the first open one. That one is locked before it is looked
    # at, so that it cannot close before the commit; whoever closes it waits.
    op.execute(
        """
        CREATE FUNCTION settlement.require_open(booked text) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE first_open text;
        BEGIN
            SELECT month INTO first_open FROM ledger.months
                WHERE state = 'OPEN' ORDER BY month LIMIT 1 FOR SHARE;
            IF first_open IS NULL OR booked < first_open THEN
                RAISE EXCEPTION 'the books of % are not open; what it booked is frozen', booked
                    USING ERRCODE = 'check_violation';
            END IF;
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION settlement.refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE earliest text;
        BEGIN
            SELECT min(booking_month) INTO earliest FROM changed;
            IF earliest IS NOT NULL THEN
                PERFORM settlement.require_open(earliest);
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION settlement.refuse_frozen_month() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.month <> OLD.month OR NEW.revision < OLD.revision THEN
                RAISE EXCEPTION 'the changes of % are counted forwards only', OLD.month
                    USING ERRCODE = 'check_violation';
            END IF;
            PERFORM settlement.require_open(OLD.month);
            RETURN NEW;
        END $$
        """
    )
    op.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA settlement TO {APP_ROLE}")
