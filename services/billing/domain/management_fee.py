"""The management fee of a segment: its annual amount, by the days served to date.

``to date = round(annual x days to date / days in the year)``, in the tariff's own basis; what a
month owes is what is to date less what was billed, so that months add up to the year exactly.
"""

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.billing.domain.amounts import FEN, text_of_fen
from services.billing.domain.segments import FeeSegment
from services.billing.domain.tariff import Tariff
from services.kernel.explanation import ExplanationStep
from services.kernel.money import round_quotient
from services.kernel.tiers import ChargeModel, graduated_parts, tier_of


@dataclass(frozen=True, slots=True)
class Accrual:
    """The fee of a segment, as it grows with its days. ``annual`` is CNY, exact.

    ``daily`` is ``annual / days in the year`` in fen, as a fraction.
    """

    segment: FeeSegment
    annual: Decimal
    days_in_year: int
    daily: tuple[int, int]

    def to_date_fen(self, end: date) -> int:
        """Compute the fee of its days before ``end``, in the tariff's own basis."""
        return self.of_days_fen(self.segment.days_before(end))

    def of_days_fen(self, days: int) -> int:
        """Compute the fee of its first days: ``round(annual x days / days in the year)``."""
        numerator, denominator = self.daily
        return round_quotient(numerator * days, denominator)

    def formula(self, days: int) -> str:
        """Write the fee of its first days with its numbers."""
        annual = text_of_annual(self.annual)
        result = text_of_fen(self.of_days_fen(days))
        return f"round({annual} × {days} ÷ {self.days_in_year}) = {result}"


def accrual(segment: FeeSegment, *, year: int, scale_tonnes: Decimal) -> Accrual:
    """Charge a segment of a year on a scale."""
    annual = segment.tariff.annual_amount(scale_tonnes)
    days = 366 if isleap(year) else 365
    numerator, denominator = annual.as_integer_ratio()
    return Accrual(segment, annual, days, (numerator * FEN, denominator * days))


def single_price(tariff: Tariff, scale_tonnes: Decimal) -> Decimal | None:
    """Find the price of a tonne, if all tonnes have the same one."""
    if tariff.charge_model is ChargeModel.GRADUATED and len(tariff.tiers) > 1:
        return None
    return tier_of(scale_tonnes, tariff.tiers).unit_price


def annual_steps(
    tariff: Tariff, scale_tonnes: Decimal, annual: Decimal
) -> tuple[ExplanationStep, ...]:
    """Explain an annual amount: what each tier costs, then the minimum and the maximum."""
    parts = " + ".join(_tier_terms(tariff, scale_tonnes)) or "0"
    inputs = {"scale_tonnes": str(scale_tonnes), "charge_model": tariff.charge_model.value}
    if tariff.minimum_annual is not None:
        inputs["minimum_annual"] = str(tariff.minimum_annual.amount)
    if tariff.maximum_annual is not None:
        inputs["maximum_annual"] = str(tariff.maximum_annual.amount)
    formula = f"{parts} = {text_of_annual(annual)}"
    if tariff.minimum_annual is not None or tariff.maximum_annual is not None:
        formula = f"clamp({parts}) = {text_of_annual(annual)}"
    return (ExplanationStep("annual amount", formula, inputs), *_falls(tariff, scale_tonnes))


def text_of_annual(annual: Decimal) -> str:
    """Write an exact annual amount with at least two decimals."""
    whole, _, decimals = f"{annual:,f}".partition(".")
    return f"{whole}.{decimals.rstrip('0'):0<2}"


def _tier_terms(tariff: Tariff, scale: Decimal) -> list[str]:
    if scale == 0:
        return []
    if tariff.charge_model is ChargeModel.GRADUATED:
        taken = [(tier, tonnes) for tier, tonnes, _ in graduated_parts(scale, tariff.tiers)]
    else:
        taken = [(tier_of(scale, tariff.tiers), scale)]
    terms = []
    for tier, tonnes in taken:
        flat = "" if tier.flat_amount is None else f" + {tier.flat_amount.amount}"
        terms.append(f"{tonnes:,f} × {tier.unit_price:f}{flat}")
    return terms


def _falls(tariff: Tariff, scale: Decimal) -> tuple[ExplanationStep, ...]:
    """Say so when a smaller scale would cost more: the nature of VOLUME tiers."""
    if tariff.charge_model is not ChargeModel.VOLUME:
        return ()
    charged = tariff.annual_amount(scale)
    dearer = [
        (tariff.annual_amount(tier.up_to), tier.up_to)
        for tier in tariff.tiers
        if tier.up_to is not None and tier.up_to < scale
    ]
    most, bound = max(dearer, default=(charged, scale))
    if most <= charged:
        return ()
    formula = (
        f"{bound:,f} t cost {text_of_annual(most)}, {scale:,f} t cost {text_of_annual(charged)}"
    )
    return (ExplanationStep("volume totals may fall", formula),)
