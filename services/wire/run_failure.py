"""Why a run ended without a result, as the error of its operation."""

from google.protobuf.any_pb2 import Any
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2

RUN_FAILED = "RUN_FAILED"


def to_wire_run_failure(*, run: str, room: str, failure: str) -> status_pb2.Status:
    """Write the status of a run that FAILED: the books refuse until its cause is cured."""
    info = error_details_pb2.ErrorInfo(
        reason=RUN_FAILED, domain=f"{room}.tanheng", metadata={"subject": run}
    )
    violation = error_details_pb2.PreconditionFailure.Violation(
        type=RUN_FAILED, subject=run, description=failure
    )
    precondition = error_details_pb2.PreconditionFailure(violations=[violation])
    return status_pb2.Status(
        code=code_pb2.FAILED_PRECONDITION,
        message=f"{run} FAILED: {failure}; cure it and start the run again",
        details=[_packed(info), _packed(precondition)],
    )


def _packed(detail: Message) -> Any:
    packed = Any()
    packed.Pack(detail)
    return packed
