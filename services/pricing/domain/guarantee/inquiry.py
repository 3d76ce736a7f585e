"""What a quote is asked for: a schedule, a promise, and what is assumed of the market."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.kernel.money import Money
from services.kernel.tonnes import Tonnes, split_tonnes
from services.pricing.domain.guarantee.promise import PromiseTerms

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class PlannedDelivery:
    """Tonnes that are to be bought or sold on a day, at the price of that day."""

    date: date
    planned_tonnes: int


@dataclass(frozen=True, slots=True)
class Execution:
    """Tonnes that were bought or sold already, and what they cost or brought, CNY."""

    tonnes: int
    amount: Money


@dataclass(frozen=True, slots=True)
class ForwardPoint:
    """The price, CNY per tonne, at which a day is expected to trade."""

    date: date
    price: Decimal


@dataclass(frozen=True, slots=True)
class VolatilityPoint:
    """The volatility a year from the valuation until a day."""

    date: date
    volatility: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is assumed of the market from the valuation on.

    Either ``spot`` with ``carry_rate``, continuous a year, or ``forward_curve``: between its days
    the price grows at a constant rate, before the first and after the last it stays. Either
    ``volatility`` or ``volatility_term``: between its days total variance grows evenly, before the
    first and after the last the volatility stays. Both curves are in order of their days.
    """

    spot: Decimal | None = None
    carry_rate: Decimal = NOTHING
    forward_curve: tuple[ForwardPoint, ...] = ()
    volatility: Decimal | None = None
    volatility_term: tuple[VolatilityPoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeInquiry:
    """Everything a quote depends on; the same inquiry always gets the same figures.

    Planned deliveries before ``valuation_date`` are history: ``executed`` stands for them. Tonnes
    are weights only, every figure is per tonne. ``pay_date`` None: the day of the last delivery.
    ``discount_rate`` is continuous, a year. At most one target; ``target_margin_per_tonne`` is CNY
    at the pay date, ``target_return_on_cvar`` what is expected as a part of the CVaR.
    """

    terms: PromiseTerms
    deliveries: tuple[PlannedDelivery, ...]
    outlook: Outlook
    valuation_date: date
    executed: tuple[Execution, ...] = ()
    pay_date: date | None = None
    discount_rate: Decimal = NOTHING
    promised_price: Decimal | None = None
    target_margin_per_tonne: Decimal | None = None
    target_return_on_cvar: Decimal | None = None

    @property
    def payment_date(self) -> date:
        """The day on which the promise is settled."""
        if self.pay_date is not None:
            return self.pay_date
        last = max(delivery.date for delivery in self.deliveries)
        return max(last, self.valuation_date)


def spread_evenly(*, days: Sequence[date], tonnes: int) -> tuple[PlannedDelivery, ...]:
    """Plan whole tonnes evenly over days; with fewer tonnes than days the later days get none."""
    parts = split_tonnes(Tonnes(tonnes), [1] * len(days))
    pairs = zip(days, parts, strict=True)
    return tuple(PlannedDelivery(day, part) for day, part in pairs if part)
