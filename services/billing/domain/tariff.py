"""The rule that a service is charged by over some days: what billing needs to know of it."""

from dataclasses import dataclass
from decimal import Decimal

from services.billing.domain.amounts import Taxation
from services.kernel.errors import FieldViolation, InvalidInput
from services.kernel.money import Money
from services.kernel.period import Period
from services.kernel.service import CustomerClass
from services.kernel.tiers import ChargeModel, Tier, charge, check_tiling

MOST_ANNUAL = Decimal(10**13)
"""CNY. More is a mistake in a price or a scale: no group pays ten million million a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """One dated rule. ``rule_version`` names it, such as a revision of a fee schedule.

    ``minimum_annual`` and ``maximum_annual`` are of a full year, in the tariff's own basis.
    """

    rule_version: str
    charge_model: ChargeModel
    tiers: tuple[Tier, ...]
    minimum_annual: Money | None = None
    maximum_annual: Money | None = None
    per_traded_tonne: Decimal | None = None
    tax_rate: Decimal = Decimal(0)
    tax_inclusive: bool = False

    @property
    def taxation(self) -> Taxation:
        """How its amounts are taxed."""
        return Taxation(self.tax_rate, self.tax_inclusive)

    def is_beyond_bounds(self, scale_tonnes: Decimal) -> bool:
        """Tell whether a full year costs more than books and messages can hold."""
        return self.annual_amount(scale_tonnes) > MOST_ANNUAL

    def annual_amount(self, scale_tonnes: Decimal) -> Decimal:
        """Charge a full year: ``clamp(charge(scale), minimum, maximum)``; CNY, exact."""
        amount = charge(scale_tonnes, model=self.charge_model, tiers=self.tiers)
        if self.minimum_annual is not None:
            amount = max(amount, self.minimum_annual.amount)
        if self.maximum_annual is not None:
            amount = min(amount, self.maximum_annual.amount)
        return amount


@dataclass(frozen=True, slots=True)
class TariffSegment:
    """The tariff in force for a customer, in a class, over some days."""

    period: Period
    customer_class: CustomerClass
    tariff: Tariff


def check_tariff(tariff: Tariff) -> None:
    """Refuse a tariff that cannot charge.

    Raises:
        TiersDoNotTile: the tiers leave a gap or overlap, or a FLAT tariff has several.
        InvalidInput: a negative price or amount, a rate outside 0 to 1, another currency, a
            minimum above the maximum.
    """
    check_tiling([tier.up_to for tier in tariff.tiers], field="tiers", word="up_to")
    violations = tuple(_violations(tariff))
    if violations:
        text = "; ".join(f"{violation.field} {violation.description}" for violation in violations)
        raise InvalidInput(text, violations=violations)


def _violations(tariff: Tariff) -> list[FieldViolation]:
    wrong: list[FieldViolation] = []
    if tariff.charge_model is ChargeModel.FLAT and len(tariff.tiers) > 1:
        wrong.append(FieldViolation("tiers", "has several tiers; FLAT has one"))
    for index, tier in enumerate(tariff.tiers):
        if tier.unit_price < 0:
            path = f"tiers[{index}].unit_price"
            wrong.append(FieldViolation(path, f"is {tier.unit_price}; zero or above is allowed"))
        wrong += _money_violations(f"tiers[{index}].flat_amount", tier.flat_amount)
    if not 0 <= tariff.tax_rate <= 1:
        wrong.append(FieldViolation("tax_rate", f"is {tariff.tax_rate}; write 6 % as 0.06"))
    wrong += _money_violations("minimum_annual", tariff.minimum_annual)
    wrong += _money_violations("maximum_annual", tariff.maximum_annual)
    low, high = tariff.minimum_annual, tariff.maximum_annual
    if low is not None and high is not None and low.amount > high.amount:
        wrong.append(FieldViolation("minimum_annual", f"is {low}, above maximum_annual {high}"))
    return wrong


def _money_violations(field: str, amount: Money | None) -> list[FieldViolation]:
    if amount is None:
        return []
    if amount.currency.code != "CNY":
        return [FieldViolation(field, f"is in {amount.currency.code}; fees are charged in CNY")]
    if amount.amount < 0:
        return [FieldViolation(field, f"is {amount.amount}; zero or above is allowed")]
    return []
