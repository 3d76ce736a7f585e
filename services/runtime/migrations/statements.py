"""What every room's migration says of its tables: who may touch them, and which rows are seen."""

from collections.abc import Iterable

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


def kept(table: str) -> None:
    """Refuse to delete rows, whoever asks; how they may change is told by others."""
    op.execute(
        f"CREATE TRIGGER {_trigger(table, 'kept')} BEFORE DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION runtime.refuse_change()"
    )


def states_in_order(table: str, *steps: str) -> None:
    """Let the state of a row take only some steps, such as ``"DRAFT>APPROVED"``, or none."""
    op.execute(
        f"CREATE TRIGGER {_trigger(table, 'order')} BEFORE UPDATE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION runtime.keep_states_in_order({_quoted(steps)})"
    )


def begins(table: str, condition: str) -> None:
    """Take only new rows for which a condition on ``NEW`` holds."""
    op.execute(
        f"CREATE TRIGGER {_trigger(table, 'begins')} BEFORE INSERT ON {table}"
        f" FOR EACH ROW WHEN (NOT ({condition})) EXECUTE FUNCTION runtime.refuse_beginning()"
    )


def only_changes(table: str, name: str, columns: str, *, when: str) -> None:
    """Let only some columns change of rows for which a condition on ``OLD`` holds; or none."""
    changing = [column.strip() for column in columns.split(",") if column.strip()]
    op.execute(
        f"CREATE TRIGGER {_trigger(table, name)} BEFORE UPDATE ON {table}"
        f" FOR EACH ROW WHEN ({when})"
        f" EXECUTE FUNCTION runtime.keep_all_but({_quoted(changing)})"
    )


def filled_in_once(table: str, columns: str) -> None:
    """Let only some columns change, each once, from nothing, false or an empty text."""
    filled = [column.strip() for column in columns.split(",")]
    op.execute(
        f"CREATE TRIGGER {_trigger(table, 'filled')} BEFORE UPDATE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION runtime.fill_in_once({_quoted(filled)})"
    )


def rows_of(table: str, runs: str, *, column: str = "run", calculated: bool = False) -> None:
    """Take new rows only of runs that calculate, or gave way meanwhile; or stand unsigned too."""
    states = ["CALCULATING", "SUPERSEDED", "FAILED", *(["CALCULATED"] if calculated else [])]
    op.execute(
        f"CREATE TRIGGER {_trigger(table, 'in_time')} AFTER INSERT ON {table} REFERENCING NEW TABLE"
        " AS fresh FOR EACH STATEMENT"
        f" EXECUTE FUNCTION runtime.refuse_late_rows({_quoted([runs, column, *states])})"
    )


def drop_guards(table: str, *names: str) -> None:
    """Take guards of a table back."""
    for name in names:
        op.execute(f"DROP TRIGGER {_trigger(table, name)} ON {table}")


def _trigger(table: str, name: str) -> str:
    return f"{table.replace('.', '_')}_{name}"


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
