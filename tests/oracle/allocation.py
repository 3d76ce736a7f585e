"""Whose tonnes a day's trades are, worked out again.

An oracle, apart from the product. Weights are what each contract has left; what the contracts
cannot take is the pool's, which always comes last.
"""

from collections.abc import Sequence

from tests.oracle.rounding import split

Part = tuple[int, int, int]


def allocate_bundle(tonnes: int, amount: int, fees: int, left: Sequence[int]) -> list[Part]:
    """Give tonnes, amount and fees of each contract in the order of names, and of the pool."""
    room = sum(left)
    parts = [*left, tonnes - room] if tonnes >= room else [*split(tonnes, left), 0]
    return list(zip(parts, split(amount, parts), split(fees, parts), strict=True))
