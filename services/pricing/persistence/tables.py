"""The tables of pricing."""

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
    Numeric,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

METADATA = MetaData(schema="pricing")

PRICE_SERIES = Table(
    "price_series",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("vintage", Integer),
    Column("project", Text, nullable=False),
    Column("venue", Text, nullable=False),
    Column("license_note", Text, nullable=False),
)

PRICE_POINTS = Table(
    "price_points",
    METADATA,
    Column("series", Text, ForeignKey("pricing.price_series.name"), primary_key=True),
    Column("date", Date, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("close", Numeric, nullable=False),
    Column("low", Numeric),
    Column("high", Numeric),
    Column("volume_tonnes", BigInteger),
    Column("amount", BigInteger),
    Column("block_volume_tonnes", BigInteger),
    Column("block_amount", BigInteger),
    Column("currency", Text, nullable=False),
    Column("quality", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

FEE_SCHEDULES = Table(
    "fee_schedules",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("service", Text, nullable=False),
    Column("customer_class", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("scale_instruments", ARRAY(Text), nullable=False),
    Index("fee_schedules_by_service", "service", "customer_class"),
)

FEE_SCHEDULE_REVISIONS = Table(
    "fee_schedule_revisions",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("schedule", Text, ForeignKey("pricing.fee_schedules.name"), nullable=False),
    Column("customer", Text),
    Column("effective_date", Date, nullable=False),
    Column("end_date", Date),
    Column("charge_model", Text),
    Column("tiers", JSONB, nullable=False),
    Column("minimum_annual", BigInteger),
    Column("maximum_annual", BigInteger),
    Column("currency", Text, nullable=False),
    Column("per_traded_tonne", Numeric),
    Column("tax_rate", Numeric, nullable=False),
    Column("tax_inclusive", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("fee_schedule_revisions_by_schedule", "schedule", "customer"),
)

REVISION_APPROVALS = Table(
    "revision_approvals",
    METADATA,
    Column("revision", Text, ForeignKey("pricing.fee_schedule_revisions.name"), primary_key=True),
    Column("approver", Text, nullable=False),
    Column("approved_at", DateTime(timezone=True), nullable=False),
)
