"""What can be said of a reported row by itself, without the rest of its series."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from services.kernel.money import Money, from_minor
from services.pricing.domain.reported_row import ReportedRow, RowIssue

MOST_TONNES = 10**10
"""More tonnes than this in one day are a mistake: it is more than the world emits in a season."""

HIGHEST_PRICE = 1_000_000
"""CNY per tonne; what a price beyond it is multiplied with fits in no answer."""

MOST_YUAN = 10**13
"""More money than this in one day is a mistake."""

_CURRENCY = "CNY"
_PRICES = ("close", "low", "high")
_PAIRS = (("volume_tonnes", "amount"), ("block_volume_tonnes", "block_amount"))

RowCheck = Callable[[ReportedRow], Iterator[RowIssue]]


def flaws_of(row: ReportedRow) -> tuple[RowIssue, ...]:
    """Name everything that refuses a row in itself."""
    checks: tuple[RowCheck, ...] = (
        *(_missing, _prices, _volumes, _amounts),
        *(_low_above_high, _close_outside, _average_outside),
    )
    return row.unreadable + tuple(issue for check in checks for issue in check(row))


def remarks_on(row: ReportedRow) -> Iterator[RowIssue]:
    """Name what a reader of an accepted row should know."""
    if row.volume_tonnes == 0:
        message = "nothing was listed that day: the close is an older one carried on"
        yield row.issue("volume_tonnes", "STALE", message)
    for volume, amount in _PAIRS:
        if getattr(row, volume) and getattr(row, amount) is None:
            message = f"{volume} without {amount}: the day cannot enter a volume-weighted average"
            yield row.issue(amount, "AMOUNT_MISSING", message)
    outside = _outside(row.block_volume_tonnes, row.block_amount, row)
    if outside:
        message = f"the average of block trades {outside}; blocks may"
        yield row.issue("block_amount", "BLOCK_AVERAGE_OUTSIDE_RANGE", message)


def _missing(row: ReportedRow) -> Iterator[RowIssue]:
    if row.date is None and row.could_read("date"):
        yield row.issue("date", "DATE_MISSING", "the row names no day")
    if row.quality is None and row.could_read("quality"):
        message = "say whether the figures are FINAL, PROVISIONAL or ESTIMATED"
        yield row.issue("quality", "QUALITY_MISSING", message)
    if row.close is None and row.could_read("close"):
        message = "give a close, or the volume and the amount whose average stands for it"
        yield row.issue("close", "CLOSE_MISSING", message)


def _prices(row: ReportedRow) -> Iterator[RowIssue]:
    for field in _PRICES:
        price: Decimal | None = getattr(row, field)
        if price is not None and price < 0:
            yield row.issue(field, "NEGATIVE", f"{field} is {price}; a price is above zero")
        elif price == 0:
            yield row.issue(field, "ZERO_PRICE", f"{field} is 0; leave out what is not known")
        elif price is not None and price > HIGHEST_PRICE:
            message = f"{field} is {price}; at most {HIGHEST_PRICE} CNY per tonne"
            yield row.issue(field, "TOO_LARGE", message)


def _volumes(row: ReportedRow) -> Iterator[RowIssue]:
    for field, _ in _PAIRS:
        tonnes: int | None = getattr(row, field)
        if tonnes is not None and tonnes < 0:
            yield row.issue(field, "NEGATIVE", f"{field} is {tonnes}; tonnes are zero or above")
        elif tonnes is not None and tonnes > MOST_TONNES:
            yield row.issue(field, "TOO_LARGE", f"{field} is {tonnes}; at most {MOST_TONNES} t")


def _amounts(row: ReportedRow) -> Iterator[RowIssue]:
    for volume, field in _PAIRS:
        amount: Money | None = getattr(row, field)
        if amount is None:
            continue
        if amount.currency.code != _CURRENCY:
            message = f"{field} is in {amount.currency.code}; the series is in {_CURRENCY}"
            yield row.issue(field, "CURRENCY_MISMATCH", message)
        elif amount < from_minor(0):
            yield row.issue(field, "NEGATIVE", f"{field} is {amount.amount}; zero or above")
        elif amount.amount > MOST_YUAN:
            yield row.issue(field, "TOO_LARGE", f"{field} is {amount.amount}; at most {MOST_YUAN}")
        elif amount > from_minor(0) and not getattr(row, volume) and row.could_read(volume):
            message = f"{field} is {amount.amount} for no tonnes; give {volume} too"
            yield row.issue(field, "AMOUNT_WITHOUT_VOLUME", message)


def _low_above_high(row: ReportedRow) -> Iterator[RowIssue]:
    if row.low is not None and row.high is not None and row.low > row.high:
        message = f"low {row.low} is above high {row.high}"
        yield row.issue("low", "LOW_ABOVE_HIGH", message)


def _close_outside(row: ReportedRow) -> Iterator[RowIssue]:
    if row.close is None:
        return
    if row.low is not None and row.close < row.low:
        message = f"close {row.close} is below low {row.low}"
        yield row.issue("close", "CLOSE_OUTSIDE_RANGE", message)
    if row.high is not None and row.close > row.high:
        message = f"close {row.close} is above high {row.high}"
        yield row.issue("close", "CLOSE_OUTSIDE_RANGE", message)


def _average_outside(row: ReportedRow) -> Iterator[RowIssue]:
    outside = _outside(row.volume_tonnes, row.amount, row)
    if outside:
        message = f"the listed average, amount / volume, {outside}"
        yield row.issue("amount", "AVERAGE_OUTSIDE_RANGE", message)


def _outside(tonnes: int | None, amount: Money | None, row: ReportedRow) -> str:
    """Say how an average leaves the range of the day; empty when it does not, or none is known.

    Compared as amounts, so that nothing is divided or rounded.
    """
    if not tonnes or tonnes < 0 or amount is None:
        return ""
    average = f"{amount.amount / tonnes:.6f}"
    if row.low is not None and amount.amount < row.low * tonnes:
        return f"{average} lies below low {row.low}"
    if row.high is not None and amount.amount > row.high * tonnes:
        return f"{average} lies above high {row.high}"
    return ""
