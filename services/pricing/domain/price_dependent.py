"""What used prices of a series, and is to be settled again when one of them changes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.kernel.period import Period


class DependentKind(StrEnum):
    """What kind of thing used a price."""

    CONTRACT = "CONTRACT"
    TRANSFER = "TRANSFER"
    INCENTIVE_RUN = "INCENTIVE_RUN"
    QUOTE = "QUOTE"
    VALUATION = "VALUATION"


_ORDER = {kind: place for place, kind in enumerate(DependentKind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceDependent:
    """Something that uses the prices of ``days``: what for, and what to do once one changed."""

    kind: DependentKind
    name: str
    days: Period
    use: str
    way_out: str

    @property
    def key(self) -> tuple[str, str]:
        """Its place in a list: by kind, then by name."""
        return (f"{_ORDER[self.kind]}", self.name)

    def uses_any(self, changed: Collection[date]) -> bool:
        """Tell whether one of these days is among those that it uses."""
        return any(day in self.days for day in changed)


def in_order(dependents: Iterable[PriceDependent]) -> tuple[PriceDependent, ...]:
    """Sort by kind and name; what several sources name is named once."""
    return tuple(sorted(set(dependents), key=lambda each: (each.key, each.days)))
