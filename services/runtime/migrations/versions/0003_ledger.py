"""The tables of ledger: months, the chart of accounts, the journal and its postings."""

from alembic import op

from services.runtime.migrations.statements import (
    append_only,
    create_schema,
    customer_scope,
    grant,
)
from services.runtime.roles import APP_ROLE

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create them."""
    create_schema("ledger")
    _create_months()
    _create_chart()
    _create_journal()
    _create_guards()
    op.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ledger TO {APP_ROLE}")


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP SCHEMA ledger CASCADE")


def _create_months() -> None:
    op.execute(
        """
        CREATE TABLE ledger.months (
            month text PRIMARY KEY CHECK (month ~ '^[12][0-9]{3}-(0[1-9]|1[0-2])$'),
            is_first boolean NOT NULL,
            state text NOT NULL CHECK (state IN ('OPEN', 'CLOSED')),
            opened_at timestamptz NOT NULL,
            closed_at timestamptz,
            closed_by text NOT NULL,
            CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL))
        )
        """
    )
    # The books are opened once: two rivals cannot both write a first month.
    op.execute("CREATE UNIQUE INDEX months_first ON ledger.months (is_first) WHERE is_first")
    grant("ledger.months", "SELECT, INSERT, UPDATE")


def _create_chart() -> None:
    op.execute(
        """
        CREATE TABLE ledger.ledger_accounts (
            name text NOT NULL,
            effective_date date NOT NULL,
            number text NOT NULL,
            display_name text NOT NULL,
            display_name_zh text NOT NULL,
            book text NOT NULL CHECK (book IN ('COMPANY', 'CUSTOMER')),
            normal_side text NOT NULL CHECK (normal_side IN ('DEBIT', 'CREDIT')),
            unit_kind text NOT NULL CHECK (unit_kind IN ('MONEY', 'TONNES', 'MONEY_AND_TONNES')),
            legal_source text NOT NULL,
            source_verified boolean NOT NULL,
            PRIMARY KEY (name, effective_date),
            CONSTRAINT ledger_accounts_number_key UNIQUE (book, number, effective_date)
        )
        """
    )
    grant("ledger.ledger_accounts", "SELECT")
    # The provisional rules on emission trading are for regulated emitters; a carbon company
    # follows them by analogy. Numbers without a verified source await finance's word.
    op.execute(
        """
        INSERT INTO ledger.ledger_accounts (
            book, number, name, display_name, display_name_zh, normal_side, unit_kind,
            effective_date, legal_source, source_verified
        )
        SELECT book, number, 'ledgerAccounts/' || id, display_name, display_name_zh, normal_side,
               unit_kind, DATE '2000-01-01',
               'number after the chart of the Accounting Standards for Business Enterprises', false
        FROM (VALUES
            ('COMPANY', '1002', 'cash', 'Cash at bank', '银行存款', 'DEBIT', 'MONEY'),
            ('COMPANY', '1122', 'receivables', 'Receivables from customers', '应收账款',
             'DEBIT', 'MONEY'),
            ('COMPANY', '1489.90', 'pool-clearing', 'Pool trades to be cleared', '碳池交易清算',
             'CREDIT', 'MONEY_AND_TONNES'),
            ('COMPANY', '2202', 'payables', 'Payables to customers', '应付账款',
             'CREDIT', 'MONEY'),
            ('COMPANY', '2211', 'incentive-payable', 'Incentives payable', '应付职工薪酬',
             'CREDIT', 'MONEY'),
            ('COMPANY', '2221', 'vat-payable', 'Output VAT payable',
             '应交税费—应交增值税（销项税额）', 'CREDIT', 'MONEY'),
            ('COMPANY', '2241', 'accrued-share', 'Gain shares accrued, not yet payable',
             '预提收益分成', 'CREDIT', 'MONEY'),
            ('COMPANY', '2801', 'provision', 'Provision for guaranteed prices',
             '预计负债—保价合同', 'CREDIT', 'MONEY'),
            ('COMPANY', '6001', 'fee-revenue', 'Service fee revenue', '主营业务收入—服务费',
             'CREDIT', 'MONEY'),
            ('COMPANY', '6051.01', 'guarantee-result', 'Result of guaranteed prices',
             '保价差额损益', 'CREDIT', 'MONEY'),
            ('COMPANY', '6051.02', 'trading-result', 'Result of own trading',
             '碳资产交易损益', 'CREDIT', 'MONEY'),
            ('COMPANY', '6401.01', 'gain-share-expense', 'Gain shares returned to customers',
             '收益分成支出', 'DEBIT', 'MONEY'),
            ('COMPANY', '6401.02', 'trading-fees', 'Trading fees', '交易手续费', 'DEBIT', 'MONEY'),
            ('COMPANY', '6602', 'incentive-expense', 'Incentives', '管理费用—激励',
             'DEBIT', 'MONEY'),
            ('COMPANY', '6711', 'provision-expense', 'Expense of provisions',
             '预计负债计提', 'DEBIT', 'MONEY'),
            ('COMPANY', '9001', 'custody-tonnes', 'Tonnes in custody (off balance)',
             '代管碳资产（表外）', 'DEBIT', 'TONNES'),
            ('COMPANY', '9002', 'custody-contra', 'Owners of tonnes in custody (off balance)',
             '代管碳资产对应（表外）', 'CREDIT', 'TONNES'),
            ('CUSTOMER', '1002', 'customer-cash', 'Customer: cash at bank', '客户—银行存款',
             'DEBIT', 'MONEY'),
            ('CUSTOMER', '1122', 'customer-receivables',
             'Customer: receivable from the carbon company', '客户—应收碳资产公司',
             'DEBIT', 'MONEY'),
            ('CUSTOMER', '2202', 'customer-payables', 'Customer: payable to the carbon company',
             '客户—应付碳资产公司', 'CREDIT', 'MONEY'),
            ('CUSTOMER', '2221', 'customer-input-vat', 'Customer: input VAT',
             '客户—应交税费（进项税额）', 'DEBIT', 'MONEY'),
            ('CUSTOMER', '6401.01', 'customer-guarantee',
             'Customer: result of guaranteed prices', '客户—保价差额', 'DEBIT', 'MONEY'),
            ('CUSTOMER', '6401.02', 'customer-gain-share', 'Customer: gain shares received',
             '客户—收益分成', 'CREDIT', 'MONEY'),
            ('CUSTOMER', '6602', 'customer-fees', 'Customer: service fees', '客户—服务费',
             'DEBIT', 'MONEY'),
            ('CUSTOMER', '9001', 'customer-tonnes', 'Customer: tonnes held', '客户—持有碳资产',
             'DEBIT', 'TONNES'),
            ('CUSTOMER', '9002', 'customer-tonnes-contra', 'Customer: origin of tonnes held',
             '客户—碳资产来源', 'CREDIT', 'TONNES')
        ) AS chart (book, number, id, display_name, display_name_zh, normal_side, unit_kind)
        UNION ALL VALUES (
            'COMPANY', '1489', 'ledgerAccounts/pool-inventory',
            'Carbon emission rights of the pool', '碳排放权资产', 'DEBIT', 'MONEY_AND_TONNES',
            DATE '2020-01-01',
            '财会〔2019〕22号《碳排放权交易有关会计处理暂行规定》; for emitters, here by analogy',
            true
        )
        """
    )


def _create_journal() -> None:
    op.execute(
        """
        CREATE TABLE ledger.journal_entries (
            name text PRIMARY KEY,
            booking_date date NOT NULL,
            event_date date NOT NULL,
            month text NOT NULL,
            corrects_month text,
            source text NOT NULL,
            purpose text NOT NULL,
            description text NOT NULL,
            customer text,
            reverses text REFERENCES ledger.journal_entries (name),
            leg_count integer NOT NULL CHECK (leg_count > 0),
            content_digest text NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT journal_entries_source_key UNIQUE (source, purpose),
            CHECK (
                extract(year FROM booking_date) * 100 + extract(month FROM booking_date)
                = replace(month, '-', '')::integer
            )
        )
        """
    )
    op.execute(
        "CREATE INDEX journal_entries_by_date ON ledger.journal_entries (booking_date, name)"
    )
    # Postings of a customer are found by the entries about it, or about several: an index over
    # them all took a quarter of the time to write them.
    op.execute(
        "CREATE INDEX journal_entries_by_customer ON ledger.journal_entries"
        " (customer, booking_date, name)"
    )
    # Hardly any entry reverses one.
    op.execute(
        "CREATE UNIQUE INDEX journal_entries_reverses_key ON ledger.journal_entries (reverses)"
        " WHERE reverses IS NOT NULL"
    )
    # `booking_date` and `recorded_at` repeat the entry's, so that balances need no join.
    op.execute(
        """
        CREATE TABLE ledger.postings (
            entry text NOT NULL,
            leg integer NOT NULL CHECK (leg > 0),
            ledger_account text NOT NULL,
            book text NOT NULL CHECK (book IN ('COMPANY', 'CUSTOMER')),
            customer text,
            unit text NOT NULL,
            quantity bigint NOT NULL,
            booking_date date NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (entry, leg)
        )
        """
    )
    for table in ("ledger.journal_entries", "ledger.postings"):
        grant(table, "SELECT, INSERT")
        append_only(table)
        customer_scope(table)


def _create_guards() -> None:
    op.execute(
        """
        CREATE FUNCTION ledger.keep_months_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'UPDATE' OR OLD.state = 'CLOSED' OR NEW.month <> OLD.month
                OR NEW.is_first <> OLD.is_first THEN
                RAISE EXCEPTION 'month % stays as it is', OLD.month
                    USING ERRCODE = 'restrict_violation';
            END IF;
            IF EXISTS (SELECT FROM ledger.months WHERE month < NEW.month AND state = 'OPEN') THEN
                RAISE EXCEPTION 'month % cannot close before an earlier one', NEW.month
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER months_in_order BEFORE UPDATE OR DELETE ON ledger.months"
        " FOR EACH ROW EXECUTE FUNCTION ledger.keep_months_in_order()"
    )
    # Locks before it looks, so that a month cannot close between the look and the commit.
    op.execute(
        """
        CREATE FUNCTION ledger.refuse_closed_month() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE refused text;
        BEGIN
            PERFORM FROM ledger.months WHERE month IN (SELECT f.month FROM fresh f)
                ORDER BY month FOR SHARE;
            SELECT f.month INTO refused FROM fresh f
                WHERE NOT EXISTS (
                    SELECT FROM ledger.months m WHERE m.month = f.month AND m.state = 'OPEN')
                LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'the books of % are not open', refused
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER journal_entries_month_open AFTER INSERT ON ledger.journal_entries"
        " REFERENCING NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_closed_month()"
    )
    # All legs of an entry come in one statement: what it leaves is known when it ends, and the
    # entry's own count of legs keeps a later statement from adding some. Entries are looked up one
    # by one (OFFSET keeps it a lookup) and never by a scan: a session keeps its plan, and what it
    # planned on a first day's few entries would read millions later.
    op.execute(
        """
        CREATE FUNCTION ledger.refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql
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
                      FROM fresh GROUP BY entry) f
                WHERE NOT EXISTS (
                    SELECT FROM ledger.journal_entries e
                    WHERE e.name = f.entry AND e.leg_count = f.legs AND e.leg_count = f.last_leg
                        AND e.booking_date = f.first_day AND e.booking_date = f.last_day
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
        """
    )
    op.execute(
        "CREATE TRIGGER postings_balanced AFTER INSERT ON ledger.postings"
        " REFERENCING NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_unbalanced()"
    )
