"""Everything that a customer's charges of a month depend on, and its fingerprint."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from services.billing.domain.asset_scale import AssetScale
from services.billing.domain.customer import Customer
from services.billing.domain.invoice_line import Billed
from services.billing.domain.segments import FeeSegment
from services.kernel.digest import digest_of
from services.kernel.identifiers import CustomerName, InvoiceName
from services.kernel.instrument import InstrumentKind
from services.kernel.period import Month, Period
from services.kernel.service import Service

TRADED_KINDS = {
    Service.DAILY_MANAGEMENT: frozenset(InstrumentKind),
    Service.COMPLIANCE_TRADING: frozenset({InstrumentKind.CEA}),
    Service.CCER_DEVELOPMENT: frozenset({InstrumentKind.CCER}),
    Service.CCER_CUSTODY: frozenset({InstrumentKind.CCER}),
    Service.VALUE_ADDED: frozenset[InstrumentKind](),
}
"""What a charge per traded tonne counts: each service the instruments that it deals in."""


@dataclass(frozen=True, slots=True, order=True)
class TradedTonnes:
    """Tonnes allocated to a customer in a month, of either side, internal transfers too."""

    customer: CustomerName
    month: Month
    kind: InstrumentKind
    tonnes: int


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An issued invoice, and what credit notes have left of its net."""

    name: InvoiceName
    month: Month
    open_net_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceYear:
    """One calendar year of a customer: the days charged, the scale, the rules, the tonnes."""

    year: int
    served: Period
    scale: AssetScale | None
    segments: dict[Service, tuple[FeeSegment, ...]]
    gap: Period | None
    """The first days of the management fee that no approved tariff covers."""
    traded: tuple[TradedTonnes, ...] = ()

    def traded_in(self, segment: FeeSegment, service: Service, *, before: Month) -> int:
        """Count the tonnes of a service traded in a segment in the months before one.

        The rule in force on the last day served in a month is that of all its tonnes.
        """
        kinds = TRADED_KINDS[service]
        return sum(
            row.tonnes
            for row in self.traded
            if row.kind in kinds and row.month < before and segment.has(self._last_day(row.month))
        )

    def _last_day(self, month: Month) -> date:
        """Find the last day served in a month, or the nearest one to it."""
        return _nearest_day(month, self.served)


def year_charged(month: Month, *, served: Period | None) -> int:
    """Find the year in which tonnes of a month are charged: of the day served nearest to its end.

    So what comes after the last day served, or before the first, is charged all the same.
    """
    return month.year if served is None else _nearest_day(month, served).year


def _nearest_day(month: Month, served: Period) -> date:
    return max(min(month.last_day, served.end - timedelta(days=1)), served.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerInputs:
    """The inputs of one customer in one month. ``years`` are in order; the last is the month's.

    ``open_invoices`` are newest first.
    """

    customer: Customer
    month: Month
    years: tuple[ServiceYear, ...]
    billed: tuple[Billed, ...]
    open_invoices: tuple[OpenInvoice, ...]

    @property
    def digest(self) -> str:
        """The fingerprint: the run is out of date when it changes."""
        return digest_of([self.customer.name, self.customer.version, *self._facts()])

    def _facts(self) -> Iterable[object]:
        for year in self.years:
            yield [year.year, str(year.served.start), str(year.served.end)]
            yield year.scale.version if year.scale else 0
            for service, segments in sorted(year.segments.items()):
                yield [service, [_segment_facts(segment) for segment in segments]]
            yield [[str(row.month), row.kind, row.tonnes] for row in sorted(year.traded)]
        yield sorted(_billed_facts(billed) for billed in self.billed)
        yield [[invoice.name, invoice.open_net_fen] for invoice in self.open_invoices]


def _segment_facts(segment: FeeSegment) -> list[object]:
    days = [[str(period.start), str(period.end)] for period in segment.periods]
    return [segment.key, days]


def _billed_facts(billed: Billed) -> list[str | int]:
    key = billed.key
    return [key.service, key.charge, key.service_year, key.segment_key, billed.own_fen]
