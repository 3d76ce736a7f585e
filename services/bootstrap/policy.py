"""Which role has which permissions: one table. ``*`` stands for any word.

Every role but ``customer`` and ``staff`` reads and previews in its rooms; ``auditor`` reads all but
awards of persons; ``admin`` may not approve. A customer's and a member of staff's rows are cut to
their own by the database as well. The desk sees no customer's fees, and previews no change of them.
"""

from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final

_FINANCE_READS = (
    "operations.read",
    "pricing.*.read",
    "pricing.*.preview",
    "billing.*.read",
    "billing.*.preview",
    "settlement.*.read",
    "settlement.*.preview",
    "ledger.*.read",
    "incentives.schemes.read",
    "incentives.runs.read",
    "incentives.metrics.read",
    "incentives.pools.preview",
)
_TRADING_READS = (
    "operations.read",
    "pricing.*.read",
    "pricing.replays.preview",
    "pricing.management_modes.preview",
    "settlement.*.read",
    "settlement.*.preview",
    "billing.customers.read",
)

ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "finance_operator": (
        *_FINANCE_READS,
        "billing.asset_scales.set",
        "billing.runs.start",
        "settlement.contracts.create",
        "settlement.allocations.allocate",
        "settlement.runs.start",
    ),
    "finance_controller": (
        *_FINANCE_READS,
        "audit.*.read",
        "billing.runs.review",
        "billing.runs.approve",
        "billing.runs.issue",
        "settlement.contracts.approve",
        "settlement.runs.review",
        "settlement.runs.approve",
        "settlement.runs.post",
        "settlement.findings.waive",
        "settlement.months.open",
        "settlement.months.close",
        "incentives.runs.review",
    ),
    "finance_director": (
        *_FINANCE_READS,
        "billing.runs.approve",
        "settlement.runs.approve",
        "settlement.contracts.approve",
        "pricing.fee_schedule_revisions.approve",
        "incentives.schemes.approve",
        "incentives.runs.approve",
        "incentives.runs.post",
    ),
    "trader": (*_TRADING_READS, "settlement.trades.record"),
    "trade_reviewer": (
        *_TRADING_READS,
        "settlement.trades.correct",
        "settlement.transfers.record",
    ),
    "pricing_analyst": (
        "operations.read",
        "pricing.*.read",
        "pricing.*.preview",
        "billing.customers.read",
        "billing.fees.preview",
        "settlement.contracts.read",
        "settlement.settlements.preview",
        "pricing.price_series.create",
        "pricing.price_points.import",
        "pricing.quotes.*",
        "pricing.valuations.*",
        "pricing.fee_schedules.create",
        "pricing.fee_schedule_revisions.create",
    ),
    "hr": (
        "operations.read",
        "incentives.*.read",
        "incentives.*.preview",
        "incentives.schemes.create",
        "incentives.assignments.set",
        "incentives.runs.start",
    ),
    "customer": (
        "billing.customers.read",
        "billing.asset_scales.read",
        "billing.invoices.read",
        "pricing.rate_cards.read",
        "settlement.contracts.read",
        "settlement.trades.read",
        "settlement.allocations.read",
        "settlement.settlements.read",
    ),
    "staff": ("incentives.awards.read",),
    "auditor": (
        *_FINANCE_READS,
        "audit.*.read",
    ),
    "admin": (
        "operations.read",
        "billing.*.read",
        "billing.*.preview",
        "pricing.*.read",
        "pricing.*.preview",
        "settlement.*.read",
        "settlement.*.preview",
        "ledger.*.read",
        "billing.customers.create",
        "billing.customers.update",
        "pricing.price_series.create",
    ),
}


class UnknownPermission(RuntimeError):
    """The table names a permission that no method of the contract asks for, or misses one."""


def permissions_by_role(asked: Iterable[str]) -> Mapping[str, Collection[str]]:
    """Spell the table out over the permissions that the contract asks for.

    Raises:
        UnknownPermission: a permission of the contract is granted to nobody.
    """
    known = frozenset(asked)
    spelled = {
        role: frozenset(
            permission
            for permission in known
            if any(fnmatchcase(permission, pattern) for pattern in patterns)
        )
        for role, patterns in ROLES.items()
    }
    orphans = known - frozenset[str]().union(*spelled.values())
    if orphans:
        raise UnknownPermission(f"granted to no role: {', '.join(sorted(orphans))}")
    return spelled
