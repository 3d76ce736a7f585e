"""Charges per traded tonne, and services listed at zero."""

from datetime import date
from decimal import Decimal

from services.billing.domain.charges import charge_customer
from services.billing.domain.inputs import TradedTonnes, year_charged
from services.billing.domain.invoice_line import InvoiceLine, LineKind
from services.kernel.instrument import InstrumentKind
from services.kernel.period import Month, Period
from services.kernel.service import Service
from tests.builders.billing import (
    HANCHUAN,
    a_scale,
    a_tariff,
    a_year,
    billed_by,
    the_inputs,
)

TRADING = {Service.COMPLIANCE_TRADING: a_tariff(rule_version="t", per_traded_tonne="0.12")}


def traded(month: str, tonnes: int, kind: InstrumentKind = InstrumentKind.CEA) -> TradedTonnes:
    return TradedTonnes(HANCHUAN, Month.parse(month), kind, tonnes)


def trading_lines(
    month: str, *rows: TradedTonnes, before: list[InvoiceLine] | None = None
) -> list[InvoiceLine]:
    year = a_year(scale=a_scale("0"), others=TRADING, traded=rows)
    lines = charge_customer(the_inputs(year, month=month, billed=billed_by(before or []))).lines
    return [line for line in lines if line.service is Service.COMPLIANCE_TRADING]


def test_charges_the_tonnes_of_the_month() -> None:
    (line,) = trading_lines("2025-01", traded("2025-01", 60_001))
    assert (line.kind, line.quantity_tonnes) == (LineKind.TRADED_TONNES, Decimal(60_001))
    assert line.amounts.net_fen == 720_012


def test_charges_what_came_late_with_the_next_month() -> None:
    january = trading_lines("2025-01", traded("2025-01", 1_000))
    rows = traded("2025-01", 1_500), traded("2025-02", 200)
    (line,) = trading_lines("2025-02", *rows, before=january)
    assert line.amounts.net_fen == 12 * 700


def test_leaves_out_instruments_that_the_service_does_not_deal_in() -> None:
    (line,) = trading_lines("2025-01", traded("2025-01", 1_000, InstrumentKind.CCER))
    assert (line.kind, line.amounts.gross_fen) == (LineKind.LISTED, 0)


def test_lists_a_service_without_a_charge_at_zero() -> None:
    (line,) = trading_lines("2025-01")
    assert (line.kind, line.amounts.gross_fen, line.parts) == (LineKind.LISTED, 0, ())


def test_daily_management_may_charge_tonnes_beside_the_scale() -> None:
    tariff = a_tariff(per_traded_tonne="0.01")
    year = a_year(scale=a_scale(), traded=(traded("2025-01", 100),))
    year.segments[Service.DAILY_MANAGEMENT] = a_year(
        scale=a_scale(), others={Service.DAILY_MANAGEMENT: tariff}
    ).segments[Service.DAILY_MANAGEMENT]
    lines = charge_customer(the_inputs(year, month="2025-01")).lines
    assert [line.kind for line in lines] == [LineKind.MANAGEMENT_FEE, LineKind.TRADED_TONNES]


def test_a_tariff_that_takes_over_from_its_first_day_gives_back_what_the_one_before_charged() -> (
    None
):
    january = trading_lines("2025-01", traded("2025-01", 1_000))
    corrected = {Service.COMPLIANCE_TRADING: a_tariff(rule_version="t2", per_traded_tonne="0.10")}
    rows = traded("2025-01", 1_000), traded("2025-02", 200)
    year = a_year(scale=a_scale("0"), others=corrected, traded=rows)
    lines = charge_customer(the_inputs(year, month="2025-02", billed=billed_by(january))).lines
    nets = {each.rule_version: each.amounts.net_fen for each in lines if each.parts}
    assert (nets["t INTERNAL"], nets["t2"]) == (-12_000, 12_000)


def test_tonnes_charged_after_the_last_day_served_name_a_month_that_is_over() -> None:
    served = Period(date(2025, 1, 1), date(2025, 2, 11))
    late = traded("2025-03", 1_000)
    year = a_year(scale=a_scale("0"), served=served, others=TRADING, traded=(late,))
    lines = charge_customer(the_inputs(year, month="2025-03")).lines
    (line,) = (each for each in lines if each.kind is LineKind.TRADED_TONNES)
    assert (line.amounts.net_fen, str(line.corrects_month)) == (12_000, "2025-02")


def test_tonnes_of_a_year_without_a_day_served_are_charged_in_the_nearest_one() -> None:
    served = Period(date(2025, 2, 1), date(2026, 1, 1))
    months = ("2024-12", "2025-01", "2025-06", "2026-01", "2027-03")
    years = [year_charged(Month.parse(month), served=served) for month in months]
    assert years == [2025] * 5
    assert year_charged(Month.parse("2026-01"), served=None) == 2026
