"""The tables of billing: customers, scales, runs, invoices, credit notes and their lines."""

from alembic import op

from services.runtime.migrations.statements import (
    append_only,
    create_schema,
    customer_scope,
    grant,
)

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create them."""
    create_schema("billing")
    _create_parameters()
    _create_customers()
    _create_runs()
    _create_documents()
    _create_lines()


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP SCHEMA billing CASCADE")


def _create_parameters() -> None:
    op.execute(
        """
        CREATE TABLE billing.parameters (
            name text NOT NULL,
            effective_date date NOT NULL,
            value numeric NOT NULL,
            source text NOT NULL,
            source_verified boolean NOT NULL,
            PRIMARY KEY (name, effective_date)
        )
        """
    )
    grant("billing.parameters", "SELECT, INSERT")
    append_only("billing.parameters")
    op.execute(
        """
        INSERT INTO billing.parameters VALUES
            ('payment_days', DATE '2000-01-01', 30,
             'house rule: due 30 days after the end of the month billed', false),
            ('approval_limit_fen', DATE '2000-01-01', 1000000000,
             'house rule: above CNY 10,000,000 a director signs too', false)
        """
    )


def _create_customers() -> None:
    op.execute(
        """
        CREATE TABLE billing.customers (
            name text PRIMARY KEY,
            display_name text NOT NULL,
            kind text NOT NULL,
            parent text REFERENCES billing.customers (name),
            tax_number text NOT NULL,
            registry_account text NOT NULL,
            service_start_date date NOT NULL,
            service_end_date date CHECK (service_end_date > service_start_date),
            version integer NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE billing.customer_classes (
            customer text NOT NULL REFERENCES billing.customers (name),
            effective_date date NOT NULL,
            customer_class text NOT NULL CHECK (customer_class IN ('INTERNAL', 'EXTERNAL')),
            PRIMARY KEY (customer, effective_date)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE billing.asset_scales (
            customer text NOT NULL REFERENCES billing.customers (name),
            year integer NOT NULL,
            version integer NOT NULL CHECK (version > 0),
            basis text NOT NULL,
            tonnes numeric NOT NULL CHECK (tonnes >= 0),
            status text NOT NULL CHECK (status IN ('ESTIMATED', 'FINAL')),
            source text NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (customer, year, version)
        )
        """
    )
    grant("billing.customers", "SELECT, INSERT, UPDATE")
    grant("billing.customer_classes", "SELECT, INSERT, UPDATE")
    grant("billing.asset_scales", "SELECT, INSERT")
    append_only("billing.asset_scales")
    customer_scope("billing.customers", column="name")
    customer_scope("billing.customer_classes")
    customer_scope("billing.asset_scales")


def _create_runs() -> None:
    op.execute(
        """
        CREATE TABLE billing.billing_runs (
            name text PRIMARY KEY,
            month text NOT NULL,
            number integer NOT NULL,
            series integer NOT NULL,
            state text NOT NULL,
            maker text NOT NULL,
            digest text NOT NULL,
            approvals jsonb NOT NULL,
            chunk_count integer NOT NULL,
            done_count integer NOT NULL CHECK (done_count <= chunk_count),
            created_at timestamptz NOT NULL,
            approval_limit_fen bigint NOT NULL,
            failure text NOT NULL,
            invoice_count integer NOT NULL,
            credit_note_count integer NOT NULL,
            net_fen bigint NOT NULL,
            tax_fen bigint NOT NULL,
            gross_fen bigint NOT NULL,
            largest_line_fen bigint NOT NULL,
            sum_of_lines_fen bigint NOT NULL,
            CONSTRAINT billing_runs_month_number_key UNIQUE (month, number)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE billing.run_chunks (
            run text NOT NULL REFERENCES billing.billing_runs (name),
            chunk integer NOT NULL,
            customers text[] NOT NULL,
            is_done boolean NOT NULL,
            PRIMARY KEY (run, chunk)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE billing.run_results (
            run text NOT NULL REFERENCES billing.billing_runs (name),
            customer text NOT NULL,
            inputs_digest text NOT NULL,
            lines_digest text NOT NULL,
            PRIMARY KEY (run, customer)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE billing.run_findings (
            run text NOT NULL REFERENCES billing.billing_runs (name),
            severity text NOT NULL,
            reason text NOT NULL,
            customer text NOT NULL,
            message text NOT NULL,
            way_out text NOT NULL,
            PRIMARY KEY (run, severity, reason, customer, message)
        )
        """
    )
    grant("billing.billing_runs", "SELECT, INSERT, UPDATE")
    grant("billing.run_chunks", "SELECT, INSERT, UPDATE")
    for table in ("billing.run_results", "billing.run_findings"):
        grant(table, "SELECT, INSERT")
        append_only(table)
        customer_scope(table)


def _create_documents() -> None:
    op.execute(
        """
        CREATE TABLE billing.invoices (
            name text PRIMARY KEY,
            customer text NOT NULL REFERENCES billing.customers (name),
            month text NOT NULL,
            run text NOT NULL REFERENCES billing.billing_runs (name),
            state text NOT NULL CHECK (state IN ('DRAFT', 'ISSUED', 'PAID', 'VOID')),
            number text UNIQUE,
            net_fen bigint NOT NULL CHECK (net_fen >= 0),
            tax_fen bigint NOT NULL,
            gross_fen bigint NOT NULL CHECK (gross_fen >= 0),
            due_date date,
            issued_at timestamptz,
            CHECK (net_fen + tax_fen = gross_fen),
            CHECK ((state = 'DRAFT') = (number IS NULL))
        )
        """
    )
    op.execute("CREATE INDEX invoices_by_customer ON billing.invoices (customer, month)")
    op.execute("CREATE INDEX invoices_by_run ON billing.invoices (run)")
    op.execute(
        """
        CREATE TABLE billing.credit_notes (
            name text PRIMARY KEY,
            customer text NOT NULL REFERENCES billing.customers (name),
            invoice text NOT NULL REFERENCES billing.invoices (name),
            month text NOT NULL,
            run text NOT NULL REFERENCES billing.billing_runs (name),
            purpose text NOT NULL CHECK (purpose IN ('CORRECTION', 'CONCESSION')),
            state text NOT NULL CHECK (state IN ('DRAFT', 'ISSUED', 'PAID', 'VOID')),
            number text UNIQUE,
            net_fen bigint NOT NULL CHECK (net_fen <= 0),
            tax_fen bigint NOT NULL,
            gross_fen bigint NOT NULL CHECK (gross_fen <= 0),
            issued_at timestamptz,
            CHECK (net_fen + tax_fen = gross_fen),
            CHECK ((state = 'DRAFT') = (number IS NULL))
        )
        """
    )
    op.execute("CREATE INDEX credit_notes_by_invoice ON billing.credit_notes (invoice)")
    op.execute("CREATE INDEX credit_notes_by_run ON billing.credit_notes (run)")
    op.execute(
        """
        CREATE TABLE billing.document_numbers (
            series text PRIMARY KEY,
            last_number integer NOT NULL CHECK (last_number > 0)
        )
        """
    )
    grant("billing.document_numbers", "SELECT, INSERT, UPDATE")
    _freeze_issued()
    for table in ("billing.invoices", "billing.credit_notes"):
        grant(table, "SELECT, INSERT, UPDATE, DELETE")
        customer_scope(table)
        op.execute(
            f"CREATE TRIGGER {table.replace('.', '_')}_freeze BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION billing.freeze_document()"
        )


def _freeze_issued() -> None:
    """Let drafts be dropped, and nothing that was issued; amounts never change."""
    op.execute(
        """
        CREATE FUNCTION billing.freeze_document() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                IF OLD.state = 'DRAFT' THEN
                    RETURN OLD;
                END IF;
            ELSIF (OLD.name, OLD.customer, OLD.month, OLD.net_fen, OLD.tax_fen, OLD.gross_fen)
                = (NEW.name, NEW.customer, NEW.month, NEW.net_fen, NEW.tax_fen, NEW.gross_fen)
                AND (OLD.number IS NULL OR OLD.number = NEW.number)
            THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '% % never changes', TG_TABLE_NAME, OLD.name;
        END $$
        """
    )


def _create_lines() -> None:
    op.execute(
        """
        CREATE TABLE billing.document_lines (
            document text NOT NULL,
            line integer NOT NULL,
            customer text NOT NULL,
            kind text NOT NULL,
            service text NOT NULL,
            description text NOT NULL,
            quantity_tonnes numeric,
            unit_price numeric,
            tax_rate numeric NOT NULL,
            tax_inclusive boolean NOT NULL,
            net_fen bigint NOT NULL,
            tax_fen bigint NOT NULL,
            gross_fen bigint NOT NULL,
            start_date date NOT NULL,
            end_date date NOT NULL,
            corrects_month text,
            explanation jsonb NOT NULL,
            rule_version text NOT NULL,
            scale_version integer NOT NULL,
            PRIMARY KEY (document, line),
            CHECK (net_fen + tax_fen = gross_fen)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE billing.line_parts (
            document text NOT NULL,
            line integer NOT NULL,
            part integer NOT NULL,
            customer text NOT NULL,
            service text NOT NULL,
            charge text NOT NULL CHECK (charge IN ('SCALE', 'TRADED')),
            service_year integer NOT NULL,
            segment_key text NOT NULL,
            own_fen bigint NOT NULL,
            PRIMARY KEY (document, line, part)
        )
        """
    )
    op.execute("CREATE INDEX line_parts_by_customer ON billing.line_parts (customer, service_year)")
    _keep_issued_lines()
    for table in ("billing.document_lines", "billing.line_parts"):
        grant(table, "SELECT, INSERT, DELETE")
        customer_scope(table)
        op.execute(
            f"CREATE TRIGGER {table.replace('.', '_')}_keep BEFORE DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION billing.keep_issued_lines()"
        )


def _keep_issued_lines() -> None:
    """Refuse to delete lines whose document is no draft; nobody may change any."""
    op.execute(
        """
        CREATE FUNCTION billing.keep_issued_lines() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM billing.invoices WHERE name = OLD.document AND state <> 'DRAFT'
                UNION ALL
                SELECT FROM billing.credit_notes WHERE name = OLD.document AND state <> 'DRAFT'
            ) THEN
                RAISE EXCEPTION 'a line of % is issued and never changes', OLD.document;
            END IF;
            RETURN OLD;
        END $$
        """
    )
