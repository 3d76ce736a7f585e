"""The journal on a real PostgreSQL: what goes in, what comes out, what the database refuses."""

import time
from datetime import date

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from services.kernel.identifiers import CustomerName
from services.kernel.page import PageRequest
from services.ledger.application.ports import EntryFilter
from services.ledger.application.post_entries import PostedDifferently
from services.ledger.domain.chart import FEE_REVENUE, RECEIVABLES
from services.ledger.domain.journal import Book
from services.ledger.domain.months import MonthClosed
from services.runtime.database import psycopg_url
from services.runtime.unit_of_work import current_connection
from tests.builders.ledger import (
    FEBRUARY,
    HANCHUAN,
    JANUARY,
    YANGLUO,
    an_entry,
    fee_postings,
)
from tests.integration.ledger.conftest import Ledger


def test_reads_an_entry_as_it_was_posted(ledger: Ledger) -> None:
    ledger.open()
    ledger.post_entries(entries=(an_entry(),))
    with ledger.unit_of_work():
        found = ledger.entries.find(an_entry().name)
    assert found is not None
    assert found.entry == an_entry()


def test_posts_the_same_entry_once(ledger: Ledger) -> None:
    ledger.open()
    for _ in range(2):
        ledger.post_entries(entries=(an_entry(), an_entry()))
    with ledger.unit_of_work():
        page = ledger.entries.list_entries(EntryFilter(), PageRequest(10))
    assert [recorded.entry for recorded in page.items] == [an_entry()]


def test_refuses_other_content_under_the_same_source_and_purpose(ledger: Ledger) -> None:
    ledger.open()
    ledger.post_entries(entries=(an_entry(),))
    with pytest.raises(PostedDifferently):
        ledger.post_entries(entries=(an_entry(description="something else"),))


def test_refuses_to_post_into_a_closed_month(ledger: Ledger) -> None:
    ledger.open()
    ledger.close_month(month=JANUARY)
    with pytest.raises(MonthClosed):
        ledger.post_entries(entries=(an_entry(),))
    assert ledger.booking_month(month=JANUARY) == FEBRUARY


def test_lists_entries_page_by_page_in_booking_order(ledger: Ledger) -> None:
    ledger.open()
    days = [date(2025, 1, day) for day in (20, 5, 11)]
    ledger.post_entries(entries=[an_entry(f"invoices/{day}", event_date=day) for day in days])
    seen, after = [], None
    with ledger.unit_of_work():
        while True:
            page = ledger.entries.list_entries(EntryFilter(), PageRequest(1, after))
            seen += [recorded.entry.event_date for recorded in page.items]
            after = page.next_after
            if after is None:
                break
    assert seen == sorted(days)


@pytest.mark.parametrize(
    ("which", "count"),
    [
        (EntryFilter(customer=HANCHUAN), 2),
        (EntryFilter(customer=CustomerName("customers/nobody")), 0),
        (EntryFilter(source="invoices/b"), 1),
        (EntryFilter(source="invoices/-"), 3),
        (EntryFilter(source="payments/-"), 0),
        (EntryFilter(dates=JANUARY.period), 1),
        (EntryFilter(dates=FEBRUARY.period), 2),
    ],
)
def test_finds_entries_by_customer_source_and_date(
    kept_ledger: Ledger, which: EntryFilter, count: int
) -> None:
    with kept_ledger.unit_of_work():
        assert len(kept_ledger.entries.list_entries(which, PageRequest(10)).items) == count


def test_sums_balances_as_of_a_day_and_as_known_at_a_moment(ledger: Ledger) -> None:
    ledger.open()
    ledger.post_entries(entries=(an_entry("invoices/a", event_date=date(2025, 1, 10)),))
    known_at = ledger.clock.now()
    ledger.post_entries(entries=(an_entry("invoices/b", event_date=date(2025, 1, 20)),))

    def receivable(through: int, *, then: bool) -> int:
        with ledger.unit_of_work():
            balances = ledger.entries.balances(
                through=date(2025, 1, through),
                known_at=known_at if then else None,
                by_customer=False,
            )
        return sum(b.quantity for b in balances if b.ledger_account == RECEIVABLES)

    assert [receivable(9, then=False), receivable(19, then=False)] == [0, 10_000]
    assert [receivable(31, then=False), receivable(31, then=True)] == [20_000, 10_000]


def test_finds_the_legs_of_a_customer_in_an_entry_about_several(ledger: Ledger) -> None:
    ledger.open()
    several = fee_postings(100) + fee_postings(20, YANGLUO)
    ledger.post_entries(entries=(an_entry("x/both", postings=several), an_entry("x/one")))
    with ledger.unit_of_work():
        found = ledger.entries.list_entries(EntryFilter(customer=YANGLUO), PageRequest(10))
        balances = ledger.entries.balances(
            through=JANUARY.last_day, known_at=None, by_customer=True, customer=YANGLUO
        )
    assert [recorded.entry.source for recorded in found.items] == ["x/both"]
    assert {balance.quantity for balance in balances} == {20, -20}


def test_reverses_an_entry_once_in_an_open_month(ledger: Ledger) -> None:
    ledger.open()
    ledger.post_entries(entries=(an_entry(),))
    ledger.close_month(month=JANUARY)
    reversal = ledger.reverse_entry(
        entry=an_entry().name, month=FEBRUARY, event_date=date(2025, 2, 1), description="void"
    )
    with ledger.unit_of_work():
        assert ledger.entries.reversal_of(an_entry().name) == reversal.name
        balances = ledger.entries.balances(
            through=date(2025, 2, 1), known_at=None, by_customer=False
        )
    assert {balance.quantity for balance in balances} == {0}


_ENTRY = (
    "INSERT INTO ledger.journal_entries (name, booking_date, event_date, month, source, purpose,"
    " description, leg_count, content_digest, recorded_at) VALUES ('journalEntries/x',"
    " '2025-01-28', '2025-01-28', '2025-01', 'x', 'x', 'x', 2, 'x', now())"
)
_LEGS = (
    "INSERT INTO ledger.postings (entry, leg, ledger_account, book, unit, quantity, booking_date,"
    " recorded_at) SELECT entry, leg, account, book, 'CNY', quantity, '2025-01-28', now()"
    " FROM (VALUES {}) AS v (entry, leg, account, book, quantity)"
)
_DEBIT = f"('journalEntries/x', 1, '{RECEIVABLES}', 'COMPANY', 100)"
_CREDIT = f"('journalEntries/x', 2, '{FEE_REVENUE}', 'COMPANY', {{}})"


@pytest.mark.parametrize(
    ("legs", "complaint"),
    [
        ((_DEBIT, _CREDIT.format(-99)), "leaves 1 CNY in the COMPANY book"),
        ((_DEBIT, _CREDIT.format(-100).replace("COMPANY", "CUSTOMER")), "leaves"),
        ((_DEBIT.replace("100", "0"),), "are not those it was recorded with"),
        ((_DEBIT.replace("es/x", "es/y").replace("100", "0"),), "are not those"),
        ((_DEBIT, _CREDIT.format(-100).replace("fee-revenue", "nothing")), "no account"),
    ],
)
def test_the_database_refuses_legs_that_do_not_make_a_balanced_entry(
    kept_ledger: Ledger, legs: tuple[str, ...], complaint: str
) -> None:
    def write() -> None:
        with kept_ledger.unit_of_work():
            current_connection().execute(text(_ENTRY.replace("2025-01", "2025-02")))
            legs_in_february = _LEGS.format(", ".join(legs)).replace("2025-01", "2025-02")
            current_connection().execute(text(legs_in_february))

    with pytest.raises(IntegrityError, match=complaint):
        write()


def test_the_database_refuses_an_entry_in_a_closed_month(kept_ledger: Ledger) -> None:
    with pytest.raises(IntegrityError, match="not open"), kept_ledger.unit_of_work():
        current_connection().execute(text(_ENTRY))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger.postings SET quantity = 0",
        "DELETE FROM ledger.journal_entries",
        "TRUNCATE ledger.postings",
        "DELETE FROM ledger.months",
        "UPDATE ledger.months SET state = 'OPEN', closed_at = NULL",
    ],
)
def test_the_owner_too_is_refused_to_change_what_is_posted(
    kept_ledger: Ledger, module_database: str, statement: str
) -> None:
    owner = create_engine(psycopg_url(module_database))
    with pytest.raises(IntegrityError), owner.begin() as connection:
        connection.execute(text(statement))
    owner.dispose()


def test_posts_ten_thousand_settlements_in_seconds(ledger: Ledger) -> None:
    ledger.open()
    entries = [
        an_entry(
            f"settlements/2025-01-c{number}",
            postings=fee_postings(number + 1, CustomerName(f"customers/c{number}")) * 2,
        )
        for number in range(10_000)
    ]
    started = time.perf_counter()
    ledger.post_entries(entries=entries)
    took = time.perf_counter() - started
    assert took < 15
    with ledger.unit_of_work():
        balances = ledger.entries.balances(
            through=date(2025, 1, 31), known_at=None, by_customer=False
        )
    company = [balance for balance in balances if balance.book is Book.COMPANY]
    assert sum(balance.quantity for balance in company) == 0
