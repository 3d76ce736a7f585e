"""What the database refuses to valuations, whatever the code forgets."""

import pytest

from services.kernel.authority import SYSTEM
from services.runtime.database import open_engine
from services.runtime.unit_of_work import Transactions, acting_as
from tests.builders.portfolio import DAY
from tests.integration.pricing.test_valuations_in_postgres import SAID, Desk
from tests.support.tampering import assert_refused, copy_of


@pytest.fixture(scope="module", autouse=True)
def _valued(module_database: str) -> None:
    """Value the contracts of a day, with all chunks."""
    engine = open_engine(module_database, pool_size=4)
    with acting_as(SYSTEM):
        desk = Desk(Transactions(engine))
        desk.start(as_of=DAY, every=True, scenario=SAID)
        desk.finish()
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pricing.valuations SET state = 'CALCULATING', figures = NULL, digest = ''",
        "UPDATE pricing.valuations SET findings = '[\"x\"]'",
        "UPDATE pricing.valuation_chunks SET is_done = false",
        "UPDATE pricing.valuation_chunks SET figures = '{}'",
        "DELETE FROM pricing.valuations",
        copy_of("pricing.valuations", {"name": "valuations/x", "number": 9}),
        copy_of("pricing.contract_values", {"contract": "contracts/x"}),
        copy_of("pricing.valuation_positions", {"contract": "contracts/x"}),
    ],
)
def test_never_changes_what_was_valued(module_database: str, statement: str) -> None:
    said = "never goes|never changes|never said again|append-only|does not begin|no more rows"
    assert_refused(module_database, statement, match=said)
