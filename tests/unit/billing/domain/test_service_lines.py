"""Charges per traded tonne, and services listed at zero."""

from decimal import Decimal

from services.billing.domain.charges import charge_customer
from services.billing.domain.inputs import TradedTonnes
from services.billing.domain.invoice_line import InvoiceLine, LineKind
from services.kernel.instrument import InstrumentKind
from services.kernel.period import Month
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
