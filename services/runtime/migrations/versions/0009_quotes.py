"""The tables of quotes and valuations."""

from alembic import op

from services.runtime.migrations.statements import append_only, customer_scope, grant

revision = "0009"
down_revision = "0008"

_TABLES = (
    "contract_values",
    "valuation_positions",
    "valuation_chunks",
    "valuations",
    "quotes",
)


def upgrade() -> None:
    """Create them."""
    _create_quotes()
    _create_valuations()
    _create_contract_values()


def downgrade() -> None:
    """Drop them."""
    for table in _TABLES:
        op.execute(f"DROP TABLE pricing.{table}")


def _create_quotes() -> None:
    op.execute(
        """
        CREATE TABLE pricing.quotes (
            name text PRIMARY KEY,
            valuation_date date NOT NULL,
            side text NOT NULL CHECK (side IN ('PURCHASE', 'SALE')),
            kind text NOT NULL CHECK (kind IN ('CEA', 'CCER')),
            creator text NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
            model text NOT NULL,
            model_version text NOT NULL,
            inputs jsonb NOT NULL,
            figures jsonb NOT NULL,
            custody jsonb
        )
        """
    )
    grant("pricing.quotes", "SELECT, INSERT")
    append_only("pricing.quotes")


def _create_valuations() -> None:
    op.execute(
        """
        CREATE TABLE pricing.valuations (
            name text PRIMARY KEY,
            as_of date NOT NULL,
            number integer NOT NULL CHECK (number > 0),
            state text NOT NULL CHECK (state IN ('CALCULATING', 'CALCULATED', 'FAILED')),
            maker text NOT NULL,
            created_at timestamptz NOT NULL,
            assumptions jsonb NOT NULL,
            chunk_count integer NOT NULL,
            done_count integer NOT NULL CHECK (done_count BETWEEN 0 AND chunk_count),
            figures jsonb,
            scenarios jsonb NOT NULL,
            limits jsonb NOT NULL,
            findings jsonb NOT NULL,
            demand_cap_use numeric,
            model_version text NOT NULL,
            digest text NOT NULL,
            failure text NOT NULL,
            CONSTRAINT valuations_number UNIQUE (as_of, number),
            CHECK ((state = 'CALCULATED') = (figures IS NOT NULL AND digest <> '')),
            CHECK ((state = 'FAILED') = (failure <> ''))
        )
        """
    )
    grant("pricing.valuations", "SELECT, INSERT")
    # What a valuation was started with cannot be updated at all.
    results = (
        "state, done_count, figures, scenarios, limits, findings, demand_cap_use, digest, failure"
    )
    op.execute(f"GRANT UPDATE ({results}) ON pricing.valuations TO tanheng_app")
    op.execute(
        """
        CREATE TABLE pricing.valuation_chunks (
            valuation text NOT NULL REFERENCES pricing.valuations (name),
            chunk integer NOT NULL CHECK (chunk >= 0),
            scenario jsonb,
            figures jsonb,
            is_done boolean NOT NULL,
            PRIMARY KEY (valuation, chunk),
            CHECK ((chunk = 0) = (scenario IS NULL))
        )
        """
    )
    grant("pricing.valuation_chunks", "SELECT, INSERT")
    op.execute("GRANT UPDATE (figures, is_done) ON pricing.valuation_chunks TO tanheng_app")


def _create_contract_values() -> None:
    op.execute(
        """
        CREATE TABLE pricing.valuation_positions (
            valuation text NOT NULL REFERENCES pricing.valuations (name),
            contract text NOT NULL,
            customer text NOT NULL,
            kind text NOT NULL CHECK (kind IN ('CEA', 'CCER')),
            window_start date NOT NULL,
            window_end date NOT NULL CHECK (window_end > window_start),
            volume_tonnes bigint NOT NULL CHECK (volume_tonnes > 0),
            delivered_tonnes bigint NOT NULL,
            delivered_amount numeric NOT NULL,
            promised_amount numeric NOT NULL,
            tax_rate numeric NOT NULL CHECK (tax_rate >= 0),
            promised_prices text NOT NULL,
            terms text NOT NULL,
            PRIMARY KEY (valuation, contract)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE pricing.contract_values (
            valuation text NOT NULL REFERENCES pricing.valuations (name),
            contract text NOT NULL,
            customer text NOT NULL,
            side text NOT NULL CHECK (side IN ('PURCHASE', 'SALE')),
            kind text NOT NULL CHECK (kind IN ('CEA', 'CCER')),
            delivered_tonnes bigint NOT NULL,
            remaining_tonnes bigint NOT NULL,
            promised_price numeric NOT NULL,
            expected_average numeric NOT NULL,
            value_fen bigint NOT NULL,
            delta numeric NOT NULL,
            gamma numeric NOT NULL,
            vega numeric NOT NULL,
            var_99_fen bigint NOT NULL,
            PRIMARY KEY (valuation, contract),
            CONSTRAINT contract_values_remaining CHECK (remaining_tonnes >= 0)
        )
        """
    )
    op.execute(
        "CREATE INDEX contract_values_by_customer ON pricing.contract_values (customer, valuation)"
    )
    for table in ("pricing.valuation_positions", "pricing.contract_values"):
        grant(table, "SELECT, INSERT")
        append_only(table)
        customer_scope(table)
