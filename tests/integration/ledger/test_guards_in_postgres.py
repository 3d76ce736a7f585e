"""What the database refuses to the ledger, whatever the code forgets."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.runtime.database import psycopg_url
from services.runtime.unit_of_work import current_connection
from tests.builders.ledger import FEBRUARY, an_entry
from tests.integration.ledger.conftest import Ledger

_HEADS = (
    "INSERT INTO ledger.journal_entries (name, booking_date, event_date, month, source, purpose,"
    " description, leg_count, content_digest, recorded_at)"
    " SELECT name, '2025-02-28', '2025-02-28', '2025-02', name, 'x', 'x', 2, 'x', now()"
    " FROM unnest(CAST(:names AS text[])) AS names (name)"
)
_LEGS = (
    "INSERT INTO ledger.postings (entry, leg, ledger_account, book, unit, quantity, booking_date,"
    " recorded_at) SELECT name, leg, account, 'COMPANY', 'CNY', 3 - 2 * leg, '2025-02-28', now()"
    " FROM (VALUES (1, 'ledgerAccounts/receivables'), (2, 'ledgerAccounts/fee-revenue'))"
    " AS legs (leg, account),"
    " unnest(CAST(:names AS text[])) AS names (name)"
)


def _write(ledger: Ledger, *statements: tuple[str, tuple[str, ...]]) -> None:
    with ledger.unit_of_work():
        for statement, names in statements:
            current_connection().execute(text(statement), {"names": list(names)})


@pytest.mark.parametrize(
    "statements",
    [
        ((_HEADS, ("a",)),),
        ((_HEADS, ("a", "b")), (_LEGS, ("a",))),
        ((_HEADS, ("a",)), (_LEGS, ("a",)), (_HEADS, ("b",))),
    ],
)
def test_refuses_an_entry_whose_legs_never_come(
    kept_ledger: Ledger, statements: tuple[tuple[str, tuple[str, ...]], ...]
) -> None:
    with pytest.raises(IntegrityError, match="1 entries were recorded without their legs"):
        _write(kept_ledger, *statements)


def test_takes_entries_whose_legs_come_later_in_the_transaction(ledger: Ledger) -> None:
    ledger.open(FEBRUARY)
    blocks = ((_HEADS, ("a", "b")), (_LEGS, ("b",)), (_HEADS, ("c",)), (_LEGS, ("a", "c")))
    _write(ledger, *blocks)
    with ledger.unit_of_work():
        left = current_connection().execute(text("SELECT count(*) FROM ledger.postings"))
        assert left.scalar() == 6


def test_counts_again_after_a_part_was_rolled_back(ledger: Ledger) -> None:
    ledger.open(FEBRUARY)
    with ledger.unit_of_work():
        connection = current_connection()
        with connection.begin_nested() as part:
            connection.execute(text(_HEADS), {"names": ["a"]})
            part.rollback()
        connection.execute(text(_HEADS), {"names": ["b"]})
        connection.execute(text(_LEGS), {"names": ["b"]})


_OF_CUSTOMERS = _LEGS.replace("(entry, leg,", "(entry, leg, customer,")


@pytest.mark.parametrize(
    "legs",
    [
        _LEGS.replace("now()", "now() - leg * interval '1 second'"),
        _LEGS.replace("now()", "timestamptz '2000-01-01'"),
        _OF_CUSTOMERS.replace("SELECT name, leg,", "SELECT name, leg, 'customers/x',"),
    ],
)
def test_refuses_legs_of_another_moment_or_customer_than_their_entry(
    kept_ledger: Ledger, legs: str
) -> None:
    with pytest.raises(IntegrityError, match="are not those it was recorded with"):
        _write(kept_ledger, (_HEADS, ("a",)), (legs, ("a",)))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger.awaited_legs SET entries = 0",
        "INSERT INTO ledger.awaited_legs VALUES (pg_current_xact_id()::text::bigint, -1)",
    ],
)
def test_the_app_role_cannot_touch_the_count(kept_ledger: Ledger, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        _write(kept_ledger, (statement, ()))


@pytest.mark.parametrize("function", ["count_legs", "await_legs", "refuse_missing_legs"])
def test_the_app_role_cannot_count_rows_of_its_own(kept_ledger: Ledger, function: str) -> None:
    table = "CREATE TEMPORARY TABLE mine (leg integer) ON COMMIT DROP"
    trigger = (
        "CREATE TRIGGER mine AFTER INSERT ON mine REFERENCING NEW TABLE AS fresh"
        f" FOR EACH STATEMENT EXECUTE FUNCTION ledger.{function}()"
    )
    with pytest.raises(DBAPIError, match="permission denied"):
        _write(kept_ledger, (table, ()), (trigger, ()))


def test_keeps_nothing_of_the_count(ledger: Ledger, fresh_database: str) -> None:
    ledger.open()
    ledger.post_entries(entries=(an_entry(),))
    owner = create_engine(psycopg_url(fresh_database))
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM ledger.awaited_legs")) == 0
    owner.dispose()


@pytest.mark.parametrize(
    ("month", "state", "closed_at"),
    [
        ("2024-12", "OPEN", None),
        ("2025-09", "OPEN", None),
        ("2025-03", "CLOSED", "2025-04-01"),
    ],
)
def test_refuses_a_month_that_does_not_open_after_the_one_before_it(
    kept_ledger: Ledger, month: str, state: str, closed_at: str | None
) -> None:
    insert = text("INSERT INTO ledger.months VALUES (:month, false, :state, now(), :closed_at, '')")
    values = {"month": month, "state": state, "closed_at": closed_at}
    with pytest.raises(IntegrityError, match="does not open after"), kept_ledger.unit_of_work():
        current_connection().execute(insert, values)
