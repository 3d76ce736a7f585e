"""A guarantee replayed on real prices: what a promise would have come to, and by whose merit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from services.kernel.explanation import Explanation, ExplanationStep
from services.kernel.gain_share import shared_gain
from services.kernel.instrument import GuaranteeSide
from services.kernel.money import Money, round_money, sum_money, zero
from services.pricing.domain.average_price import AveragePrice
from services.pricing.domain.promise_rule import Promise
from services.pricing.domain.replay_plan import ReplayTerms, ReplayWindow, Traded
from services.pricing.domain.rounding import to_six_places


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One window: ``gain = drift + skill``, ``house = gain + relief - share``, to the fen."""

    window: ReplayWindow
    promise: Promise
    benchmark: AveragePrice
    executed_average: Decimal
    gain: Money
    drift: Money
    share: Money
    relief: Money
    explanation: Explanation

    @property
    def skill(self) -> Money:
        """What the desk did better than the benchmark."""
        return self.gain - self.drift

    @property
    def house(self) -> Money:
        """What the house would have had; negative: it would have borne that."""
        return self.gain + self.relief - self.share

    @property
    def customer(self) -> Money:
        """The other side of the house: what the promise was worth beside trading alone."""
        return -self.house


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayTotals:
    """Sums over windows, and how many the house would not have lost by."""

    tonnes: int
    gain: Money
    drift: Money
    skill: Money
    share: Money
    relief: Money
    house: Money
    customer: Money
    without_loss: int


def replay(
    window: ReplayWindow,
    *,
    terms: ReplayTerms,
    promise: Promise,
    trades: Traded,
    benchmark: AveragePrice,
) -> Replayed:
    """Settle a window as a contract would be, and tell drift from skill.

    ``G = round(K Q) - C`` for a purchase, reversed for a sale; ``drift = round(Q (K - T))``; the
    share is ``round(sum of s max(0, min(G, u Q) - u' Q))`` over tiers; relief keeps the loss within
    ``round(L Q)``.
    """
    tonnes = Decimal(window.tonnes)
    sign = 1 if terms.promise.side is GuaranteeSide.PURCHASE else -1
    promised = round_money(promise.price * tonnes)
    gain = (promised - trades.amount) * sign
    market = benchmark.total / benchmark.weight
    tiers, loss_cap = terms.promise.gain_share_tiers, terms.promise.loss_cap_per_tonne
    found = Replayed(
        window=window,
        promise=promise,
        benchmark=benchmark,
        executed_average=to_six_places(trades.amount.amount / tonnes),
        gain=gain,
        drift=round_money(tonnes * (promise.price - market) * sign),
        share=round_money(shared_gain(gain.amount, tonnes=tonnes, tiers=tiers)),
        relief=_relief(gain, loss_cap, tonnes),
        explanation=Explanation(),
    )
    return replace(found, explanation=Explanation(tuple(_steps(found, terms, trades, promised))))


def totals_of(windows: Sequence[Replayed]) -> ReplayTotals:
    """Add windows up."""
    return ReplayTotals(
        tonnes=sum(each.window.tonnes for each in windows),
        gain=sum_money(each.gain for each in windows),
        drift=sum_money(each.drift for each in windows),
        skill=sum_money(each.skill for each in windows),
        share=sum_money(each.share for each in windows),
        relief=sum_money(each.relief for each in windows),
        house=sum_money(each.house for each in windows),
        customer=sum_money(each.customer for each in windows),
        without_loss=sum(1 for each in windows if each.house >= zero()),
    )


def _relief(gain: Money, loss_cap: Decimal | None, tonnes: Decimal) -> Money:
    if loss_cap is None:
        return zero()
    return max(gain, -round_money(loss_cap * tonnes)) - gain


def _steps(
    found: Replayed, terms: ReplayTerms, trades: Traded, promised: Money
) -> Iterator[ExplanationStep]:
    tonnes, price, market = found.window.tonnes, found.promise.price, found.benchmark.shown
    is_purchase, amount = terms.promise.side is GuaranteeSide.PURCHASE, trades.amount
    first, second = (promised, amount) if is_purchase else (amount, promised)
    spread = f"{price:f} − {market:f}" if is_purchase else f"{market:f} − {price:f}"
    yield found.promise.step
    yield ExplanationStep("promised amount", f"{tonnes:,} t × {price:f} = {_cny(promised)}")
    yield ExplanationStep("traded", f"{trades.how}: {_cny(amount)}")
    yield ExplanationStep("gain", f"{_cny(first)} − {_cny(second)} = {_cny(found.gain)}")
    label = f"drift against the {terms.benchmark}"
    yield ExplanationStep(label, f"{tonnes:,} t × ({spread}) = {_cny(found.drift)}")
    yield ExplanationStep("skill", f"{_cny(found.gain)} − drift = {_cny(found.skill)}")
    formula = f"{_cny(found.gain)} + relief {_cny(found.relief)} − share {_cny(found.share)}"
    yield ExplanationStep("house", f"{formula} = {_cny(found.house)}")


def _cny(amount: Money) -> str:
    return f"{amount.amount:,.2f}"
