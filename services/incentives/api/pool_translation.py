"""A pool that is asked for, and its answer, ⇄ the wire."""

from tanheng.incentives.v1 import incentive_service_pb2, scheme_pb2

from services.incentives.api.award_translation import to_wire_grant
from services.incentives.api.rules_translation import from_wire_rules
from services.incentives.api.scheme_translation import from_wire_assignments
from services.incentives.application.preview_pool import PoolQuestion
from services.incentives.domain.award import Grants
from services.incentives.domain.cycle import MONTHS_OF_A_YEAR
from services.incentives.domain.pool import PoolSize
from services.incentives.domain.pool_rules import PlanKind
from services.kernel.money import zero
from services.wire.dates import from_wire_month
from services.wire.enums import from_wire_enum
from services.wire.explanation import to_wire_explanation
from services.wire.money import from_wire_money, to_wire_money
from services.wire.numbers import from_wire_optional_decimal


def from_wire_pool_question(request: incentive_service_pb2.PreviewPoolRequest) -> PoolQuestion:
    """Read what is asked; the defaults are those that the contract names.

    Raises:
        InvalidInput: a field is wrong in itself, or the rules contradict each other.
    """
    targeted = request.HasField("target")
    kind = request.kind or scheme_pb2.PLAN_KIND_EXCESS_PROFIT
    return PoolQuestion(
        result=from_wire_money(request.result, "result"),
        target=from_wire_money(request.target, "target") if targeted else zero(),
        kind=from_wire_enum(PlanKind, kind, scheme_pb2.PlanKind, "kind"),
        rules=from_wire_rules(request.rules, "rules"),
        assignments=from_wire_assignments(request.assignments),
        on_time_surrender=from_wire_optional_decimal(request, "on_time_surrender"),
        cycle_months=request.cycle_months or MONTHS_OF_A_YEAR,
        last_month=from_wire_month(request.last_month) if request.last_month else None,
    )


def to_wire_pool(size: PoolSize, grants: Grants) -> incentive_service_pb2.PreviewPoolResponse:
    """Write the answer."""
    return incentive_service_pb2.PreviewPoolResponse(
        excess=to_wire_money(size.excess),
        pool=to_wire_money(size.pool),
        awarded=to_wire_money(grants.awarded),
        unallocated=to_wire_money(grants.unallocated),
        awards=[to_wire_grant(grant) for grant in grants.grants],
        explanation=to_wire_explanation(size.explanation),
    )
