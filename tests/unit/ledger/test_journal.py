"""Entries and postings."""

from datetime import date

import pytest

from services.ledger.domain.chart import POOL_CLEARING, POOL_INVENTORY, RECEIVABLES
from services.ledger.domain.journal import Book, Posting, UnbalancedEntry, entry_name, pair
from tests.builders.ledger import (
    FEBRUARY,
    HANCHUAN,
    JANUARY,
    YANGLUO,
    an_entry,
    fee_postings,
)


def test_an_entry_that_does_not_balance_cannot_be_made() -> None:
    leg = Posting(RECEIVABLES, Book.COMPANY, "CNY", 1)
    with pytest.raises(UnbalancedEntry, match="leave 1 CNY"):
        an_entry(postings=(leg,))


def test_money_does_not_balance_tonnes_nor_one_book_the_other() -> None:
    money = Posting(POOL_INVENTORY, Book.COMPANY, "CNY", 5)
    for other in (
        Posting(POOL_CLEARING, Book.COMPANY, "CEA-2024", -5),
        Posting(POOL_CLEARING, Book.CUSTOMER, "CNY", -5),
    ):
        with pytest.raises(UnbalancedEntry):
            an_entry(postings=(money, other))


def test_an_entry_has_postings() -> None:
    with pytest.raises(UnbalancedEntry, match="no postings"):
        an_entry(postings=())


def test_the_name_follows_from_source_and_purpose_alone() -> None:
    assert an_entry().name == an_entry(description="other").name
    assert an_entry().name != an_entry(purpose="void").name
    assert an_entry().name == entry_name(source=an_entry().source, purpose="issue")


def test_any_other_content_has_another_digest() -> None:
    one = an_entry()
    others = [
        an_entry(description="other"),
        an_entry(event_date=date(2025, 1, 2)),
        an_entry(month=FEBRUARY, event_date=one.event_date),
        an_entry(postings=fee_postings(10_001)),
        an_entry(postings=fee_postings(customer=YANGLUO)),
    ]
    digests = {entry.content_digest for entry in [one, *others]}
    assert len(digests) == 1 + len(others)


@pytest.mark.parametrize(
    ("event_date", "booked"),
    [
        (date(2025, 1, 15), date(2025, 1, 15)),
        (date(2024, 12, 3), date(2025, 1, 1)),
        (date(2025, 2, 3), date(2025, 1, 31)),
    ],
)
def test_an_event_outside_the_month_counts_from_the_nearest_day_in_it(
    event_date: date, booked: date
) -> None:
    assert an_entry(event_date=event_date).booking_date == booked


def test_a_reversal_mirrors_every_leg_and_names_what_it_takes_back() -> None:
    entry = an_entry()
    back = entry.reversed(event_date=date(2025, 2, 1), month=FEBRUARY, description="void")
    assert [leg.quantity for leg in back.postings] == [-leg.quantity for leg in entry.postings]
    assert (back.reverses, back.source, back.corrects_month) == (entry.name, entry.name, JANUARY)


def test_a_pair_of_nothing_has_no_legs() -> None:
    def legs(quantity: int) -> tuple[Posting, ...]:
        return pair(
            debit=POOL_INVENTORY,
            credit=POOL_CLEARING,
            book=Book.COMPANY,
            unit="CEA-2024",
            quantity=quantity,
        )

    assert legs(0) == ()
    assert legs(-3) == tuple(leg.mirrored() for leg in legs(3))


def test_an_entry_is_about_a_customer_if_it_names_one() -> None:
    assert an_entry().customer == HANCHUAN
    two = fee_postings() + fee_postings(customer=YANGLUO)
    assert an_entry(postings=two).customer is None
