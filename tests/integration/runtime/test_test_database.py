"""The PostgreSQL that the tests themselves run on."""

import pytest
import sqlalchemy as sa

from tests.support.postgres import Database, new_database


def _ask(url: str, question: str) -> object:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return connection.execute(sa.text(question)).scalar()


def test_owner_role_is_bound_by_row_security(database_url: str) -> None:
    """It has the rights that it has in production: not those of a superuser."""
    question = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    assert _ask(database_url, question) is False


def test_a_new_database_is_gone_after_its_block(database_url: str) -> None:
    with new_database(database_url) as url:
        name = _ask(url, "SELECT current_database()")
    question = f"SELECT count(*) FROM pg_database WHERE datname = '{name}'"  # noqa: S608
    assert _ask(database_url, question) == 0


@pytest.mark.container
def test_a_container_serves_over_the_network(container: Database) -> None:
    assert _ask(container.url, "SELECT inet_server_port()") == 5432


@pytest.mark.container
def test_a_container_has_at_least_the_oldest_version(container: Database) -> None:
    assert int(str(_ask(container.url, "SHOW server_version_num"))) >= 150000
