"""Contracts, and the prices that they promise from a day on."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.settlement.persistence.tables import METADATA

CONTRACTS = Table(
    "contracts",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("customer", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("instruments", ARRAY(Text), nullable=False),
    Column("window_start", Date, nullable=False),
    Column("window_end", Date, nullable=False),
    Column("volume_tonnes", BigInteger, nullable=False),
    Column("gain_share_tiers", JSONB, nullable=False),
    Column("price_basis", Text, nullable=False),
    Column("price_series", Text),
    Column("fees_included", Boolean, nullable=False),
    Column("title", Text, nullable=False),
    Column("tax_inclusive", Boolean, nullable=False),
    Column("tax_treatment", Text, nullable=False),
    Column("tax_rate", Numeric),
    Column("share_timing", Text, nullable=False),
    Column("undelivered", Text, nullable=False),
    Column("reference_days", Integer),
    Column("reference_series", Text),
    Column("loss_cap_per_tonne", Numeric),
    Column("quote", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("drafted_at", DateTime(timezone=True), nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("approved_at", DateTime(timezone=True)),
    CheckConstraint("window_start < window_end", name="contracts_window"),
    CheckConstraint("volume_tonnes > 0", name="contracts_volume"),
    CheckConstraint(
        "approved_by = '' OR approved_by <> drafted_by", name="contracts_maker_is_not_checker"
    ),
    Index("contracts_by_customer", "customer", "name"),
)

PROMISED_PRICES = Table(
    "promised_prices",
    METADATA,
    Column("contract", Text, ForeignKey("settlement.contracts.name"), primary_key=True),
    Column("effective_date", Date, primary_key=True),
    Column("customer", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("end_date", Date, nullable=False),
    Column("price", Numeric, nullable=False),
    CheckConstraint("effective_date < end_date", name="promised_prices_dates"),
    Index(
        "promised_prices_later", "contract", "effective_date", postgresql_where=text("place > 0")
    ),
)
"""``place`` counts the prices of a contract from 0; each ends where the next begins."""
