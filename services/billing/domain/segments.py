"""Segments of a service year: days charged by one rule and in one customer class."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.billing.domain.tariff import Tariff, TariffSegment
from services.kernel.period import Period
from services.kernel.service import CustomerClass


@dataclass(frozen=True, slots=True)
class FeeSegment:
    """The days of a year with the same rule and class. They need not touch one another."""

    tariff: Tariff
    customer_class: CustomerClass
    periods: tuple[Period, ...]

    @property
    def key(self) -> str:
        """What "billed of that segment" is remembered by, whatever its days turn out to be."""
        return f"{self.tariff.rule_version} {self.customer_class.value}"

    def days_before(self, end: date) -> int:
        """Count its days before a day."""
        days = 0
        for period in self.periods:
            if end > period.start:
                days += (min(period.end, end) - period.start).days
        return days

    def period_within(self, span: Period) -> Period | None:
        """Find the span of its days within other days; None if it has none there."""
        cuts = [cut for period in self.periods if (cut := period.intersect(span))]
        return Period(cuts[0].start, cuts[-1].end) if cuts else None

    def has(self, day: date) -> bool:
        """Tell whether a day is one of its own."""
        return any(day in period for period in self.periods)


def fee_segments(pieces: Iterable[TariffSegment]) -> tuple[FeeSegment, ...]:
    """Put pieces of days with the same rule and class together, in order of their first day."""
    grouped: dict[tuple[str, CustomerClass], list[TariffSegment]] = {}
    for piece in sorted(pieces, key=lambda piece: piece.period):
        grouped.setdefault((piece.tariff.rule_version, piece.customer_class), []).append(piece)
    return tuple(
        FeeSegment(group[0].tariff, group[0].customer_class, tuple(p.period for p in group))
        for group in grouped.values()
    )


def uncovered(span: Period, pieces: Iterable[TariffSegment]) -> Period | None:
    """Find the first days of a span that no tariff covers; None when all are covered."""
    day = span.start
    for piece in sorted(pieces, key=lambda piece: piece.period):
        if piece.period.start > day:
            return Period(day, min(piece.period.start, span.end))
        day = max(day, piece.period.end)
        if day >= span.end:
            return None
    return Period(day, span.end) if day < span.end else None
