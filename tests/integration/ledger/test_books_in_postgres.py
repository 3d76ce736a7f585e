"""Months, chart, trial balance, export and row security on a real PostgreSQL."""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.kernel.authority import SYSTEM, Principal
from services.kernel.page import PageRequest
from services.ledger.application.compare_books import CompareBooks
from services.ledger.application.export_journal import ExportJournal
from services.ledger.application.get_trial_balance import GetTrialBalance
from services.ledger.application.lock_month_books import LockMonthBooks
from services.ledger.application.ports import EntryFilter
from services.ledger.domain import chart
from services.ledger.domain.journal import Book, pair
from services.ledger.domain.months import BooksOpenAlready, MonthClosed
from services.ledger.persistence.ledger_accounts import PostgresLedgerAccounts
from services.runtime.unit_of_work import acting_as, current_connection
from tests.builders.ledger import (
    FEBRUARY,
    HANCHUAN,
    JANUARY,
    MARCH,
    YANGLUO,
    an_entry,
    fee_postings,
)
from tests.integration.ledger.conftest import Ledger

ACCOUNTS = PostgresLedgerAccounts()
POOL = tuple(
    leg
    for unit, quantity in (("CNY", 7_204_720), ("CEA-2024", 1_000))
    for leg in pair(
        debit=chart.POOL_INVENTORY,
        credit=chart.POOL_CLEARING,
        book=Book.COMPANY,
        unit=unit,
        quantity=quantity,
    )
)


def as_system(work: Callable[[], object]) -> Callable[[], object]:
    """The same, in a thread that has no principal yet."""

    def run() -> object:
        with acting_as(SYSTEM):
            return work()

    return run


def test_every_account_of_the_code_is_in_the_chart(ledger: Ledger) -> None:
    with ledger.unit_of_work():
        accounts = {a.name: a for a in ACCOUNTS.list_accounts(as_of_date=date(2025, 1, 1))}
    in_code = {value for value in vars(chart).values() if str(value).startswith("ledgerAccounts/")}
    assert set(accounts) == in_code
    for ours, theirs in chart.MIRRORS:
        assert (accounts[ours].book, accounts[theirs].book) == (Book.COMPANY, Book.CUSTOMER)
    assert accounts[chart.POOL_INVENTORY].number == "1489"
    assert [a.number for a in accounts.values() if a.source_verified] == ["1489"]


def test_the_trial_balance_counts_money_and_tonnes_apart(ledger: Ledger) -> None:
    ledger.open()
    ledger.post_entries(entries=(an_entry(), an_entry("trades/a", postings=POOL)))
    balance = GetTrialBalance(
        unit_of_work=ledger.unit_of_work,
        entries=ledger.entries,
        ledger_accounts=ACCOUNTS,
        clock=ledger.clock,
    )(as_of_date=date(2025, 1, 31))
    held = {
        (line.account.number, line.balance.unit): line.balance.quantity for line in balance.lines
    }
    assert held["1489", "CNY"] == 7_204_720
    assert held["1489", "CEA-2024"] == 1_000
    assert set(balance.totals().values()) == {0}


def test_an_account_is_not_in_the_chart_before_its_day(ledger: Ledger) -> None:
    with ledger.unit_of_work():
        before = ACCOUNTS.list_accounts(as_of_date=date(2019, 12, 31))
    names = {account.name for account in before}
    assert chart.POOL_INVENTORY not in names
    assert chart.RECEIVABLES in names


def test_books_differ_where_a_mirror_is_missing(ledger: Ledger) -> None:
    compare = CompareBooks(unit_of_work=ledger.unit_of_work, entries=ledger.entries)
    ledger.open()
    ledger.post_entries(entries=(an_entry(),))
    assert compare(month=JANUARY) == ()
    ours = tuple(leg for leg in fee_postings(77, YANGLUO) if leg.book is Book.COMPANY)
    ledger.post_entries(entries=(an_entry("invoices/b", postings=ours),))
    (difference,) = compare(month=JANUARY)
    assert (difference.customer, difference.difference) == (YANGLUO, 77)


def test_the_export_has_every_posting_of_the_month_and_no_other(ledger: Ledger) -> None:
    ledger.open()
    entries = [an_entry(f"invoices/{n}") for n in range(1_100)]
    ledger.post_entries(entries=(*entries, an_entry("invoices/other", month=MARCH)))
    lines = list(
        ExportJournal(
            unit_of_work=ledger.unit_of_work,
            entries=ledger.entries,
            ledger_accounts=ACCOUNTS,
            clock=ledger.clock,
        )(month=JANUARY)
    )
    assert len(lines) == 4 * len(entries)
    assert {line.recorded.entry.month for line in lines} == {JANUARY}
    assert {line.account.name for line in lines} == {
        posting.ledger_account for posting in an_entry().postings
    }


def test_a_customer_sees_its_own_entries_and_no_others(ledger: Ledger) -> None:
    ledger.open()
    other = an_entry("invoices/b", postings=fee_postings(customer=YANGLUO))
    ledger.post_entries(entries=(an_entry(), other, an_entry("trades/a", postings=POOL)))
    someone = Principal("plant", frozenset({"customer"}), frozenset({HANCHUAN}))
    with acting_as(someone), ledger.unit_of_work():
        page = ledger.entries.list_entries(EntryFilter(), PageRequest(10))
        seen = current_connection().execute(text("SELECT DISTINCT customer FROM ledger.postings"))
        assert [row.customer for row in seen] == [HANCHUAN]
    assert [recorded.entry.name for recorded in page.items] == [an_entry().name]


def test_a_customer_can_write_nothing_for_another(ledger: Ledger) -> None:
    ledger.open()
    someone = Principal("plant", frozenset({"customer"}), frozenset({HANCHUAN}))
    other = an_entry(postings=fee_postings(customer=YANGLUO))
    with acting_as(someone), pytest.raises(DBAPIError, match="row-level security"):
        ledger.post_entries(entries=(other,))


def test_the_books_are_opened_once_by_any_number_of_rivals(ledger: Ledger) -> None:
    def open_it(number: int) -> bool:
        with acting_as(SYSTEM):
            try:
                ledger.open(JANUARY if number % 2 else FEBRUARY)
            except BooksOpenAlready:
                return False
            return True

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(open_it, range(20))) == 1


def test_closing_waits_for_a_posting_under_way(ledger: Ledger) -> None:
    ledger.open()
    posted, closed = threading.Event(), threading.Event()

    def close() -> None:
        posted.wait(10)
        ledger.close_month(month=JANUARY)
        closed.set()

    with ThreadPoolExecutor(1) as pool:
        closing = pool.submit(as_system(close))
        with ledger.unit_of_work():
            ledger.post_entries(entries=(an_entry(),))
            posted.set()
            assert not closed.wait(0.5)
        closing.result(10)
    with pytest.raises(MonthClosed):
        ledger.post_entries(entries=(an_entry("invoices/late"),))


def test_nothing_is_posted_while_a_month_is_examined_for_closing(ledger: Ledger) -> None:
    ledger.open()
    lock = LockMonthBooks(unit_of_work=ledger.unit_of_work, months=ledger.months)
    with ThreadPoolExecutor(1) as pool:
        with ledger.unit_of_work():
            lock(month=JANUARY)
            posting = pool.submit(as_system(lambda: ledger.post_entries(entries=(an_entry(),))))
            with pytest.raises(TimeoutError):
                posting.result(0.5)
            ledger.close_month(month=JANUARY)
        with pytest.raises(MonthClosed):
            posting.result(10)


def test_rivals_that_post_the_same_leave_one_entry(ledger: Ledger) -> None:
    ledger.open()

    def post(_: int) -> None:
        with acting_as(SYSTEM), contextlib.suppress(IntegrityError):
            ledger.post_entries(entries=(an_entry(),))

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(post, range(20)))
    with ledger.unit_of_work():
        assert len(ledger.entries.list_entries(EntryFilter(), PageRequest(10)).items) == 1


def test_rivals_that_open_the_same_months_do_not_collide(ledger: Ledger) -> None:
    ledger.open()

    def post(number: int) -> None:
        with acting_as(SYSTEM):
            months = (FEBRUARY, MARCH, JANUARY)
            ledger.post_entries(
                entries=[an_entry(f"invoices/{number}-{m}", month=m) for m in months]
            )

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(post, range(20)))
    with ledger.unit_of_work():
        assert len(ledger.months.list_months()) == 3
