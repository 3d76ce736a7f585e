"""What a posted settlement writes into the books."""

from decimal import Decimal

from services.kernel.identifiers import ContractName, CustomerName, LedgerAccountName, RunName
from services.kernel.period import Month
from services.ledger.domain import chart
from services.ledger.domain.journal import Book, JournalEntry
from services.settlement.domain.bookings import PoolMovement, entries_of, pool_entry
from services.settlement.domain.guarantee import Figure
from services.settlement.domain.settlement import Settlement, SettlementRow, Taxation, row_of
from services.settlement.domain.trade import TradeSide

MARCH, JANUARY = Month(2025, 3), Month(2025, 1)
RUN = RunName("settlementRuns/2025-03-final-1")


def _figure(gain: int, share: int, *, relief: int = 0, accrued: int = 0) -> Figure:
    return Figure(100, 0, 0, 0, gain, share, relief, accrued)


def _settlement(*rows: SettlementRow, custody: dict[str, int] | None = None) -> Settlement:
    return Settlement(
        run=RUN,
        month=MARCH,
        contract=ContractName("contracts/hanchuan-2025"),
        customer=CustomerName("customers/hanchuan"),
        figure=_figure(0, 0),
        rows=rows,
        inputs="{}",
        custody=custody or {},
    )


def _legs(entry: JournalEntry, book: Book = Book.COMPANY) -> dict[LedgerAccountName, int]:
    return {p.ledger_account: p.quantity for p in entry.postings if p.book is book}


def test_books_a_gain_that_the_customer_owes_with_its_share_taken_off() -> None:
    [entry] = entries_of(_settlement(row_of(MARCH, _figure(1_200_000, 360_000), None)))
    assert _legs(entry) == {
        chart.RECEIVABLES: 840_000,
        chart.GUARANTEE_RESULT: -1_200_000,
        chart.GAIN_SHARE_EXPENSE: 360_000,
    }
    assert _legs(entry, Book.CUSTOMER) == {
        chart.CUSTOMER_PAYABLES: -840_000,
        chart.CUSTOMER_GUARANTEE: 1_200_000,
        chart.CUSTOMER_GAIN_SHARE: -360_000,
    }


def test_books_a_loss_as_owed_to_the_customer() -> None:
    [entry] = entries_of(_settlement(row_of(MARCH, _figure(-22_000_000, 0, relief=1_000), None)))
    assert _legs(entry) == {chart.PAYABLES: -21_999_000, chart.GUARANTEE_RESULT: 21_999_000}


def test_names_the_month_that_a_row_corrects() -> None:
    rows = [row_of(month, _figure(1, 0), None) for month in (JANUARY, MARCH)]
    first, current = entries_of(_settlement(*rows))
    assert (first.month, first.corrects_month) == (MARCH, JANUARY)
    assert (current.month, current.corrects_month) == (MARCH, None)
    assert first.name != current.name


def test_accrues_a_share_that_is_not_payable_yet_in_the_house_book_alone() -> None:
    [entry] = entries_of(_settlement(row_of(MARCH, _figure(1_000, 0, accrued=300), None)))
    assert _legs(entry) == {
        chart.RECEIVABLES: 1_000,
        chart.GUARANTEE_RESULT: -1_000,
        chart.GAIN_SHARE_EXPENSE: 300,
        chart.ACCRUED_SHARE: -300,
    }
    assert chart.CUSTOMER_GAIN_SHARE not in _legs(entry, Book.CUSTOMER)


def test_taxes_difference_and_share_each_by_itself() -> None:
    taxation = Taxation(Decimal("0.06"), inclusive=True)
    row = row_of(MARCH, _figure(1_200_000, 360_000), taxation)
    assert (row.gain_net, row.share_net, row.tax) == (1_132_075, 339_623, 67_925 - 20_377)
    assert row.gross == 840_000
    [entry] = entries_of(_settlement(row))
    assert _legs(entry)[chart.VAT_PAYABLE] == -47_548


def test_keeps_custody_in_tonnes_beside_the_money() -> None:
    row = row_of(MARCH, _figure(0, 0), None)
    [entry] = entries_of(_settlement(row, custody={"CEA-2024": 100}))
    units = {(p.book, p.unit, p.quantity) for p in entry.postings}
    assert (Book.COMPANY, "CEA-2024", 100) in units
    assert (Book.CUSTOMER, "CEA-2024", 100) in units


def test_books_nothing_where_nothing_moves() -> None:
    assert list(entries_of(_settlement(row_of(MARCH, _figure(0, 0), None)))) == []
    assert pool_entry(RUN, MARCH, []) is None


def test_books_the_pools_part_in_money_and_in_tonnes() -> None:
    bought = PoolMovement(
        instrument_code="CEA-2024",
        side=TradeSide.BUY,
        tonnes=501,
        amount=3_609_204,
        fees=100,
    )
    entry = pool_entry(RUN, MARCH, [bought])
    assert entry is not None
    legs = {(p.ledger_account, p.unit): p.quantity for p in entry.postings if p.quantity > 0}
    assert legs == {
        (chart.POOL_INVENTORY, "CNY"): 3_609_204,
        (chart.TRADING_FEES, "CNY"): 100,
        (chart.POOL_INVENTORY, "CEA-2024"): 501,
    }


def test_takes_what_the_pool_sold_out_of_inventory() -> None:
    sold = PoolMovement(
        instrument_code="CEA-2024", side=TradeSide.SELL, tonnes=10, amount=70_000, fees=0
    )
    entry = pool_entry(RUN, MARCH, [sold])
    assert entry is not None
    inventory = [p for p in entry.postings if p.ledger_account == chart.POOL_INVENTORY]
    assert [p.quantity for p in inventory] == [-70_000, -10]
