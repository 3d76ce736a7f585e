"""Strategies: every value that the wire can carry, and nothing beyond."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from services.kernel.money import from_minor, minor_decimals
from services.kernel.period import Month, Period
from services.wire.dates import EARLIEST_YEAR, LATEST_YEAR
from services.wire.numbers import DECIMALS, INTEGER_DIGITS

_MOST = 10 ** (INTEGER_DIGITS + DECIMALS) - 1

currencies = st.sampled_from(["CNY", "EUR", "JPY", "KWD"])


@st.composite
def _amounts(draw: st.DrawFn) -> object:
    code = draw(currencies)
    most = 10**15 * 10 ** minor_decimals(code) - 1
    return from_minor(draw(st.integers(-most, most)), code)


amounts = _amounts()
decimals = st.integers(-_MOST, _MOST).map(lambda units: Decimal(units).scaleb(-DECIMALS))
days = st.dates(date(EARLIEST_YEAR, 1, 1), date(LATEST_YEAR, 12, 31))
periods = st.lists(days, min_size=2, max_size=2, unique=True).map(
    lambda ends: Period(min(ends), max(ends))
)
months = st.builds(Month, st.integers(EARLIEST_YEAR, LATEST_YEAR), st.integers(1, 12))
names = st.text("abcXYZ019-", min_size=1, max_size=20)
