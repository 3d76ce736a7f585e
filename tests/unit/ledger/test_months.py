"""Months that open once and close in order, for good."""

import pytest

from services.kernel.errors import NotFound
from services.kernel.period import Month
from services.ledger.domain.months import (
    BooksNotOpen,
    BooksOpenAlready,
    MonthBeyondHorizon,
    MonthClosed,
    MonthOutOfOrder,
    MonthState,
    last_bookable,
)
from tests.builders.ledger import FEBRUARY, JANUARY, MARCH, an_entry
from tests.unit.ledger.conftest import Ledger


def test_books_are_opened_once(ledger: Ledger) -> None:
    with pytest.raises(BooksOpenAlready):
        ledger.open_books(first_month=FEBRUARY)


def test_a_closed_month_says_when_and_by_whom(ledger: Ledger) -> None:
    closed = ledger.close_month(month=JANUARY)
    assert (closed.state, closed.closed_by) == (MonthState.CLOSED, "system")
    assert closed.closed_at is not None
    assert ledger.get_month(month=FEBRUARY).is_open


def test_a_month_does_not_close_before_an_earlier_one(ledger: Ledger) -> None:
    with pytest.raises(MonthOutOfOrder):
        ledger.close_month(month=FEBRUARY)


def test_a_month_closes_once(ledger: Ledger) -> None:
    ledger.close_month(month=JANUARY)
    with pytest.raises(MonthClosed):
        ledger.close_month(month=JANUARY)


def test_nothing_is_booked_before_the_books_open(closed_books: Ledger) -> None:
    for verb in (
        lambda: closed_books.post_entries(entries=(an_entry(),)),
        lambda: closed_books.booking_month(month=JANUARY),
        lambda: closed_books.close_month(month=JANUARY),
    ):
        with pytest.raises(BooksNotOpen):
            verb()


def test_several_months_may_be_open(ledger: Ledger) -> None:
    ledger.post_entries(entries=(an_entry("invoices/c", month=MARCH), an_entry("invoices/a")))
    assert [books.month for books in ledger.months.list_months()] == [JANUARY, FEBRUARY, MARCH]
    assert ledger.booking_month(month=MARCH) == MARCH


def test_a_closed_month_is_booked_in_the_first_open_one(ledger: Ledger) -> None:
    ledger.close_month(month=JANUARY)
    assert ledger.booking_month(month=JANUARY) == FEBRUARY
    with pytest.raises(MonthClosed):
        ledger.post_entries(entries=(an_entry(),))


def test_what_came_before_the_first_month_counts_as_closed(ledger: Ledger) -> None:
    assert ledger.booking_month(month=Month(2024, 12)) == JANUARY
    with pytest.raises(MonthClosed):
        ledger.post_entries(entries=(an_entry(month=Month(2024, 12)),))
    with pytest.raises(NotFound):
        ledger.get_month(month=Month(2024, 12))


def test_a_month_too_far_ahead_is_refused(ledger: Ledger) -> None:
    assert last_bookable(JANUARY) == Month(2028, 1)
    with pytest.raises(MonthBeyondHorizon):
        ledger.post_entries(entries=(an_entry(month=Month(2028, 2)),))
