"""What incentives ask of other rooms, answered by their verbs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from services.billing.application.fee_income import FeeIncome
from services.incentives.domain.figures import (
    BenchmarkPrice,
    BenchmarkQuestion,
    ContractMonth,
    ContractTerms,
    MonthFigure,
)
from services.kernel.errors import NotFound
from services.kernel.identifiers import ContractName, RunName, SettlementName
from services.kernel.money import Money, from_minor, to_minor
from services.kernel.page import PageRequest
from services.kernel.period import Month
from services.ledger.application.balances import AccountBalances
from services.ledger.application.booking_month import BookingMonth
from services.ledger.application.list_month_books import ListMonthBooks
from services.ledger.application.post_entries import PostEntries
from services.ledger.domain.chart import (
    INCENTIVE_EXPENSE,
    INCENTIVE_PAYABLE,
    PROVISION_EXPENSE,
)
from services.ledger.domain.journal import Book, JournalEntry, pair
from services.pricing.application.compute_average import ComputeAverage
from services.pricing.domain.average_price import AverageKind, PriceMissing, SpanTooLong
from services.pricing.domain.price_point import PriceQuality
from services.settlement.application.list_contracts import ListContracts
from services.settlement.application.list_settlements import ListSettlements
from services.settlement.application.settlement_ports import (
    ContractFilter,
    Delivered,
    NameRange,
    SettlementFilter,
    SettlementSource,
    SettlementView,
)
from services.settlement.domain.contract import Contract, PriceBasis
from services.settlement.domain.guarantee import NOTHING, Figure, MonthOfOrigin
from services.settlement.domain.settlement import SettlementRow

_PAGE = 1000
_ALL = NameRange()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerMonths:
    """Which months are closed, by the ledger."""

    list_month_books: ListMonthBooks

    def closed(self) -> tuple[Month, ...]:
        """Name the closed months, in order."""
        return tuple(books.month for books in self.list_month_books() if not books.is_open)

    def first_open(self, months: Sequence[Month]) -> Month | None:
        """Name the first of these months that is not closed; None when all are."""
        closed = frozenset(self.closed())
        return next((month for month in months if month not in closed), None)


class _Moved(NamedTuple):
    """What posted rows moved, what of it is the house's own without tax, and where it stands."""

    figure: Figure = NOTHING
    net: int = 0
    sources: tuple[SettlementName, ...] = ()

    def and_row(self, row: SettlementRow, source: SettlementName) -> "_Moved":
        """Add a row."""
        figure = self.figure.less(NOTHING.less(row.moved))
        return _Moved(figure, self.net + row.net, (*self.sources, source))


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledContracts:
    """What closed months posted of contracts, by settlement.

    What settlements moved comes from posted runs of closed months; tonnes and fees by promised
    price come from the allocations that these settled.
    """

    months: LedgerMonths
    list_contracts: ListContracts
    list_settlements: ListSettlements
    source: SettlementSource

    def terms(self) -> tuple[ContractTerms, ...]:
        """The terms of every contract."""
        return tuple(_terms(contract) for contract in self._contracts())

    def months_through(self, last: Month) -> tuple[ContractMonth, ...]:
        """What moved, by month of origin up to ``last``, as posted in closed months."""
        closed = self.months.closed()
        if not closed:
            return ()
        contracts = {contract.name: contract for contract in self._contracts()}
        delivered = self.source.delivered(_ALL, month=closed[-1])
        return tuple(
            _contract_month(contracts[name], origin, moved, delivered.get(name, Delivered()).months)
            for (name, origin), moved in sorted(self._moved(closed).items())
            if origin <= last
        )

    def _moved(self, closed: Sequence[Month]) -> Mapping[tuple[ContractName, Month], "_Moved"]:
        """Sum the posted rows of closed months by contract and month of origin."""
        sums: dict[tuple[ContractName, Month], _Moved] = defaultdict(_Moved)
        for view in self._posted():
            settlement = view.settlement
            if settlement.month not in closed:
                continue
            for row in settlement.rows:
                key = (settlement.contract, row.origin)
                sums[key] = sums[key].and_row(row, settlement.name)
        return sums

    def _contracts(self) -> Iterator[Contract]:
        after: tuple[str, ...] | None = ()
        while after is not None:
            page = self.list_contracts(
                which=ContractFilter(), page=PageRequest(_PAGE, after or None)
            )
            yield from page.items
            after = page.next_after

    def _posted(self) -> Iterator[SettlementView]:
        after: tuple[str, ...] | None = ()
        while after is not None:
            page = self.list_settlements(
                which=SettlementFilter(posted_only=True), page=PageRequest(_PAGE, after or None)
            )
            yield from page.items
            after = page.next_after


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedFees:
    """Service fees without tax, by the month that they were issued in, by billing."""

    fee_income: FeeIncome

    def of_months(self, months: Sequence[Month]) -> tuple[MonthFigure, ...]:
        """The fees of each month."""
        return tuple(
            MonthFigure(month, self.fee_income(months=[month]), (f"months/{month}/invoices",))
            for month in months
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedProvisions:
    """The net expense for provisions of each month, by the ledger."""

    account_balances: AccountBalances

    def of_months(self, months: Sequence[Month]) -> tuple[MonthFigure, ...]:
        """What the expense account moved in each month; a cost is positive."""
        return tuple(
            MonthFigure(
                month,
                from_minor(self._balance(month) - self._balance(month.previous())),
                (PROVISION_EXPENSE,),
            )
            for month in months
        )

    def _balance(self, month: Month) -> int:
        return sum(
            balance.quantity
            for balance in self.account_balances(month=month)
            if balance.ledger_account == PROVISION_EXPENSE and balance.unit == "CNY"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketAverages:
    """Average market prices, by pricing."""

    compute_average: ComputeAverage

    def average(self, question: BenchmarkQuestion) -> BenchmarkPrice:
        """Answer one question; a series or a price that is not there is None."""
        try:
            known = self.compute_average(
                series=question.series,
                period=question.period,
                kind=AverageKind(question.kind),
            )
        except (NotFound, PriceMissing, SpanTooLong) as missing:
            return BenchmarkPrice(None, final=False, source=missing.message)
        found = known.average
        final = not found.missing_dates and found.lowest_quality is PriceQuality.FINAL
        span = f"{question.period.start} to {question.period.end}"
        source = f"{question.kind} of {question.series}, {span}, known at {known.known_at}"
        return BenchmarkPrice(found.total / found.weight, final=final, source=source)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardBooks:
    """Books awards by the ledger's verb: an expense, and a debt to staff as a whole."""

    post_entries: PostEntries
    booking_month: BookingMonth

    def post(self, *, run: RunName, earned_month: Month, awarded: Money) -> str:
        """Book them in the first open month; names the entry, or nothing where nothing is due."""
        postings = pair(
            debit=INCENTIVE_EXPENSE,
            credit=INCENTIVE_PAYABLE,
            book=Book.COMPANY,
            unit="CNY",
            quantity=to_minor(awarded),
        )
        if not postings:
            return ""
        month = self.booking_month(month=earned_month)
        entry = JournalEntry(
            event_date=earned_month.last_day,
            month=month,
            source=run,
            purpose="award",
            description=f"awards of {run}",
            postings=postings,
            corrects_month=earned_month if earned_month != month else None,
        )
        self.post_entries(entries=[entry])
        return entry.name


def _terms(contract: Contract) -> ContractTerms:
    return ContractTerms(
        name=contract.name,
        customer=contract.customer,
        side=contract.side,
        instrument_kind=contract.instruments[0].kind,
        delivery_window=contract.delivery_window,
        executed=contract.price_basis is PriceBasis.EXECUTED,
        tax_inclusive=contract.tax_inclusive,
    )


def _contract_month(
    contract: Contract,
    origin: Month,
    moved: "_Moved",
    delivered: Mapping[Month, MonthOfOrigin],
) -> ContractMonth:
    """Join what a month moved with the tonnes, promised amount and fees that it delivered."""
    found = delivered.get(origin)
    deliveries = found.deliveries if found else ()
    prices = [promised.price for promised in contract.promised_prices]
    promised = sum((prices[each.price] * each.tonnes for each in deliveries), Decimal(0))
    fees = sum(each.fees for each in deliveries) if contract.fees_included else 0
    return ContractMonth(
        contract=contract.name,
        month=origin,
        tonnes=sum(each.tonnes for each in deliveries),
        promised=promised,
        gain=from_minor(moved.figure.gain),
        share=from_minor(moved.figure.share),
        relief=from_minor(moved.figure.relief),
        fees=from_minor(fees),
        tax=from_minor(moved.figure.house - moved.net),
        sources=tuple(sorted(set(moved.sources))),
    )
