"""A database that this version cannot bring up to date."""

import pytest
import sqlalchemy as sa

from services.runtime.migrations import DatabaseNewer, upgrade
from tests.support import postgres


def test_leaves_the_database_of_a_newer_version_alone(
    database_url: str, migrated_template: str
) -> None:
    with postgres.new_database(database_url, template=migrated_template) as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE schema_version SET version_num = '9999'"))
        with pytest.raises(DatabaseNewer, match="shape 9999 by a newer version"):
            upgrade(url)
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT version_num FROM schema_version")) == "9999"
