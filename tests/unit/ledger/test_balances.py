"""Balances, and books that must agree."""

from services.ledger.domain.balances import AccountBalance, differences_between_books
from services.ledger.domain.chart import CUSTOMER_PAYABLES, FEE_REVENUE, RECEIVABLES
from services.ledger.domain.journal import Book
from tests.builders.ledger import HANCHUAN, YANGLUO

OURS = AccountBalance(
    ledger_account=RECEIVABLES, book=Book.COMPANY, unit="CNY", debit=500, credit=100,
    customer=HANCHUAN,
)  # fmt: skip
THEIRS = AccountBalance(
    ledger_account=CUSTOMER_PAYABLES, book=Book.CUSTOMER, unit="CNY", debit=100, credit=500,
    customer=HANCHUAN,
)  # fmt: skip
REVENUE = AccountBalance(
    ledger_account=FEE_REVENUE, book=Book.COMPANY, unit="CNY", debit=0, credit=400
)


def test_books_agree_when_the_mirror_cancels_out() -> None:
    assert differences_between_books([OURS, THEIRS, REVENUE]) == ()


def test_a_missing_mirror_is_a_difference() -> None:
    (difference,) = differences_between_books([OURS, REVENUE])
    assert (difference.customer, difference.unit, difference.difference) == (HANCHUAN, "CNY", 400)


def test_one_customers_mirror_does_not_stand_for_anothers() -> None:
    other = AccountBalance(
        ledger_account=CUSTOMER_PAYABLES, book=Book.CUSTOMER, unit="CNY", debit=0, credit=400,
        customer=YANGLUO,
    )  # fmt: skip
    found = differences_between_books([OURS, other])
    assert [(d.customer, d.difference) for d in found] == [(HANCHUAN, 400), (YANGLUO, -400)]
