"""Every entry balances, a reversal leaves nothing, the trial balance sums to zero."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.identifiers import CustomerName, LedgerAccountName
from services.ledger.domain.journal import Book, JournalEntry, Posting, UnbalancedEntry
from tests.builders.ledger import FEBRUARY, an_entry
from tests.fakes.ledger import InMemoryEntries, SteppingClock

QUANTITIES = st.integers(-(10**15), 10**15)
ACCOUNTS = st.sampled_from([LedgerAccountName(f"ledgerAccounts/{name}") for name in "abcd"])
CUSTOMERS = st.sampled_from([None, CustomerName("customers/x"), CustomerName("customers/y")])


@st.composite
def legs(draw: st.DrawFn) -> tuple[Posting, ...]:
    """Any legs at all, mostly unbalanced."""
    any_leg = st.builds(
        Posting, ACCOUNTS, st.sampled_from(Book), st.sampled_from(["CNY", "CEA-2024"]), QUANTITIES,
        CUSTOMERS,
    )  # fmt: skip
    return tuple(draw(st.lists(any_leg, min_size=1, max_size=8)))


@st.composite
def balanced_legs(draw: st.DrawFn) -> tuple[Posting, ...]:
    """Any legs, with one more for each book and unit that takes what is left."""
    drawn = draw(legs())
    account = draw(ACCOUNTS)
    rests = (
        Posting(account, book, unit, -sum(_quantities(drawn, book, unit)))
        for book, unit in sorted({(leg.book, leg.unit) for leg in drawn})
    )
    return (*drawn, *rests)


def _quantities(drawn: tuple[Posting, ...], book: Book, unit: str) -> list[int]:
    return [leg.quantity for leg in drawn if (leg.book, leg.unit) == (book, unit)]


@given(legs())
def test_an_entry_exists_only_if_every_book_and_unit_sums_to_zero(
    drawn: tuple[Posting, ...],
) -> None:
    keys = {(leg.book, leg.unit) for leg in drawn}
    if all(sum(_quantities(drawn, *key)) == 0 for key in keys):
        an_entry(postings=drawn)
    else:
        with pytest.raises(UnbalancedEntry):
            an_entry(postings=drawn)


@given(balanced_legs())
def test_an_entry_and_its_reversal_leave_every_account_as_it_was(
    drawn: tuple[Posting, ...],
) -> None:
    entry = an_entry(postings=drawn)
    back = entry.reversed(event_date=FEBRUARY.first_day, month=FEBRUARY, description="back")
    balances = _books(entry, back).balances(
        through=date(2025, 12, 31), known_at=None, by_customer=True
    )
    assert all(balance.quantity == 0 for balance in balances)


@given(st.lists(balanced_legs(), max_size=6), st.dates(date(2025, 1, 1), date(2025, 1, 31)))
def test_the_trial_balance_of_any_day_sums_to_zero(
    several: list[tuple[Posting, ...]], day: date
) -> None:
    entries = [
        an_entry(f"invoices/{n}", postings=drawn, event_date=date(2025, 1, 1 + 5 * n))
        for n, drawn in enumerate(several)
    ]
    sums: dict[tuple[Book, str], int] = {}
    for b in _books(*entries).balances(through=day, known_at=None, by_customer=False):
        sums[b.book, b.unit] = sums.get((b.book, b.unit), 0) + b.quantity
    assert set(sums.values()) <= {0}


def _books(*entries: JournalEntry) -> InMemoryEntries:
    books = InMemoryEntries()
    prepared = books.prepare({entry.name: entry for entry in entries})
    prepared.write(but=(), recorded_at=SteppingClock().now())
    return books
