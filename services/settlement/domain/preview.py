"""What a guarantee would owe by month, of terms and fills somebody gives: the run's own rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from services.kernel.errors import FieldViolation, InvalidInput, Refused
from services.kernel.explanation import Explanation
from services.kernel.gain_share import GainShareTier, check_gain_share_tiers
from services.kernel.instrument import GuaranteeSide
from services.kernel.loss_cap import loss_cap_violations
from services.kernel.money import Money, to_minor
from services.kernel.period import Month
from services.settlement.domain.contract import ShareTiming, Undelivered
from services.settlement.domain.contract_terms import (
    HIGHEST_PRICE,
    month_before_end,
    price_violations,
    share_violations,
)
from services.settlement.domain.explanation import explain
from services.settlement.domain.guarantee import (
    Delivery,
    Figure,
    GuaranteeTerms,
    MonthOfOrigin,
    Reference,
    bands_of,
    figures_to_date,
    millionths,
)
from services.settlement.domain.settlement import moves

MOST_FILLS = 5_000
_MOST_MONEY = 10**14
"""Fen of one fill; a bound for the size of sums."""


class InvalidPreview(InvalidInput):
    """The terms or the fills of a preview are wrong."""


class VolumeExceeded(Refused):
    """More was delivered than the contract's volume."""

    reason = "VOLUME_EXCEEDED"


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution: tonnes, what it cost or brought, and its fees."""

    tonnes: int
    amount: Money
    fees: Money


@dataclass(frozen=True, slots=True)
class MonthOfFills:
    """The fills of one month; there may be none."""

    month: Month
    fills: tuple[Fill, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PureTerms:
    """Terms as somebody asks about them. ``window_end`` None: with the last month given."""

    side: GuaranteeSide
    promised_price: Decimal
    gain_share_tiers: tuple[GainShareTier, ...] = ()
    loss_cap_per_tonne: Decimal | None = None
    fees_included: bool = False
    share_timing: ShareTiming = ShareTiming.MONTHLY
    window_end: date | None = None
    undelivered: Undelivered = Undelivered.EXECUTED_ONLY
    volume_tonnes: int | None = None
    reference_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SettledMonth:
    """What one month moves, and the figure to date after it."""

    month: Month
    moved: Figure
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementPreview:
    """The months in order, and how they came about."""

    side: GuaranteeSide
    months: tuple[SettledMonth, ...]
    explanation: Explanation

    @property
    def figure(self) -> Figure:
        """The figure after the last month."""
        return self.months[-1].figure

    @property
    def customer_amount(self) -> int:
        """What the customer paid (PURCHASE) or received (SALE) in the end, in fen."""
        house = self.figure.house
        return self.figure.amount + (house if self.side is GuaranteeSide.PURCHASE else -house)


def preview(terms: GuaranteeTerms, months: Sequence[MonthOfOrigin]) -> SettlementPreview:
    """Compute every month given, in order, each once."""
    figures = figures_to_date(terms, months)
    settled = tuple(
        SettledMonth(origin.month, moved, figure)
        for origin, moved, figure in zip(months, moves(figures), figures, strict=True)
    )
    return SettlementPreview(
        side=terms.side, months=settled, explanation=explain(terms, months, figures)
    )


def preview_of_fills(asked: PureTerms, months: Sequence[MonthOfFills]) -> SettlementPreview:
    """Compute what the terms owe on the fills, by month in calendar order.

    Fills of months that begin on or after the window's end never enter.

    Raises:
        InvalidPreview, TiersDoNotTile, VolumeExceeded.
    """
    violations = tuple(_violations(asked, months))
    if violations:
        first = violations[0]
        raise InvalidPreview(f"{first.field} {first.description}", violations=violations)
    check_gain_share_tiers(asked.gain_share_tiers)
    ordered = sorted(months, key=lambda each: each.month)
    end = asked.window_end or ordered[-1].month.end
    origins = [_origin(month, end) for month in ordered]
    _refuse_excess(asked, origins)
    return preview(_terms(asked, end), origins)


def _terms(asked: PureTerms, end: date) -> GuaranteeTerms:
    cap = asked.loss_cap_per_tonne
    terms = GuaranteeTerms(
        side=asked.side,
        prices=(millionths(asked.promised_price),),
        bands=bands_of(asked.gain_share_tiers),
        fees_included=asked.fees_included,
        loss_cap=None if cap is None else millionths(cap),
        share_at_maturity=asked.share_timing is ShareTiming.AT_MATURITY,
        maturity=month_before_end(end),
    )
    if asked.reference_price is None or asked.volume_tonnes is None:
        return terms
    if asked.undelivered is Undelivered.EXECUTED_ONLY:
        return terms
    reference = Reference(millionths(asked.reference_price), asked.volume_tonnes)
    return replace(terms, reference=reference)


def _origin(month: MonthOfFills, end: date) -> MonthOfOrigin:
    if month.month.first_day >= end:
        return MonthOfOrigin(month.month, ())
    deliveries = tuple(
        Delivery(0, fill.tonnes, to_minor(fill.amount), to_minor(fill.fees)) for fill in month.fills
    )
    return MonthOfOrigin(month.month, deliveries)


def _refuse_excess(asked: PureTerms, origins: Sequence[MonthOfOrigin]) -> None:
    delivered = sum(d.tonnes for origin in origins for d in origin.deliveries)
    if asked.volume_tonnes is not None and delivered > asked.volume_tonnes:
        raise VolumeExceeded(
            f"{delivered} t delivered exceed volume_tonnes {asked.volume_tonnes};"
            " give the contract's whole volume",
            subject="volume_tonnes",
        )


def _violations(asked: PureTerms, months: Sequence[MonthOfFills]) -> Iterator[FieldViolation]:
    yield from price_violations("promised_price", asked.promised_price)
    yield from share_violations(asked.gain_share_tiers)
    yield from loss_cap_violations(asked.loss_cap_per_tonne)
    yield from _wrong_reference(asked)
    if not months:
        yield FieldViolation("months", "is empty; give at least one month")
    if sum(len(month.fills) for month in months) > MOST_FILLS:
        yield FieldViolation("months", f"hold more than {MOST_FILLS} fills; sum some of them")
    seen: set[Month] = set()
    for index, month in enumerate(months):
        if month.month in seen:
            yield FieldViolation(f"months[{index}].month", f"{month.month} is given twice")
        seen.add(month.month)
        for place, fill in enumerate(month.fills):
            yield from _wrong_fill(f"months[{index}].fills[{place}]", fill)


def _wrong_reference(asked: PureTerms) -> Iterator[FieldViolation]:
    if asked.undelivered is Undelivered.AT_REFERENCE:
        if asked.volume_tonnes is None:
            yield FieldViolation("volume_tonnes", "is unset; AT_REFERENCE needs it")
        if asked.reference_price is None:
            yield FieldViolation("reference_price", "is unset; AT_REFERENCE needs it")
    price = asked.reference_price
    if price is not None and not 0 <= price < HIGHEST_PRICE:
        wrong = f"is {price}; it must be 0 or above, and below {HIGHEST_PRICE}"
        yield FieldViolation("reference_price", wrong)


def _wrong_fill(path: str, fill: Fill) -> Iterator[FieldViolation]:
    if fill.tonnes <= 0:
        yield FieldViolation(f"{path}.tonnes", f"is {fill.tonnes}; it must be above 0")
    for word, amount in (("amount", fill.amount), ("fees", fill.fees)):
        if amount.currency.code != "CNY":
            wrong = f"is in {amount.currency.code}; settlement is in CNY"
            yield FieldViolation(f"{path}.{word}", wrong)
        elif not 0 <= to_minor(amount) <= _MOST_MONEY:
            wrong = f"is {amount.amount}; it must be 0 to {_MOST_MONEY // 100}"
            yield FieldViolation(f"{path}.{word}", wrong)
