"""The tables of quotes and valuations. Amounts are whole fen of CNY."""

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
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.pricing.persistence.tables import METADATA

QUOTES = Table(
    "quotes",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("valuation_date", Date, nullable=False),
    Column("side", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("creator", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("model", Text, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("inputs", JSONB, nullable=False),
    Column("figures", JSONB, nullable=False),
    Column("custody", JSONB(none_as_null=True)),
)
"""``inputs`` are what was priced, whole; ``figures`` are what came out, to six decimals."""

VALUATIONS = Table(
    "valuations",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("assumptions", JSONB, nullable=False),
    Column("chunk_count", Integer, nullable=False),
    Column("done_count", Integer, nullable=False),
    Column("figures", JSONB(none_as_null=True)),
    Column("scenarios", JSONB, nullable=False),
    Column("limits", JSONB, nullable=False),
    Column("findings", JSONB, nullable=False),
    Column("demand_cap_use", Numeric),
    Column("model_version", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("failure", Text, nullable=False),
    UniqueConstraint("as_of", "number", name="valuations_number"),
)

VALUATION_CHUNKS = Table(
    "valuation_chunks",
    METADATA,
    Column("valuation", Text, ForeignKey("pricing.valuations.name"), primary_key=True),
    Column("chunk", Integer, primary_key=True),
    Column("scenario", JSONB(none_as_null=True)),
    Column("figures", JSONB(none_as_null=True)),
    Column("is_done", Boolean, nullable=False),
)
"""Chunk 0 has no scenario: it values the contracts themselves."""

VALUATION_POSITIONS = Table(
    "valuation_positions",
    METADATA,
    Column("valuation", Text, ForeignKey("pricing.valuations.name"), primary_key=True),
    Column("contract", Text, primary_key=True),
    Column("customer", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("window_start", Date, nullable=False),
    Column("window_end", Date, nullable=False),
    Column("volume_tonnes", BigInteger, nullable=False),
    Column("delivered_tonnes", BigInteger, nullable=False),
    Column("delivered_amount", Numeric, nullable=False),
    Column("promised_amount", Numeric, nullable=False),
    Column("tax_rate", Numeric, nullable=False),
    Column("promised_prices", Text, nullable=False),
    Column("terms", Text, nullable=False),
)
"""Contracts as they stood. Prices and terms are JSON as text: equal terms are read once."""

CONTRACT_VALUES = Table(
    "contract_values",
    METADATA,
    Column("valuation", Text, ForeignKey("pricing.valuations.name"), primary_key=True),
    Column("contract", Text, primary_key=True),
    Column("customer", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("delivered_tonnes", BigInteger, nullable=False),
    Column("remaining_tonnes", BigInteger, nullable=False),
    Column("promised_price", Numeric, nullable=False),
    Column("expected_average", Numeric, nullable=False),
    Column("value_fen", BigInteger, nullable=False),
    Column("delta", Numeric, nullable=False),
    Column("gamma", Numeric, nullable=False),
    Column("vega", Numeric, nullable=False),
    Column("var_99_fen", BigInteger, nullable=False),
    CheckConstraint("remaining_tonnes >= 0", name="contract_values_remaining"),
    Index("contract_values_by_customer", "customer", "valuation"),
)
