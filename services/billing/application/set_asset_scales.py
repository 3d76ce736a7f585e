"""SetAssetScale and SetAssetScales: state the scales of customers' carbon assets."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.billing.application.ports import AssetScales, Customers
from services.billing.domain.asset_scale import AssetScale, ScaleStatement, next_version
from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import CustomerName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ScaleOutcome:
    """What became of a statement: the version in force and whether it is new, or what is wrong."""

    scale: AssetScale | None
    is_new: bool
    refusal: NotFound | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAssetScales:
    """Records statements as new versions, in their order; the latest said again records nothing."""

    unit_of_work: UnitOfWork
    customers: Customers
    scales: AssetScales
    clock: Clock

    def __call__(self, *, statements: Sequence[ScaleStatement]) -> tuple[ScaleOutcome, ...]:
        """Record those of existing customers, in one transaction; one outcome per statement."""
        names = sorted({statement.customer for statement in statements})
        years = sorted({statement.year for statement in statements})
        with self.unit_of_work():
            known = {customer.name for customer in self.customers.read_all(names)}
            self.scales.lock(sorted(known))
            latest = dict(self.scales.latest(sorted(known), years=years))
            outcomes = tuple(self._outcome(each, known, latest) for each in statements)
            self.scales.add_all([each.scale for each in outcomes if each.scale and each.is_new])
        return outcomes

    def _outcome(
        self,
        statement: ScaleStatement,
        known: set[CustomerName],
        latest: dict[tuple[CustomerName, int], AssetScale],
    ) -> ScaleOutcome:
        if statement.customer not in known:
            return ScaleOutcome(None, is_new=False, refusal=NotFound(statement.customer))
        key = (statement.customer, statement.year)
        made = next_version(statement, latest=latest.get(key), time=self.clock.now())
        if made is not None:
            latest[key] = made
        return ScaleOutcome(latest[key], is_new=made is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAssetScale:
    """Records one statement."""

    set_asset_scales: SetAssetScales

    def __call__(self, *, statement: ScaleStatement) -> AssetScale:
        """Record it.

        Raises:
            NotFound: the customer.
        """
        outcome = self.set_asset_scales(statements=[statement])[0]
        if outcome.scale is None:
            raise outcome.refusal or NotFound(statement.customer)
        return outcome.scale
