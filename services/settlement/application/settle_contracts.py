"""Settle a range of contracts for a month: read sets, compute, keep nothing.

Runs, posting, the close and previews all come here, so one rule gives every figure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from services.kernel.digest import digest_of
from services.kernel.identifiers import RunName
from services.kernel.instrument import GuaranteeSide
from services.kernel.period import Month
from services.settlement.application.settlement_ports import (
    Contracts,
    Delivered,
    NameRange,
    Posted,
    SettlementSource,
)
from services.settlement.domain.bookings import PoolMovement
from services.settlement.domain.contract_terms import ContractTerms
from services.settlement.domain.frozen_inputs import SettlementInputs, freeze, freeze_terms
from services.settlement.domain.guarantee import NOTHING, RULE_VERSION
from services.settlement.domain.run import RunTotals, SettlementRun, totals_of
from services.settlement.domain.settlement import Settlement, settle, settled_months

_NOTHING_DELIVERED = Delivered()
_NOTHING_POSTED = Posted()


@dataclass(frozen=True, slots=True)
class SettledRange:
    """The settlements of a range of contracts, what they sum to, and their fingerprint."""

    settlements: tuple[Settlement, ...]
    totals: RunTotals
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleContracts:
    """Settles the contracts of a range of names; call it within a unit of work."""

    contracts: Contracts
    source: SettlementSource

    def __call__(self, *, run: RunName, month: Month, names: NameRange) -> SettledRange:
        """Compute them; three reads, whatever the number of contracts."""
        delivered = self.source.delivered(names, month=month)
        posted = self.source.posted(names)
        settlements = tuple(
            settlement
            for contract in self.contracts.terms_to_settle(names, month=month)
            for settlement in _settlements(
                contract,
                run=run,
                month=month,
                delivered=delivered.get(contract.contract, _NOTHING_DELIVERED),
                posted=posted.get(contract.contract, _NOTHING_POSTED),
            )
        )
        return SettledRange(settlements, totals_of(settlements), range_digest(settlements))


def range_digest(settlements: Sequence[Settlement]) -> str:
    """Hash a line for each settlement with its inputs, and one for each of its rows.

    So it covers all that is posted and all that it follows from. Neither names nor inputs hold a
    line break, and only rows begin with a digit.
    """
    lines = []
    for settlement in settlements:
        custody = sorted(settlement.custody.items())
        lines.append(f"{settlement.contract} {settlement.customer} {custody} {settlement.inputs}")
        lines += [
            f"{origin} {' '.join(map(str, moved))} {gain_net} {share_net} {tax}"
            for origin, moved, gain_net, share_net, tax in settlement.rows
        ]
    return sha256("\n".join(lines).encode()).hexdigest()


def run_digest(
    run: SettlementRun, *, chunk_digests: Sequence[str], pool: Sequence[PoolMovement]
) -> str:
    """Fingerprint a run: its rows, their inputs, the rule, and the pool's part."""
    moved = [[p.instrument_code, p.side, p.tonnes, p.amount, p.fees] for p in pool]
    return digest_of([run.name, RULE_VERSION, list(chunk_digests), moved])


def _settlements(
    contract: ContractTerms, *, run: RunName, month: Month, delivered: Delivered, posted: Posted
) -> Iterator[Settlement]:
    """Settle one contract; nothing where nothing was ever delivered, or all is done."""
    if not delivered.months and not posted.months:
        return
    terms, taxation = contract.terms, contract.taxation
    months = settled_months(
        deliveries=delivered.months,
        posted=posted.months,
        maturity=terms.maturity,
        current=month,
    )
    figure, rows = settle(terms, months=months, posted=posted.months, taxation=taxation)
    custody = _custody(terms.side, delivered, posted)
    moves = any(row.moved != NOTHING for row in rows) or bool(custody)
    if not moves and not delivered.touched and terms.maturity < month:
        return
    inputs = SettlementInputs(
        terms=terms,
        taxation=taxation,
        months=months,
        posted=posted.months,
        custody=delivered.custody,
    )
    yield Settlement(
        run=run,
        month=month,
        contract=contract.contract,
        customer=contract.customer,
        figure=figure,
        rows=rows,
        inputs=freeze(freeze_terms(terms, taxation), inputs),
        custody=custody,
    )


def _custody(side: GuaranteeSide, delivered: Delivered, posted: Posted) -> dict[str, int]:
    """Count what comes into custody (a sale: leaves it), less what is posted."""
    sign = 1 if side is GuaranteeSide.PURCHASE else -1
    codes = {*delivered.custody, *posted.custody}
    moved = {
        code: sign * delivered.custody.get(code, 0) - posted.custody.get(code, 0)
        for code in sorted(codes)
    }
    return {code: tonnes for code, tonnes in moved.items() if tonnes}
