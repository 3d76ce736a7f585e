"""The tables of the audit trail."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

METADATA = MetaData(schema="audit")

# `transaction` is the number of the transaction that wrote the record; see Seals.horizon.
RECORDS = Table(
    "records",
    METADATA,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column(
        "transaction",
        BigInteger,
        nullable=False,
        server_default=text("(pg_current_xact_id()::text::bigint)"),
    ),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("principal", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("method", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("request_digest", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("records_by_transaction", "transaction"),
    Index("records_by_principal", "principal", "number"),
    Index("records_by_resource", "resource", "number"),
)

SEALS = Table(
    "seals",
    METADATA,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("record_digest", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("horizon", BigInteger, nullable=False),
    UniqueConstraint("number", name="seals_number_key"),
    Index("seals_by_time", "recorded_at"),
)
