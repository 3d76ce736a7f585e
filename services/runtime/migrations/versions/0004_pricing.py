"""The tables of pricing: price series and points, fee schedules and their revisions."""

from alembic import op

from services.runtime.migrations.statements import (
    append_only,
    create_schema,
    everyone_scope,
    grant,
)

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create them."""
    create_schema("pricing")
    _create_prices()
    _create_tariffs()
    _create_guards()


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP SCHEMA pricing CASCADE")


def _create_prices() -> None:
    op.execute(
        """
        CREATE TABLE pricing.price_series (
            name text PRIMARY KEY,
            kind text NOT NULL CHECK (kind IN ('CEA', 'CCER')),
            vintage integer,
            project text NOT NULL,
            venue text NOT NULL,
            license_note text NOT NULL
        )
        """
    )
    # UPDATE is for the row lock of an import; nothing ever changes a series.
    grant("pricing.price_series", "SELECT, INSERT, UPDATE")
    append_only("pricing.price_series")
    op.execute(
        """
        CREATE TABLE pricing.price_points (
            series text NOT NULL REFERENCES pricing.price_series (name),
            date date NOT NULL,
            version integer NOT NULL CHECK (version > 0),
            close numeric NOT NULL CHECK (close > 0),
            low numeric CHECK (low <= close),
            high numeric CHECK (high >= close),
            volume_tonnes bigint CHECK (volume_tonnes >= 0),
            amount bigint CHECK (amount >= 0),
            block_volume_tonnes bigint CHECK (block_volume_tonnes >= 0),
            block_amount bigint CHECK (block_amount >= 0),
            currency text NOT NULL,
            quality text NOT NULL CHECK (quality IN ('FINAL', 'PROVISIONAL', 'ESTIMATED')),
            source text NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (series, date, version)
        )
        """
    )
    grant("pricing.price_points", "SELECT, INSERT")
    append_only("pricing.price_points")


def _create_tariffs() -> None:
    op.execute(
        """
        CREATE TABLE pricing.fee_schedules (
            name text PRIMARY KEY,
            service text NOT NULL,
            customer_class text NOT NULL CHECK (customer_class IN ('INTERNAL', 'EXTERNAL')),
            display_name text NOT NULL,
            scale_instruments text[] NOT NULL
        )
        """
    )
    op.execute(
        "CREATE INDEX fee_schedules_by_service ON pricing.fee_schedules (service, customer_class)"
    )
    op.execute(
        """
        CREATE TABLE pricing.fee_schedule_revisions (
            name text PRIMARY KEY,
            schedule text NOT NULL REFERENCES pricing.fee_schedules (name),
            customer text,
            effective_date date NOT NULL,
            end_date date CHECK (end_date > effective_date),
            charge_model text CHECK (charge_model IN ('FLAT', 'GRADUATED', 'VOLUME')),
            tiers jsonb NOT NULL,
            minimum_annual bigint CHECK (minimum_annual >= 0),
            maximum_annual bigint CHECK (maximum_annual >= minimum_annual),
            currency text NOT NULL,
            per_traded_tonne numeric CHECK (per_traded_tonne >= 0),
            tax_rate numeric NOT NULL CHECK (tax_rate BETWEEN 0 AND 1),
            tax_inclusive boolean NOT NULL,
            source text NOT NULL,
            maker text NOT NULL,
            created_at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        "CREATE INDEX fee_schedule_revisions_by_schedule"
        " ON pricing.fee_schedule_revisions (schedule, customer)"
    )
    op.execute(
        """
        CREATE TABLE pricing.revision_approvals (
            revision text PRIMARY KEY REFERENCES pricing.fee_schedule_revisions (name),
            approver text NOT NULL,
            approved_at timestamptz NOT NULL
        )
        """
    )
    for table in ("fee_schedules", "fee_schedule_revisions", "revision_approvals"):
        grant(f"pricing.{table}", "SELECT, INSERT")
        append_only(f"pricing.{table}")


def _create_guards() -> None:
    # A tariff for all is everybody's to see, also a customer's that asks for its rate card; an
    # override only its own customer's.
    op.execute("ALTER TABLE pricing.fee_schedule_revisions ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY customer_scope ON pricing.fee_schedule_revisions"
        " USING (customer IS NULL OR runtime.may_see(customer))"
        " WITH CHECK (customer IS NULL OR runtime.may_see(customer))"
    )
    everyone_scope("pricing.fee_schedule_revisions")
    op.execute(
        """
        CREATE FUNCTION pricing.refuse_own_approval() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM pricing.fee_schedule_revisions r
                       WHERE r.name = NEW.revision AND r.maker = NEW.approver) THEN
                RAISE EXCEPTION 'the maker of % may not approve it', NEW.revision
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER revision_approvals_by_another BEFORE INSERT ON pricing.revision_approvals"
        " FOR EACH ROW EXECUTE FUNCTION pricing.refuse_own_approval()"
    )
