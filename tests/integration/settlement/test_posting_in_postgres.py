"""What stands between an approved run and the books, on a real PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.kernel.authority import SYSTEM, DigestChanged, RunState
from services.kernel.identifiers import ContractName
from services.kernel.period import Month
from services.runtime.database import open_engine
from services.runtime.unit_of_work import acting_as, current_connection
from services.settlement.persistence.contracts import PostgresContracts
from services.settlement.persistence.settlement_source import PostgresSettlementSource
from tests.builders.settlement import DRAFTED_AT, contract
from tests.support.settlement_office import Office, acting, open_office
from tests.support.tampering import do_as_owner

MARCH = Month(2025, 3)
PLANT = contract()
SOURCE = PostgresSettlementSource()

_ONE_MORE_ROW = """
    INSERT INTO settlement.settlement_rows
    SELECT contract, run, '2025-01', customer, tonnes, amount, fees, promised, gain, share, relief,
           accrued, gain_net, share_net, tax
    FROM settlement.settlement_rows
"""


@pytest.fixture
def office(fresh_database: str) -> Iterator[Office]:
    engine = open_engine(fresh_database, pool_size=8)
    with acting_as(SYSTEM):
        opened = open_office(engine, (PLANT,))
        opened.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
        yield opened
    engine.dispose()


def _version(office: Office) -> str:
    with office.desk.work():
        return SOURCE.version(month=MARCH)


def test_the_inputs_have_another_state_after_every_change(office: Office) -> None:
    states = [_version(office)]
    office.desk.allocate(month=MARCH, through_date=None)
    states.append(_version(office))
    another = contract(name=ContractName("contracts/another"))
    with office.desk.work():
        PostgresContracts().add(another)
        PostgresContracts().save(another.approve(principal="checker", time=DRAFTED_AT))
    states.append(_version(office))
    office.settle(MARCH)
    states.append(_version(office))
    assert len(set(states)) == len(states)


def test_a_run_keeps_the_state_that_it_was_calculated_from(office: Office) -> None:
    run = office.calculate(MARCH)
    assert run.inputs_version == _version(office)


def test_posts_what_would_come_out_the_same_from_an_allocation_made_anew(office: Office) -> None:
    run = office.sign(office.calculate(MARCH))
    office.desk.allocate(month=MARCH, through_date=None)
    assert run.inputs_version != _version(office)
    with acting("poster"):
        assert office.post(name=run.name).state is RunState.POSTED


def test_refuses_to_post_rows_that_nobody_signed(office: Office, fresh_database: str) -> None:
    run = office.sign(office.calculate(MARCH))
    switch = "ALTER TABLE settlement.settlement_rows {} TRIGGER USER"
    do_as_owner(fresh_database, switch.format("DISABLE"), _ONE_MORE_ROW, switch.format("ENABLE"))
    with (
        acting("poster"),
        pytest.raises(DigestChanged, match="to the last are not those that were signed"),
    ):
        office.post(name=run.name)
    with office.desk.work():
        entries = current_connection().execute(text("SELECT count(*) FROM ledger.journal_entries"))
        assert entries.scalar_one() == 0


def test_nobody_allocates_a_month_while_it_is_being_posted(office: Office) -> None:
    office.desk.allocate(month=MARCH, through_date=None)

    def allocate() -> None:
        with acting_as(SYSTEM), office.desk.work():
            current_connection().execute(text("SET LOCAL lock_timeout = '200ms'"))
            office.desk.allocations.lock_month(MARCH)

    with office.desk.work():
        SOURCE.hold(month=MARCH)
        with ThreadPoolExecutor(1) as rival, pytest.raises(DBAPIError, match="lock timeout"):
            rival.submit(allocate).result()


def test_the_database_refuses_to_change_the_terms_of_a_contract(office: Office) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), office.desk.work():
        current_connection().execute(text("UPDATE settlement.contracts SET fees_included = true"))


def test_the_database_refuses_allocations_that_it_cannot_count(office: Office) -> None:
    office.desk.allocate(month=MARCH, through_date=None)
    elsewhere = (
        "INSERT INTO settlement.allocations SELECT 'allocations/x', '2025-09', origin_month,"
        " trade_date, instrument, side, tax_inclusive, trade, contract, customer, tonnes, currency,"
        " amount, fees, contract_amount, contract_fees, is_correction FROM settlement.allocations"
    )
    with pytest.raises(DBAPIError, match="no row of its own"), office.desk.work():
        current_connection().execute(text(elsewhere))
