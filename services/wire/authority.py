"""Where a run stands, and who signed it."""

from tanheng.common.v1 import common_pb2

from services.kernel.authority import Approval, RunState
from services.wire.dates import to_wire_time
from services.wire.enums import to_wire_enum


def to_wire_run_state(state: RunState) -> common_pb2.RunState.ValueType:
    """Write the state of a run."""
    return to_wire_enum(state, common_pb2.RunState)


def to_wire_approval(approval: Approval) -> common_pb2.Approval:
    """Write a signature."""
    return common_pb2.Approval(
        principal=approval.principal,
        role=approval.role,
        digest=approval.digest,
        time=to_wire_time(approval.time),
    )
