"""The logins of a deployment: what `roles.sh` makes is enough to migrate and to serve."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from services.bootstrap.house import ALL_METADATA
from services.runtime.database import libpq_url
from services.runtime.embedded_postgres import EmbeddedPostgres
from services.runtime.migrations import upgrade
from services.runtime.roles import APP_ROLE, EVERYONE_ROLE

SCRIPT = Path(__file__).resolve().parents[3] / "deploy" / "postgres" / "roles.sh"
DATABASE = "deployed"


def _statements() -> list[str]:
    """What the script runs, in a database of another name and with a password."""
    sql = SCRIPT.read_text("utf-8").split("<<'SQL'\n")[1].split("\nSQL")[0]
    named = re.sub(r":'\w+'", "'secret'", sql.replace("DATABASE tanheng ", f"DATABASE {DATABASE} "))
    return [statement for statement in named.split(";") if statement.strip()]


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[str]:
    """A PostgreSQL as an operator prepares it; the address is the superuser's."""
    with EmbeddedPostgres(tmp_path / "postgres", durable=False) as server:
        url = make_url(server.url).set(username="postgres")
        with psycopg.connect(
            libpq_url(url.render_as_string(hide_password=False)), autocommit=True
        ) as superuser:
            for statement in _statements():
                superuser.execute(statement.encode())
        yield url.set(database=DATABASE).render_as_string(hide_password=False)


def _as_login(url: str, login: str) -> str:
    """Connect as if by a login's own password, which peer authentication does not know."""
    options = {"options": f"-csession_authorization={login}"}
    return make_url(url).update_query_dict(options).render_as_string(hide_password=False)


def test_lets_the_owner_migrate_and_the_service_act_for_every_kind_of_caller(
    deployed: str,
) -> None:
    upgrade(_as_login(deployed, "tanheng_owner"), metadata=ALL_METADATA)
    with psycopg.connect(libpq_url(_as_login(deployed, "tanheng_service"))) as service:
        for role in (APP_ROLE, EVERYONE_ROLE):
            service.execute("SELECT set_config('role', %s, true)", [role])
            assert service.execute("SELECT count(*) FROM billing.customers").fetchone() == (0,)
            service.execute("INSERT INTO runtime.occurrences VALUES (%s, now())", [role])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            service.execute("DELETE FROM ledger.postings")
