"""The terms of a tariff: what a customer is charged by, and which terms cannot be charged by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.kernel.errors import FieldViolation, InvalidInput
from services.kernel.identifiers import CustomerName
from services.kernel.money import Money
from services.kernel.service import Service
from services.kernel.tiers import ChargeModel, Tier, check_tiers, check_tiling

_CURRENCY = "CNY"


class InvalidTariff(InvalidInput):
    """Nobody could be charged by these terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What is charged from a day on; CNY, in the basis that ``tax_inclusive`` says.

    The charge by scale is that of ``tiers``, held between the annual minimum and maximum. An
    override names its ``customer`` and may end; a tariff for all ends when it is superseded.
    ``source`` says where the figures come from; empty says that no source was verified.
    """

    effective_date: date
    charge_model: ChargeModel | None = None
    tiers: tuple[Tier, ...] = ()
    minimum_annual: Money | None = None
    maximum_annual: Money | None = None
    per_traded_tonne: Decimal | None = None
    tax_rate: Decimal = Decimal(0)
    tax_inclusive: bool = False
    customer: CustomerName | None = None
    end_date: date | None = None
    source: str = ""

    def in_force_on(self, day: date) -> bool:
        """Tell whether its dates cover a day, whatever may supersede it."""
        return self.effective_date <= day and (self.end_date is None or day < self.end_date)


def check_tariff(tariff: Tariff, *, service: Service) -> None:
    """Refuse terms that nobody could be charged by, each wrong field by its name.

    Only daily management is charged by scale: it needs tiers, and other services may list them
    only at zero, so that nothing is written down that is never charged.

    Raises:
        InvalidTariff: an amount, a rate or a date is out of bounds.
        TiersDoNotTile: the tiers leave a gap, or FLAT has not exactly one.
    """
    violations = (*_amounts(tariff), *_rates(tariff), *_dates(tariff), *_scale(tariff, service))
    if violations:
        text = "; ".join(f"{wrong.field} {wrong.description}" for wrong in violations)
        raise InvalidTariff(text, violations=violations)
    if tariff.charge_model is not None:
        check_tiers(tariff.tiers, model=tariff.charge_model)
    elif service is Service.DAILY_MANAGEMENT:
        check_tiling([], field="tiers", word="up_to")


def _amounts(tariff: Tariff) -> Iterator[FieldViolation]:
    named = [("minimum_annual", tariff.minimum_annual), ("maximum_annual", tariff.maximum_annual)]
    tiers = enumerate(tariff.tiers)
    named += [(f"tiers[{index}].flat_amount", tier.flat_amount) for index, tier in tiers]
    for field, amount in named:
        if amount is not None and amount.currency.code != _CURRENCY:
            yield FieldViolation(field, f"is in {amount.currency.code}; tariffs are in {_CURRENCY}")
        elif amount is not None and amount.amount < 0:
            yield FieldViolation(field, f"is {amount.amount}; it is zero or above")
    least, most = tariff.minimum_annual, tariff.maximum_annual
    if least is not None and most is not None and least.amount > most.amount:
        yield FieldViolation(
            "minimum_annual", f"is {least.amount}, above the maximum {most.amount}"
        )


def _rates(tariff: Tariff) -> Iterator[FieldViolation]:
    if not 0 <= tariff.tax_rate <= 1:
        yield FieldViolation("tax_rate", f"is {tariff.tax_rate}; it is 0 to 1, such as 0.06")
    if tariff.per_traded_tonne is not None and tariff.per_traded_tonne < 0:
        yield FieldViolation("per_traded_tonne", f"is {tariff.per_traded_tonne}; zero or above")


def _dates(tariff: Tariff) -> Iterator[FieldViolation]:
    if tariff.end_date is None:
        return
    if tariff.customer is None:
        yield FieldViolation("end_date", "is for overrides; a tariff for all ends when superseded")
    if tariff.end_date <= tariff.effective_date:
        wrong = f"is {tariff.end_date}; it is the day after the last, so after effective_date"
        yield FieldViolation("end_date", wrong)


def _scale(tariff: Tariff, service: Service) -> Iterator[FieldViolation]:
    if tariff.tiers and tariff.charge_model is None:
        yield FieldViolation("charge_model", "is unset; say how the tiers are read")
    if service is Service.DAILY_MANAGEMENT:
        return
    if any(tier.unit_price or tier.flat_amount for tier in tariff.tiers):
        yield FieldViolation("tiers", f"charge {service} by scale; only daily management is")
    if tariff.minimum_annual or tariff.maximum_annual:
        wrong = f"bounds a charge by scale, which {service} has not; set none"
        yield FieldViolation("minimum_annual", wrong)
