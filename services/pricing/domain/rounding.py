"""How prices are rounded: to the tick of the market, or to the six places that are shown."""

from decimal import ROUND_HALF_UP, Decimal

_SIX_PLACES = Decimal("0.000001")


def to_tick(price: Decimal, tick: Decimal) -> Decimal:
    """Round a price to whole ticks, half away from zero."""
    return (price / tick).quantize(Decimal(1), rounding=ROUND_HALF_UP) * tick


def to_six_places(price: Decimal) -> Decimal:
    """Round a price to the six decimals that are shown, half away from zero."""
    return price.quantize(_SIX_PLACES, rounding=ROUND_HALF_UP)
