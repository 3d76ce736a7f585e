"""Tonnes of carbon dioxide equivalent: whole when traded, three decimals when averaged."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NewType

from services.kernel.money import split_units

Tonnes = NewType("Tonnes", int)
"""Whole tonnes, as traded, allocated and surrendered."""

BALANCE_QUANTUM = Decimal("0.001")
"""An average balance carries three decimals of a tonne."""


def split_tonnes(total: Tonnes, weights: Sequence[Decimal | int]) -> list[Tonnes]:
    """Split whole tonnes by weights, by the same rule as money with unit one."""
    return [Tonnes(part) for part in split_units(total, weights)]
