"""The chart of accounts: what each account is called, whose book it is in, which side is normal.

The rows in the database are the chart in force, dated; this module has the names that rooms
post with. Numbers follow the chart of the Accounting Standards for Business Enterprises; which
rule a number comes from, and whether somebody checked it there, stands in ``legal_source`` and
``source_verified``.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.kernel.identifiers import LedgerAccountName
from services.ledger.domain.journal import Book


class NormalSide(StrEnum):
    """The side on which a balance of the account usually stands."""

    DEBIT = "DEBIT"
    CREDIT = "CREDIT"


class UnitKind(StrEnum):
    """What an account counts: money, tonnes of instruments, or each of them apart."""

    MONEY = "MONEY"
    TONNES = "TONNES"
    MONEY_AND_TONNES = "MONEY_AND_TONNES"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerAccount:
    """One account, as it is from ``effective_date`` until a later row of the same name."""

    name: LedgerAccountName
    effective_date: date
    number: str
    display_name: str
    display_name_zh: str
    book: Book
    normal_side: NormalSide
    unit_kind: UnitKind
    legal_source: str
    source_verified: bool


def _account(name: str) -> LedgerAccountName:
    return LedgerAccountName(f"ledgerAccounts/{name}")


# The company's books.
CASH = _account("cash")
RECEIVABLES = _account("receivables")
"""What customers owe the company; by customer."""
PAYABLES = _account("payables")
"""What the company owes customers; by customer."""
VAT_PAYABLE = _account("vat-payable")
FEE_REVENUE = _account("fee-revenue")
GUARANTEE_RESULT = _account("guarantee-result")
"""Gains (credit) and losses (debit) of guaranteed prices, before the share."""
GAIN_SHARE_EXPENSE = _account("gain-share-expense")
"""The part of gains that is returned to customers."""
ACCRUED_SHARE = _account("accrued-share")
"""Shares that are earned and not payable before maturity."""
PROVISION = _account("provision")
PROVISION_EXPENSE = _account("provision-expense")
POOL_INVENTORY = _account("pool-inventory")
"""The company's own allowances and credits: in money, and in tonnes per instrument."""
POOL_CLEARING = _account("pool-clearing")
"""The other side of pool trades until cash moves: in money, and in tonnes per instrument."""
TRADING_RESULT = _account("trading-result")
TRADING_FEES = _account("trading-fees")
INCENTIVE_EXPENSE = _account("incentive-expense")
INCENTIVE_PAYABLE = _account("incentive-payable")
CUSTODY_TONNES = _account("custody-tonnes")
"""Tonnes of customers in our keeping; off balance."""
CUSTODY_CONTRA = _account("custody-contra")

# The mirror of each customer's side.
CUSTOMER_CASH = _account("customer-cash")
CUSTOMER_RECEIVABLES = _account("customer-receivables")
"""What we owe the customer, as the customer sees it: mirrors PAYABLES."""
CUSTOMER_PAYABLES = _account("customer-payables")
"""What the customer owes us, as the customer sees it: mirrors RECEIVABLES."""
CUSTOMER_INPUT_VAT = _account("customer-input-vat")
CUSTOMER_FEES = _account("customer-fees")
CUSTOMER_GUARANTEE = _account("customer-guarantee")
"""Mirrors GUARANTEE_RESULT."""
CUSTOMER_GAIN_SHARE = _account("customer-gain-share")
"""Mirrors GAIN_SHARE_EXPENSE."""
CUSTOMER_TONNES = _account("customer-tonnes")
CUSTOMER_TONNES_CONTRA = _account("customer-tonnes-contra")

MIRRORS: tuple[tuple[LedgerAccountName, LedgerAccountName], ...] = (
    (RECEIVABLES, CUSTOMER_PAYABLES),
    (PAYABLES, CUSTOMER_RECEIVABLES),
)
"""Pairs (company, customer) whose balances by customer must cancel out."""
