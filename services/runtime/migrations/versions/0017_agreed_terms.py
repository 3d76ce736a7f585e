"""What was agreed, and each version of what is known, stays as it was said: by the database too."""

from alembic import op

from services.runtime.migrations.statements import (
    drop_guards,
    grant,
    kept,
    only_changes,
    states_in_order,
)
from services.runtime.roles import APP_ROLE

revision = "0017"
down_revision = "0016"

# What each version is of, and what may not go back from one to the next. Machines whose clocks
# differ, or that waited for each other, may record within the hour in another order.
_MOMENT = "b.recorded_at <= f.recorded_at + interval ''1 hour''"
_VERSIONED = {
    "billing.asset_scales": ("customer, year", _MOMENT),
    "pricing.price_points": ("series, date", _MOMENT),
    "settlement.trades": ("name", f"{_MOMENT} AND b.booking_month <= f.booking_month"),
}
_CONTRACTS, _SCHEMES = "settlement.contracts", "incentives.schemes"


def upgrade() -> None:
    """Create what guards it."""
    _keep_contracts()
    _keep_schemes()
    _keep_customers()
    _keep_versions()
    # Parameters come with a migration; no method of the service sets one.
    op.execute(f"REVOKE INSERT ON billing.parameters FROM {APP_ROLE}")


def downgrade() -> None:
    """Drop it."""
    grant("billing.parameters", "INSERT")
    for table in _VERSIONED:
        drop_guards(table, "versioned")
    op.execute("DROP FUNCTION runtime.refuse_version_apart()")
    drop_guards("billing.customers", "given", "kept")
    drop_guards("billing.customer_classes", "given", "kept")
    op.execute("DROP POLICY begins_as_draft ON settlement.contracts")
    op.execute("DROP POLICY of_draft ON settlement.promised_prices")
    op.execute("ALTER TABLE settlement.contracts DROP CONSTRAINT contracts_approved")
    op.execute("DROP TRIGGER assignments_complete ON incentives.assignments")
    op.execute("DROP FUNCTION incentives.refuse_more_people()")
    drop_guards(_SCHEMES, "begins")
    for table in (_CONTRACTS, _SCHEMES):
        drop_guards(table, "order", "draft", "agreed", "kept")


def _keep_contracts() -> None:
    states_in_order(_CONTRACTS, "DRAFT>APPROVED", "APPROVED>TERMINATED")
    only_changes(_CONTRACTS, "draft", "state, approved_by, approved_at", when=_draft("="))
    only_changes(_CONTRACTS, "agreed", "state", when=_draft("<>"))
    kept(_CONTRACTS)
    op.execute(
        "ALTER TABLE settlement.contracts ADD CONSTRAINT contracts_approved CHECK ("
        "(state = 'DRAFT') = (approved_by = '') AND (approved_by = '') = (approved_at IS NULL))"
    )
    # The service begins with drafts; the owner may bring in a book of contracts in force.
    op.execute(
        "CREATE POLICY begins_as_draft ON settlement.contracts AS RESTRICTIVE FOR INSERT"
        " WITH CHECK (state = 'DRAFT')"
    )
    op.execute(
        "CREATE POLICY of_draft ON settlement.promised_prices AS RESTRICTIVE FOR INSERT"
        " WITH CHECK (EXISTS (SELECT FROM settlement.contracts c WHERE c.name = contract"
        " AND c.customer = promised_prices.customer AND c.state = 'DRAFT'))"
    )


def _keep_schemes() -> None:
    states_in_order(_SCHEMES, "DRAFT>APPROVED")
    only_changes(_SCHEMES, "draft", "state, approver", when=_draft("="))
    only_changes(_SCHEMES, "agreed", "", when=_draft("<>"))
    kept(_SCHEMES)
    op.execute(
        "CREATE TRIGGER incentives_schemes_begins BEFORE INSERT ON incentives.schemes"
        " FOR EACH ROW WHEN (NEW.state <> 'DRAFT') EXECUTE FUNCTION runtime.refuse_beginning()"
    )
    # Whoever may write people sees them all, so that the count is right.
    op.execute(
        """
        CREATE FUNCTION incentives.refuse_more_people() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE refused text;
        BEGIN
            SELECT v.scheme INTO refused FROM incentives.assignment_versions v
                WHERE (v.scheme, v.version) IN (SELECT f.scheme, f.version FROM fresh f)
                    AND v.assignment_count <> (
                        SELECT count(*) FROM incentives.assignments a
                        WHERE a.scheme = v.scheme AND a.version = v.version)
                LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'the people of % are not those it was said to have', refused
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER assignments_complete AFTER INSERT ON incentives.assignments REFERENCING"
        " NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION incentives.refuse_more_people()"
    )


def _keep_customers() -> None:
    changing = (
        "display_name, kind, parent, tax_number, registry_account, service_start_date,"
        " service_end_date, version, updated_at"
    )
    only_changes("billing.customers", "given", changing, when="true")
    only_changes("billing.customer_classes", "given", "customer_class", when="true")
    for table in ("billing.customers", "billing.customer_classes"):
        kept(table)


def _keep_versions() -> None:
    """Let each version follow the one before it, and be dated back before none."""
    op.execute(
        """
        CREATE FUNCTION runtime.refuse_version_apart() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE apart boolean;
        BEGIN
            EXECUTE format(
                'SELECT EXISTS (SELECT FROM fresh f WHERE f.version > 1 AND NOT EXISTS ('
                'SELECT FROM %s b WHERE (%s) = (%s) AND b.version = f.version - 1 AND %s))',
                TG_RELID::regclass, TG_ARGV[0], TG_ARGV[1], TG_ARGV[2]) INTO apart;
            IF apart THEN
                RAISE EXCEPTION 'a version of %.% does not follow the one before it',
                    TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    for table, (key, forwards) in _VERSIONED.items():
        before, after = (", ".join(f"{row}.{c}" for c in key.split(", ")) for row in "bf")
        op.execute(
            f"CREATE TRIGGER {table.replace('.', '_')}_versioned AFTER INSERT ON {table}"
            " REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT"
            f" EXECUTE FUNCTION runtime.refuse_version_apart('{before}', '{after}', '{forwards}')"
        )


def _draft(sign: str) -> str:
    return f"OLD.state {sign} 'DRAFT'"
