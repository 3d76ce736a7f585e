"""Valid nouns of billing."""

from datetime import UTC, date, datetime
from decimal import Decimal

from services.billing.domain.amounts import Taxation
from services.billing.domain.asset_scale import (
    AssetScale,
    ScaleBasis,
    ScaleStatement,
    ScaleStatus,
)
from services.billing.domain.billing_run import BillingRun, new_run
from services.billing.domain.customer import (
    ClassChange,
    Customer,
    CustomerFacts,
    CustomerKind,
)
from services.billing.domain.inputs import CustomerInputs, OpenInvoice, ServiceYear, TradedTonnes
from services.billing.domain.invoice_line import Billed, InvoiceLine
from services.billing.domain.segments import fee_segments, uncovered
from services.billing.domain.tariff import Tariff, TariffSegment
from services.kernel.identifiers import CustomerName
from services.kernel.money import money
from services.kernel.period import Month, Period, year_period
from services.kernel.service import CustomerClass, Service
from services.kernel.tiers import ChargeModel, Tier

HANCHUAN = CustomerName("customers/hanchuan")
NOON = datetime(2025, 3, 31, 4, tzinfo=UTC)
YEAR = year_period(2025)

INTERNAL_TIERS = (
    Tier(Decimal(1_000_000), Decimal("0.35")),
    Tier(Decimal(5_000_000), Decimal("0.30")),
    Tier(None, Decimal("0.25")),
)


def a_tariff(
    *tiers: Tier,
    rule_version: str = "feeSchedules/internal/revisions/r1",
    model: ChargeModel = ChargeModel.GRADUATED,
    minimum: str | None = None,
    per_traded_tonne: str | None = None,
    tax_rate: str = "0.06",
    tax_inclusive: bool = False,
) -> Tariff:
    """A tariff; without tiers the internal graduated one."""
    return Tariff(
        rule_version=rule_version,
        charge_model=model,
        tiers=tiers or INTERNAL_TIERS,
        minimum_annual=None if minimum is None else money(minimum),
        per_traded_tonne=None if per_traded_tonne is None else Decimal(per_traded_tonne),
        tax_rate=Decimal(tax_rate),
        tax_inclusive=tax_inclusive,
    )


def a_flat_tariff(price: str, *, rule_version: str, minimum: str | None = None) -> Tariff:
    """A tariff of one price."""
    tier = Tier(None, Decimal(price))
    return a_tariff(tier, rule_version=rule_version, model=ChargeModel.FLAT, minimum=minimum)


def a_piece(
    tariff: Tariff | None = None,
    period: Period = YEAR,
    customer_class: CustomerClass = CustomerClass.INTERNAL,
) -> TariffSegment:
    """A tariff in force over some days; without one the internal graduated one, all year."""
    return TariffSegment(period, customer_class, tariff or a_tariff())


def a_customer(
    name: CustomerName = HANCHUAN,
    *,
    start: date = date(2025, 1, 1),
    end: date | None = None,
    customer_class: CustomerClass = CustomerClass.INTERNAL,
) -> Customer:
    """A thermal plant."""
    facts = CustomerFacts(
        display_name="Invented plant",
        kind=CustomerKind.THERMAL,
        service_start_date=start,
        service_end_date=end,
    )
    return Customer(
        name=name,
        facts=facts,
        class_changes=(ClassChange(start, customer_class),),
        version=1,
        created_at=NOON,
        updated_at=NOON,
    )


def a_statement(
    tonnes: str = "8200000",
    *,
    status: ScaleStatus = ScaleStatus.ESTIMATED,
    customer: CustomerName = HANCHUAN,
    year: int = 2025,
) -> ScaleStatement:
    """A statement of scale."""
    return ScaleStatement(
        customer=customer,
        year=year,
        basis=ScaleBasis.ALLOCATED,
        tonnes=Decimal(tonnes),
        status=status,
        source="invented",
    )


def a_scale(
    tonnes: str = "8200000",
    *,
    version: int = 1,
    status: ScaleStatus = ScaleStatus.ESTIMATED,
) -> AssetScale:
    """A recorded statement of scale."""
    return AssetScale(a_statement(tonnes, status=status), version, NOON)


def a_year(
    *pieces: TariffSegment,
    scale: AssetScale | None = None,
    year: int = 2025,
    served: Period | None = None,
    others: dict[Service, Tariff] | None = None,
    traded: tuple[TradedTonnes, ...] = (),
) -> ServiceYear:
    """A year of a customer; without pieces the internal tariff over all of its days."""
    days = served or year_period(year)
    found = pieces or (a_piece(period=days),)
    segments = {Service.DAILY_MANAGEMENT: fee_segments(found)}
    for service, tariff in (others or {}).items():
        segments[service] = fee_segments([a_piece(tariff, days)])
    return ServiceYear(
        year=year,
        served=days,
        scale=scale,
        segments=segments,
        gap=uncovered(days, found),
        traded=traded,
    )


def the_inputs(
    *years: ServiceYear,
    month: str,
    billed: tuple[Billed, ...] = (),
    open_invoices: tuple[OpenInvoice, ...] = (),
) -> CustomerInputs:
    """The inputs of a customer's month."""
    return CustomerInputs(
        customer=a_customer(),
        month=Month.parse(month),
        years=years,
        billed=billed,
        open_invoices=open_invoices,
    )


def billed_by(lines: list[InvoiceLine]) -> tuple[Billed, ...]:
    """What lines count as billed, as the books of documents would sum them."""
    sums: dict[object, Billed] = {}
    for line in lines:
        for part in line.parts:
            before = sums.get(part.key)
            own = part.own_fen + (before.own_fen if before else 0)
            version = max(line.scale_version, before.scale_version if before else 0)
            sums[part.key] = Billed(part.key, own, line.taxation, version)
    return tuple(sums.values())


def a_run(month: str = "2025-03", *, earlier: tuple[BillingRun, ...] = ()) -> BillingRun:
    """A run that was just started."""
    return new_run(
        month=Month.parse(month),
        earlier=earlier,
        maker="operator",
        chunk_count=1,
        approval_limit=money("10000000"),
        time=NOON,
    )


SIX_PERCENT = Taxation(Decimal("0.06"), inclusive=False)
