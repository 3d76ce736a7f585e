"""How much of the allowances due credits may cover: a dated rule with its source."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OffsetCover:
    """From ``valid_from`` on, credits cover at most ``rate`` of the allowances due."""

    valid_from: date
    rate: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class OffsetCovers:
    """All rules, of all times."""

    rules: tuple[OffsetCover, ...]

    def on(self, day: date) -> OffsetCover | None:
        """Find the rule in force on a day; None before the first."""
        past = [rule for rule in self.rules if rule.valid_from <= day]
        return max(past, key=lambda rule: rule.valid_from, default=None)


def read_offset_covers(lines: Iterable[str]) -> OffsetCovers:
    """Read lines of ``valid_from,rate,source``; lines with # first are remarks."""
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return OffsetCovers(
        tuple(
            OffsetCover(date.fromisoformat(row["valid_from"]), Decimal(row["rate"]), row["source"])
            for row in rows
        )
    )
