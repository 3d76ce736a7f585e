"""The roles, what the database itself enforces, request ids, the clock's memory, the queue."""

from pathlib import Path

from alembic import op
from sqlalchemy import text

from services.runtime.migrations.statements import create_schema, grant
from services.runtime.roles import APP_ROLE, EVERYONE_ROLE

revision = "0001"
down_revision = None

_QUEUE_SQL = Path(__file__).with_name("0001_procrastinate.sql")


def upgrade() -> None:
    """Create them."""
    _create_roles()
    create_schema("runtime")
    _create_guards()
    _create_tables()
    _create_queue()


def downgrade() -> None:
    """Drop them; the role stays, since other databases of the server may use it."""
    op.execute("DROP SCHEMA jobs CASCADE")
    op.execute("DROP SCHEMA runtime CASCADE")


def _create_roles() -> None:
    # NOLOGIN: connections become the app role by an option, so it needs no password. Roles belong
    # to the whole server: another database of it may have made these, even at this moment.
    op.execute(
        f"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
                CREATE ROLE {APP_ROLE} NOLOGIN NOBYPASSRLS;
            END IF;
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{EVERYONE_ROLE}') THEN
                CREATE ROLE {EVERYONE_ROLE} NOLOGIN NOBYPASSRLS INHERIT;
                GRANT {APP_ROLE} TO {EVERYONE_ROLE};
            END IF;
            IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
                EXECUTE format('GRANT {APP_ROLE}, {EVERYONE_ROLE} TO %I', current_user);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- made by a rival at the same moment
        END $$
        """  # noqa: S608 - a constant of ours
    )
    op.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    op.execute(
        f"DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO {APP_ROLE}',"
        " current_database()); END $$"
    )


def _create_guards() -> None:
    op.execute(
        """
        CREATE FUNCTION runtime.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '%.% is append-only; correct a row by a new one',
                TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    # Not set means no scope: nothing is seen. Plain SQL, so that the planner sees through it.
    op.execute(
        """
        CREATE FUNCTION runtime.may_see(customer text) RETURNS boolean
        LANGUAGE sql STABLE PARALLEL SAFE AS $$
            SELECT current_setting('app.scope', true) = '*'
                OR customer = ANY (string_to_array(current_setting('app.scope', true), ','))
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION runtime.current_subject() RETURNS text
        LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT current_setting('app.subject', true) $$
        """
    )
    op.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA runtime TO {APP_ROLE}")


def _create_tables() -> None:
    op.execute(
        """
        CREATE TABLE runtime.requests (
            subject text NOT NULL,
            method text NOT NULL,
            request_id uuid NOT NULL,
            digest bytea NOT NULL,
            answer bytea,
            answer_type text,
            recorded_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (subject, method, request_id)
        )
        """
    )
    grant("runtime.requests", "SELECT, INSERT, UPDATE, DELETE")
    op.execute(
        """
        CREATE TABLE runtime.occurrences (
            job text NOT NULL,
            due_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (job, due_at)
        )
        """
    )
    grant("runtime.occurrences", "SELECT, INSERT, DELETE")


def _create_queue() -> None:
    op.execute("CREATE SCHEMA jobs")
    op.execute("SET LOCAL search_path TO jobs")
    op.execute(text(_QUEUE_SQL.read_text(encoding="utf-8").replace(":", r"\:")))
    op.execute("SET LOCAL search_path TO DEFAULT")
    op.execute(f"GRANT USAGE ON SCHEMA jobs TO {APP_ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO {APP_ROLE}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO {APP_ROLE}")
    op.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO {APP_ROLE}")
