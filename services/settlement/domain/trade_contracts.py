"""Which contract a reported trade belongs to, and whether the contract can take it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.kernel.identifiers import ContractName, CustomerName
from services.settlement.domain.contract import Contract, PriceBasis
from services.settlement.domain.remark import Remark
from services.settlement.domain.trade import Leg, TradeDraft, TradeMode, TradeSide
from services.settlement.domain.volumes import Volumes


@dataclass(frozen=True, slots=True)
class Placement:
    """The owners' sides of a reported trade, or what refuses them."""

    legs: tuple[Leg, ...]
    rejections: tuple[Remark, ...]


class Placements:
    """Finds the owners' sides of one reported trade after the other, and tallies volumes."""

    def __init__(
        self,
        contracts: Mapping[ContractName, Contract],
        *,
        taken: Mapping[ContractName, int],
        customers: frozenset[CustomerName],
    ) -> None:
        self._contracts = contracts
        self._customers = customers
        self._volumes = Volumes(contracts.values(), taken=taken)
        self._by_customer: dict[CustomerName, list[Contract]] = {}
        for contract in sorted(contracts.values(), key=lambda each: each.name):
            self._by_customer.setdefault(contract.customer, []).append(contract)

    def place(self, draft: TradeDraft) -> Placement:
        """Find the legs of a draft; where nothing refuses them, their tonnes are taken."""
        legs: list[Leg] = []
        wrong: list[Remark] = []
        for field, side, customer, named in _sides(draft):
            leg = self._leg(draft, field=field, side=side, customer=customer, named=named)
            if isinstance(leg, Remark):
                wrong.append(leg)
            else:
                legs.append(leg)
        if not wrong:
            self._take(legs, draft.tonnes)
        return Placement(tuple(legs), tuple(wrong))

    def _leg(
        self,
        draft: TradeDraft,
        *,
        field: str,
        side: TradeSide,
        customer: CustomerName | None,
        named: ContractName | None,
    ) -> Leg | Remark:
        if named is not None:
            return self._named(draft, field, side, customer, named)
        if customer is None:
            return Leg(side, None, None)
        return self._fitting(draft, field, side, customer)

    def _named(
        self,
        draft: TradeDraft,
        field: str,
        side: TradeSide,
        customer: CustomerName | None,
        named: ContractName,
    ) -> Leg | Remark:
        contract = self._contracts.get(named)
        if contract is None:
            return Remark(field, "RESOURCE_NOT_FOUND", f"{named} is not a contract in force")
        if customer is not None and contract.customer != customer:
            wrong = f"{named} belongs to {contract.customer}, not to {customer}"
            return Remark(field, "CONTRACT_DOES_NOT_FIT", wrong)
        if not _fits(contract, draft, side):
            wrong = (
                f"{named} ({contract.state}, {contract.side}) does not take {side}"
                f" of {draft.instrument.code} on {draft.trade_date}"
            )
            return Remark(field, "CONTRACT_DOES_NOT_FIT", wrong)
        left = self._volumes.remaining(named)
        if draft.tonnes > left:
            wrong = f"{draft.tonnes} t exceed the {left} t that {named} has left"
            return Remark(field, "VOLUME_EXCEEDED", wrong)
        return Leg(side, contract.customer, named)

    def _fitting(
        self, draft: TradeDraft, field: str, side: TradeSide, customer: CustomerName
    ) -> Leg | Remark:
        """The only contract of a customer that fits; none is allowed, two must be told apart."""
        if customer not in self._customers:
            return Remark(
                field.removesuffix("_contract"), "RESOURCE_NOT_FOUND", f"{customer} was not found"
            )
        own = self._by_customer.get(customer, [])
        fitting = [contract for contract in own if _fits(contract, draft, side)]
        if len(fitting) > 1:
            names = ", ".join(contract.name for contract in fitting)
            return Remark(field, "CONTRACT_AMBIGUOUS", f"{names} all fit; name one of them")
        if fitting:
            return self._named(draft, field, side, customer, fitting[0].name)
        return Leg(side, customer, None)

    def _take(self, legs: Iterable[Leg], tonnes: int) -> None:
        for leg in legs:
            if leg.contract is not None:
                self._volumes.take(leg.contract, tonnes)


def _fits(contract: Contract, draft: TradeDraft, side: TradeSide) -> bool:
    return contract.price_basis is PriceBasis.EXECUTED and contract.covers(
        instrument=draft.instrument, side=side.guarantee_side, day=draft.trade_date
    )


def _sides(
    draft: TradeDraft,
) -> list[tuple[str, TradeSide, CustomerName | None, ContractName | None]]:
    if draft.mode is TradeMode.INTERNAL:
        return [
            ("buyer_contract", TradeSide.BUY, draft.buyer, draft.buyer_contract),
            ("seller_contract", TradeSide.SELL, draft.seller, draft.seller_contract),
        ]
    return [] if draft.side is None else [("contract", draft.side, None, draft.contract)]
