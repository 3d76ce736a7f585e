"""Valuations on a real PostgreSQL: frozen, computed once, concluded, seen by those who may."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.bootstrap.exchange import trading_calendar
from services.bootstrap.pricing_valuations import offset_covers, risk_limits
from services.kernel.authority import SYSTEM, Principal, RunState
from services.kernel.identifiers import (
    ContractName,
    CustomerName,
    PriceSeriesName,
    ValuationName,
)
from services.kernel.instrument import InstrumentKind
from services.kernel.page import PageRequest
from services.kernel.period import Period
from services.pricing.application.fail_valuation import FailValuation
from services.pricing.application.ports import PointOrigin
from services.pricing.application.read_markets import ReadMarkets
from services.pricing.application.valuation_ports import OpenBook
from services.pricing.application.value_chunk import ValueChunk
from services.pricing.application.value_contracts import ValueContracts
from services.pricing.application.value_daily import ValueDaily
from services.pricing.domain.portfolio.asked import AskedMarket, AskedScenario, InvalidScenario
from services.pricing.domain.portfolio.valuation import Valuation
from services.pricing.domain.price_point import DayFigures, PriceQuality
from services.pricing.domain.price_series import PriceSeries, QuotedInstrument
from services.pricing.persistence.price_points import PostgresPricePoints
from services.pricing.persistence.price_series import PostgresPriceSeries
from services.pricing.persistence.valuations import PostgresValuations
from services.runtime.database import open_engine
from services.runtime.unit_of_work import Transactions, acting_as, current_connection
from tests.builders.portfolio import DAY, FLOOR, a_position

SERIES = PriceSeriesName("priceSeries/cea-invented")
SAID = AskedScenario(
    markets=(AskedMarket(kind=InstrumentKind.CEA, spot=Decimal(80), volatility=Decimal("0.3")),),
    path_count=2_000,
)
BOOK = OpenBook(
    (a_position(1), a_position(2, customer=CustomerName("customers/luohe"), terms=FLOOR))
)


@dataclass(slots=True)
class Desk:
    """The verbs of valuations on one database, with a queue that only remembers."""

    work: Transactions
    book: OpenBook = BOOK
    deferred: list[tuple[ValuationName, int]] = field(default_factory=list)
    valuations: PostgresValuations = field(default_factory=PostgresValuations)

    def value_chunk(self, *, valuation: ValuationName, chunk: int) -> None:
        self.deferred.append((valuation, chunk))

    def now(self) -> datetime:
        return datetime(2025, 1, 2, 12, tzinfo=UTC)

    def open_contracts(self, *, as_of: date, names: Sequence[ContractName] | None) -> OpenBook:
        del as_of, names
        return self.book

    @property
    def start(self) -> ValueContracts:
        return ValueContracts(
            unit_of_work=self.work,
            valuations=self.valuations,
            open_contracts=self.open_contracts,
            read_markets=ReadMarkets(
                series=PostgresPriceSeries(),
                points=PostgresPricePoints(),
                calendar=trading_calendar(),
            ),
            calendar=trading_calendar(),
            queue=self,
            clock=self,
            principal=lambda: SYSTEM,
        )

    def compute(self, valuation: ValuationName, chunk: int) -> bool:
        verb = ValueChunk(
            unit_of_work=self.work,
            valuations=self.valuations,
            calendar=trading_calendar(),
            covers=offset_covers(),
            limits=risk_limits(),
        )
        return verb(valuation=valuation, chunk=chunk)

    def finish(self) -> None:
        for valuation, chunk in self.deferred:
            assert self.compute(valuation, chunk)
        self.deferred.clear()

    def find(self, name: ValuationName) -> Valuation:
        with self.work():
            found = self.valuations.find(name)
        assert found is not None
        return found


@pytest.fixture
def desk(fresh_database: str) -> Iterator[Desk]:
    engine = open_engine(fresh_database, pool_size=4)
    with acting_as(SYSTEM):
        yield Desk(Transactions(engine))
    engine.dispose()


def test_is_concluded_by_its_last_chunk_and_not_before(desk: Desk) -> None:
    started = desk.start(as_of=DAY, every=True, scenario=SAID)
    assert [chunk for _, chunk in desk.deferred] == list(range(started.chunk_count))
    *most, last = desk.deferred
    for valuation, chunk in most:
        desk.compute(valuation, chunk)
    assert desk.find(started.name).state is RunState.CALCULATING
    desk.compute(*last)
    done = desk.find(started.name)
    assert (done.state, done.done_count) == (RunState.CALCULATED, started.chunk_count)
    assert done.figures is not None
    assert done.figures.contract_count == 2
    assert len(done.scenarios) == started.chunk_count - 1


def test_computes_a_chunk_once_however_often_it_is_tried(desk: Desk) -> None:
    started = desk.start(as_of=DAY, every=True, scenario=SAID)
    desk.finish()
    before = desk.find(started.name)
    assert not desk.compute(started.name, 0)
    assert desk.find(started.name) == before


def test_values_what_was_frozen_whatever_became_of_the_contracts(desk: Desk) -> None:
    started = desk.start(as_of=DAY, every=True, scenario=SAID)
    desk.book = OpenBook(())
    desk.finish()
    assert desk.find(started.name).figures is not None
    with desk.work():
        assert desk.valuations.positions(started.name) == BOOK.positions


def test_two_valuations_of_one_day_agree_to_the_fen(desk: Desk) -> None:
    first = desk.start(as_of=DAY, every=True, scenario=SAID)
    second = desk.start(as_of=DAY, every=True, scenario=SAID)
    desk.finish()
    assert second.number == first.number + 1
    assert desk.find(first.name).figures == desk.find(second.name).figures


def test_a_valuation_given_up_says_why_and_stays_so(desk: Desk) -> None:
    started = desk.start(as_of=DAY, every=True, scenario=SAID)
    fail = FailValuation(unit_of_work=desk.work, valuations=desk.valuations)
    assert fail(valuation=started.name, failure="chunk 1: the disk is full")
    assert not fail(valuation=started.name, failure="again")
    assert not desk.compute(started.name, 0)
    given_up = desk.find(started.name)
    assert (given_up.state, given_up.failure) == (RunState.FAILED, "chunk 1: the disk is full")


def test_shows_a_customer_no_value_of_another(desk: Desk) -> None:
    started = desk.start(as_of=DAY, every=True, scenario=SAID)
    desk.finish()
    luohe = Principal("l", frozenset({"customer"}), frozenset({"customers/luohe"}))
    with acting_as(luohe), desk.work():
        page = desk.valuations.list_values(started.name, customer=None, page=PageRequest(10))
    assert [value.contract for value in page.items] == ["contracts/c002"]


def test_what_a_contract_was_worth_never_changes(desk: Desk) -> None:
    desk.start(as_of=DAY, every=True, scenario=SAID)
    desk.finish()
    with pytest.raises(DBAPIError), desk.work():
        current_connection().execute(text("UPDATE pricing.contract_values SET value_fen = 0"))


def test_reads_spot_volatility_and_worst_moves_from_the_series(desk: Desk) -> None:
    _import_closes(desk, until=DAY)
    started = desk.start(as_of=DAY, every=True, scenario=replace(SAID, markets=()))
    desk.finish()
    market = started.assumptions.markets[0]
    assert market.series == SERIES
    assert market.spot_source.startswith(f"close of {DAY}")
    assert market.volatility >= Decimal("0.20")
    names = [scenario.name for scenario in desk.find(started.name).scenarios]
    assert names[:3] == ["price -10 %", "price +10 %", "volatility 45 %"]
    assert [name.split()[1] for name in names[3:]] == ["fall", "rise"]


def test_takes_no_price_from_long_ago_for_one_of_the_day(desk: Desk) -> None:
    _import_closes(desk, until=DAY - timedelta(days=40))
    started = desk.start(as_of=DAY, every=True, scenario=replace(SAID, markets=()))
    assert [finding.reason for finding in started.findings] == ["PRICE_MISSING"]
    desk.finish()
    figures = desk.find(started.name).figures
    assert figures is not None
    assert figures.contract_count == 0


def test_says_what_it_does_not_know_of_the_days_ahead(desk: Desk) -> None:
    beyond = replace(a_position(1), window=Period(DAY, date(2029, 1, 1)))
    desk.book = OpenBook((beyond,))
    started = desk.start(as_of=DAY, every=True, scenario=SAID)
    assert [finding.reason for finding in started.findings] == ["CALENDAR_UNKNOWN"]
    desk.finish()
    assert started.findings[0] in desk.find(started.name).findings


def test_says_of_a_price_that_it_is_not_of_the_day(desk: Desk) -> None:
    _import_closes(desk, until=DAY - timedelta(days=3))
    started = desk.start(as_of=DAY, every=True, scenario=replace(SAID, markets=()))
    assert [finding.reason for finding in started.findings] == ["PRICE_STALE"]


def test_refuses_a_volatility_that_leaves_prices_without_meaning(desk: Desk) -> None:
    wild = replace(SAID.markets[0], volatility=Decimal(3))
    long = replace(a_position(1), window=Period(DAY, date(2027, 1, 1)))
    desk.book = OpenBook((long,))
    with pytest.raises(InvalidScenario, match="total variance"):
        desk.start(as_of=DAY, every=True, scenario=replace(SAID, markets=(wild,)))


def test_values_everything_each_evening_of_a_trading_day(desk: Desk) -> None:
    daily = ValueDaily(value_contracts=desk.start, calendar=trading_calendar(), clock=desk)
    started = daily()
    assert started is not None
    assert started.as_of == DAY
    closed = replace(daily, clock=_NewYear())
    assert closed() is None


class _NewYear:
    def now(self) -> datetime:
        return datetime(2025, 1, 1, 12, tzinfo=UTC)


def _import_closes(desk: Desk, *, until: date) -> None:
    """An invented series of some 200 trading days that swings around 80."""
    days = [until - timedelta(days=back) for back in range(300, -1, -1)]
    figures = [
        DayFigures(
            date=day,
            close=Decimal(f"{80 + 6 * math.sin(place / 9) + place % 3:.2f}"),
            quality=PriceQuality.FINAL,
            volume_tonnes=1_000,
        )
        for place, day in enumerate(filter(trading_calendar().is_trading_day, days))
    ]
    with desk.work():
        PostgresPriceSeries().add(
            PriceSeries(
                name=SERIES, instrument=QuotedInstrument(InstrumentKind.CEA), venue="invented"
            )
        )
        origin = PointOrigin("invented", datetime(2025, 1, 2, tzinfo=UTC))
        PostgresPricePoints().add_versions(SERIES, figures, origin=origin)
