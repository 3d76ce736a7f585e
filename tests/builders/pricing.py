"""Valid nouns of pricing, to be bent by the test at hand."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from services.kernel.identifiers import CustomerName, FeeScheduleName, PriceSeriesName
from services.kernel.instrument import InstrumentKind
from services.kernel.money import money
from services.kernel.service import CustomerClass, Service
from services.kernel.tiers import ChargeModel, Tier
from services.pricing import domain
from services.pricing.domain.fee_schedule import FeeSchedule
from services.pricing.domain.fee_schedule_revision import (
    FeeScheduleRevision,
    RevisionApproval,
    revision_name,
)
from services.pricing.domain.market_rules import MarketRules, read_market_rules
from services.pricing.domain.price_import import ImportRules
from services.pricing.domain.price_point import DayFigures, PriceQuality
from services.pricing.domain.price_series import PriceSeries, QuotedInstrument
from services.pricing.domain.reported_row import ReportedRow, RowIssue
from services.pricing.domain.tariff import Tariff
from services.pricing.domain.trading_calendar import TradingCalendar, read_holidays

CEA = PriceSeriesName("priceSeries/cea-composite")
DAILY_INTERNAL = FeeScheduleName("feeSchedules/daily-management-internal")
TODAY = date(2027, 1, 4)
HANCHUAN = CustomerName("customers/hanchuan")
_DATA = Path(domain.__path__[0])


@lru_cache
def calendar() -> TradingCalendar:
    lines = (_DATA / "exchange_holidays.csv").read_text(encoding="utf-8").splitlines()
    return TradingCalendar.of(read_holidays(lines))


@lru_cache
def market() -> MarketRules:
    return read_market_rules((_DATA / "market_rules.csv").read_text(encoding="utf-8").splitlines())


def import_rules(kind: InstrumentKind = InstrumentKind.CEA) -> ImportRules:
    return ImportRules(kind=kind, market=market(), calendar=calendar(), today=TODAY)


def series(name: PriceSeriesName = CEA) -> PriceSeries:
    return PriceSeries(name=name, instrument=QuotedInstrument(InstrumentKind.CEA), venue="cneeex")


def row(
    day: str = "2025-07-01",
    close: str | None = "74.22",
    *,
    number: int = 0,
    low: str | None = None,
    high: str | None = None,
    tonnes: int | None = None,
    amount: str | None = None,
    quality: PriceQuality | None = PriceQuality.FINAL,
    block_tonnes: int | None = None,
    block_amount: str | None = None,
    unreadable: tuple[RowIssue, ...] = (),
) -> ReportedRow:
    return ReportedRow(
        row=number,
        date=date.fromisoformat(day) if day else None,
        close=None if close is None else Decimal(close),
        low=None if low is None else Decimal(low),
        high=None if high is None else Decimal(high),
        volume_tonnes=tonnes,
        amount=None if amount is None else money(amount),
        quality=quality,
        block_volume_tonnes=block_tonnes,
        block_amount=None if block_amount is None else money(block_amount),
        unreadable=unreadable,
    )


def figures(
    day: str,
    close: str = "74.22",
    *,
    tonnes: int | None = None,
    amount: str | None = None,
    quality: PriceQuality = PriceQuality.FINAL,
    block_tonnes: int | None = None,
    block_amount: str | None = None,
) -> DayFigures:
    return DayFigures(
        date=date.fromisoformat(day),
        close=Decimal(close),
        quality=quality,
        volume_tonnes=tonnes,
        amount=None if amount is None else money(amount),
        block_volume_tonnes=block_tonnes,
        block_amount=None if block_amount is None else money(block_amount),
    )


def recorded(*days: DayFigures) -> dict[date, DayFigures]:
    return {day.date: day for day in days}


def schedule(
    name: FeeScheduleName = DAILY_INTERNAL,
    *,
    service: Service = Service.DAILY_MANAGEMENT,
    customer_class: CustomerClass = CustomerClass.INTERNAL,
) -> FeeSchedule:
    return FeeSchedule(name=name, service=service, customer_class=customer_class)


def tariff(
    effective: str = "2025-01-01",
    *,
    price: str = "0.30",
    customer: CustomerName | None = None,
    end: str | None = None,
) -> Tariff:
    return Tariff(
        effective_date=date.fromisoformat(effective),
        charge_model=ChargeModel.FLAT,
        tiers=(Tier(None, Decimal(price)),),
        customer=customer,
        end_date=None if end is None else date.fromisoformat(end),
    )


def moment(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)


def revision(revision_id: str, terms: Tariff, *, approved: str | None) -> FeeScheduleRevision:
    approval = None if approved is None else RevisionApproval("director", moment(approved))
    return FeeScheduleRevision(
        name=revision_name(DAILY_INTERNAL, revision_id),
        schedule=DAILY_INTERNAL,
        tariff=terms,
        maker="analyst",
        created_at=moment("2024-11-01"),
        approval=approval,
    )


def reasons(issues: Iterable[RowIssue]) -> list[tuple[int, str, str]]:
    return [(issue.row, issue.field, issue.reason) for issue in issues]
