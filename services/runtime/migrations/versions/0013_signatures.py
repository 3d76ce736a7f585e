"""Nothing is approved, issued or posted without its signatures: by the database too."""

from alembic import op

from services.runtime.migrations.statements import drop_guards

revision = "0013"
down_revision = "0012"

_SETTLEMENT, _BILLING = "settlement.settlement_runs", "billing.billing_runs"
_INCENTIVES = "incentives.incentive_runs"
_APPROVED = "NEW.state = 'APPROVED' AND OLD.state <> 'APPROVED'"


def upgrade() -> None:
    """Create what guards it."""
    _keep_signatures()
    _keep_settlement_signatures()
    _refuse_blocked("settlement", "settlement_runs", "settlement_run_findings")
    _refuse_blocked("billing", "billing_runs", "run_findings")
    _require_awards()


def downgrade() -> None:
    """Drop it."""
    drop_guards(_SETTLEMENT, "blocked", "signed")
    drop_guards("settlement.settlement_run_approvals", "by_others")
    drop_guards(_BILLING, "blocked", "signed")
    drop_guards(_INCENTIVES, "awarded", "signed")
    for function in (
        "settlement.refuse_blocked",
        "settlement.require_signatures",
        "settlement.refuse_own_signature",
        "billing.refuse_blocked",
        "incentives.require_awards",
        "runtime.keep_signatures",
    ):
        op.execute(f"DROP FUNCTION {function}()")


def _keep_signatures() -> None:
    """Keep signatures that a run has in a column of its own."""
    op.execute(
        """
        CREATE FUNCTION runtime.keep_signatures() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            before integer := jsonb_array_length(OLD.approvals);
            signed integer := jsonb_array_length(NEW.approvals);
            kept jsonb;
            sound boolean;
        BEGIN
            SELECT coalesce(jsonb_agg(one ORDER BY place) FILTER (WHERE place <= before), '[]'),
                   count(*) = count(DISTINCT one ->> 'principal')
                   AND coalesce(bool_and(
                       one ->> 'principal' <> NEW.maker AND one ->> 'digest' = NEW.digest), true)
                INTO kept, sound
                FROM jsonb_array_elements(NEW.approvals) WITH ORDINALITY AS each (one, place);
            IF NOT sound OR kept <> OLD.approvals
                OR (signed > before AND NEW.state NOT IN ('REVIEWED', 'APPROVED'))
                OR (signed < 1 AND NEW.state = 'REVIEWED')
                OR (signed < 2 AND NEW.state IN ('APPROVED', 'ISSUED', 'POSTED'))
            THEN
                RAISE EXCEPTION '% is not signed so', OLD.name
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    for runs in (_BILLING, _INCENTIVES):
        op.execute(
            f"CREATE TRIGGER {runs.replace('.', '_')}_signed BEFORE UPDATE ON {runs}"
            " FOR EACH ROW EXECUTE FUNCTION runtime.keep_signatures()"
        )


def _keep_settlement_signatures() -> None:
    """Keep those of settlement runs, which are rows, written after the run has its new state."""
    op.execute(
        """
        CREATE FUNCTION settlement.refuse_own_signature() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE refused text;
        BEGIN
            SELECT f.run INTO refused FROM fresh f
                WHERE NOT EXISTS (
                    SELECT FROM settlement.settlement_runs r
                    WHERE r.name = f.run AND r.maker <> f.principal AND r.digest = f.digest
                        AND r.state IN ('REVIEWED', 'APPROVED'))
                LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION '% is not signed so', refused USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER settlement_settlement_run_approvals_by_others AFTER INSERT"
        " ON settlement.settlement_run_approvals REFERENCING NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_own_signature()"
    )
    op.execute(
        """
        CREATE FUNCTION settlement.require_signatures() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (SELECT count(*) FROM settlement.settlement_run_approvals a
                WHERE a.run = NEW.name) < 1 + (NEW.state = 'POSTED')::integer
            THEN
                RAISE EXCEPTION '% is not signed so', NEW.name USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER settlement_settlement_runs_signed BEFORE UPDATE ON {_SETTLEMENT}"
        " FOR EACH ROW"
        " WHEN (NEW.state <> OLD.state AND NEW.state IN ('APPROVED', 'POSTED'))"
        " EXECUTE FUNCTION settlement.require_signatures()"
    )


def _refuse_blocked(schema: str, runs: str, findings: str) -> None:
    """Approve no run with a blocking finding, even one that the approver is not shown."""
    op.execute(
        f"""
        CREATE FUNCTION {schema}.refuse_blocked() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            IF EXISTS (SELECT FROM {schema}.{findings} f
                       WHERE f.run = NEW.name AND f.severity = 'RUN_BLOCKING') THEN
                RAISE EXCEPTION '% has blocking findings', NEW.name
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(f"REVOKE EXECUTE ON FUNCTION {schema}.refuse_blocked() FROM PUBLIC")
    op.execute(
        f"CREATE TRIGGER {schema}_{runs}_blocked BEFORE UPDATE ON {schema}.{runs}"
        f" FOR EACH ROW WHEN ({_APPROVED}) EXECUTE FUNCTION {schema}.refuse_blocked()"
    )


def _require_awards() -> None:
    """Approve no incentive run whose awards, which its approver is not shown, are others."""
    op.execute(
        """
        CREATE FUNCTION incentives.require_awards() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            IF NEW.findings @> '[{"severity": "RUN_BLOCKING"}]' THEN
                RAISE EXCEPTION '% has blocking findings', NEW.name
                    USING ERRCODE = 'restrict_violation';
            END IF;
            IF (SELECT coalesce(sum(a.amount), 0) FROM incentives.awards a
                WHERE a.run = NEW.name) <> NEW.awarded THEN
                RAISE EXCEPTION 'the awards of % are not those that it sums up', NEW.name
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute("REVOKE EXECUTE ON FUNCTION incentives.require_awards() FROM PUBLIC")
    op.execute(
        f"CREATE TRIGGER incentives_incentive_runs_awarded BEFORE UPDATE ON {_INCENTIVES}"
        f" FOR EACH ROW WHEN ({_APPROVED}) EXECUTE FUNCTION incentives.require_awards()"
    )
