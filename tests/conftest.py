"""What every ring of the tests may ask for."""

from collections.abc import Iterator

import pytest
import structlog

from tests.support import postgres

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))  # errors only

_database = pytest.StashKey[postgres.Database]()


@pytest.fixture(scope="session")
def database(pytestconfig: pytest.Config) -> Iterator[postgres.Database]:
    """A PostgreSQL for the whole run."""
    with postgres.running_database() as running:
        pytestconfig.stash[_database] = running
        yield running


@pytest.fixture(scope="session")
def database_url(database: postgres.Database) -> str:
    """The address of that PostgreSQL, for the role that owns the schema; its database is empty."""
    return database.url


@pytest.fixture(scope="session")
def container(database: postgres.Database) -> postgres.Database:
    """The PostgreSQL in a container; the test is skipped where no engine answers."""
    if database.kind != "container":
        pytest.skip(str(database))
    return database


@pytest.fixture(scope="session")
def migrated_template(database_url: str) -> Iterator[str]:
    """The name of a migrated database that nobody uses, to be copied."""
    with postgres.new_database(database_url) as url:
        postgres.migrate(url)
        yield url.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def fresh_database(database_url: str, migrated_template: str) -> Iterator[str]:
    """The address of a migrated database of this test alone."""
    with postgres.new_database(database_url, template=migrated_template) as url:
        yield url


@pytest.fixture(scope="module")
def module_database(database_url: str, migrated_template: str) -> Iterator[str]:
    """The address of a migrated database that the tests of one module share."""
    with postgres.new_database(database_url, template=migrated_template) as url:
        yield url


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say which PostgreSQL it was."""
    terminalreporter.write_line(str(config.stash.get(_database, "database: none was needed")))
