"""Open contracts with what was delivered under them up to a day: asked by pricing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from services.kernel.errors import NotFound
from services.kernel.identifiers import ContractName
from services.kernel.page import PageRequest
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settlement_ports import ContractFilter, Contracts
from services.settlement.domain.contract import Contract, ContractState
from services.settlement.domain.guarantee import Delivery
from services.settlement.domain.market_rules import MarketRules

_PAGE = 10_000


class DeliveredUntil(Protocol):
    """What is allocated to contracts by the day of the trade."""

    def delivered_until(
        self, day: date, names: Sequence[ContractName] | None
    ) -> Mapping[ContractName, tuple[Delivery, ...]]:
        """Sum what was traded up to a day, by contract and promised price; None: of all."""
        ...


@dataclass(frozen=True, slots=True)
class StandingContract:
    """A contract, whether it is open on the day, and what was delivered up to it.

    ``tax_rate`` is what a market price, which has the tax in it, holds too much for a contract
    that counts without; zero for one that counts with it.
    """

    contract: Contract
    is_open: bool
    deliveries: tuple[Delivery, ...]
    tax_rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenContracts:
    """Reads contracts as they stand on a day: approved, and with days of their window left."""

    unit_of_work: UnitOfWork
    contracts: Contracts
    allocations: DeliveredUntil
    rules: MarketRules

    def __call__(
        self, *, day: date, names: Sequence[ContractName] | None = None
    ) -> tuple[StandingContract, ...]:
        """Read those that are open, or (named) each of those named, open or not; by name.

        Raises:
            NotFound: one that is named does not exist, or is outside the caller's scope.
        """
        with self.unit_of_work():
            if names is None:
                found = [each for each in self._approved() if each.delivery_window.end > day]
            else:
                found = [self._named(name) for name in sorted(set(names))]
            delivered = self.allocations.delivered_until(day, names)
        return tuple(
            StandingContract(
                contract,
                _is_open(contract, day),
                delivered.get(contract.name, ()),
                self._tax_rate(contract, day),
            )
            for contract in found
        )

    def _approved(self) -> Iterator[Contract]:
        which = ContractFilter(state=ContractState.APPROVED)
        page = self.contracts.list_contracts(which, PageRequest(_PAGE))
        yield from page.items
        while page.next_after is not None:
            page = self.contracts.list_contracts(which, PageRequest(_PAGE, page.next_after))
            yield from page.items

    def _tax_rate(self, contract: Contract, day: date) -> Decimal:
        """The contract's own rate, else that of the day: as trades are converted."""
        if contract.tax_inclusive:
            return Decimal(0)
        return self.rules.vat_on(day) if contract.tax_rate is None else contract.tax_rate

    def _named(self, name: ContractName) -> Contract:
        contract = self.contracts.find(name)
        if contract is None:
            raise NotFound(name)
        return contract


def _is_open(contract: Contract, day: date) -> bool:
    return contract.state is ContractState.APPROVED and contract.delivery_window.end > day
