"""What the database refuses to settlement, whatever the code forgets."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from services.kernel.authority import SYSTEM
from services.kernel.period import Month
from services.runtime.database import open_engine
from services.runtime.unit_of_work import acting_as
from tests.builders.settlement import contract
from tests.support.settlement_office import Office, open_office
from tests.support.tampering import assert_refused, assert_refused_to_the_app, copy_of

MARCH, APRIL = Month(2025, 3), Month(2025, 4)
_EARLIER = ("CALCULATING", "CALCULATED", "REVIEWED", "APPROVED", "SUPERSEDED", "FAILED")
PLANT = contract(tax_rate=Decimal("0.06"))


@pytest.fixture(scope="module")
def office(module_database: str) -> Iterator[Office]:
    """March is settled and closed; of April a trade is allocated, and a run calculated."""
    engine = open_engine(module_database, pool_size=8)
    with acting_as(SYSTEM):
        office = open_office(engine, (PLANT,))
        office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
        office.settle_and_close(MARCH)
        office.buy("m2", date(2025, 4, 8), 10_000, "69.91", PLANT)
        office.calculate(APRIL)
        yield office
    engine.dispose()


_CLOSED, _OPEN = "booking_month = '2025-03'", "booking_month = '2025-04'"
_ALLOCATIONS, _ROWS = "settlement.allocations", "settlement.settlement_rows"


@pytest.mark.parametrize(
    "statement",
    [
        copy_of(_ALLOCATIONS, {"name": "allocations/x"}, where=_CLOSED),
        copy_of(_ALLOCATIONS, {"name": "allocations/x", "booking_month": "2025-03"}, where=_OPEN),
        "DELETE FROM settlement.allocations WHERE booking_month = '2025-03'",
        "DELETE FROM settlement.allocations",
        copy_of("settlement.trades", {"version": 2}, where=_CLOSED),
        copy_of("settlement.trades", {"name": "trades/x", "external_id": "x"}, where=_CLOSED),
        "UPDATE settlement.allocated_months SET pool_tonnes = 7 WHERE month = '2025-03'",
    ],
)
@pytest.mark.usefixtures("office")
def test_freezes_what_a_closed_month_booked(module_database: str, statement: str) -> None:
    assert_refused(module_database, statement, match="not open")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE settlement.allocations SET amount = amount + 1",
        "TRUNCATE settlement.allocations",
        "DELETE FROM settlement.allocated_months",
        "UPDATE settlement.allocated_months SET revision = revision - 1 WHERE month = '2025-04'",
    ],
)
@pytest.mark.usefixtures("office")
def test_allocates_an_open_month_only_as_a_whole(module_database: str, statement: str) -> None:
    assert_refused(module_database, statement, match="append-only|counted forwards")


_POSTED, _CALCULATED = "WHERE name LIKE '%2025-03%'", "WHERE name LIKE '%2025-04%'"
_RUNS, _SET = "settlement.settlement_runs", "UPDATE settlement.settlement_runs SET"


@pytest.mark.parametrize(
    "statement",
    [
        *(f"{_SET} state = '{state}', posted_at = NULL {_POSTED}" for state in _EARLIER),
        f"{_SET} state = 'APPROVED' {_CALCULATED}",
        f"{_SET} state = 'POSTED', posted_at = now() {_CALCULATED}",
        f"{_SET} state = 'CALCULATING', digest = '' {_CALCULATED}",
        f"{_SET} gain = gain + 1 {_CALCULATED}",
        f"{_SET} maker = 'nobody' {_CALCULATED}",
        f"{_SET} posted_at = now() {_POSTED}",
        f"{_SET} month = '2025-04' {_POSTED}",
        "DELETE FROM settlement.settlement_runs",
        f"TRUNCATE {_RUNS} CASCADE",
        copy_of(_RUNS, {"name": "settlementRuns/x", "number": 7, "state": "CALCULATED"}),
        copy_of(_RUNS, {"name": "settlementRuns/x", "number": 7, "posted_at": "2025-05-01"}),
        "UPDATE settlement.settlement_run_chunks SET digest = 'x'",
        "UPDATE settlement.settlement_run_chunks SET first_name = 'x'",
        "DELETE FROM settlement.settlement_run_chunks",
    ],
)
@pytest.mark.usefixtures("office")
def test_lets_a_run_go_forwards_only(module_database: str, statement: str) -> None:
    said = "never goes|never changes|does not begin|append-only|never said again"
    assert_refused(module_database, statement, match=said)


@pytest.mark.parametrize(
    "statement",
    [
        copy_of("settlement.settlements", {"name": "settlements/x", "contract": "contracts/x"}),
        copy_of("settlement.settlement_rows", {"origin_month": "2025-01"}),
        copy_of(
            "settlement.settlement_rows", {"origin_month": "2025-02"}, where="run LIKE '%-04%'"
        ),
    ],
)
@pytest.mark.usefixtures("office")
def test_adds_nothing_to_a_run_that_is_calculated(module_database: str, statement: str) -> None:
    assert_refused(module_database, statement, match="takes no more rows")


_REVIEW = f"{_SET} state = 'REVIEWED' {_CALCULATED}"
_APPROVE = f"{_SET} state = 'APPROVED' {_CALCULATED}"
_SIGNATURE = (
    "INSERT INTO settlement.settlement_run_approvals"
    " SELECT name, {place}, {who}, 'finance_controller', {digest}, now()"
    " FROM settlement.settlement_runs WHERE name LIKE '%2025-04%'"
)
_ONE = _SIGNATURE.format(place=0, who="'anybody'", digest="digest")
_BY_ITS_MAKER = _SIGNATURE.format(place=0, who="maker", digest="digest")
_OF_ANOTHER_DIGEST = _SIGNATURE.format(place=0, who="'anybody'", digest="'x'")
_BLOCKING = (
    "INSERT INTO settlement.settlement_run_findings SELECT name, 99, 'RUN_BLOCKING', 'X', 'x', 'x',"
    " 'x' FROM settlement.settlement_runs WHERE name LIKE '%2025-04%'"
)


@pytest.mark.parametrize(
    "statements",
    [
        (_ONE,),
        (_REVIEW, _BY_ITS_MAKER),
        (_REVIEW, _OF_ANOTHER_DIGEST),
        (_REVIEW, _APPROVE),
        (_REVIEW, _ONE, _APPROVE, f"{_SET} state = 'POSTED', posted_at = now() {_CALCULATED}"),
        (_BLOCKING, _REVIEW, _ONE, _APPROVE),
    ],
)
@pytest.mark.usefixtures("office")
def test_posts_nothing_that_is_not_signed(
    module_database: str, statements: tuple[str, ...]
) -> None:
    said = "is not signed so|has blocking findings"
    assert_refused(module_database, *statements, match=said)


def test_adds_no_finding_to_a_run_that_is_posted(module_database: str, office: Office) -> None:
    [run] = (run for run in _runs(office) if run.startswith("settlementRuns/2025-03"))
    finding = f"VALUES ('{run}', 99, 'WARNING', 'X', 'contracts/x', 'x', 'x')"
    statement = f"INSERT INTO settlement.settlement_run_findings {finding}"
    assert_refused(module_database, statement, match="takes no more rows")


def _runs(office: Office) -> list[str]:
    with office.desk.work():
        return [run.name for month in (MARCH, APRIL) for run in office.runs.runs_of(month)]


_CONTRACT = "UPDATE settlement.contracts SET"


@pytest.mark.parametrize(
    "statement",
    [
        f"{_CONTRACT} state = 'DRAFT', approved_by = '', approved_at = NULL",
        f"{_CONTRACT} approved_by = 'somebody'",
        f"{_CONTRACT} approved_at = now()",
        f"{_CONTRACT} drafted_by = 'somebody'",
        f"{_CONTRACT} volume_tonnes = volume_tonnes + 1",
        "DELETE FROM settlement.contracts",
        copy_of("settlement.contracts", {"name": "contracts/x", "approved_by": ""}),
        copy_of("settlement.contracts", {"name": "contracts/x", "state": "DRAFT"}),
        copy_of("settlement.trades", {"version": 7}),
        copy_of("settlement.trades", {"version": 2, "recorded_at": "2000-01-01"}, where=_OPEN),
    ],
)
@pytest.mark.usefixtures("office")
def test_keeps_what_was_agreed_and_recorded(module_database: str, statement: str) -> None:
    said = (
        "never goes|never changes|append-only|contracts_approved|not open|does not follow|row-level"
    )
    assert_refused(module_database, statement, match=said)


def test_takes_a_contract_back_by_no_step(module_database: str, office: Office) -> None:
    del office
    end, again = (f"{_CONTRACT} state = '{state}'" for state in ("TERMINATED", "APPROVED"))
    assert_refused(module_database, end, again, match="never goes")


@pytest.mark.parametrize(
    "statement",
    [
        copy_of("settlement.contracts", {"name": "contracts/x"}),
        copy_of("settlement.promised_prices", {"effective_date": "2025-06-01", "place": 1}),
        copy_of("settlement.promised_prices", {"contract": "contracts/x"}),
    ],
)
@pytest.mark.usefixtures("office")
def test_begins_with_drafts_and_prices_of_drafts(module_database: str, statement: str) -> None:
    assert_refused_to_the_app(module_database, statement, match="row-level security")


_CLOSE_APRIL = (
    "UPDATE ledger.months SET state = 'CLOSED', closed_at = now(), closed_by = 'x'"
    " WHERE month = '2025-04'"
)
_BEGUN = {"name": "settlementRuns/x", "kind": "PROVISIONAL", "number": 9, "posted_at": None}
_START = copy_of(_RUNS, {**_BEGUN, "state": "CALCULATING", "digest": ""}, where="month = '2025-03'")


@pytest.mark.parametrize(
    "statements",
    [
        (_START,),
        (
            _REVIEW,
            _ONE,
            _APPROVE,
            _SIGNATURE.format(place=1, who="'somebody'", digest="digest"),
            _CLOSE_APRIL,
            f"{_SET} state = 'POSTED', posted_at = now() {_CALCULATED}",
        ),
    ],
)
@pytest.mark.usefixtures("office")
def test_runs_nothing_of_a_closed_month(module_database: str, statements: tuple[str, ...]) -> None:
    assert_refused(module_database, *statements, match="are not open for")


_X = {"customer": "customers/x"}


@pytest.mark.parametrize(
    "statement",
    [
        copy_of(_ALLOCATIONS, {"name": "allocations/x", **_X}, where=_OPEN),
        copy_of(_ALLOCATIONS, {"name": "allocations/x", "contract": "contracts/x"}, where=_OPEN),
        copy_of("settlement.settlements", {"name": "settlements/x", "run": "X", **_X}),
        copy_of(_ROWS, {"run": "X"}),
    ],
)
@pytest.mark.usefixtures("office")
def test_takes_no_row_of_a_contract_for_another_customer(
    module_database: str, statement: str
) -> None:
    begun = {**_BEGUN, "name": "X", "state": "CALCULATING", "digest": ""}
    begin = copy_of(_RUNS, begun, where="month = '2025-04'")
    assert_refused(module_database, begin, statement, match="is not of the customer of")


def test_books_a_late_trade_in_the_open_month_all_the_same(office: Office) -> None:
    office.buy("late", date(2025, 3, 4), 10, "80.00", PLANT)
    office.desk.allocate(month=APRIL, through_date=None)
    assert {part.origin_month for part in office.desk.parts(APRIL)} == {MARCH, APRIL}
