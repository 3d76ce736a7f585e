"""The tables of incentives."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

METADATA = MetaData(schema="incentives")

SCHEMES = Table(
    "schemes",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("effective_start", Date, nullable=False),
    Column("effective_end", Date, nullable=False),
    Column("annual_target", BigInteger, nullable=False),
    Column("rules", JSONB, nullable=False),
    Column("benchmarks", JSONB, nullable=False),
    Column("surrender_deadline", Text, nullable=False),
    Column("surrender_source", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("approver", Text, nullable=False),
)

ASSIGNMENT_VERSIONS = Table(
    "assignment_versions",
    METADATA,
    Column("scheme", Text, ForeignKey(SCHEMES.c.name), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("assignment_count", Integer, nullable=False),
)

ASSIGNMENTS = Table(
    "assignments",
    METADATA,
    Column("scheme", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("staff_id", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("coefficient", Numeric, nullable=False),
    Column("individual_score", Numeric, nullable=False),
    Column("days_in_post", Integer, nullable=False),
    Column("executive", Boolean, nullable=False),
    Column("annual_pay", BigInteger),
    Column("in_other_plan", Boolean, nullable=False),
    ForeignKeyConstraint(
        ["scheme", "version"],
        [ASSIGNMENT_VERSIONS.c.scheme, ASSIGNMENT_VERSIONS.c.version],
    ),
)

RUNS = Table(
    "incentive_runs",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("scheme", Text, ForeignKey(SCHEMES.c.name), nullable=False),
    Column("cycle", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("assignments_version", Integer, nullable=False),
    Column("on_time_surrender", Numeric),
    Column("surrender_evidence", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("result", BigInteger, nullable=False),
    Column("target", BigInteger, nullable=False),
    Column("excess", BigInteger, nullable=False),
    Column("own_pool", BigInteger, nullable=False),
    Column("pool", BigInteger, nullable=False),
    Column("awarded", BigInteger, nullable=False),
    Column("award_count", Integer, nullable=False),
    Column("metrics", JSONB, nullable=False),
    Column("corrections", JSONB, nullable=False),
    Column("findings", JSONB, nullable=False),
    Column("explanation", JSONB, nullable=False),
    Column("digest", Text, nullable=False),
    Column("approvals", JSONB, nullable=False),
    Column("journal_entry", Text, nullable=False),
    Column("failure", Text, nullable=False),
    UniqueConstraint("scheme", "cycle", "number", name="incentive_runs_number_key"),
)

AWARDS = Table(
    "awards",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("run", Text, ForeignKey(RUNS.c.name), nullable=False),
    Column("cycle", Text, nullable=False),
    Column("staff_id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("assignment", JSONB, nullable=False),
    Column("weight", Numeric, nullable=False),
    Column("cap", BigInteger),
    Column("amount", BigInteger, nullable=False),
    Column("instalments", JSONB, nullable=False),
    Column("ineligible_reason", Text, nullable=False),
    Column("explanation", JSONB, nullable=False),
    UniqueConstraint("run", "staff_id", name="awards_person_key"),
    Index("awards_subject", "subject"),
)
