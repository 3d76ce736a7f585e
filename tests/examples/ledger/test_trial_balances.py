"""Runs the worked balances beside this file."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.kernel.identifiers import LedgerAccountName
from services.kernel.money import from_minor, money, to_minor
from services.kernel.period import Month
from services.ledger.domain.journal import Book, JournalEntry, Posting, is_tonnes
from tests.fakes.ledger import InMemoryEntries

EXAMPLES = yaml.safe_load(Path(__file__).with_name("trial_balances.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def entries() -> InMemoryEntries:
    """The journal of the file."""
    journal = InMemoryEntries()
    for given in EXAMPLES["entries"]:
        entry = _entry(given)
        journal.prepare({entry.name: entry}).write(but=(), recorded_at=given["recorded"])
    return journal


@pytest.mark.parametrize("example", EXAMPLES["balances"], ids=lambda example: example["case"])
def test_balances_are_those_worked_by_hand(
    entries: InMemoryEntries, example: dict[str, Any]
) -> None:
    as_of: date = example["as_of"]
    known_at: datetime | None = example.get("known_at")
    found = {
        f"{balance.ledger_account.removeprefix('ledgerAccounts/')} {balance.unit}": _figure(
            balance.quantity, balance.unit
        )
        for balance in entries.balances(through=as_of, known_at=known_at, by_customer=False)
    }
    assert found == example["expected"]


def _figure(quantity: int, unit: str) -> int | str:
    return quantity if is_tonnes(unit) else str(from_minor(quantity, unit).amount)


def _entry(given: dict[str, Any]) -> JournalEntry:
    return JournalEntry(
        event_date=given["event_date"],
        month=Month.parse(given["month"]),
        source=given["source"],
        purpose="example",
        description="worked by hand",
        postings=tuple(_posting(leg) for leg in given["legs"]),
    )


def _posting(leg: dict[str, Any]) -> Posting:
    quantity = leg["tonnes"] if "tonnes" in leg else to_minor(money(leg["amount"]))
    account = LedgerAccountName(f"ledgerAccounts/{leg['account']}")
    return Posting(account, Book.COMPANY, leg.get("unit", "CNY"), quantity)
