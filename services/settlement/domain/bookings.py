"""What a posted run writes into the books, of the house and of each customer's side.

As an agent the house books only difference, relief, share and their tax; a customer's tonnes are
custody, off balance. A share that waits for maturity is accrued in the house's book alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.kernel.identifiers import CustomerName, LedgerAccountName, RunName
from services.kernel.period import Month
from services.ledger.domain import chart
from services.ledger.domain.journal import Book, JournalEntry, Posting, pair
from services.settlement.domain.settlement import Settlement, SettlementRow
from services.settlement.domain.trade import TradeSide

_CNY = "CNY"
_OWED_TO_US = (chart.RECEIVABLES, chart.CUSTOMER_PAYABLES)
_OWED_BY_US = (chart.PAYABLES, chart.CUSTOMER_RECEIVABLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolMovement:
    """What the pool bought, or sold, of one instrument: tonnes, and fen without fees, and fees.

    Negative only where a correction takes something back.
    """

    instrument_code: str
    side: TradeSide
    tonnes: int
    amount: int
    fees: int


def entries_of(settlement: Settlement) -> Iterator[JournalEntry]:
    """Make the entries of one settlement: one per month of origin that moves money or tonnes."""
    for row in settlement.rows:
        current, origin = row.origin == settlement.month, str(row.origin)
        postings = _money(settlement.customer, row)
        if current:
            postings += _custody(settlement)
        if postings:
            yield JournalEntry(
                event_date=settlement.month.last_day,
                month=settlement.month,
                source=settlement.name,
                purpose=f"settle-{origin}",
                description=f"{settlement.contract} settled for {origin}",
                postings=tuple(postings),
                corrects_month=None if current else row.origin,
            )


def pool_entry(
    run: RunName, month: Month, movements: Iterable[PoolMovement]
) -> JournalEntry | None:
    """Make the entry of the pool's part of a month, in money and tonnes; None if nothing moved.

    Inventory is carried at what was paid less what was received; trading fees are an expense.
    """
    postings: list[Posting] = []
    for moved in movements:
        postings += _pool_postings(moved)
    if not postings:
        return None
    return JournalEntry(
        event_date=month.last_day,
        month=month,
        source=run,
        purpose="pool",
        description=f"the pool's own part of the trades of {month}",
        postings=tuple(postings),
    )


def _pool_postings(moved: PoolMovement) -> Iterator[Posting]:
    inventory, clearing = chart.POOL_INVENTORY, chart.POOL_CLEARING
    sign = 1 if moved.side is TradeSide.BUY else -1
    yield from _company(inventory, clearing, sign * moved.amount, None)
    yield from _company(chart.TRADING_FEES, clearing, moved.fees, None)
    yield from _company(inventory, clearing, sign * moved.tonnes, None, unit=moved.instrument_code)


def _money(customer: CustomerName, row: SettlementRow) -> list[Posting]:
    """Post one row: what is owed stands on one account, whose side follows from its sign."""
    owed, accrued = row.gross, row.moved.accrued
    due, mirror = _OWED_TO_US if owed >= 0 else _OWED_BY_US
    legs = (
        (Book.COMPANY, due, owed),
        (Book.COMPANY, chart.GUARANTEE_RESULT, -row.gain_net),
        (Book.COMPANY, chart.GAIN_SHARE_EXPENSE, row.share_net + accrued),
        (Book.COMPANY, chart.VAT_PAYABLE, -row.tax),
        (Book.COMPANY, chart.ACCRUED_SHARE, -accrued),
        (Book.CUSTOMER, mirror, -owed),
        (Book.CUSTOMER, chart.CUSTOMER_GUARANTEE, row.gain_net),
        (Book.CUSTOMER, chart.CUSTOMER_GAIN_SHARE, -row.share_net),
        (Book.CUSTOMER, chart.CUSTOMER_INPUT_VAT, row.tax),
    )
    return [Posting(account, book, _CNY, fen, customer) for book, account, fen in legs if fen]


def _custody(settlement: Settlement) -> Iterator[Posting]:
    for code, tonnes in sorted(settlement.custody.items()):
        customer = settlement.customer
        yield from _company(chart.CUSTODY_TONNES, chart.CUSTODY_CONTRA, tonnes, customer, unit=code)
        yield from pair(
            debit=chart.CUSTOMER_TONNES,
            credit=chart.CUSTOMER_TONNES_CONTRA,
            book=Book.CUSTOMER,
            unit=code,
            quantity=tonnes,
            customer=customer,
        )


def _company(
    debit: LedgerAccountName,
    credit: LedgerAccountName,
    quantity: int,
    customer: CustomerName | None,
    *,
    unit: str = _CNY,
) -> tuple[Posting, ...]:
    return pair(
        debit=debit,
        credit=credit,
        book=Book.COMPANY,
        unit=unit,
        quantity=quantity,
        customer=customer,
    )
