"""The tables of settlement: contracts, runs, and what they settled."""

from alembic import op

from services.runtime.migrations.statements import (
    append_only,
    create_schema,
    customer_scope,
    grant,
)

revision = "0006"
down_revision = "0005"

_MONTH = "~ '^[12][0-9]{3}-(0[1-9]|1[0-2])$'"


def upgrade() -> None:
    """Create them."""
    create_schema("settlement")
    _create_contracts()
    _create_runs()
    _create_settlements()
    _create_guards()


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP SCHEMA settlement CASCADE")


def _create_contracts() -> None:
    op.execute(
        """
        CREATE TABLE settlement.contracts (
            name text PRIMARY KEY,
            customer text NOT NULL,
            side text NOT NULL CHECK (side IN ('PURCHASE', 'SALE')),
            instruments text[] NOT NULL,
            window_start date NOT NULL,
            window_end date NOT NULL,
            volume_tonnes bigint NOT NULL CONSTRAINT contracts_volume CHECK (volume_tonnes > 0),
            gain_share_tiers jsonb NOT NULL,
            price_basis text NOT NULL,
            price_series text,
            fees_included boolean NOT NULL,
            title text NOT NULL,
            tax_inclusive boolean NOT NULL,
            tax_treatment text NOT NULL,
            tax_rate numeric,
            share_timing text NOT NULL,
            undelivered text NOT NULL,
            reference_days integer,
            reference_series text,
            loss_cap_per_tonne numeric,
            quote text NOT NULL,
            state text NOT NULL CHECK (state IN ('DRAFT', 'APPROVED', 'TERMINATED')),
            drafted_by text NOT NULL,
            drafted_at timestamptz NOT NULL,
            approved_by text NOT NULL,
            approved_at timestamptz,
            CONSTRAINT contracts_window CHECK (window_start < window_end),
            CONSTRAINT contracts_maker_is_not_checker
                CHECK (approved_by = '' OR approved_by <> drafted_by)
        )
        """
    )
    op.execute("CREATE INDEX contracts_by_customer ON settlement.contracts (customer, name)")
    op.execute(
        """
        CREATE TABLE settlement.promised_prices (
            contract text NOT NULL REFERENCES settlement.contracts (name),
            effective_date date NOT NULL,
            customer text NOT NULL,
            place integer NOT NULL,
            end_date date NOT NULL,
            price numeric NOT NULL CHECK (price > 0),
            PRIMARY KEY (contract, effective_date),
            CONSTRAINT promised_prices_dates CHECK (effective_date < end_date)
        )
        """
    )
    # Runs look up only prices after the first, and hardly any contract has one.
    op.execute(
        "CREATE INDEX promised_prices_later ON settlement.promised_prices"
        " (contract, effective_date) WHERE place > 0"
    )


def _create_runs() -> None:
    op.execute(
        f"""
        CREATE TABLE settlement.settlement_runs (
            name text PRIMARY KEY,
            month text NOT NULL CHECK (month {_MONTH}),
            kind text NOT NULL CHECK (kind IN ('PROVISIONAL', 'FINAL', 'REVISION')),
            number integer NOT NULL CHECK (number > 0),
            state text NOT NULL,
            maker text NOT NULL,
            created_at timestamptz NOT NULL,
            posted_at timestamptz,
            digest text NOT NULL,
            inputs_version text NOT NULL,
            failure text NOT NULL,
            settlements integer NOT NULL,
            tonnes bigint NOT NULL,
            gain bigint NOT NULL,
            share bigint NOT NULL,
            relief bigint NOT NULL,
            gross bigint NOT NULL,
            largest_line bigint NOT NULL,
            sum_of_lines bigint NOT NULL,
            CONSTRAINT settlement_runs_number UNIQUE (month, kind, number),
            CHECK (kind <> 'PROVISIONAL' OR state NOT IN ('APPROVED', 'POSTED')),
            CHECK ((state = 'POSTED') = (posted_at IS NOT NULL))
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX settlement_runs_one_final ON settlement.settlement_runs (month)"
        " WHERE kind = 'FINAL' AND state IN ('APPROVED', 'POSTED')"
    )
    op.execute(
        """
        CREATE TABLE settlement.settlement_run_approvals (
            run text NOT NULL REFERENCES settlement.settlement_runs (name),
            place integer NOT NULL,
            principal text NOT NULL,
            role text NOT NULL,
            digest text NOT NULL,
            time timestamptz NOT NULL,
            PRIMARY KEY (run, place),
            CONSTRAINT settlement_run_approvals_by_different_people UNIQUE (run, principal)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE settlement.settlement_run_findings (
            run text NOT NULL REFERENCES settlement.settlement_runs (name),
            place integer NOT NULL,
            severity text NOT NULL,
            reason text NOT NULL,
            subject text NOT NULL,
            message text NOT NULL,
            way_out text NOT NULL,
            PRIMARY KEY (run, place)
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE settlement.finding_waivers (
            month text NOT NULL CHECK (month {_MONTH}),
            reason text NOT NULL,
            subject text NOT NULL,
            justification text NOT NULL CHECK (justification <> ''),
            principal text NOT NULL,
            time timestamptz NOT NULL,
            PRIMARY KEY (month, reason, subject)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE settlement.settlement_run_chunks (
            run text NOT NULL REFERENCES settlement.settlement_runs (name),
            chunk integer NOT NULL,
            first_name text NOT NULL,
            end_name text,
            digest text,
            totals jsonb,
            PRIMARY KEY (run, chunk),
            CHECK ((digest IS NULL) = (totals IS NULL))
        )
        """
    )


def _create_settlements() -> None:
    op.execute(
        f"""
        CREATE TABLE settlement.settlements (
            name text PRIMARY KEY,
            run text NOT NULL REFERENCES settlement.settlement_runs (name),
            month text NOT NULL CHECK (month {_MONTH}),
            contract text NOT NULL,
            customer text NOT NULL,
            tonnes bigint NOT NULL,
            amount bigint NOT NULL,
            fees bigint NOT NULL,
            promised bigint NOT NULL,
            gain bigint NOT NULL,
            share bigint NOT NULL,
            relief bigint NOT NULL,
            accrued bigint NOT NULL,
            custody jsonb NOT NULL,
            inputs text NOT NULL,
            CONSTRAINT settlements_one_each UNIQUE (contract, run)
        )
        """
    )
    op.execute("CREATE INDEX settlements_by_month ON settlement.settlements (month, name)")
    op.execute("CREATE INDEX settlements_by_customer ON settlement.settlements (customer, month)")
    op.execute(
        """
        CREATE TABLE settlement.settlement_rows (
            contract text NOT NULL,
            run text NOT NULL,
            origin_month text NOT NULL,
            customer text NOT NULL,
            tonnes bigint NOT NULL,
            amount bigint NOT NULL,
            fees bigint NOT NULL,
            promised bigint NOT NULL,
            gain bigint NOT NULL,
            share bigint NOT NULL,
            relief bigint NOT NULL,
            accrued bigint NOT NULL,
            gain_net bigint NOT NULL,
            share_net bigint NOT NULL,
            tax bigint NOT NULL,
            PRIMARY KEY (contract, run, origin_month)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE settlement.settlement_pool_rows (
            run text NOT NULL REFERENCES settlement.settlement_runs (name),
            instrument text NOT NULL,
            side text NOT NULL CHECK (side IN ('BUY', 'SELL')),
            month text NOT NULL,
            tonnes bigint NOT NULL,
            amount bigint NOT NULL,
            fees bigint NOT NULL,
            PRIMARY KEY (run, instrument, side)
        )
        """
    )


def _create_guards() -> None:
    for table in ("settlement_runs", "settlement_run_chunks"):
        grant(f"settlement.{table}", "SELECT, INSERT, UPDATE")
    # The terms of a contract never change; what follows from them is known by counting contracts.
    states = "state, drafted_by, drafted_at, approved_by, approved_at"
    grant("settlement.contracts", f"SELECT, INSERT, UPDATE ({states})")
    for table in (
        "promised_prices",
        "settlement_run_approvals",
        "settlement_run_findings",
        "finding_waivers",
        "settlements",
        "settlement_rows",
        "settlement_pool_rows",
    ):
        grant(f"settlement.{table}", "SELECT, INSERT")
        append_only(f"settlement.{table}")
    for table in ("contracts", "promised_prices", "settlements", "settlement_rows"):
        customer_scope(f"settlement.{table}")
