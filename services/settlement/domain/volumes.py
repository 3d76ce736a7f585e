"""What each contract has left of its volume, as one trade after the other takes from it."""

from collections.abc import Iterable, Mapping

from services.kernel.identifiers import ContractName
from services.settlement.domain.contract import Contract


class Volumes:
    """A tally: volume, less what was taken before, less what is taken now.

    ``held`` are the tonnes held for a contract, where that is known: a sale cannot exceed them.
    """

    def __init__(
        self,
        contracts: Iterable[Contract],
        *,
        taken: Mapping[ContractName, int],
        held: Mapping[ContractName, int] | None = None,
    ) -> None:
        self._remaining = {c.name: c.volume_tonnes - taken.get(c.name, 0) for c in contracts}
        self._held = dict(held or {})

    def remaining(self, contract: ContractName) -> int:
        """Tell what is left of its volume; never negative."""
        return max(0, self._remaining[contract])

    def capacity(self, contract: ContractName) -> int:
        """Tell what it can take: what is left, and where a holding is known no more than that."""
        left = self.remaining(contract)
        held = self._held.get(contract)
        return left if held is None else max(0, min(left, held))

    def take(self, contract: ContractName, tonnes: int) -> None:
        """Take tonnes from what is left (negative: give back)."""
        self._remaining[contract] -= tonnes
        if contract in self._held:
            self._held[contract] -= tonnes
