"""The database that migrations make from nothing: the one that the code expects, and guarded."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.bootstrap.house import ALL_METADATA
from services.runtime.migrations import downgrade, upgrade
from services.runtime.roles import APP_ROLE, EVERYONE_ROLE
from tests.support import postgres

_TABLES = """
    SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relrowsecurity, c.relowner
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
"""
# What was said is never unsaid: not by the app role, and not by the owner's mistake either.
_APPEND_ONLY = {
    "audit.records",
    "audit.seals",
    "billing.asset_scales",
    "billing.parameters",
    "billing.run_findings",
    "billing.run_results",
    "incentives.assignment_versions",
    "incentives.assignments",
    "incentives.awards",
    "ledger.journal_entries",
    "ledger.postings",
    "pricing.contract_values",
    "pricing.fee_schedule_revisions",
    "pricing.fee_schedules",
    "pricing.price_points",
    "pricing.price_series",
    "pricing.quotes",
    "pricing.revision_approvals",
    "pricing.valuation_positions",
    "settlement.finding_waivers",
    "settlement.promised_prices",
    "settlement.settlement_pool_rows",
    "settlement.settlement_rows",
    "settlement.settlement_run_approvals",
    "settlement.settlement_run_findings",
    "settlement.settlements",
    "settlement.trades",
}

# Nothing in these is of one customer or one person: rules, prices, states and sums over all.
_OF_NOBODY = {
    "audit.seals",
    "billing.billing_runs",
    "billing.document_numbers",
    "billing.parameters",
    "incentives.assignment_versions",
    "incentives.incentive_runs",
    "incentives.schemes",
    "ledger.awaited_legs",
    "ledger.ledger_accounts",
    "ledger.months",
    "pricing.fee_schedules",
    "pricing.price_points",
    "pricing.price_series",
    "pricing.quotes",
    "pricing.revision_approvals",
    "pricing.valuation_chunks",
    "pricing.valuations",
    "runtime.occurrences",
    "settlement.settlement_pool_rows",
    "settlement.settlement_run_approvals",
    "settlement.settlement_runs",
}


@pytest.fixture(scope="module")
def connection(module_database: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(module_database)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def test_migrations_make_the_tables_of_the_code(connection: sa.Connection) -> None:
    ours = {metadata.schema for metadata in ALL_METADATA}

    def within(name: str | None, kind: str, parents: object) -> bool:
        del parents
        return kind != "schema" or name in ours

    options = {"include_schemas": True, "include_name": within}
    context = MigrationContext.configure(connection, opts=options)
    assert compare_metadata(context, list(ALL_METADATA)) == []  # type: ignore[arg-type]


def test_migrations_can_be_taken_back_and_made_again(
    database_url: str, migrated_template: str
) -> None:
    with postgres.new_database(database_url) as url:
        upgrade(url, metadata=ALL_METADATA)
        downgrade(url, revision="base")
        assert _schemas(url) == {"public"}
        upgrade(url, metadata=ALL_METADATA)
        assert {metadata.schema for metadata in ALL_METADATA} <= _schemas(url)


def _schemas(url: str) -> set[str]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_schema_names()
    return {name for name in names if name != "information_schema"}


@pytest.mark.parametrize("name", [APP_ROLE, EVERYONE_ROLE])
def test_the_roles_of_the_house_own_nothing_and_are_below_every_rule(
    name: str, connection: sa.Connection
) -> None:
    role = connection.execute(
        sa.text("SELECT * FROM pg_roles WHERE rolname = :role"), {"role": name}
    ).one()
    assert not any((role.rolsuper, role.rolbypassrls, role.rolcreaterole, role.rolcreatedb))
    owned = sa.text("SELECT count(*) FROM pg_shdepend WHERE refobjid = :oid AND deptype = 'o'")
    assert connection.scalar(owned, {"oid": role.oid}) == 0


def test_every_table_with_a_customer_shows_only_rows_in_scope(connection: sa.Connection) -> None:
    open_to_all = connection.scalars(
        sa.text(
            f"SELECT name FROM ({_TABLES}) tables JOIN pg_attribute a ON a.attrelid = tables.oid"  # noqa: S608  our own words
            " WHERE a.attname = 'customer' AND NOT a.attisdropped AND NOT (relrowsecurity AND"
            " EXISTS (SELECT FROM pg_policy WHERE polrelid = tables.oid))"
        )
    ).all()
    assert not open_to_all


def test_every_table_shows_rows_in_scope_or_holds_nothing_of_one(
    connection: sa.Connection,
) -> None:
    schemas = [metadata.schema for metadata in ALL_METADATA] + ["runtime"]
    open_to_all = connection.scalars(
        sa.text(
            f"SELECT name FROM ({_TABLES}) tables WHERE NOT relrowsecurity"  # noqa: S608  our own words
            " AND split_part(name, '.', 1) = ANY (:schemas)"
        ),
        {"schemas": schemas},
    ).all()
    assert set(open_to_all) == _OF_NOBODY


def test_every_table_of_awards_shows_a_person_only_their_own(connection: sa.Connection) -> None:
    open_to_all = connection.scalars(
        sa.text(
            f"SELECT name FROM ({_TABLES}) tables JOIN pg_attribute a ON a.attrelid = tables.oid"  # noqa: S608  our own words
            " WHERE name LIKE 'incentives.award%' AND a.attname IN ('subject', 'person', 'staff')"
            " AND NOT relrowsecurity"
        )
    ).all()
    assert not open_to_all


def test_what_was_said_cannot_be_changed(connection: sa.Connection) -> None:
    """Bits of ``tgtype``: 8 delete, 16 update, 32 truncate."""
    guarded = connection.execute(
        sa.text(
            f"SELECT name, bit_or(t.tgtype::integer) & 56 AS verbs FROM ({_TABLES}) tables"  # noqa: S608  our own words
            " JOIN pg_trigger t ON t.tgrelid = tables.oid"
            " WHERE t.tgfoid = 'runtime.refuse_change'::regproc AND t.tgenabled <> 'D'"
            " GROUP BY name"
        )
    ).all()
    assert {row.name for row in guarded if row.verbs == 56} >= _APPEND_ONLY


@pytest.mark.parametrize("table", ["billing.invoices", "billing.credit_notes"])
def test_a_document_is_frozen_when_it_is_issued(table: str, connection: sa.Connection) -> None:
    guards = connection.scalars(
        sa.text(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass)"
            " AND tgfoid = 'billing.freeze_document'::regproc AND tgenabled <> 'D'"
        ),
        {"table": table},
    ).all()
    assert guards


def test_the_app_role_may_never_truncate(connection: sa.Connection) -> None:
    may = connection.scalars(
        sa.text(
            f"SELECT name FROM ({_TABLES}) tables"  # noqa: S608  our own words
            " WHERE has_table_privilege(:role, oid, 'TRUNCATE')"
        ),
        {"role": EVERYONE_ROLE},
    ).all()
    assert not may


def test_what_acts_as_the_owner_is_nobody_elses_to_use(connection: sa.Connection) -> None:
    """Such a function looks up names where it was told to, and no role may call or attach it."""
    loose = connection.scalars(
        sa.text(
            "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.prosecdef"
            " AND p.pronamespace::regnamespace::text = ANY (:schemas)"
            " AND (has_function_privilege(:role, p.oid, 'EXECUTE') OR NOT EXISTS ("
            "SELECT FROM unnest(p.proconfig) setting WHERE setting LIKE 'search_path=%'))"
        ),
        {"schemas": ["runtime", *(m.schema for m in ALL_METADATA)], "role": EVERYONE_ROLE},
    ).all()
    assert not loose


def test_every_view_sees_with_the_eyes_of_its_reader(connection: sa.Connection) -> None:
    blind = connection.scalars(
        sa.text(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n"
            " ON n.oid = c.relnamespace WHERE c.relkind = 'v' AND n.nspname = ANY (:schemas)"
            " AND NOT coalesce('security_invoker=true' = ANY (c.reloptions)"
            " OR 'security_invoker=on' = ANY (c.reloptions), false)"
        ),
        {"schemas": [metadata.schema for metadata in ALL_METADATA]},
    ).all()
    assert not blind
