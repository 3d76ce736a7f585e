"""The tables of settlement's trades, allocations, and the state of each month's allocation."""

from alembic import op

from services.runtime.migrations.statements import (
    append_only,
    customer_scope,
    everyone_scope,
    grant,
)
from services.runtime.roles import APP_ROLE

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create them."""
    _create_trades()
    _create_allocations()
    _create_allocated_months()


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP TABLE settlement.allocated_months")
    op.execute("DROP TABLE settlement.allocations")
    op.execute("DROP FUNCTION settlement.count_change()")
    op.execute("DROP TABLE settlement.trades")


def _create_trades() -> None:
    op.execute(
        """
        CREATE TABLE settlement.trades (
            name text NOT NULL,
            version integer NOT NULL,
            external_id text NOT NULL,
            venue text NOT NULL,
            mode text NOT NULL,
            instrument text NOT NULL,
            side text,
            trade_date date NOT NULL,
            tonnes bigint NOT NULL,
            unit_price numeric NOT NULL,
            currency text NOT NULL,
            amount bigint NOT NULL,
            fees bigint NOT NULL,
            tax_inclusive boolean NOT NULL,
            trader text NOT NULL,
            buyer text,
            seller text,
            buyer_contract text,
            seller_contract text,
            booking_month text NOT NULL,
            content text NOT NULL,
            recorded_by text NOT NULL,
            recorded_at timestamptz NOT NULL,
            correction_reason text NOT NULL,
            PRIMARY KEY (name, version),
            CONSTRAINT trades_not_negative CHECK (tonnes >= 0 AND amount >= 0 AND fees >= 0),
            CONSTRAINT trades_version_from_one CHECK (version >= 1)
        )
        """
    )
    _index("trades", "external_id", "external_id, version", unique=True)
    _index("trades", "by_booking_month", "booking_month, name, version")
    _index("trades", "by_trade_date", "trade_date, name")
    op.execute(
        "CREATE INDEX trades_corrected ON settlement.trades (booking_month, name, version)"
        " WHERE version > 1"
    )
    _index("trades", "by_buyer_contract", "buyer_contract")
    _index("trades", "by_seller_contract", "seller_contract")
    grant("settlement.trades", "SELECT, INSERT")
    append_only("settlement.trades")
    # Both owners of an internal transfer see it; a trade of the pool has none.
    seen = "runtime.may_see(buyer) OR runtime.may_see(seller)"
    op.execute("ALTER TABLE settlement.trades ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY customer_scope ON settlement.trades USING ({seen}) WITH CHECK ({seen})"
    )
    everyone_scope("settlement.trades")


def _create_allocations() -> None:
    op.execute(
        """
        CREATE TABLE settlement.allocations (
            name text PRIMARY KEY,
            booking_month text NOT NULL,
            origin_month text NOT NULL,
            trade_date date NOT NULL,
            instrument text NOT NULL,
            side text NOT NULL,
            tax_inclusive boolean NOT NULL,
            trade text,
            contract text,
            customer text,
            tonnes bigint NOT NULL,
            currency text NOT NULL,
            amount bigint NOT NULL,
            fees bigint NOT NULL,
            contract_amount bigint NOT NULL,
            contract_fees bigint NOT NULL,
            is_correction boolean NOT NULL,
            CONSTRAINT allocations_owner CHECK (contract IS NULL OR customer IS NOT NULL)
        )
        """
    )
    _index("allocations", "by_booking_month", "booking_month, trade_date, name")
    _index("allocations", "by_trade_date", "trade_date, name")
    _index("allocations", "by_contract", "contract, booking_month")
    _index("allocations", "by_customer", "customer, booking_month")
    # An open month is allocated anew as a whole; a closed one is refused before it comes here.
    grant("settlement.allocations", "SELECT, INSERT, DELETE")
    customer_scope("settlement.allocations")


def _create_allocated_months() -> None:
    # The row is also the lock that lets one allocation of a month at a time go on.
    op.execute(
        """
        CREATE TABLE settlement.allocated_months (
            month text PRIMARY KEY,
            revision bigint NOT NULL DEFAULT 0,
            through_date date,
            input_version text,
            trade_count integer,
            bundle_count integer,
            allocation_count integer,
            allocated_tonnes bigint,
            pool_tonnes bigint,
            findings jsonb,
            allocated_by text,
            allocated_at timestamptz
        )
        """
    )
    grant("settlement.allocated_months", "SELECT, INSERT, UPDATE")
    _count_changes()


def _count_changes() -> None:
    """Count, month by month, every statement that changes allocations, whoever makes it.

    So that what was computed from them is known to hold by looking at a few numbers.
    """
    op.execute(
        """
        CREATE FUNCTION settlement.count_change() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE changed_months text[];
        BEGIN
            SELECT array_agg(DISTINCT booking_month) INTO changed_months FROM changed;
            UPDATE settlement.allocated_months SET revision = revision + 1
                WHERE month = ANY (changed_months);
            IF cardinality(changed_months) <> (
                SELECT count(*) FROM settlement.allocated_months WHERE month = ANY (changed_months)
            ) THEN
                RAISE EXCEPTION 'a month among % has no row of its own', changed_months
                    USING ERRCODE = 'foreign_key_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(f"GRANT EXECUTE ON FUNCTION settlement.count_change() TO {APP_ROLE}")
    for verb, rows in (("INSERT", "NEW"), ("DELETE", "OLD")):
        op.execute(
            f"CREATE TRIGGER allocations_counted_{verb.lower()} AFTER {verb}"
            f" ON settlement.allocations REFERENCING {rows} TABLE AS changed"
            " FOR EACH STATEMENT EXECUTE FUNCTION settlement.count_change()"
        )


def _index(table: str, suffix: str, columns: str, *, unique: bool = False) -> None:
    kind = "UNIQUE INDEX" if unique else "INDEX"
    op.execute(f"CREATE {kind} {table}_{suffix} ON settlement.{table} ({columns})")
