"""Runs begin, and are carried out, in months whose books are open: by the database too."""

from alembic import op

revision = "0021"
down_revision = "0020"

_ENDS = {"settlement.settlement_runs": "POSTED", "billing.billing_runs": "ISSUED"}


def upgrade() -> None:
    """Create what guards them."""
    # Who waited for a month that closed looks once more: the next one was opened with that.
    op.execute(
        """
        CREATE FUNCTION ledger.refuse_run_of_closed_month() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE first_open text;
        BEGIN
            FOR look IN 1 .. 2 LOOP
                SELECT month INTO first_open FROM ledger.months
                    WHERE state = 'OPEN' ORDER BY month LIMIT 1 FOR SHARE;
                EXIT WHEN FOUND;
            END LOOP;
            IF first_open IS NULL OR NEW.month < first_open THEN
                RAISE EXCEPTION 'the books of % are not open for %', NEW.month, NEW.name
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    for runs, end in _ENDS.items():
        op.execute(
            f"CREATE TRIGGER {_name(runs, 'started_open')} BEFORE INSERT ON {runs}"
            " FOR EACH ROW EXECUTE FUNCTION ledger.refuse_run_of_closed_month()"
        )
        op.execute(
            f"CREATE TRIGGER {_name(runs, 'ended_open')} BEFORE UPDATE ON {runs} FOR EACH ROW"
            f" WHEN (NEW.state = '{end}' AND OLD.state <> '{end}')"
            " EXECUTE FUNCTION ledger.refuse_run_of_closed_month()"
        )


def downgrade() -> None:
    """Drop it."""
    for runs in _ENDS:
        for guard in ("started_open", "ended_open"):
            op.execute(f"DROP TRIGGER {_name(runs, guard)} ON {runs}")
    op.execute("DROP FUNCTION ledger.refuse_run_of_closed_month()")


def _name(runs: str, guard: str) -> str:
    return f"{runs.replace('.', '_')}_{guard}"
