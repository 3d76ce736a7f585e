"""A running service for the journeys."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.service import Service, running_service


@pytest.fixture
def service(fresh_database: str, tmp_path: Path) -> Iterator[Service]:
    """A service of this test alone."""
    with running_service(fresh_database, tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def module_service(
    module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """A service that the tests of one module share."""
    with running_service(module_database, tmp_path_factory.mktemp("service")) as running:
        yield running
