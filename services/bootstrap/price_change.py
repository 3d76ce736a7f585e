"""What a preview of prices asks of billing and settlement."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.billing.domain.amounts import round_fen
from services.billing.domain.asset_scale import AssetScale
from services.billing.domain.customer import Customer
from services.billing.domain.inputs import TRADED_KINDS
from services.billing.domain.management_fee import accrual
from services.billing.domain.segments import FeeSegment, fee_segments
from services.billing.domain.tariff import Tariff
from services.billing.domain.tariff import TariffSegment as BilledSegment
from services.billing.persistence.asset_scales import PostgresAssetScales
from services.billing.persistence.customers import PostgresCustomers
from services.kernel.identifiers import CustomerName
from services.kernel.instrument import InstrumentKind
from services.kernel.money import Money, from_minor, zero
from services.kernel.period import Month, Period, year_period
from services.kernel.service import CustomerClass, Service
from services.kernel.tiers import ChargeModel, Tier
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision
from services.pricing.domain.price_change import BilledCustomer
from services.pricing.domain.rate_card import TariffSegment
from services.settlement.persistence.allocations import PostgresAllocations

_MONTHS = 12
_FREE = (Tier(None, Decimal(0)),)


@dataclass(frozen=True, slots=True)
class CustomersOfBilling:
    """Answers who is served in a class, with scales by billing and traded tonnes by settlement."""

    customers: PostgresCustomers
    scales: PostgresAssetScales
    allocations: PostgresAllocations

    def __call__(
        self, *, customer_class: CustomerClass, service: Service, span: Period, scale_year: int
    ) -> Sequence[BilledCustomer]:
        """Read those served in the class on some day of a span, by name."""
        names = self.customers.joined_before(span.end)
        theirs = [
            (customer, days)
            for customer in self.customers.read_all(names)
            if (days := _days_in(customer, customer_class, span))
        ]
        scales = self.scales.latest([c.name for c, _ in theirs], years=[scale_year])
        traded = self._traded(
            [c.name for c, _ in theirs], Month.of(span.start), TRADED_KINDS[service]
        )
        return [
            BilledCustomer(
                name=customer.name,
                days=days,
                scale=_tonnes(scales.get((customer.name, scale_year))),
                traded_tonnes=traded.get(customer.name, 0),
            )
            for customer, days in theirs
        ]

    def _traded(
        self, names: Sequence[CustomerName], before: Month, kinds: Collection[InstrumentKind]
    ) -> Mapping[CustomerName, int]:
        months = [before.previous()]
        while len(months) < _MONTHS:
            months.append(months[-1].previous())
        sums: dict[CustomerName, int] = {}
        traded = self.allocations.traded_tonnes(names, months=months)
        for (customer, _, kind), tonnes in traded.items():
            sums[customer] = sums.get(customer, 0) + (tonnes if kind in kinds else 0)
        return sums


class FeesByBilling:
    """Answers what days and years cost, by the arithmetic of bills."""

    def of_days(self, segments: Sequence[TariffSegment], *, scale: Decimal, year: int) -> Money:
        """Charge days of a year by what is in force, without tax; days without a tariff nothing."""
        pieces = [
            BilledSegment(segment.period, CustomerClass.INTERNAL, tariff_of(segment.revision))
            for segment in segments
            if segment.revision is not None
        ]
        net_fen = sum(_net_fen(each, scale, year) for each in fee_segments(pieces))
        return from_minor(net_fen)

    def of_year(self, revision: FeeScheduleRevision, *, scale: Decimal, year: int) -> Money:
        """Charge a full year by one revision, without tax."""
        return self.of_days([TariffSegment(year_period(year), revision)], scale=scale, year=year)

    def of_traded(self, revision: FeeScheduleRevision | None, *, tonnes: int) -> Money:
        """Charge traded tonnes by one revision, without tax; by none, nothing."""
        if revision is None or revision.tariff.per_traded_tonne is None:
            return zero()
        tariff = tariff_of(revision)
        own_fen = round_fen(revision.tariff.per_traded_tonne * tonnes)
        return from_minor(tariff.taxation.of(own_fen).net_fen)


def customers_of_billing() -> CustomersOfBilling:
    """The customers of a class, on the platform."""
    return CustomersOfBilling(PostgresCustomers(), PostgresAssetScales(), PostgresAllocations())


def tariff_of(revision: FeeScheduleRevision) -> Tariff:
    """Write a revision as the rule that billing charges by; no tiers charge nothing."""
    terms = revision.tariff
    return Tariff(
        rule_version=revision.name,
        charge_model=terms.charge_model or ChargeModel.FLAT,
        tiers=terms.tiers or _FREE,
        minimum_annual=terms.minimum_annual,
        maximum_annual=terms.maximum_annual,
        per_traded_tonne=terms.per_traded_tonne,
        tax_rate=terms.tax_rate,
        tax_inclusive=terms.tax_inclusive,
    )


def _days_in(customer: Customer, customer_class: CustomerClass, span: Period) -> tuple[Period, ...]:
    served = customer.served_within(span)
    if served is None:
        return ()
    parts = customer.classes_within(served)
    return tuple(days for days, held in parts if held is customer_class and days.days > 0)


def _tonnes(scale: AssetScale | None) -> Decimal | None:
    return None if scale is None else scale.statement.tonnes


def _net_fen(segment: FeeSegment, scale: Decimal, year: int) -> int:
    grown = accrual(segment, year=year, scale_tonnes=scale)
    own_fen = grown.to_date_fen(year_period(year).end)
    return segment.tariff.taxation.of(own_fen).net_fen
