"""Invoices and credit notes are issued as they were approved, and stay so: by the database too."""

from alembic import op

from services.runtime.migrations.statements import (
    begins,
    drop_guards,
    kept,
    only_changes,
    rows_of,
    states_in_order,
)

revision = "0015"
down_revision = "0014"

_RUNS = "billing.billing_runs"
_NUMBERED = {
    "billing.invoices": "state, number, due_date, issued_at",
    "billing.credit_notes": "state, number, issued_at",
}
_LINES = ("billing.document_lines", "billing.line_parts")
_FUNCTIONS = (
    "refuse_lines_of_issued",
    "refuse_unapproved",
    "refuse_excess_credit",
    "count_numbers_forwards",
)


def upgrade() -> None:
    """Create what guards them."""
    _create_functions()
    for table, columns in _NUMBERED.items():
        begins(table, "NEW.state = 'DRAFT' AND NEW.number IS NULL AND NEW.issued_at IS NULL")
        rows_of(table, _RUNS)
        states_in_order(table, "DRAFT>ISSUED", "ISSUED>PAID", "ISSUED>VOID")
        only_changes(table, "draft", columns, when="OLD.state = 'DRAFT'")
        only_changes(table, "issued", "state", when="OLD.state <> 'DRAFT'")
        _after_update(table, "approved", "refuse_unapproved")
        _not_truncated(table)
    _after_update("billing.credit_notes", "credited", "refuse_excess_credit")
    for table in _LINES:
        op.execute(
            f"CREATE TRIGGER {_name(table, 'of_draft')} AFTER INSERT ON {table} REFERENCING NEW"
            " TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION billing.refuse_lines_of_issued()"
        )
        op.execute(
            f"CREATE TRIGGER {_name(table, 'unchanged')} BEFORE UPDATE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION runtime.refuse_change()"
        )
    kept("billing.document_numbers")
    op.execute(
        "CREATE TRIGGER billing_document_numbers_forwards BEFORE UPDATE ON billing.document_numbers"
        " FOR EACH ROW EXECUTE FUNCTION billing.count_numbers_forwards()"
    )


def downgrade() -> None:
    """Drop it."""
    drop_guards("billing.document_numbers", "kept", "forwards")
    for table in _LINES:
        drop_guards(table, "of_draft", "unchanged")
    drop_guards("billing.credit_notes", "credited")
    guards = ("begins", "in_time", "order", "draft", "issued", "approved", "not_truncated")
    for table in _NUMBERED:
        drop_guards(table, *guards)
    for function in _FUNCTIONS:
        op.execute(f"DROP FUNCTION billing.{function}()")


def _after_update(table: str, name: str, function: str) -> None:
    op.execute(
        f"CREATE TRIGGER {_name(table, name)} AFTER UPDATE ON {table}"
        " REFERENCING OLD TABLE AS was NEW TABLE AS fresh"
        f" FOR EACH STATEMENT EXECUTE FUNCTION billing.{function}()"
    )


def _not_truncated(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {_name(table, 'not_truncated')} BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION runtime.refuse_change()"
    )


def _name(table: str, guard: str) -> str:
    return f"{table.replace('.', '_')}_{guard}"


def _create_functions() -> None:
    _create_guard(
        "refuse_lines_of_issued",
        "a line of % is of no draft of that customer",
        """
        SELECT f.document INTO refused FROM (SELECT DISTINCT document, customer FROM fresh) f
            WHERE NOT EXISTS (
                SELECT FROM billing.invoices i WHERE i.name = f.document
                    AND i.customer = f.customer AND i.state = 'DRAFT'
                UNION ALL
                SELECT FROM billing.credit_notes c WHERE c.name = f.document
                    AND c.customer = f.customer AND c.state = 'DRAFT')
            LIMIT 1;
        """,
    )
    _create_guard(
        "refuse_unapproved",
        "% was not approved with these lines",
        """
        SELECT f.name INTO refused FROM fresh f JOIN was USING (name)
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(l.net_fen), 0) AS net, coalesce(sum(l.tax_fen), 0) AS tax,
                       coalesce(sum(l.gross_fen), 0) AS gross
                FROM billing.document_lines l WHERE l.document = f.name
            ) lines
            WHERE was.state = 'DRAFT' AND f.state <> 'DRAFT' AND (
                (f.net_fen, f.tax_fen, f.gross_fen) <> (lines.net, lines.tax, lines.gross)
                OR NOT EXISTS (SELECT FROM billing.billing_runs r
                               WHERE r.name = f.run AND r.state = 'APPROVED'))
            LIMIT 1;
        """,
    )
    _create_guard(
        "refuse_excess_credit",
        "% takes back more than its invoice has left",
        """
        SELECT f.name INTO refused FROM fresh f JOIN was USING (name)
            WHERE was.state = 'DRAFT' AND f.state <> 'DRAFT' AND NOT EXISTS (
                SELECT FROM billing.invoices i
                WHERE i.name = f.invoice AND i.customer = f.customer AND i.state <> 'DRAFT'
                    AND i.net_fen + (
                        SELECT sum(c.net_fen) FROM billing.credit_notes c
                        WHERE c.invoice = i.name AND c.state IN ('ISSUED', 'PAID')) >= 0)
            LIMIT 1;
        """,
    )
    op.execute(
        """
        CREATE FUNCTION billing.count_numbers_forwards() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.series <> OLD.series OR NEW.last_number < OLD.last_number THEN
                RAISE EXCEPTION 'the numbers of % are counted forwards only', OLD.series
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )


def _create_guard(name: str, said: str, finding: str) -> None:
    """Refuse a statement if it finds the name of a document."""
    op.execute(
        f"""
        CREATE FUNCTION billing.{name}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE refused text;
        BEGIN
            {finding}
            IF refused IS NOT NULL THEN
                RAISE EXCEPTION '{said}', refused USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
