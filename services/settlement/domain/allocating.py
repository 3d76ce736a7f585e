"""Average-price allocation of one open month, in date order.

Per trade date earmarks and internal transfers come first; then each bundle, by instrument, is
split over the contracts that may take it: tonnes by what they have left (on the sale side no more
than is held for them, where that is known), money and fees by tonnes. What no contract takes is
the pool's, whose part counts in the split like any other. A bundle is split, not a fill, so that
nobody can pick. What came late stands before the month's own days, by its date; corrections of
what is frozen come before everything (``correcting.py``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import ContractName
from services.kernel.instrument import Instrument
from services.kernel.money import from_minor, round_money, split_units, to_minor
from services.kernel.period import Month
from services.settlement.domain.allocation import (
    POOL,
    Allocation,
    BookedTrade,
    Bundle,
    Figures,
    FrozenParts,
    Owner,
)
from services.settlement.domain.allocation_inputs import Portion, portions_of
from services.settlement.domain.contract import Contract, ContractState, PriceBasis
from services.settlement.domain.correcting import by_bundle, correct_bundle
from services.settlement.domain.market_rules import MarketRules
from services.settlement.domain.trade import TradeSide
from services.settlement.domain.volumes import Volumes


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationInputs:
    """All that a month's allocation follows from.

    ``taken``: tonnes that earlier months gave each contract. ``held``: tonnes held for a contract,
    where known. ``frozen``: what earlier months allocated of the bundles that are corrected.
    """

    month: Month
    trades: Sequence[BookedTrade]
    contracts: Sequence[Contract]
    taken: Mapping[ContractName, int]
    held: Mapping[ContractName, int]
    frozen: FrozenParts
    rules: MarketRules


@dataclass(frozen=True, slots=True)
class AllocatedMonth:
    """The allocations, in the order they were made, and what was found."""

    allocations: tuple[Allocation, ...]
    findings: tuple[Finding, ...]
    bundle_count: int


def allocate(inputs: AllocationInputs) -> AllocatedMonth:
    """Allocate a month. The same inputs in any order give the same allocations."""
    return _Allocating(inputs).run()


def split_bundle(
    figures: Figures, capacities: Sequence[tuple[Owner, int]]
) -> list[tuple[Owner, Figures]]:
    """Split a bundle over owners, in order, by what they can take; the pool has the rest, last.

    In proportion to capacities no one exceeds its own while there is enough of them; where there
    is not, each takes all it can. Parts that are nothing are left out.
    """
    if figures.tonnes == 0:  # fees of a cancelled trade
        return [(POOL, figures)] if figures else []
    capacity = sum(tonnes for _, tonnes in capacities)
    if capacity <= figures.tonnes:
        tonnes = [own for _, own in capacities]
    else:
        tonnes = split_units(figures.tonnes, [own for _, own in capacities])
    owners = [*(owner for owner, _ in capacities), POOL]
    return _split_money(figures, owners, [*tonnes, figures.tonnes - sum(tonnes)])


def _split_money(
    figures: Figures, owners: Sequence[Owner], tonnes: Sequence[int]
) -> list[tuple[Owner, Figures]]:
    if figures.tonnes == tonnes[0]:  # all of it, or the fees of a cancelled trade
        return [(owners[0], figures)] if figures else []
    amounts = split_units(figures.amount_fen, tonnes)
    fees = split_units(figures.fees_fen, tonnes)
    parts = (Figures(*part) for part in zip(tonnes, amounts, fees, strict=True))
    return [(owner, part) for owner, part in zip(owners, parts, strict=True) if part]


class _Allocating:
    """One pass over a month: the volumes shrink as it goes."""

    def __init__(self, inputs: AllocationInputs) -> None:
        self._inputs = inputs
        self._contracts = {contract.name: contract for contract in inputs.contracts}
        self._volumes = Volumes(inputs.contracts, taken=inputs.taken, held=inputs.held)
        self._candidates = _candidates(inputs.contracts)
        self._made: list[Allocation] = []
        self._findings: list[Finding] = []
        self._bundle_count = 0

    def run(self) -> AllocatedMonth:
        corrections, portions = portions_of(self._inputs.trades)
        for bundle, changes in by_bundle(corrections).items():
            self._correct(bundle, changes)
        for portion in portions:
            if portion.bundle.trade is None:
                self._bundle(portion)
            else:
                self._named(portion)
        return AllocatedMonth(
            tuple(self._made), tuple(sorted(set(self._findings))), self._bundle_count
        )

    def _correct(self, bundle: Bundle, portions: Sequence[Portion]) -> None:
        """Move the owners' parts; what is converted is what each then has, less what it had."""
        for part in correct_bundle(portions, self._inputs.frozen.get(bundle, ())):
            contract = self._contract_of(part.owner)
            right = self._in_basis_of(contract, bundle, part.had + part.figures)
            own = part.figures if contract is None else right - part.had_in_own_basis
            self._give(bundle, part.owner, part.figures, corrected=own)

    def _bundle(self, portion: Portion) -> None:
        self._bundle_count += 1
        bundle = portion.bundle
        able = [
            (Owner(contract.name, contract.customer), self._volumes.capacity(contract.name))
            for contract in self._candidates.get((bundle.instrument, bundle.side), ())
            if bundle.trade_date in contract.delivery_window
        ]
        able = [(owner, tonnes) for owner, tonnes in able if tonnes > 0]
        for owner, part in split_bundle(portion.figures, able):
            self._give(bundle, owner, part)

    def _named(self, portion: Portion) -> None:
        """Give an earmark, or one side of a transfer, to its owner, as far as a volume allows."""
        owner, figures = portion.owner, portion.figures
        able = self._able(portion)
        outside = Owner(None, owner.customer)
        inside = min(able, figures.tonnes)
        tonnes = (inside, figures.tonnes - inside)
        for part_owner, part in _split_money(figures, (owner, outside), tonnes):
            self._give(portion.bundle, part_owner, part)

    def _able(self, portion: Portion) -> int:
        """Tell what a named trade's contract can take, and note where that is too little."""
        name, bundle, wanted = portion.owner.contract, portion.bundle, portion.figures.tonnes
        if name is None:
            return wanted
        contract = self._contracts.get(name)
        if contract is None or not contract.covers(
            instrument=bundle.instrument,
            side=bundle.side.guarantee_side,
            day=bundle.trade_date,
        ):
            text = f"{name} does not cover {bundle.trade} of {bundle.trade_date}"
            self._find("CONTRACT_DOES_NOT_FIT", name, text, "correct the trade or the contract")
            return 0
        able = self._volumes.remaining(name)
        if wanted > able:
            text = f"{bundle.trade} has {wanted} t; {name} has {able} t left on {bundle.trade_date}"
            self._find("VOLUME_EXCEEDED", name, text, "correct the trade, or amend the volume")
        return able

    def _find(self, reason: str, subject: str, message: str, way_out: str) -> None:
        self._findings.append(Finding(Severity.SUBJECT_HELD, reason, subject, message, way_out))

    def _give(
        self, bundle: Bundle, owner: Owner, part: Figures, *, corrected: Figures | None = None
    ) -> None:
        """Give a part of a bundle; ``corrected`` is by how much a frozen one moves in its basis."""
        contract = self._contract_of(owner)
        if contract is not None:
            self._volumes.take(contract.name, part.tonnes)
        own = self._in_basis_of(contract, bundle, part) if corrected is None else corrected
        self._made.append(
            Allocation(
                booking_month=self._inputs.month,
                bundle=bundle,
                owner=owner,
                figures=part,
                contract_figures=own,
                is_correction=corrected is not None,
            )
        )

    def _contract_of(self, owner: Owner) -> Contract | None:
        return self._contracts.get(owner.contract) if owner.contract else None

    def _in_basis_of(self, contract: Contract | None, bundle: Bundle, part: Figures) -> Figures:
        """Convert to the contract's tax basis, once: ``round(amount x (1 + rate))`` or inverse.

        A contract without a tax rate of its own takes the rate of the day.
        """
        if contract is None or contract.tax_inclusive == bundle.tax_inclusive:
            return part
        rate = contract.tax_rate
        factor = 1 + (self._inputs.rules.vat_on(bundle.trade_date) if rate is None else rate)
        return Figures(
            part.tonnes,
            _converted(part.amount_fen, factor, inclusive=contract.tax_inclusive),
            _converted(part.fees_fen, factor, inclusive=contract.tax_inclusive),
        )


def _candidates(
    contracts: Iterable[Contract],
) -> dict[tuple[Instrument, TradeSide], list[Contract]]:
    """File the contracts in force, by name, under what they can take."""
    filed: dict[tuple[Instrument, TradeSide], list[Contract]] = {}
    for contract in sorted(contracts, key=lambda each: each.name):
        in_force = contract.state is ContractState.APPROVED
        if in_force and contract.price_basis is PriceBasis.EXECUTED:
            for instrument in contract.instruments:
                for side in TradeSide:
                    if side.guarantee_side is contract.side:
                        filed.setdefault((instrument, side), []).append(contract)
    return filed


def _converted(fen: int, factor: Decimal, *, inclusive: bool) -> int:
    amount = from_minor(fen).amount
    return to_minor(round_money(amount * factor if inclusive else amount / factor))
