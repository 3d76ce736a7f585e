"""What every room's migration says of its tables: who may touch them, and which rows are seen."""

from alembic import op

from services.runtime.roles import APP_ROLE, EVERYONE_ROLE


def create_schema(schema: str) -> None:
    """Make a room's schema, which the app role may use and not change."""
    op.execute(f"CREATE SCHEMA {schema}")
    op.execute(f"GRANT USAGE ON SCHEMA {schema} TO {APP_ROLE}")


def grant(table: str, verbs: str) -> None:
    """Allow the app role some verbs on a table, such as ``"SELECT, INSERT"``."""
    op.execute(f"GRANT {verbs} ON {table} TO {APP_ROLE}")


def append_only(table: str) -> None:
    """Refuse to change or delete rows, whoever asks, by triggers."""
    name = table.replace(".", "_")
    for verb, level in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {name}_append_only_{level.lower()} BEFORE {verb} ON {table}"
            f" FOR EACH {level} EXECUTE FUNCTION runtime.refuse_change()"
        )


def customer_scope(table: str, column: str = "customer") -> None:
    """Show and accept only rows of customers within the caller's scope."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY customer_scope ON {table}"
        f" USING (runtime.may_see({column})) WITH CHECK (runtime.may_see({column}))"
    )
    everyone_scope(table)


def everyone_scope(table: str) -> None:
    """Show and accept all rows to callers that see every customer."""
    op.execute(
        f"CREATE POLICY everyone_scope ON {table} TO {EVERYONE_ROLE} USING (true) WITH CHECK (true)"
    )
