"""The tables of audit: records, and the seals that link them."""

from alembic import op

from services.runtime.migrations.statements import append_only, create_schema, grant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create them."""
    create_schema("audit")
    # `number` may have gaps, where a transaction was rolled back; only seals have none.
    op.execute(
        """
        CREATE TABLE audit.records (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            transaction bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
            recorded_at timestamptz NOT NULL,
            principal text NOT NULL,
            roles text[] NOT NULL,
            method text NOT NULL,
            resource text NOT NULL,
            outcome text NOT NULL,
            request_digest text NOT NULL,
            request_id text NOT NULL,
            detail text NOT NULL
        )
        """
    )
    for column in ("principal, number", "resource, number", "transaction"):
        name = column.partition(",")[0]
        op.execute(f"CREATE INDEX records_by_{name} ON audit.records ({column})")
    # No reference to the record: that a sealed record is gone must be told, not prevented alone.
    op.execute(
        """
        CREATE TABLE audit.seals (
            position bigint PRIMARY KEY CHECK (position > 0),
            number bigint NOT NULL,
            recorded_at timestamptz NOT NULL,
            record_digest text NOT NULL,
            hash text NOT NULL,
            horizon bigint NOT NULL,
            CONSTRAINT seals_number_key UNIQUE (number)
        )
        """
    )
    op.execute("CREATE INDEX seals_by_time ON audit.seals (recorded_at)")
    for table in ("audit.records", "audit.seals"):
        grant(table, "SELECT, INSERT")
        append_only(table)


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP SCHEMA audit CASCADE")
