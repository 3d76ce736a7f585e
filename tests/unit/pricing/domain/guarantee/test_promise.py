"""A promise cut into a line and calls pays what its rules say."""

from decimal import Decimal
from itertools import product

import numpy as np
import pytest

from services.kernel.gain_share import shared_gain
from services.kernel.instrument import GuaranteeSide
from services.pricing.domain.guarantee.promise import PromiseTerms, promises_of
from tests.builders.guarantee import promise

PURCHASE, SALE = GuaranteeSide.PURCHASE, GuaranteeSide.SALE
PROMISES = [
    promise(*shares, side=side, cap=cap)
    for side, cap, shares in product(
        (PURCHASE, SALE),
        (None, "0.5", "12"),
        ((), ("0.3",), ("1",), (("5", "0.3"), (None, "0.5")), (("2", "0.8"), ("9", "0"), "0.4")),
    )
]
AVERAGES = [Decimal(text) for text in ("1", "60", "70.5", "75", "75.2", "76", "80", "99.99", "300")]


def house(terms: PromiseTerms, average: Decimal) -> Decimal:
    """The rule itself: the gain, what is shared of it, what the cap gives back of a loss."""
    price = Decimal(75)
    gain = price - average if terms.side is PURCHASE else average - price
    cap = terms.loss_cap_per_tonne
    relief = Decimal(0) if cap is None else max(gain, -cap) - gain
    return gain + relief - shared_gain(gain, tonnes=Decimal(1), tiers=terms.gain_share_tiers)


@pytest.mark.parametrize("terms", PROMISES)
def test_pays_what_the_rule_says(terms: PromiseTerms) -> None:
    paid = promises_of([terms]).house(75.0, np.array([float(each) for each in AVERAGES]))
    assert paid == pytest.approx([float(house(terms, each)) for each in AVERAGES], abs=1e-12)


def test_fills_up_shorter_promises_with_nothing() -> None:
    many, alone = promises_of(PROMISES), promises_of([PROMISES[1]])
    widths = many.offsets.shape[1], alone.offsets.shape[1]
    assert widths == (4, 1)
    row = many.take(slice(1, 2))
    averages = np.array([60.0, 75.0, 90.0])
    assert row.house(75.0, averages) == pytest.approx(alone.house(75.0, averages))


def test_strikes_its_first_call_at_the_promised_price() -> None:
    assert (promises_of(PROMISES).offsets[:, 0] == 0.0).all()


def test_tells_what_a_purchase_earns_at_most() -> None:
    capped = promise(("5", "0.3"), ("8", "0.5"), "1")
    ceilings = promises_of([promise("0.5"), capped, promise("1", side=SALE)]).ceiling
    assert ceilings.tolist() == [np.inf, pytest.approx(5 * 0.7 + 3 * 0.5), np.inf]
