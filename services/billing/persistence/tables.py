"""The tables of billing. Amounts are whole fen of CNY."""

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    any_,
    literal,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

METADATA = MetaData(schema="billing")


def any_of(names: Sequence[str]) -> ColumnElement[bool]:
    """Hold a column against many names at once: one parameter, however many they are."""
    return any_(literal(list(names), ARRAY(Text)))


PARAMETERS = Table(
    "parameters",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("effective_date", Date, primary_key=True),
    Column("value", Numeric, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_verified", Boolean, nullable=False),
)

CUSTOMERS = Table(
    "customers",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("parent", Text, ForeignKey("billing.customers.name")),
    Column("tax_number", Text, nullable=False),
    Column("registry_account", Text, nullable=False),
    Column("service_start_date", Date, nullable=False),
    Column("service_end_date", Date),
    Column("version", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)

CUSTOMER_CLASSES = Table(
    "customer_classes",
    METADATA,
    Column("customer", Text, ForeignKey("billing.customers.name"), primary_key=True),
    Column("effective_date", Date, primary_key=True),
    Column("customer_class", Text, nullable=False),
)

ASSET_SCALES = Table(
    "asset_scales",
    METADATA,
    Column("customer", Text, ForeignKey("billing.customers.name"), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("basis", Text, nullable=False),
    Column("tonnes", Numeric, nullable=False),
    Column("status", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

BILLING_RUNS = Table(
    "billing_runs",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("month", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("series", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("approvals", JSONB, nullable=False),
    Column("chunk_count", Integer, nullable=False),
    Column("done_count", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("approval_limit_fen", BigInteger, nullable=False),
    Column("failure", Text, nullable=False),
    Column("invoice_count", Integer, nullable=False),
    Column("credit_note_count", Integer, nullable=False),
    Column("net_fen", BigInteger, nullable=False),
    Column("tax_fen", BigInteger, nullable=False),
    Column("gross_fen", BigInteger, nullable=False),
    Column("largest_line_fen", BigInteger, nullable=False),
    Column("sum_of_lines_fen", BigInteger, nullable=False),
    UniqueConstraint("month", "number", name="billing_runs_month_number_key"),
)

RUN_CHUNKS = Table(
    "run_chunks",
    METADATA,
    Column("run", Text, ForeignKey("billing.billing_runs.name"), primary_key=True),
    Column("chunk", Integer, primary_key=True),
    Column("customers", ARRAY(Text), nullable=False),
    Column("is_done", Boolean, nullable=False),
)

RUN_RESULTS = Table(
    "run_results",
    METADATA,
    Column("run", Text, ForeignKey("billing.billing_runs.name"), primary_key=True),
    Column("customer", Text, primary_key=True),
    Column("inputs_digest", Text, nullable=False),
    Column("lines_digest", Text, nullable=False),
)

RUN_FINDINGS = Table(
    "run_findings",
    METADATA,
    Column("run", Text, ForeignKey("billing.billing_runs.name"), primary_key=True),
    Column("severity", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("customer", Text, primary_key=True),
    Column("message", Text, primary_key=True),
    Column("way_out", Text, nullable=False),
)

INVOICES = Table(
    "invoices",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("customer", Text, ForeignKey("billing.customers.name"), nullable=False),
    Column("month", Text, nullable=False),
    Column("run", Text, ForeignKey("billing.billing_runs.name"), nullable=False),
    Column("state", Text, nullable=False),
    Column("number", Text, unique=True),
    Column("net_fen", BigInteger, nullable=False),
    Column("tax_fen", BigInteger, nullable=False),
    Column("gross_fen", BigInteger, nullable=False),
    Column("due_date", Date),
    Column("issued_at", DateTime(timezone=True)),
    Index("invoices_by_customer", "customer", "month"),
    Index("invoices_by_run", "run"),
)

CREDIT_NOTES = Table(
    "credit_notes",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("customer", Text, ForeignKey("billing.customers.name"), nullable=False),
    Column("invoice", Text, ForeignKey("billing.invoices.name"), nullable=False),
    Column("month", Text, nullable=False),
    Column("run", Text, ForeignKey("billing.billing_runs.name"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("number", Text, unique=True),
    Column("net_fen", BigInteger, nullable=False),
    Column("tax_fen", BigInteger, nullable=False),
    Column("gross_fen", BigInteger, nullable=False),
    Column("issued_at", DateTime(timezone=True)),
    Index("credit_notes_by_invoice", "invoice"),
    Index("credit_notes_by_run", "run"),
)

DOCUMENT_LINES = Table(
    "document_lines",
    METADATA,
    Column("document", Text, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("customer", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("quantity_tonnes", Numeric),
    Column("unit_price", Numeric),
    Column("tax_rate", Numeric, nullable=False),
    Column("tax_inclusive", Boolean, nullable=False),
    Column("net_fen", BigInteger, nullable=False),
    Column("tax_fen", BigInteger, nullable=False),
    Column("gross_fen", BigInteger, nullable=False),
    Column("start_date", Date, nullable=False),
    Column("end_date", Date, nullable=False),
    Column("corrects_month", Text),
    Column("explanation", JSONB, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("scale_version", Integer, nullable=False),
)

LINE_PARTS = Table(
    "line_parts",
    METADATA,
    Column("document", Text, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("customer", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("charge", Text, nullable=False),
    Column("service_year", Integer, nullable=False),
    Column("segment_key", Text, nullable=False),
    Column("own_fen", BigInteger, nullable=False),
    Index("line_parts_by_customer", "customer", "service_year"),
)

DOCUMENT_NUMBERS = Table(
    "document_numbers",
    METADATA,
    Column("series", Text, primary_key=True),
    Column("last_number", Integer, nullable=False),
)
