"""Whom the database shows what settlement found: nobody sees a finding about another customer."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from services.kernel.authority import SYSTEM, Principal
from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.period import Month
from services.runtime.database import open_engine
from services.runtime.unit_of_work import acting_as, current_connection
from tests.builders.settlement import contract
from tests.support.settlement_office import Office, open_office

MARCH = Month(2025, 3)
PLANT = contract()
OTHER = contract(
    name=ContractName("contracts/yueyang-2025"), customer=CustomerName("customers/yueyang")
)
_SUBJECTS = (PLANT.name, OTHER.name, "months/2025-03", "trades/x")
_FIND = text(
    "INSERT INTO settlement.settlement_run_findings SELECT r.name, f.place, 'SUBJECT_HELD', 'X',"
    " f.subject, 'x', 'x' FROM settlement.settlement_runs r,"
    " unnest(CAST(:subjects AS text[])) WITH ORDINALITY AS f (subject, place)"
)
_WAIVE = text(
    "INSERT INTO settlement.finding_waivers SELECT '2025-03', 'X', subject, 'x', 'li', now()"
    " FROM unnest(CAST(:subjects AS text[])) AS f (subject)"
)


@pytest.fixture(scope="module")
def office(module_database: str) -> Iterator[Office]:
    """A run that found something about two customers' contracts, a month and a trade."""
    engine = open_engine(module_database, pool_size=4)
    with acting_as(SYSTEM):
        office = open_office(engine, (PLANT, OTHER))
        office.calculate(MARCH)
        with office.desk.work():
            for statement in (_FIND, _WAIVE):
                current_connection().execute(statement, {"subjects": list(_SUBJECTS)})
        yield office
    engine.dispose()


@pytest.mark.parametrize(
    ("customers", "seen"),
    [
        (("*",), set(_SUBJECTS)),
        ((PLANT.customer,), {PLANT.name}),
        ((PLANT.customer, OTHER.customer), {PLANT.name, OTHER.name}),
        (("customers/nobody",), set()),
        ((), set()),
    ],
)
@pytest.mark.parametrize("table", ["settlement_run_findings", "finding_waivers"])
def test_shows_what_is_about_a_contract_in_scope(
    office: Office, table: str, customers: tuple[str, ...], seen: set[str]
) -> None:
    someone = Principal("someone", frozenset({"customer"}), frozenset(customers))
    query = text(f"SELECT subject FROM settlement.{table} WHERE reason = 'X'")  # noqa: S608  our own words
    with acting_as(someone), office.desk.work():
        assert set(current_connection().scalars(query)) == seen


def test_shows_what_was_allocated_in_all_to_those_alone_who_see_all(office: Office) -> None:
    query = text("SELECT count(*) FROM settlement.allocated_months")
    plant = Principal("plant", frozenset({"customer"}), frozenset({PLANT.customer}))
    with office.desk.work():
        assert current_connection().scalar(query) == 1
    with acting_as(plant), office.desk.work():
        assert current_connection().scalar(query) == 0
