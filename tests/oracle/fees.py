"""The management fee, worked out again: tiers, days, segments, months, taxes.

An oracle, apart from the product: exact fractions of yuan, rounded once per segment and month.
"""

from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.rounding import fen, tax_of

Bound = Fraction | None


@dataclass(frozen=True, slots=True)
class Rate:
    """A dated tariff: tiers of (inclusive end, price, flat amount), the last without an end."""

    key: str
    model: str
    tiers: tuple[tuple[Bound, Fraction, Fraction], ...]
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    tax_rate: Fraction = Fraction(0)
    inclusive: bool = False

    def annual(self, scale: Fraction) -> Fraction:
        """Charge a full year of a scale, between the least and the most that a year may cost."""
        amount = self._charge(scale)
        if self.minimum is not None:
            amount = max(amount, self.minimum)
        if self.maximum is not None:
            amount = min(amount, self.maximum)
        return amount

    def _charge(self, scale: Fraction) -> Fraction:
        if scale == 0:
            return Fraction(0)
        below, total = Fraction(0), Fraction(0)
        for end, price, flat in self.tiers:
            last = end is None or scale <= end
            top = scale if end is None or last else end
            if self.model != "VOLUME":
                total += (top - below) * price + flat
            elif last:
                total = scale * price + flat
            if last:
                break
            below = top
        return total


@dataclass(frozen=True, slots=True)
class Days:
    """Days, the last one not among them, on which one rate holds."""

    start: date
    end: date
    rate: Rate


def days_in_year(year: int) -> int:
    """Count the days of a year."""
    return 366 if isleap(year) else 365


def month_ends(year: int) -> list[date]:
    """Give the day after each month of a year."""
    return [date(year + month // 12, month % 12 + 1, 1) for month in range(1, 13)]


def to_date(pieces: Sequence[Days], year: int, scale: Fraction, end: date) -> dict[str, int]:
    """Give what each rate comes to before a day, in fen, in its own basis."""
    days: dict[str, int] = {}
    rates: dict[str, Rate] = {}
    for piece in pieces:
        served = (min(piece.end, end) - piece.start) // timedelta(days=1)
        if served > 0:
            days[piece.rate.key] = days.get(piece.rate.key, 0) + served
            rates[piece.rate.key] = piece.rate
    whole = days_in_year(year)
    return {key: fen(rates[key].annual(scale) * days[key] / whole) for key in days}


def months(pieces: Sequence[Days], year: int, scale: Fraction) -> dict[str, tuple[int, int, int]]:
    """Give net, tax and gross of each month served: each rate's line taxed by itself."""
    rates = {piece.rate.key: piece.rate for piece in pieces}
    result: dict[str, tuple[int, int, int]] = {}
    before: dict[str, int] = {}
    start = date(year, 1, 1)
    for end in month_ends(year):
        now = to_date(pieces, year, scale, end)
        if any(piece.start < end and piece.end > start for piece in pieces):
            lines = [
                tax_of(
                    now[key] - before.get(key, 0),
                    rates[key].tax_rate,
                    inclusive=rates[key].inclusive,
                )
                for key in now
            ]
            net, tax, gross = (sum(column) for column in zip(*lines, strict=True))
            result[f"{start:%Y-%m}"] = (net, tax, gross)
        before, start = now, end
    return result
