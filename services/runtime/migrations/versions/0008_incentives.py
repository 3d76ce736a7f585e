"""The tables of incentives: schemes, who takes part, runs, awards."""

from alembic import op

from services.runtime.migrations.statements import append_only, create_schema, grant

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create them."""
    create_schema("incentives")
    _create_schemes()
    _create_assignments()
    _create_runs()
    _create_awards()


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP SCHEMA incentives CASCADE")


def _create_schemes() -> None:
    op.execute(
        """
        CREATE TABLE incentives.schemes (
            name text PRIMARY KEY,
            display_name text NOT NULL,
            kind text NOT NULL CHECK (kind IN ('EXCESS_PROFIT', 'POST_DIVIDEND')),
            effective_start date NOT NULL,
            effective_end date NOT NULL CHECK (effective_end > effective_start),
            annual_target bigint NOT NULL,
            rules jsonb NOT NULL,
            benchmarks jsonb NOT NULL,
            surrender_deadline text NOT NULL,
            surrender_source text NOT NULL,
            state text NOT NULL CHECK (state IN ('DRAFT', 'APPROVED')),
            maker text NOT NULL,
            approver text NOT NULL CHECK (approver <> maker),
            CHECK ((state = 'APPROVED') = (approver <> ''))
        )
        """
    )
    grant("incentives.schemes", "SELECT, INSERT")
    # An approved scheme is never edited: the rest of its columns cannot be updated at all.
    op.execute("GRANT UPDATE (state, approver) ON incentives.schemes TO tanheng_app")


def _create_assignments() -> None:
    op.execute(
        """
        CREATE TABLE incentives.assignment_versions (
            scheme text NOT NULL REFERENCES incentives.schemes (name),
            version integer NOT NULL CHECK (version > 0),
            assignment_count integer NOT NULL CHECK (assignment_count > 0),
            PRIMARY KEY (scheme, version)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE incentives.assignments (
            scheme text NOT NULL,
            version integer NOT NULL,
            staff_id text NOT NULL,
            subject text NOT NULL,
            role text NOT NULL,
            coefficient numeric NOT NULL CHECK (coefficient >= 0),
            individual_score numeric NOT NULL CHECK (individual_score >= 0),
            days_in_post integer NOT NULL CHECK (days_in_post >= 0),
            executive boolean NOT NULL,
            annual_pay bigint CHECK (annual_pay >= 0),
            in_other_plan boolean NOT NULL,
            PRIMARY KEY (scheme, version, staff_id),
            FOREIGN KEY (scheme, version)
                REFERENCES incentives.assignment_versions (scheme, version)
        )
        """
    )
    for table in ("assignment_versions", "assignments"):
        grant(f"incentives.{table}", "SELECT, INSERT")
        append_only(f"incentives.{table}")
    _person_scope("incentives.assignments")


def _create_runs() -> None:
    op.execute(
        """
        CREATE TABLE incentives.incentive_runs (
            name text PRIMARY KEY,
            scheme text NOT NULL REFERENCES incentives.schemes (name),
            cycle text NOT NULL,
            number integer NOT NULL CHECK (number > 0),
            state text NOT NULL,
            maker text NOT NULL,
            assignments_version integer NOT NULL,
            on_time_surrender numeric CHECK (on_time_surrender BETWEEN 0 AND 1),
            surrender_evidence text NOT NULL,
            created_at timestamptz NOT NULL,
            result bigint NOT NULL,
            target bigint NOT NULL,
            excess bigint NOT NULL CHECK (excess >= 0),
            own_pool bigint NOT NULL CHECK (own_pool >= 0),
            pool bigint NOT NULL CHECK (pool >= 0),
            awarded bigint NOT NULL CHECK (awarded BETWEEN 0 AND pool),
            award_count integer NOT NULL CHECK (award_count >= 0),
            metrics jsonb NOT NULL,
            corrections jsonb NOT NULL,
            findings jsonb NOT NULL,
            explanation jsonb NOT NULL,
            digest text NOT NULL,
            approvals jsonb NOT NULL,
            journal_entry text NOT NULL,
            failure text NOT NULL,
            CONSTRAINT incentive_runs_number_key UNIQUE (scheme, cycle, number)
        )
        """
    )
    grant("incentives.incentive_runs", "SELECT, INSERT, UPDATE")


def _create_awards() -> None:
    op.execute(
        """
        CREATE TABLE incentives.awards (
            name text PRIMARY KEY,
            run text NOT NULL REFERENCES incentives.incentive_runs (name),
            cycle text NOT NULL,
            staff_id text NOT NULL,
            subject text NOT NULL,
            assignment jsonb NOT NULL,
            weight numeric NOT NULL CHECK (weight >= 0),
            cap bigint CHECK (cap >= 0),
            amount bigint NOT NULL CHECK (amount >= 0),
            instalments jsonb NOT NULL,
            ineligible_reason text NOT NULL,
            explanation jsonb NOT NULL,
            CONSTRAINT awards_person_key UNIQUE (run, staff_id),
            CHECK (cap IS NULL OR amount <= cap)
        )
        """
    )
    op.execute("CREATE INDEX awards_subject ON incentives.awards (subject)")
    grant("incentives.awards", "SELECT, INSERT")
    append_only("incentives.awards")
    _person_scope("incentives.awards")


def _person_scope(table: str) -> None:
    """Show and accept rows of persons to those who may see persons, and each person their own."""
    seen = (
        "current_setting('app.sees_persons', true) = 'true'"
        " OR (subject <> '' AND subject = current_setting('app.subject', true))"
    )
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY person_scope ON {table} USING ({seen})"
        " WITH CHECK (current_setting('app.sees_persons', true) = 'true')"
    )
