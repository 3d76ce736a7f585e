"""A market price, and where it comes from: what is settled at it has to be able to say so."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SourcedPrice:
    """CNY per tonne. ``source`` names kind, day and series: "the close of 2025-03-03 in ..."."""

    price: Decimal
    source: str
