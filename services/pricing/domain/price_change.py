"""What a draft of a tariff would change: for each customer, from when, by how much."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.kernel.identifiers import CustomerName
from services.kernel.money import Money, sum_money, zero
from services.kernel.period import Period
from services.kernel.tiers import ChargeModel, charge
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision
from services.pricing.domain.rate_card import TariffSegment
from services.pricing.domain.tariff import Tariff

A_TONNE = Decimal(1)
_NOTHING = zero()


class ChangeEffect(StrEnum):
    """What a draft does to a customer: charges it, leaves it alone, or cannot say how much."""

    CHARGED = "CHARGED"
    UNTOUCHED = "UNTOUCHED"
    SCALE_MISSING = "SCALE_MISSING"


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledCustomer:
    """A customer of a schedule: its days in the class, its scale, the tonnes it traded in a year.

    ``scale`` None is not known, never zero.
    """

    name: CustomerName
    days: tuple[Period, ...]
    scale: Decimal | None
    traded_tonnes: int = 0


@dataclass(frozen=True, slots=True)
class Charged:
    """Amounts without tax: a full year, and the rest of the year. None: no tariff is in force."""

    annual: Money | None
    rest: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChange:
    """What a customer would pay. ``before`` and ``after`` are None without figures.

    ``traded_before`` and ``traded_after`` are prices per traded tonne, ``traded_difference`` what a
    year of ``traded_tonnes`` costs more, without tax.
    """

    customer: CustomerName
    effect: ChangeEffect
    from_date: date | None
    scale: Decimal | None
    before: Charged | None = None
    after: Charged | None = None
    traded_before: Decimal | None = None
    traded_after: Decimal | None = None
    traded_tonnes: int = 0
    traded_difference: Money = _NOTHING
    note: str = ""

    @property
    def rest_difference(self) -> Money | None:
        """What the rest of the year costs more."""
        if self.before is None or self.after is None:
            return None
        return self.after.rest - self.before.rest

    @property
    def annual_difference(self) -> Money | None:
        """What a full year costs more."""
        if self.before is None or self.after is None:
            return None
        if self.before.annual is None or self.after.annual is None:
            return None
        return self.after.annual - self.before.annual


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTotals:
    """Sums over customers with figures, and how many there are of each kind."""

    customers: int
    charged: int
    more: int
    less: int
    without_scale: int
    rest_difference: Money
    annual_difference: Money
    traded_difference: Money


def first_day_by(draft: FeeScheduleRevision, segments: Iterable[TariffSegment]) -> date | None:
    """Find the first day that a draft would charge; None where it never would."""
    days = [s.period.start for s in segments if s.revision and s.revision.name == draft.name]
    return min(days, default=None)


def totals_of(changes: Sequence[CustomerChange]) -> ChangeTotals:
    """Add changes up."""
    rest = [change.rest_difference for change in changes]
    known = [difference for difference in rest if difference is not None]
    annual = [change.annual_difference for change in changes]
    charged = [change for change in changes if change.effect is not ChangeEffect.UNTOUCHED]
    without = [change for change in changes if change.effect is ChangeEffect.SCALE_MISSING]
    return ChangeTotals(
        customers=len(changes),
        charged=len(charged),
        more=sum(1 for difference in known if difference.amount > 0),
        less=sum(1 for difference in known if difference.amount < 0),
        without_scale=len(without),
        rest_difference=sum_money(known),
        annual_difference=sum_money(each for each in annual if each is not None),
        traded_difference=sum_money(change.traded_difference for change in charged),
    )


def annual_charge(tariff: Tariff, scale: Decimal) -> Decimal:
    """Charge a full year: ``clamp(charge(scale), minimum, maximum)``; CNY, exact, own basis."""
    if tariff.charge_model is None:
        return Decimal(0)
    amount = charge(scale, model=tariff.charge_model, tiers=tariff.tiers)
    if tariff.minimum_annual is not None:
        amount = max(amount, tariff.minimum_annual.amount)
    if tariff.maximum_annual is not None:
        amount = min(amount, tariff.maximum_annual.amount)
    return amount


def falls_of(tariff: Tariff) -> Iterator[str]:
    """Say where a tonne more costs less in all: the nature of VOLUME tiers."""
    if tariff.charge_model is not ChargeModel.VOLUME:
        return
    for tier in tariff.tiers:
        if tier.up_to is None:
            continue
        at, above = annual_charge(tariff, tier.up_to), annual_charge(tariff, tier.up_to + A_TONNE)
        if above < at:
            yield (
                f"volume totals fall above {tier.up_to:,f} t: {tier.up_to:,f} t cost {at:,.2f} CNY"
                f" a year, {tier.up_to + A_TONNE:,f} t cost {above:,.2f}"
            )


def note_on(tariff: Tariff, scale: Decimal) -> str:
    """Say when a smaller scale would cost a customer more; else nothing."""
    if tariff.charge_model is not ChargeModel.VOLUME:
        return ""
    below = [tier.up_to for tier in tariff.tiers if tier.up_to is not None and tier.up_to < scale]
    dearest = max(((annual_charge(tariff, bound), bound) for bound in below), default=None)
    own = annual_charge(tariff, scale)
    if dearest is None or dearest[0] <= own:
        return ""
    amount, bound = dearest
    return f"a smaller scale would cost more: {bound:,f} t cost {amount:,.2f} CNY a year"
