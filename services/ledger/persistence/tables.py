"""The tables of the ledger."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

METADATA = MetaData(schema="ledger")

MONTHS = Table(
    "months",
    METADATA,
    Column("month", Text, primary_key=True),
    Column("is_first", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("closed_by", Text, nullable=False),
    Index("months_first", "is_first", unique=True, postgresql_where=text("is_first")),
)

LEDGER_ACCOUNTS = Table(
    "ledger_accounts",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("effective_date", Date, primary_key=True),
    Column("number", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("display_name_zh", Text, nullable=False),
    Column("book", Text, nullable=False),
    Column("normal_side", Text, nullable=False),
    Column("unit_kind", Text, nullable=False),
    Column("legal_source", Text, nullable=False),
    Column("source_verified", Boolean, nullable=False),
    UniqueConstraint("book", "number", "effective_date", name="ledger_accounts_number_key"),
)

JOURNAL_ENTRIES = Table(
    "journal_entries",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("booking_date", Date, nullable=False),
    Column("event_date", Date, nullable=False),
    Column("month", Text, nullable=False),
    Column("corrects_month", Text),
    Column("source", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("customer", Text),
    Column("reverses", Text, ForeignKey("ledger.journal_entries.name")),
    Column("leg_count", Integer, nullable=False),
    Column("content_digest", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("source", "purpose", name="journal_entries_source_key"),
    Index("journal_entries_by_customer", "customer", "booking_date", "name"),
    Index("journal_entries_by_date", "booking_date", "name"),
    Index(
        "journal_entries_reverses_key",
        "reverses",
        unique=True,
        postgresql_where=text("reverses IS NOT NULL"),
    ),
)

POSTINGS = Table(
    "postings",
    METADATA,
    Column("entry", Text, primary_key=True),
    Column("leg", Integer, primary_key=True),
    Column("ledger_account", Text, nullable=False),
    Column("book", Text, nullable=False),
    Column("customer", Text),
    Column("unit", Text, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("booking_date", Date, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

# How many entries of a transaction under way have no legs yet; only triggers touch it.
AWAITED_LEGS = Table(
    "awaited_legs",
    METADATA,
    Column("transaction", BigInteger, primary_key=True, autoincrement=False),
    Column("entries", BigInteger, nullable=False),
    prefixes=["UNLOGGED"],
)
