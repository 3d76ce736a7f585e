"""Balances: sums of postings by account, unit and customer, and what must cancel out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.kernel.identifiers import CustomerName, LedgerAccountName
from services.ledger.domain.chart import MIRRORS, LedgerAccount
from services.ledger.domain.journal import Book


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBalance:
    """Sum of the postings of one account in one unit. ``credit`` is zero or above, like ``debit``.

    ``customer`` is None for postings of nobody in particular, and in sums over every customer.
    """

    ledger_account: LedgerAccountName
    book: Book
    unit: str
    debit: int
    credit: int
    customer: CustomerName | None = None

    @property
    def quantity(self) -> int:
        """The balance: positive stands on the debit side."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class TrialBalanceLine:
    """What one account holds in one unit."""

    account: LedgerAccount
    balance: AccountBalance


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBalance:
    """Every balance as of the end of a day, from what was written down by a moment."""

    as_of_date: date
    known_at: datetime
    lines: tuple[TrialBalanceLine, ...]

    def totals(self) -> dict[tuple[Book, str], int]:
        """What each book leaves in each unit; zero for a whole book, or the books are broken."""
        sums: dict[tuple[Book, str], int] = {}
        for line in self.lines:
            key = (line.balance.book, line.balance.unit)
            sums[key] = sums.get(key, 0) + line.balance.quantity
        return sums


def trial_balance(
    *,
    as_of_date: date,
    known_at: datetime,
    accounts: Iterable[LedgerAccount],
    balances: Iterable[AccountBalance],
) -> TrialBalance:
    """Put balances beside their accounts, by book, number and unit."""
    by_name = {account.name: account for account in accounts}
    lines = [TrialBalanceLine(by_name[balance.ledger_account], balance) for balance in balances]
    lines.sort(key=lambda line: (line.account.book, line.account.number, line.balance.unit))
    return TrialBalance(as_of_date=as_of_date, known_at=known_at, lines=tuple(lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class BookDifference:
    """A customer's balance that the two books show differently. Both are debit-positive."""

    customer: CustomerName | None
    unit: str
    company_account: LedgerAccountName
    company_quantity: int
    customer_account: LedgerAccountName
    customer_quantity: int

    @property
    def difference(self) -> int:
        """What is left when the mirror is laid over the company's balance."""
        return self.company_quantity + self.customer_quantity


def differences_between_books(balances: Iterable[AccountBalance]) -> tuple[BookDifference, ...]:
    """Find, by customer and unit, where a mirror does not cancel out the company's account."""
    sums: dict[tuple[LedgerAccountName, CustomerName | None, str], int] = {}
    for balance in balances:
        key = (balance.ledger_account, balance.customer, balance.unit)
        sums[key] = sums.get(key, 0) + balance.quantity
    whose = sorted({(c or "", u): (c, u) for _, c, u in sums}.items())
    return tuple(
        BookDifference(
            customer=customer,
            unit=unit,
            company_account=ours,
            company_quantity=sums.get((ours, customer, unit), 0),
            customer_account=theirs,
            customer_quantity=sums.get((theirs, customer, unit), 0),
        )
        for _, (customer, unit) in whose
        for ours, theirs in MIRRORS
        if sums.get((ours, customer, unit), 0) + sums.get((theirs, customer, unit), 0) != 0
    )
