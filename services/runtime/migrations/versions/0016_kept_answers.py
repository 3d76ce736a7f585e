"""Answers once given, and places in the audit trail, are nobody's to choose: by the database."""

from alembic import op

from services.runtime.migrations.statements import drop_guards, everyone_scope, grant
from services.runtime.roles import APP_ROLE

revision = "0016"
down_revision = "0015"

# `number` and `transaction` are the database's own word: they say when a record was written.
_SAID = (
    "recorded_at, principal, roles, method, resource, outcome, request_digest, request_id, detail"
)


def upgrade() -> None:
    """Create what guards them."""
    _keep_requests()
    _keep_occurrences()
    _keep_the_chain_whole()


def downgrade() -> None:
    """Drop it."""
    drop_guards("audit.seals", "linked")
    op.execute("DROP FUNCTION audit.refuse_loose_seal()")
    drop_guards("runtime.occurrences", "remembered", "not_truncated")
    drop_guards("runtime.requests", "remembered", "answered", "not_truncated")
    for policy in ("everyone_scope", "subject_scope"):
        op.execute(f"DROP POLICY {policy} ON runtime.requests")
    op.execute("ALTER TABLE runtime.requests DISABLE ROW LEVEL SECURITY")
    grant("audit.records", "INSERT")
    grant("runtime.requests", "INSERT, UPDATE")
    grant("runtime.occurrences", "INSERT")


def _keep_requests() -> None:
    _narrow("runtime.requests", "INSERT, UPDATE")
    grant("runtime.requests", "INSERT (subject, method, request_id, digest)")
    grant("runtime.requests", "UPDATE (answer, answer_type)")
    # An answer may say anything of its caller's customers.
    op.execute("ALTER TABLE runtime.requests ENABLE ROW LEVEL SECURITY")
    own = "subject = runtime.current_subject()"
    op.execute(f"CREATE POLICY subject_scope ON runtime.requests USING ({own}) WITH CHECK ({own})")
    everyone_scope("runtime.requests")
    given = "subject, method, request_id, digest, recorded_at"
    before, after = (", ".join(f"{row}.{c}" for c in given.split(", ")) for row in ("OLD", "NEW"))
    op.execute(
        "CREATE TRIGGER runtime_requests_answered BEFORE UPDATE ON runtime.requests FOR EACH ROW"
        f" WHEN (OLD.answer IS NOT NULL OR ({before}) <> ({after}))"
        " EXECUTE FUNCTION runtime.refuse_change()"
    )
    _remember("runtime.requests", "recorded_at")


def _keep_occurrences() -> None:
    _narrow("runtime.occurrences", "INSERT")
    grant("runtime.occurrences", "INSERT (job, due_at)")
    _remember("runtime.occurrences", "due_at")


def _remember(table: str, moment: str) -> None:
    """Let nothing be forgotten that may come again: the service forgets after 90 days."""
    name = table.replace(".", "_")
    op.execute(
        f"CREATE TRIGGER {name}_remembered BEFORE DELETE ON {table} FOR EACH ROW"
        f" WHEN (OLD.{moment} > now() - interval '89 days')"
        " EXECUTE FUNCTION runtime.refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {name}_not_truncated BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION runtime.refuse_change()"
    )


def _keep_the_chain_whole() -> None:
    _narrow("audit.records", "INSERT")
    grant("audit.records", f"INSERT ({_SAID})")
    # That a hash is right is for the verification to say.
    op.execute(
        """
        CREATE FUNCTION audit.refuse_loose_seal() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE loose bigint;
        BEGIN
            SELECT f.position INTO loose FROM fresh f
                WHERE NOT EXISTS (SELECT FROM audit.records r WHERE r.number = f.number)
                    OR f.position > 1 AND NOT EXISTS (
                        SELECT FROM audit.seals s WHERE s.position = f.position - 1)
                LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'seal % is linked to nothing', loose
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER audit_seals_linked AFTER INSERT ON audit.seals REFERENCING NEW TABLE AS"
        " fresh FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_loose_seal()"
    )


def _narrow(table: str, verbs: str) -> None:
    op.execute(f"REVOKE {verbs} ON {table} FROM {APP_ROLE}")
