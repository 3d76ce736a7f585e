"""google.longrunning.Operations as a projection of runs: nothing is stored here.

``operations/billing-runs.2025-03-1`` is the run ``billingRuns/2025-03-1`` seen as an operation.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import grpc
from google.longrunning import operations_pb2, operations_pb2_grpc

from services.kernel.errors import NotFound
from services.runtime.deadline import milliseconds_left
from services.runtime.interceptors.policies import MethodPolicy
from services.runtime.interceptors.stages import PermissionMissing
from services.runtime.unit_of_work import current_principal

_POLL_SECONDS = 0.2
_LONGEST_WAIT = 60.0
_SERVICE = "google.longrunning.Operations"
_READS = ("GetOperation", "ListOperations", "WaitOperation")


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationSource:
    """How one collection of runs is seen as operations."""

    read: Callable[[str], operations_pb2.Operation]
    permission: str


def operations_policies() -> Mapping[str, MethodPolicy]:
    """Give the policies of a service whose contract is not ours to annotate.

    Any caller with a role may ask; each collection then asks for the permission to read its runs.
    """
    return {
        f"/{_SERVICE}/{method}": MethodPolicy(
            method=f"/{_SERVICE}/{method}",
            permission="operations.read",
            scope=1,
            room="runtime",
            mutates=False,
            stored=False,
            input_type="",
        )
        for method in (*_READS, "CancelOperation", "DeleteOperation")
    }


class OperationsServicer(operations_pb2_grpc.OperationsServicer):
    """Serves Get, List and Wait; says why Cancel and Delete are not offered."""

    def __init__(
        self,
        *,
        sources: Mapping[str, OperationSource],
        may: Callable[[str], bool],
    ) -> None:
        """Keep the sources by collection, and how to ask for a permission of the caller."""
        self._sources, self._may = sources, may

    def GetOperation(  # noqa: N802 - name of the contract
        self, request: operations_pb2.GetOperationRequest, context: grpc.ServicerContext
    ) -> operations_pb2.Operation:
        """Show how far a run has come."""
        del context
        return self._read(request.name)

    def WaitOperation(  # noqa: N802 - name of the contract
        self, request: operations_pb2.WaitOperationRequest, context: grpc.ServicerContext
    ) -> operations_pb2.Operation:
        """Wait until a run is calculated, or the time given (at most a minute) is over."""
        asked = request.timeout.ToTimedelta().total_seconds()  # 0 where none is given
        end = time.monotonic() + min(asked or _LONGEST_WAIT, _LONGEST_WAIT)
        operation = self._read(request.name)
        while not operation.done and time.monotonic() < end and context.is_active():
            if milliseconds_left() < 1000 * _POLL_SECONDS * 2:
                break
            time.sleep(_POLL_SECONDS)
            operation = self._read(request.name)
        return operation

    def ListOperations(  # noqa: N802 - name of the contract
        self, request: operations_pb2.ListOperationsRequest, context: grpc.ServicerContext
    ) -> operations_pb2.ListOperationsResponse:
        """Name the collections that can be asked for; runs are listed by their own rooms."""
        del request
        collections = ", ".join(sorted(self._sources))
        context.abort(
            grpc.StatusCode.UNIMPLEMENTED,
            f"list the runs themselves (ListBillingRuns, …); operations exist for {collections}",
        )

    def CancelOperation(  # noqa: N802 - name of the contract
        self, request: operations_pb2.CancelOperationRequest, context: grpc.ServicerContext
    ) -> None:
        """Refuse: a run is superseded by starting it again."""
        context.abort(
            grpc.StatusCode.UNIMPLEMENTED,
            f"{request.name} cannot be cancelled; start the run again to supersede it",
        )

    def DeleteOperation(  # noqa: N802 - name of the contract
        self, request: operations_pb2.DeleteOperationRequest, context: grpc.ServicerContext
    ) -> None:
        """Refuse: runs are kept as a trace of what was done."""
        context.abort(
            grpc.StatusCode.UNIMPLEMENTED,
            f"{request.name} cannot be deleted; runs are kept as a trace of what was done",
        )

    def _read(self, name: str) -> operations_pb2.Operation:
        collection, _, key = name.removeprefix("operations/").partition(".")
        source = self._sources.get(collection)
        if source is None or not key or not name.startswith("operations/"):
            raise NotFound(name[:200])
        if not self._may(source.permission):
            raise PermissionMissing(
                f"{current_principal().subject} needs a role with the permission"
                f" {source.permission} to see {name}",
                metadata={"permission": source.permission},
            )
        return source.read(key)
