"""The most that the house bears per tonne of a promise: one rule wherever it is said."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from services.kernel.errors import FieldViolation

_END: Final = Decimal(1_000_000)


def loss_cap_violations(
    loss_cap: Decimal | None, *, field: str = "loss_cap_per_tonne"
) -> Iterator[FieldViolation]:
    """Find what is wrong with a loss cap, in CNY per tonne. None is no cap.

    Zero is a cap like any other: the house bears no loss at all, and only shares gains.
    """
    if loss_cap is not None and not (loss_cap.is_finite() and 0 <= loss_cap < _END):
        yield FieldViolation(field, f"is {loss_cap}; it must be 0 or above, and below {_END}")
