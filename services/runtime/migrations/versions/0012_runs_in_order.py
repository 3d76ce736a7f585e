"""Runs of every room go forwards only, and keep what they came to: by the database too."""

from alembic import op

from services.runtime.migrations.statements import (
    begins,
    drop_guards,
    filled_in_once,
    kept,
    only_changes,
    rows_of,
    states_in_order,
)
from services.runtime.roles import APP_ROLE

revision = "0012"
down_revision = "0011"

_SETTLEMENT, _BILLING = "settlement.settlement_runs", "billing.billing_runs"
_INCENTIVES, _VALUATIONS = "incentives.incentive_runs", "pricing.valuations"
_CALCULATED = ("CALCULATING>CALCULATED", "CALCULATING>FAILED")
_SIGNED = (
    *_CALCULATED,
    "CALCULATING>SUPERSEDED",
    "CALCULATED>SUPERSEDED",
    "CALCULATED>REVIEWED",
    "REVIEWED>SUPERSEDED",
    "REVIEWED>APPROVED",
)
_STEPS = {
    _SETTLEMENT: (*_SIGNED, "APPROVED>SUPERSEDED", "APPROVED>POSTED"),
    _BILLING: (*_SIGNED, "APPROVED>SUPERSEDED", "APPROVED>ISSUED"),
    _INCENTIVES: (*_SIGNED, "APPROVED>POSTED"),
    _VALUATIONS: _CALCULATED,
}
# What changes while a run calculates; what it was started with never does.
_RESULTS = {
    _SETTLEMENT: (
        "state, digest, inputs_version, failure, settlements, tonnes, gain, share, relief, gross,"
        " largest_line, sum_of_lines"
    ),
    _BILLING: (
        "state, digest, failure, done_count, invoice_count, credit_note_count, net_fen, tax_fen,"
        " gross_fen, largest_line_fen, sum_of_lines_fen"
    ),
    _INCENTIVES: (
        "state, digest, failure, result, target, excess, own_pool, pool, awarded, award_count,"
        " metrics, corrections, findings, explanation"
    ),
    _VALUATIONS: (
        "state, digest, failure, done_count, figures, scenarios, limits, findings, demand_cap_use"
    ),
}
# What changes when people sign, and when the run is carried out.
_SIGNATURES = {
    _SETTLEMENT: "state, posted_at",
    _BILLING: "state, approvals",
    _INCENTIVES: "state, approvals, journal_entry",
    _VALUATIONS: "",
}
_UNSIGNED = "NEW.state = 'CALCULATING' AND NEW.digest = ''"
_BEGINNINGS = {
    _SETTLEMENT: _UNSIGNED,
    # A month without customers has nothing to calculate.
    _BILLING: (
        "NEW.approvals = '[]' AND NEW.done_count = 0 AND (NEW.state = 'CALCULATING' AND"
        " NEW.digest = '' OR NEW.state = 'CALCULATED' AND NEW.chunk_count = 0)"
    ),
    _INCENTIVES: f"{_UNSIGNED} AND NEW.approvals = '[]' AND NEW.journal_entry = ''",
    _VALUATIONS: f"{_UNSIGNED} AND NEW.done_count = 0",
}
_CHUNKS = {
    "settlement.settlement_run_chunks": "digest, totals",
    "billing.run_chunks": "is_done",
    "pricing.valuation_chunks": "is_done, figures",
}
_FUNCTIONS = (
    "keep_states_in_order",
    "refuse_beginning",
    "keep_all_but",
    "fill_in_once",
    "refuse_late_rows",
)


def upgrade() -> None:
    """Create what guards them."""
    _create_functions()
    op.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA runtime TO {APP_ROLE}")
    for runs, steps in _STEPS.items():
        states_in_order(runs, *steps)
        begins(runs, _BEGINNINGS[runs])
        only_changes(runs, "started", _RESULTS[runs], when="OLD.state = 'CALCULATING'")
        signed = "OLD.state IN ('CALCULATED', 'REVIEWED', 'APPROVED')"
        only_changes(runs, "calculated", _SIGNATURES[runs], when=signed)
        ended = "OLD.state IN ('ISSUED', 'POSTED', 'SUPERSEDED', 'FAILED')"
        only_changes(runs, "ended", "", when=ended)
        kept(runs)
    for chunks, columns in _CHUNKS.items():
        filled_in_once(chunks, columns)
        kept(chunks)
    for table in ("settlements", "settlement_rows", "settlement_pool_rows"):
        rows_of(f"settlement.{table}", _SETTLEMENT)
    # Findings and awards come when the run is calculated.
    rows_of("settlement.settlement_run_findings", _SETTLEMENT, calculated=True)
    rows_of("incentives.awards", _INCENTIVES, calculated=True)
    for table in ("run_results", "run_findings"):
        rows_of(f"billing.{table}", _BILLING)
    for table in ("contract_values", "valuation_positions"):
        rows_of(f"pricing.{table}", _VALUATIONS, column="valuation")


def downgrade() -> None:
    """Drop it."""
    for runs in _STEPS:
        drop_guards(runs, "order", "begins", "started", "calculated", "ended", "kept")
    for chunks in _CHUNKS:
        drop_guards(chunks, "filled", "kept")
    for table in (
        "settlement.settlements",
        "settlement.settlement_rows",
        "settlement.settlement_pool_rows",
        "settlement.settlement_run_findings",
        "incentives.awards",
        "billing.run_results",
        "billing.run_findings",
        "pricing.contract_values",
        "pricing.valuation_positions",
    ):
        drop_guards(table, "in_time")
    for function in _FUNCTIONS:
        op.execute(f"DROP FUNCTION runtime.{function}()")


def _create_functions() -> None:
    _create_guard(
        "keep_states_in_order",
        """
        IF NEW.state <> OLD.state AND NOT OLD.state || '>' || NEW.state = ANY (TG_ARGV) THEN
            RAISE EXCEPTION '%.% never goes from % to %',
                TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.state, NEW.state
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
        """,
    )
    _create_guard(
        "refuse_beginning",
        """
        RAISE EXCEPTION 'a row of %.% does not begin so', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
        """,
    )
    _create_guard(
        "keep_all_but",
        """
        IF to_jsonb(NEW) - coalesce(TG_ARGV, '{}') <> to_jsonb(OLD) - coalesce(TG_ARGV, '{}') THEN
            RAISE EXCEPTION 'a row of %.% never changes so', TG_TABLE_SCHEMA, TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
        """,
    )
    _create_guard(
        "fill_in_once",
        """
        IF EXISTS (
            SELECT FROM jsonb_each(to_jsonb(OLD)) said
                JOIN jsonb_each(to_jsonb(NEW)) says USING (key)
            WHERE said.value <> says.value AND NOT (
                key = ANY (TG_ARGV) AND said.value IN ('null', 'false', '""'))
        ) THEN
            RAISE EXCEPTION 'what %.% says is never said again', TG_TABLE_SCHEMA, TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
        """,
    )
    # Arguments: the runs, the column that names one, and the states in which it takes rows. It
    # locks nothing: rows that a rival adds at the moment of the digest are found by comparing it.
    _create_guard(
        "refuse_late_rows",
        """
        EXECUTE format(
            'SELECT f.run FROM (SELECT DISTINCT %I AS run FROM fresh) f WHERE NOT EXISTS ('
            'SELECT FROM %s r WHERE r.name = f.run AND r.state = ANY ($1)) LIMIT 1',
            TG_ARGV[1], TG_ARGV[0]::regclass) INTO late USING TG_ARGV[2:];
        IF late IS NOT NULL THEN
            RAISE EXCEPTION '% takes no more rows of %.%', late, TG_TABLE_SCHEMA, TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NULL;
        """,
        declared="DECLARE late text;",
    )


def _create_guard(name: str, body: str, *, declared: str = "") -> None:
    op.execute(
        f"CREATE FUNCTION runtime.{name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ {declared} BEGIN {body} END $$"
    )
