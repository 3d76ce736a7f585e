"""Posting, and taking back."""

from datetime import date

import pytest

from services.kernel.errors import AlreadyExists, NotFound
from services.ledger.application.post_entries import PostedDifferently
from services.ledger.domain.journal import entry_name
from tests.builders.ledger import FEBRUARY, JANUARY, an_entry
from tests.unit.ledger.conftest import Ledger

FIRST_OF_FEBRUARY = date(2025, 2, 1)


def test_posting_the_same_again_changes_nothing(ledger: Ledger) -> None:
    ledger.post_entries(entries=(an_entry(), an_entry()))
    ledger.close_month(month=JANUARY)
    ledger.post_entries(entries=(an_entry(),))
    assert len(ledger.entries.kept) == 1


def test_posting_something_else_under_the_same_name_is_refused(ledger: Ledger) -> None:
    ledger.post_entries(entries=(an_entry(),))
    with pytest.raises(PostedDifferently):
        ledger.post_entries(entries=(an_entry(description="other"),))
    with pytest.raises(PostedDifferently):
        ledger.post_entries(
            entries=(an_entry("invoices/b"), an_entry("invoices/b", month=FEBRUARY))
        )


def test_an_entry_is_reversed_once(ledger: Ledger) -> None:
    ledger.post_entries(entries=(an_entry(),))

    def reverse() -> str:
        return ledger.reverse_entry(
            entry=an_entry().name, month=FEBRUARY, event_date=FIRST_OF_FEBRUARY, description="void"
        ).name

    name = reverse()
    with pytest.raises(AlreadyExists, match=name):
        reverse()


def test_what_is_not_there_cannot_be_reversed(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        ledger.reverse_entry(
            entry=entry_name(source="nothing", purpose="issue"),
            month=FEBRUARY,
            event_date=FIRST_OF_FEBRUARY,
            description="void",
        )
