"""Entries of the journal with all their legs, and months without a gap: by the database too."""

from alembic import op

revision = "0010"
down_revision = "0009"

_FUNCTIONS = ("await_legs", "count_legs", "refuse_missing_legs", "refuse_month_apart")


def upgrade() -> None:
    """Create what guards them."""
    _create_count()
    _count_heads_and_legs()
    _keep_months_together()
    # Nobody else may hang what acts as the owner on a table of their own. A trigger needs no
    # privilege to fire.
    for name in ("await_legs", "count_legs", "refuse_missing_legs"):
        op.execute(f"REVOKE EXECUTE ON FUNCTION ledger.{name}() FROM PUBLIC")


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TRIGGER journal_entries_awaited ON ledger.journal_entries")
    op.execute("DROP TRIGGER postings_counted ON ledger.postings")
    op.execute("DROP TRIGGER months_together ON ledger.months")
    op.execute("DROP TRIGGER months_not_truncated ON ledger.months")
    op.execute("DROP TABLE ledger.awaited_legs")
    for name in _FUNCTIONS:
        op.execute(f"DROP FUNCTION ledger.{name}()")


def _create_count() -> None:
    # One row for each transaction that posts, gone before it commits, so that it needs no log. The
    # app role may not touch it: only triggers that act as the owner do.
    op.execute(
        """
        CREATE UNLOGGED TABLE ledger.awaited_legs (
            transaction bigint PRIMARY KEY,
            entries bigint NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE FUNCTION ledger.refuse_missing_legs() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE missing bigint;
        BEGIN
            DELETE FROM ledger.awaited_legs WHERE transaction = NEW.transaction
                RETURNING entries INTO missing;
            IF missing <> 0 THEN
                RAISE EXCEPTION '% entries were recorded without their legs', missing
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    # Deferred for each transaction, not for each entry, which took a third of the time to post.
    op.execute(
        "CREATE CONSTRAINT TRIGGER awaited_legs_came AFTER INSERT ON ledger.awaited_legs"
        " DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION ledger.refuse_missing_legs()"
    )


def _count_heads_and_legs() -> None:
    op.execute(
        """
        CREATE FUNCTION ledger.await_legs() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            INSERT INTO ledger.awaited_legs AS awaited (transaction, entries)
                SELECT pg_current_xact_id()::text::bigint, count(*) FROM fresh HAVING count(*) > 0
                ON CONFLICT (transaction) DO UPDATE
                SET entries = awaited.entries + excluded.entries;
            RETURN NULL;
        END $$
        """
    )
    # `refuse_unbalanced` lets an entry's legs in together and once, numbered from one: as many
    # entries are complete as there are first legs.
    op.execute(
        """
        CREATE FUNCTION ledger.count_legs() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            UPDATE ledger.awaited_legs
                SET entries = entries - (SELECT count(*) FROM fresh WHERE leg = 1)
                WHERE transaction = pg_current_xact_id()::text::bigint;
            RETURN NULL;
        END $$
        """
    )
    for trigger, table, function in (
        ("journal_entries_awaited", "journal_entries", "await_legs"),
        ("postings_counted", "postings", "count_legs"),
    ):
        op.execute(
            f"CREATE TRIGGER {trigger} AFTER INSERT ON ledger.{table} REFERENCING NEW TABLE AS"
            f" fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger.{function}()"
        )


def _keep_months_together() -> None:
    op.execute(
        """
        CREATE FUNCTION ledger.refuse_month_apart() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE apart text;
        BEGIN
            SELECT f.month INTO apart FROM fresh f
                WHERE f.state <> 'OPEN' OR NOT f.is_first AND NOT EXISTS (
                    SELECT FROM ledger.months m WHERE m.month = to_char(
                        to_date(f.month, 'YYYY-MM') - interval '1 month', 'YYYY-MM'))
                LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'month % does not open after the one before it', apart
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER months_together AFTER INSERT ON ledger.months REFERENCING NEW TABLE AS"
        " fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_month_apart()"
    )
    op.execute(
        "CREATE TRIGGER months_not_truncated BEFORE TRUNCATE ON ledger.months"
        " FOR EACH STATEMENT EXECUTE FUNCTION runtime.refuse_change()"
    )
