"""The state of a month's allocation, and the fingerprint of what it was computed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from services.kernel.digest import digest_of
from services.kernel.finding import Finding
from services.kernel.identifiers import ContractName
from services.kernel.period import Month
from services.settlement.domain.allocating import AllocatedMonth


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthAllocation:
    """What a month's last allocation came to.

    ``allocated_tonnes`` count an internal transfer on both sides. ``input_version`` is a hex
    SHA-256: as long as computing it anew gives the same, the allocation is not stale.
    """

    month: Month
    through_date: date
    input_version: str
    trade_count: int
    bundle_count: int
    allocation_count: int
    allocated_tonnes: int
    pool_tonnes: int
    findings: tuple[Finding, ...]
    allocated_by: str
    allocated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationRequest:
    """What is being allocated: a month up to a day, from inputs of a version, by whom and when."""

    month: Month
    through_date: date
    input_version: str
    allocated_by: str
    allocated_at: datetime


def summarise(
    allocated: AllocatedMonth, *, request: AllocationRequest, trade_count: int
) -> MonthAllocation:
    """Add up an allocation."""
    parts = allocated.allocations
    pool = (p for p in parts if p.owner.contract is None and p.owner.customer is None)
    return MonthAllocation(
        month=request.month,
        through_date=request.through_date,
        input_version=request.input_version,
        trade_count=trade_count,
        bundle_count=allocated.bundle_count,
        allocation_count=len(parts),
        allocated_tonnes=sum(part.figures.tonnes for part in parts),
        pool_tonnes=sum(part.figures.tonnes for part in pool),
        findings=allocated.findings,
        allocated_by=request.allocated_by,
        allocated_at=request.allocated_at,
    )


def input_version(
    *, trades: str, through_date: date, contracts: str, taken: Mapping[ContractName, int]
) -> str:
    """Fingerprint all that an allocation follows from.

    ``trades`` fingerprints the versions, ``contracts`` the terms.
    """
    return digest_of([trades, through_date.isoformat(), contracts, dict(taken)])
