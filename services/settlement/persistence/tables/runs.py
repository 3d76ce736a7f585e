"""Settlement runs with their chunks, signatures and findings, and what they settled.

Money is in fen. Settlements and their rows never change: what a run posts was written when it
was calculated, and runs that gave way keep theirs.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.settlement.persistence.tables import METADATA

RUNS = Table(
    "settlement_runs",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("month", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("posted_at", DateTime(timezone=True)),
    Column("digest", Text, nullable=False),
    Column("inputs_version", Text, nullable=False),
    Column("failure", Text, nullable=False),
    Column("settlements", Integer, nullable=False),
    Column("tonnes", BigInteger, nullable=False),
    Column("gain", BigInteger, nullable=False),
    Column("share", BigInteger, nullable=False),
    Column("relief", BigInteger, nullable=False),
    Column("gross", BigInteger, nullable=False),
    Column("largest_line", BigInteger, nullable=False),
    Column("sum_of_lines", BigInteger, nullable=False),
    UniqueConstraint("month", "kind", "number", name="settlement_runs_number"),
    Index(
        "settlement_runs_one_final",
        "month",
        unique=True,
        postgresql_where=text("kind = 'FINAL' AND state IN ('APPROVED', 'POSTED')"),
    ),
)

APPROVALS = Table(
    "settlement_run_approvals",
    METADATA,
    Column("run", Text, ForeignKey("settlement.settlement_runs.name"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("principal", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False),
    UniqueConstraint("run", "principal", name="settlement_run_approvals_by_different_people"),
)

FINDINGS = Table(
    "settlement_run_findings",
    METADATA,
    Column("run", Text, ForeignKey("settlement.settlement_runs.name"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("severity", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("way_out", Text, nullable=False),
)

WAIVERS = Table(
    "finding_waivers",
    METADATA,
    Column("month", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("justification", Text, nullable=False),
    Column("principal", Text, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False),
)

CHUNKS = Table(
    "settlement_run_chunks",
    METADATA,
    Column("run", Text, ForeignKey("settlement.settlement_runs.name"), primary_key=True),
    Column("chunk", Integer, primary_key=True),
    Column("first_name", Text, nullable=False),
    Column("end_name", Text),
    Column("digest", Text),
    Column("totals", JSONB),
)
"""A chunk is done when it has a digest."""

SETTLEMENTS = Table(
    "settlements",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("run", Text, ForeignKey("settlement.settlement_runs.name"), nullable=False),
    Column("month", Text, nullable=False),
    Column("contract", Text, nullable=False),
    Column("customer", Text, nullable=False),
    Column("tonnes", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("fees", BigInteger, nullable=False),
    Column("promised", BigInteger, nullable=False),
    Column("gain", BigInteger, nullable=False),
    Column("share", BigInteger, nullable=False),
    Column("relief", BigInteger, nullable=False),
    Column("accrued", BigInteger, nullable=False),
    Column("custody", JSONB, nullable=False),
    Column("inputs", Text, nullable=False),
    UniqueConstraint("contract", "run", name="settlements_one_each"),
    Index("settlements_by_month", "month", "name"),
    Index("settlements_by_customer", "customer", "month"),
)
"""The first figures are to date; ``custody`` is what moves, by instrument code."""

SETTLEMENT_ROWS = Table(
    "settlement_rows",
    METADATA,
    Column("contract", Text, primary_key=True),
    Column("run", Text, primary_key=True),
    Column("origin_month", Text, primary_key=True),
    Column("customer", Text, nullable=False),
    Column("tonnes", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("fees", BigInteger, nullable=False),
    Column("promised", BigInteger, nullable=False),
    Column("gain", BigInteger, nullable=False),
    Column("share", BigInteger, nullable=False),
    Column("relief", BigInteger, nullable=False),
    Column("accrued", BigInteger, nullable=False),
    Column("gain_net", BigInteger, nullable=False),
    Column("share_net", BigInteger, nullable=False),
    Column("tax", BigInteger, nullable=False),
)

POOL_ROWS = Table(
    "settlement_pool_rows",
    METADATA,
    Column("run", Text, ForeignKey("settlement.settlement_runs.name"), primary_key=True),
    Column("instrument", Text, primary_key=True),
    Column("side", Text, primary_key=True),
    Column("month", Text, nullable=False),
    Column("tonnes", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("fees", BigInteger, nullable=False),
)
