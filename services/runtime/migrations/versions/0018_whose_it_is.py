"""What belongs to a customer or a person names that one and no other: by the database too."""

from alembic import op

revision = "0018"
down_revision = "0017"

# What a leg repeats of its entry, or the entry of its legs, is the same in both: balances as known
# at a time balance, and a customer is shown an entry that is about it alone.
_COMPARED = (
    ", min(recorded_at) AS first_time, max(recorded_at) AS last_time,"
    " min(customer) AS one_customer, max(customer) AS other_customer"
)
_AGREEING = (
    "AND e.recorded_at = f.first_time AND e.recorded_at = f.last_time"
    " AND e.customer IS NOT DISTINCT FROM"
    " CASE WHEN f.one_customer = f.other_customer THEN f.one_customer END"
)
_OF_ANOTHER = {
    "settlements": "refuse_contract_of_another",
    "allocations": "refuse_contract_of_another",
    "settlement_rows": "refuse_row_of_another",
}


def upgrade() -> None:
    """Create what guards it."""
    _balance(compared=_COMPARED, condition=_AGREEING)
    _compare_customers()
    _require_awards_of_the_assigned()


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TRIGGER incentives_incentive_runs_assigned ON incentives.incentive_runs")
    op.execute("DROP FUNCTION incentives.require_assigned()")
    for table in _OF_ANOTHER:
        op.execute(f"DROP TRIGGER {table}_whose ON settlement.{table}")
    for function in sorted(set(_OF_ANOTHER.values())):
        op.execute(f"DROP FUNCTION settlement.{function}()")
    _balance(compared="", condition="")


def _balance(*, compared: str, condition: str) -> None:
    """Check postings as revision 0003 says, and something more of each entry."""
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION ledger.refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql
            SET enable_seqscan = off AS $$
        DECLARE broken record;
        BEGIN
            SELECT f.entry, f.book, f.unit, sum(f.quantity) AS left_over INTO broken FROM fresh f
                GROUP BY f.entry, f.book, f.unit HAVING sum(f.quantity) <> 0 LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'entry % leaves % % in the % book',
                    broken.entry, broken.left_over, broken.unit, broken.book
                    USING ERRCODE = 'check_violation';
            END IF;
            SELECT f.entry INTO broken
                FROM (SELECT entry, count(*) AS legs, max(leg) AS last_leg,
                             min(booking_date) AS first_day, max(booking_date) AS last_day
                             {compared}
                      FROM fresh GROUP BY entry) f
                WHERE NOT EXISTS (
                    SELECT FROM ledger.journal_entries e
                    WHERE e.name = f.entry AND e.leg_count = f.legs AND e.leg_count = f.last_leg
                        AND e.booking_date = f.first_day AND e.booking_date = f.last_day
                        {condition}
                    OFFSET 0)
                LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'the legs of entry % are not those it was recorded with',
                    broken.entry USING ERRCODE = 'check_violation';
            END IF;
            SELECT f.ledger_account, f.book INTO broken
                FROM (SELECT ledger_account, book, min(booking_date) AS first_day
                      FROM fresh GROUP BY ledger_account, book) f
                WHERE NOT EXISTS (SELECT FROM ledger.ledger_accounts a
                                  WHERE a.name = f.ledger_account AND a.book = f.book
                                  AND a.effective_date <= f.first_day) LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION '% is no account of the % book',
                    broken.ledger_account, broken.book USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """  # noqa: S608 - words of ours
    )


def _compare_customers() -> None:
    # Looked up one by one, as the entries of postings are.
    _create_guard(
        "refuse_contract_of_another",
        """
        SELECT f.contract INTO refused
            FROM (SELECT DISTINCT contract, customer FROM fresh WHERE contract IS NOT NULL) f
            WHERE NOT EXISTS (
                SELECT FROM settlement.contracts c
                WHERE c.name = f.contract AND c.customer = f.customer OFFSET 0)
            LIMIT 1;
        """,
    )
    _create_guard(
        "refuse_row_of_another",
        """
        SELECT f.contract INTO refused FROM fresh f
            WHERE NOT EXISTS (
                SELECT FROM settlement.settlements s
                WHERE s.contract = f.contract AND s.run = f.run AND s.customer = f.customer
                OFFSET 0)
            LIMIT 1;
        """,
    )
    for table, function in _OF_ANOTHER.items():
        op.execute(
            f"CREATE TRIGGER {table}_whose AFTER INSERT ON settlement.{table} REFERENCING NEW"
            f" TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION settlement.{function}()"
        )


def _create_guard(name: str, finding: str) -> None:
    op.execute(
        f"""
        CREATE FUNCTION settlement.{name}() RETURNS trigger LANGUAGE plpgsql
            SET enable_seqscan = off AS $$
        DECLARE refused text;
        BEGIN
            {finding}
            IF FOUND THEN
                RAISE EXCEPTION 'a row of %.% is not of the customer of %',
                    TG_TABLE_SCHEMA, TG_TABLE_NAME, refused USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )


def _require_awards_of_the_assigned() -> None:
    op.execute(
        """
        CREATE FUNCTION incentives.require_assigned() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE refused text;
        BEGIN
            SELECT a.name INTO refused FROM incentives.awards a
                WHERE a.run = NEW.name AND NOT EXISTS (
                    SELECT FROM incentives.assignments p
                    WHERE p.scheme = NEW.scheme AND p.version = NEW.assignments_version
                        AND p.staff_id = a.staff_id AND p.subject = a.subject)
                LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION '% is of nobody who takes part', refused
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute("REVOKE EXECUTE ON FUNCTION incentives.require_assigned() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER incentives_incentive_runs_assigned BEFORE UPDATE"
        " ON incentives.incentive_runs FOR EACH ROW"
        " WHEN (NEW.state = 'APPROVED' AND OLD.state <> 'APPROVED')"
        " EXECUTE FUNCTION incentives.require_assigned()"
    )
