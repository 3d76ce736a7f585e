"""The rules by which a pool is sized and split: the parameters of a scheme, with their sources."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.incentives.domain.legal_limit import LegalLimit
from services.kernel.errors import FieldViolation, InvalidInput
from services.kernel.money import CNY, Money
from services.kernel.tiers import check_tiling


class PlanKind(StrEnum):
    """What kind of plan it is: what its limit is a part of.

    EXCESS_PROFIT (超额利润分享): of the profit above a target. POST_DIVIDEND (岗位分红): of the
    profit after tax.
    """

    EXCESS_PROFIT = "EXCESS_PROFIT"
    POST_DIVIDEND = "POST_DIVIDEND"


class InvalidRules(InvalidInput):
    """The rules contradict each other, or one lacks what it needs."""


@dataclass(frozen=True, slots=True)
class ExcessTier:
    """A band of excess up to ``up_to`` (None: no end), and the part of it, 0 to 1, for the pool."""

    up_to: Money | None
    pool_share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRules:
    """All parameters of a pool. An optional limit that is None is not applied."""

    excess_tiers: tuple[ExcessTier, ...]
    pool_limit: LegalLimit
    income_tax_rate: LegalLimit | None = None
    participants_limit: LegalLimit | None = None
    staff_count: int = 0
    minimum_days_in_post: int = 0
    minimum_days_source: str = ""
    maximum_days_counted: int = 0
    person_cap: LegalLimit | None = None
    executives_limit: LegalLimit | None = None
    deferral_weights: tuple[int, ...] = ()
    deferral_source: str = ""

    def __post_init__(self) -> None:
        """Refuse tiers that do not tile, and parameters without what they need."""
        bounds = [None if t.up_to is None else t.up_to.amount for t in self.excess_tiers]
        check_tiling(bounds, field="excess_tiers", word="up_to")
        wrong = tuple(self._violations())
        if wrong:
            raise InvalidRules(f"{wrong[0].field}: {wrong[0].description}", violations=wrong)

    @property
    def most_participants(self) -> int | None:
        """How many people may take part; None where nothing limits them."""
        if self.participants_limit is None:
            return None
        return self.participants_limit.floor_of(self.staff_count)

    def _violations(self) -> list[FieldViolation]:
        wrong: list[FieldViolation] = []
        for index, tier in enumerate(self.excess_tiers):
            path = f"excess_tiers[{index}]"
            if not 0 <= tier.pool_share <= 1:
                share = FieldViolation(f"{path}.pool_share", f"{tier.pool_share} is not 0 to 1")
                wrong.append(share)
            if tier.up_to is not None and tier.up_to.currency != CNY:
                wrong.append(FieldViolation(f"{path}.up_to", "is not in CNY"))
        if self.participants_limit is not None and self.staff_count == 0:
            wrong.append(FieldViolation("staff_count", "is unset; participants_limit needs it"))
        if self.deferral_weights and not sum(self.deferral_weights):
            wrong.append(FieldViolation("deferral_weights", "are all zero"))
        return wrong
