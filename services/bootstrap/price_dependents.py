"""What uses prices of a series, answered by the rooms that use them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.bootstrap.exchange import trading_calendar
from services.incentives.domain.run import IncentiveRun
from services.incentives.domain.scheme import Scheme
from services.incentives.persistence.runs import PostgresRuns
from services.incentives.persistence.schemes import PostgresSchemes
from services.kernel.authority import RunState
from services.kernel.identifiers import PriceSeriesName
from services.kernel.page import PageRequest
from services.kernel.period import Period
from services.pricing.application.every_series import every_series
from services.pricing.application.ports import PriceDependents
from services.pricing.domain.price_dependent import DependentKind, PriceDependent
from services.pricing.domain.price_series import PriceSeries, QuotedInstrument, series_in_order
from services.pricing.domain.trading_calendar import TradingCalendar
from services.pricing.persistence.price_points import PostgresPricePoints
from services.pricing.persistence.price_series import PostgresPriceSeries
from services.pricing.persistence.promise_dependents import PostgresPromiseDependents
from services.settlement.application.settlement_ports import ContractFilter
from services.settlement.application.trade_ports import RowFilter
from services.settlement.domain.contract import Contract, ContractState
from services.settlement.domain.trade import Trade, TradeMode
from services.settlement.persistence.contracts import PostgresContracts
from services.settlement.persistence.trades import PostgresTrades

_PAGE = 1_000
_GIVEN_UP = frozenset({RunState.SUPERSEDED, RunState.REJECTED, RunState.FAILED})


@dataclass(frozen=True, slots=True)
class EveryRoomsDependents:
    """Asks every room that uses prices, in turn."""

    sources: tuple[PriceDependents, ...]

    def __call__(self, *, series: PriceSeries, span: Period) -> Iterator[PriceDependent]:
        """Name whatever uses a price of a series on some day of a span."""
        for source in self.sources:
            yield from source(series=series, span=span)


@dataclass(frozen=True, slots=True)
class ContractsAtMarketPrices:
    """Names contracts in force that settle against an average, or the rest at a reference price."""

    contracts: PostgresContracts
    calendar: TradingCalendar

    def __call__(self, *, series: PriceSeries, span: Period) -> Iterator[PriceDependent]:
        """Name them, by the days of their window that they use."""
        for contract in _contracts(self.contracts):
            for days, use in self._uses(contract, series.name):
                if contract.state is not ContractState.DRAFT and days.intersect(span):
                    yield PriceDependent(
                        kind=DependentKind.CONTRACT,
                        name=contract.name,
                        days=days,
                        use=use,
                        way_out="settle the open month again; closed months are corrected there",
                    )

    def _uses(self, contract: Contract, series: PriceSeriesName) -> Iterator[tuple[Period, str]]:
        window = contract.delivery_window
        if contract.price_series == series:
            yield window, f"settles against {contract.price_basis} over its delivery window"
        if contract.reference_series == series and contract.reference_days:
            last = self.calendar.trading_days(window)[-contract.reference_days :]
            if last:
                use = f"settles what is undelivered at the mean of the last {len(last)} closes"
                yield Period(last[0], window.end), use


@dataclass(frozen=True, slots=True)
class TransfersAtMarketPrices:
    """Names internal transfers, whose price was that of their day."""

    trades: PostgresTrades
    series: PostgresPriceSeries
    points: PostgresPricePoints

    def __call__(self, *, series: PriceSeries, span: Period) -> Iterator[PriceDependent]:
        """Name those of a span that the series may price, and no series before it does."""
        offered = every_series(self.series)
        for trade in self._transfers(span):
            fitting = series_in_order(QuotedInstrument.of(trade.instrument), offered)
            if series in fitting and not self._answered(fitting, series, trade.trade_date):
                yield PriceDependent(
                    kind=DependentKind.TRANSFER,
                    name=trade.name,
                    days=_one_day(trade.trade_date),
                    use=f"moved {trade.tonnes} t at {trade.unit_price:f}, the price of the day",
                    way_out="correct the trade to the transfer price of the day",
                )

    def _answered(self, fitting: Sequence[PriceSeries], series: PriceSeries, day: date) -> bool:
        """Tell whether a series that is asked earlier has a traded price of the day."""
        earlier = fitting[: fitting.index(series)]
        found = (self.points.latest_around(each.name, day, day).get(day) for each in earlier)
        return any(figures is not None and not figures.stale for figures in found)

    def _transfers(self, span: Period) -> Iterator[Trade]:
        wanted = RowFilter(days=span, mode=TradeMode.INTERNAL)
        after: tuple[str, ...] | None = ()
        while after is not None:
            page = self.trades.list_trades(wanted, PageRequest(_PAGE, after or None))
            yield from page.items
            after = page.next_after


@dataclass(frozen=True, slots=True)
class IncentiveRunsByBenchmark:
    """Names incentive runs that took a series for the benchmark of the desk."""

    runs: PostgresRuns
    schemes: PostgresSchemes
    contracts: PostgresContracts

    def __call__(self, *, series: PriceSeries, span: Period) -> Iterator[PriceDependent]:
        """Name them, by the days from the first window of a contract to the end of their cycle."""
        schemes = {scheme.name: scheme for scheme in self._schemes() if _takes(scheme, series.name)}
        if not schemes:
            return
        first = min(
            (contract.delivery_window.start for contract in _contracts(self.contracts)),
            default=span.end,
        )
        for run in self._runs():
            days = _days_of(run, first)
            if run.scheme in schemes and run.state not in _GIVEN_UP and days.intersect(span):
                yield PriceDependent(
                    kind=DependentKind.INCENTIVE_RUN,
                    name=run.name,
                    days=days,
                    use=f"measured drift and skill of {run.cycle} against the series",
                    way_out="start the next run of the scheme: it corrects earlier cycles",
                )

    def _schemes(self) -> Iterator[Scheme]:
        after: tuple[str, ...] | None = ()
        while after is not None:
            page = self.schemes.page(PageRequest(_PAGE, after or None))
            yield from page.items
            after = page.next_after

    def _runs(self) -> Iterator[IncentiveRun]:
        after: tuple[str, ...] | None = ()
        while after is not None:
            page = self.runs.page(PageRequest(_PAGE, after or None), scheme=None, cycle=None)
            yield from page.items
            after = page.next_after


def price_dependents() -> EveryRoomsDependents:
    """Everything in the house that uses prices."""
    contracts = PostgresContracts()
    return EveryRoomsDependents(
        (
            ContractsAtMarketPrices(contracts, trading_calendar()),
            TransfersAtMarketPrices(PostgresTrades(), PostgresPriceSeries(), PostgresPricePoints()),
            IncentiveRunsByBenchmark(PostgresRuns(), PostgresSchemes(), contracts),
            PostgresPromiseDependents(),
        )
    )


def _contracts(contracts: PostgresContracts) -> Iterator[Contract]:
    after: tuple[str, ...] | None = ()
    while after is not None:
        page = contracts.list_contracts(ContractFilter(), PageRequest(_PAGE, after or None))
        yield from page.items
        after = page.next_after


def _takes(scheme: Scheme, series: PriceSeriesName) -> bool:
    return any(benchmark.price_series == series for benchmark in scheme.benchmarks)


def _days_of(run: IncentiveRun, first: date) -> Period:
    cycle = run.cycle.period
    return Period(min(first, cycle.start), cycle.end)


def _one_day(day: date) -> Period:
    return Period(day, date.fromordinal(day.toordinal() + 1))
