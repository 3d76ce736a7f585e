"""Awards → the wire."""

from tanheng.incentives.v1 import incentive_run_pb2

from services.incentives.domain.award import Grant, Instalment
from services.incentives.domain.run import Award
from services.wire.dates import to_wire_date
from services.wire.explanation import to_wire_explanation
from services.wire.money import to_wire_money
from services.wire.numbers import to_wire_decimal


def to_wire_award(award: Award) -> incentive_run_pb2.Award:
    """Write an award of a run."""
    wire = to_wire_grant(award.grant)
    wire.name, wire.incentive_run, wire.cycle = award.name, award.run, str(award.cycle)
    return wire


def to_wire_grant(grant: Grant) -> incentive_run_pb2.Award:
    """Write what a person would be granted, without a run."""
    return incentive_run_pb2.Award(
        staff_id=grant.assignment.staff_id,
        role=grant.assignment.role,
        weight=to_wire_decimal(grant.weight),
        cap=None if grant.cap is None else to_wire_money(grant.cap),
        amount=to_wire_money(grant.amount),
        instalments=[_to_wire_instalment(part) for part in grant.instalments],
        ineligible_reason=grant.ineligible_reason,
        explanation=to_wire_explanation(grant.explanation),
    )


def _to_wire_instalment(part: Instalment) -> incentive_run_pb2.Instalment:
    day = part.payable_date
    return incentive_run_pb2.Instalment(
        number=part.number,
        amount=to_wire_money(part.amount),
        payable_date=None if day is None else to_wire_date(day),
    )
