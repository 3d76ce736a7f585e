"""The terms of a contract: which are refused, and what a guarantee counts with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from services.kernel.errors import FieldViolation, InvalidInput
from services.kernel.gain_share import GainShareTier, check_gain_share_tiers
from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.instrument import GuaranteeSide
from services.kernel.loss_cap import loss_cap_violations
from services.kernel.period import Month
from services.settlement.domain.contract import (
    Contract,
    PriceBasis,
    ShareTiming,
    TaxTreatment,
    Title,
    Undelivered,
)
from services.settlement.domain.guarantee import GuaranteeTerms, bands_of, millionths
from services.settlement.domain.settlement import Taxation

HIGHEST_PRICE: Final = Decimal(1_000_000)
"""CNY per tonne; a bound against typing errors, and for the size of amounts."""
LARGEST_VOLUME: Final = 10**9
"""Tonnes of one contract; the same kind of bound."""
MOST_PROMISED: Final = Decimal(10**13)
"""CNY of one contract in all; a run of such contracts still adds up."""
_NOT_YET: Final = "is not offered yet; leave it out"


class InvalidTerms(InvalidInput):
    """Terms of a contract are wrong, contradict one another, or are not offered yet."""


def check_contract(contract: Contract) -> None:
    """Refuse terms that cannot be settled, naming every wrong field.

    Raises:
        InvalidTerms, TiersDoNotTile.
    """
    violations = tuple(_violations(contract))
    if violations:
        first = violations[0]
        raise InvalidTerms(f"{first.field} {first.description}", violations=violations)
    check_gain_share_tiers(contract.gain_share_tiers)


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What a settlement needs of a contract, and no more: a run reads ten thousand of them."""

    contract: ContractName
    customer: CustomerName
    terms: GuaranteeTerms
    taxation: Taxation | None


def settled_terms(contract: Contract) -> ContractTerms:
    """Take from a contract what a settlement needs."""
    return ContractTerms(
        contract.name, contract.customer, terms_of(contract), taxation_of(contract)
    )


def terms_of(contract: Contract) -> GuaranteeTerms:
    """Write a contract's terms in the whole numbers that a guarantee counts with."""
    cap = contract.loss_cap_per_tonne
    return GuaranteeTerms(
        side=contract.side,
        prices=tuple(millionths(promised.price) for promised in contract.promised_prices),
        bands=bands_of(contract.gain_share_tiers),
        fees_included=contract.fees_included,
        loss_cap=None if cap is None else millionths(cap),
        share_at_maturity=contract.share_timing is ShareTiming.AT_MATURITY,
        maturity=maturity_of(contract),
    )


def maturity_of(contract: Contract) -> Month:
    """Find the month that holds the last day of the window."""
    return month_before_end(contract.delivery_window.end)


def month_before_end(end: date) -> Month:
    """Find the month of the day before the end of a window."""
    return Month.of(end - timedelta(days=1))


def taxation_of(contract: Contract) -> Taxation | None:
    """Tell how a contract's rows are taxed; None: out of scope."""
    return taxation_under(
        contract.tax_treatment, rate=contract.tax_rate, inclusive=contract.tax_inclusive
    )


def taxation_under(
    treatment: TaxTreatment, *, rate: Decimal | None, inclusive: bool
) -> Taxation | None:
    """Tell how rows are taxed under these terms; None: out of scope."""
    if treatment is TaxTreatment.OUT_OF_SCOPE or rate is None:
        return None
    return Taxation(rate, inclusive)


def price_violations(field: str, price: Decimal) -> Iterator[FieldViolation]:
    """Find what is wrong with a promised price."""
    if not 0 < price < HIGHEST_PRICE:
        yield FieldViolation(field, f"is {price}; it must be above 0 and below {HIGHEST_PRICE}")


def share_violations(tiers: tuple[GainShareTier, ...]) -> Iterator[FieldViolation]:
    """Find shares that are not parts of a whole."""
    for index, tier in enumerate(tiers):
        if not 0 <= tier.customer_share <= 1:
            path = f"gain_share_tiers[{index}].customer_share"
            yield FieldViolation(path, f"is {tier.customer_share}; it must be 0 to 1")


def _violations(contract: Contract) -> Iterator[FieldViolation]:
    yield from _wrong_instruments(contract)
    if contract.delivery_window.days == 0:
        yield FieldViolation("delivery_window", "has no day; end_date is the day after the last")
    if not 0 < contract.volume_tonnes <= LARGEST_VOLUME:
        wrong = f"is {contract.volume_tonnes}; it must be 1 to {LARGEST_VOLUME}"
        yield FieldViolation("volume_tonnes", wrong)
    yield from _wrong_promise(contract)
    yield from _wrong_share(contract)
    yield from loss_cap_violations(contract.loss_cap_per_tonne)
    yield from _wrong_tax(contract)
    yield from _not_offered(contract)


def _wrong_instruments(contract: Contract) -> Iterator[FieldViolation]:
    if not contract.instruments:
        yield FieldViolation("instruments", "is empty; name what may be delivered")
    if len(set(contract.instruments)) < len(contract.instruments):
        yield FieldViolation("instruments", "names an instrument twice")


def _wrong_promise(contract: Contract) -> Iterator[FieldViolation]:
    price, volume = contract.promised_price, contract.volume_tonnes
    wrong = tuple(price_violations("promised_price", price))
    yield from wrong
    if not wrong and volume <= LARGEST_VOLUME and price * volume > MOST_PROMISED:
        text = f"is {price}; for {volume} t that is more than CNY {MOST_PROMISED:,}; check both"
        yield FieldViolation("promised_price", text)


def _wrong_share(contract: Contract) -> Iterator[FieldViolation]:
    tiers = contract.gain_share_tiers
    yield from share_violations(tiers)
    shares_something = any(tier.customer_share > 0 for tier in tiers)
    if contract.side is GuaranteeSide.PURCHASE and not shares_something:
        wrong = "shares nothing; a PURCHASE contract returns part of its gain to the customer"
        yield FieldViolation("gain_share_tiers", wrong)


def _wrong_tax(contract: Contract) -> Iterator[FieldViolation]:
    rate = contract.tax_rate
    if rate is not None and not 0 <= rate <= 1:
        yield FieldViolation("tax_rate", f"is {rate}; it must be 0 to 1, as 0.06")
    if contract.tax_treatment is TaxTreatment.TAXABLE and rate is None:
        yield FieldViolation("tax_rate", "is unset; a TAXABLE contract needs it")


def _not_offered(contract: Contract) -> Iterator[FieldViolation]:
    if contract.price_basis is not PriceBasis.EXECUTED:
        yield FieldViolation("price_basis", f"{contract.price_basis} {_NOT_YET}")
    if contract.price_series is not None:
        yield FieldViolation("price_series", f"belongs to a MARKET price basis, which {_NOT_YET}")
    if contract.title is not Title.AGENT:
        yield FieldViolation("title", f"{contract.title} {_NOT_YET}")
    if contract.undelivered is not Undelivered.EXECUTED_ONLY:
        yield FieldViolation("undelivered", f"{contract.undelivered} {_NOT_YET}")
    if contract.reference_days is not None:
        yield FieldViolation("reference_days", f"belongs to AT_REFERENCE, which {_NOT_YET}")
    if contract.reference_series is not None:
        yield FieldViolation("reference_series", f"belongs to AT_REFERENCE, which {_NOT_YET}")
