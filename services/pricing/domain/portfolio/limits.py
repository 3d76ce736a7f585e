"""Limits of risk: dated parameters with their source, and what is said when one is near or gone."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import ValuationName
from services.kernel.instrument import InstrumentKind
from services.pricing.domain.rounding import to_six_places

NEAR = Decimal("0.8")
"""The part of a limit from which on an alert is given."""


class Measure(StrEnum):
    """What is limited. VaR, CVaR and the worst scenario in CNY, delta in tonnes, use as a part."""

    VAR_99 = "VAR_99"
    CVAR_99 = "CVAR_99"
    WORST_SCENARIO = "WORST_SCENARIO"
    DELTA_TONNES = "DELTA_TONNES"
    DEMAND_CAP_USE = "DEMAND_CAP_USE"


Measured = Mapping[tuple[Measure, InstrumentKind | None], Decimal]


@dataclass(frozen=True, slots=True)
class RiskLimit:
    """From ``valid_from`` on a measure, of one kind or of all, stays within ``limit``."""

    measure: Measure
    kind: InstrumentKind | None
    valid_from: date
    limit: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class LimitUse:
    """A figure held against its limit."""

    measure: str
    figure: Decimal
    limit: Decimal
    source: str

    @property
    def use(self) -> Decimal:
        """The figure, whatever its sign, as a part of the limit."""
        return to_six_places(abs(self.figure) / self.limit)


@dataclass(frozen=True, slots=True)
class RiskLimits:
    """All limits, of all times."""

    limits: tuple[RiskLimit, ...]

    def uses(self, measured: Measured, *, day: date) -> tuple[LimitUse, ...]:
        """Hold figures against the limits in force on a day, in the order of the measures."""
        found = []
        for (measure, kind), figure in measured.items():
            limit = self._on(measure, kind, day)
            if limit is not None:
                name = measure.value if kind is None else f"{measure.value} {kind.value}"
                found.append(LimitUse(name, figure, limit.limit, limit.source))
        return tuple(found)

    def _on(self, measure: Measure, kind: InstrumentKind | None, day: date) -> RiskLimit | None:
        past = [
            limit
            for limit in self.limits
            if (limit.measure, limit.kind) == (measure, kind) and limit.valid_from <= day
        ]
        return max(past, key=lambda limit: limit.valid_from, default=None)


def limit_findings(uses: Iterable[LimitUse], *, valuation: ValuationName) -> tuple[Finding, ...]:
    """Name the limits that are exceeded, or nearly so."""
    found = []
    for use in uses:
        if use.use < NEAR:
            continue
        gone = use.use > 1
        said = "exceeds" if gone else "is near"
        found.append(
            Finding(
                Severity.WARNING,
                "LIMIT_EXCEEDED" if gone else "LIMIT_NEAR",
                valuation,
                f"{use.measure} of {use.figure} {said} its limit of {use.limit}",
                "promise no more, hedge, or have the limit raised",
            )
        )
    return tuple(found)


def read_risk_limits(lines: Iterable[str]) -> RiskLimits:
    """Read lines of ``measure,kind,valid_from,limit,source``; lines with # first are remarks."""
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return RiskLimits(tuple(_limit(row) for row in rows))


def _limit(row: dict[str, str]) -> RiskLimit:
    return RiskLimit(
        measure=Measure(row["measure"]),
        kind=InstrumentKind(row["kind"]) if row["kind"] else None,
        valid_from=date.fromisoformat(row["valid_from"]),
        limit=Decimal(row["limit"]),
        source=row["source"],
    )
