"""The month-end provision for what is still promised: made at the end, reversed the next month.

A PURCHASE contract is expected to lose on its open tonnes where the forward price lies above the
promised one, a SALE where it lies below. Each contract stands alone: what one is expected to gain
never lowers the provision for another.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from services.kernel.identifiers import ContractName
from services.kernel.instrument import GuaranteeSide
from services.kernel.money import Money, from_minor, round_quotient, sum_money
from services.settlement.domain.guarantee import millionths

_MICRO_CNY_PER_FEN: Final = 10**4


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPromise:
    """What a contract still promises: CNY per tonne, and tonnes not yet delivered (0 or more).

    ``forward_price`` is that of the day on which the open tonnes are expected, CNY per tonne in
    the contract's tax basis.
    """

    contract: ContractName
    side: GuaranteeSide
    promised_price: Decimal
    forward_price: Decimal
    remaining_tonnes: int

    @property
    def provision(self) -> Money:
        """The expected loss, ``max(0, (forward - K) x remaining)``, rounded to the fen."""
        loss = millionths(self.forward_price) - millionths(self.promised_price)
        if self.side is GuaranteeSide.SALE:
            loss = -loss
        return from_minor(max(0, round_quotient(loss * self.remaining_tonnes, _MICRO_CNY_PER_FEN)))


def provision_for(promises: Iterable[OpenPromise]) -> Money:
    """Add the provisions up, contract by contract."""
    return sum_money(promise.provision for promise in promises)
