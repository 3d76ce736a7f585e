"""google.longrunning.Operations as a projection of runs: nothing is stored here.

``operations/billing-runs.2025-03-1`` is the run ``billingRuns/2025-03-1`` seen as an operation.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import grpc
from google.longrunning import operations_pb2, operations_pb2_grpc

from services.kernel.errors import NotFound
from services.kernel.page import Page, PageRequest
from services.runtime.deadline import milliseconds_left
from services.runtime.interceptors.error_status import NotOffered
from services.runtime.interceptors.policies import MethodPolicy
from services.runtime.interceptors.stages import PermissionMissing
from services.runtime.unit_of_work import current_principal
from services.wire.pages import from_wire_page, to_wire_token
from services.wire.refusal import refused

_POLL_SECONDS = 0.2
_LONGEST_WAIT = 60.0
_SERVICE = "google.longrunning.Operations"
_READS = ("GetOperation", "ListOperations", "WaitOperation")


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationSource:
    """How one collection of runs is seen as operations."""

    read: Callable[[str], operations_pb2.Operation]
    read_page: Callable[[PageRequest], Page[operations_pb2.Operation]]
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
        """Show a page of the runs that the caller may read, collection by collection.

        ``name`` is "operations" for every collection, or "operations/billing-runs" for one.
        """
        del context
        collections = self._collections(request)
        page = from_wire_page(request)
        first, *after = page.after or (collections[0] if collections else "",)
        left, found = page.size, list[operations_pb2.Operation]()
        for collection in (name for name in collections if name >= first):
            start = tuple(after) if collection == first and after else None
            part = self._sources[collection].read_page(PageRequest(left, start))
            found += part.items
            left -= len(part.items)
            if part.next_after is not None or left == 0:
                # Without a key of its own the collection is done: go on with the next name.
                key = (collection, *part.next_after) if part.next_after else (f"{collection}~",)
                return _page_of(request, found, key)
        return _page_of(request, found, None)

    def CancelOperation(  # noqa: N802 - name of the contract
        self, request: operations_pb2.CancelOperationRequest, context: grpc.ServicerContext
    ) -> None:
        """Refuse: a run is superseded by starting it again."""
        del context
        raise NotOffered(f"{request.name} cannot be cancelled; start the run again instead")

    def DeleteOperation(  # noqa: N802 - name of the contract
        self, request: operations_pb2.DeleteOperationRequest, context: grpc.ServicerContext
    ) -> None:
        """Refuse: runs are kept as a trace of what was done."""
        del context
        raise NotOffered(f"{request.name} cannot be deleted; runs are kept as a trace")

    def _collections(self, request: operations_pb2.ListOperationsRequest) -> list[str]:
        """Name the collections asked for that the caller may read."""
        if request.filter:
            raise refused("filter", "is not offered; name a collection, operations/billing-runs")
        asked = request.name.removeprefix("operations").removeprefix("/")
        if asked and asked not in self._sources:
            raise NotFound(request.name[:200])
        names = [asked] if asked else sorted(self._sources)
        return [name for name in names if self._may(self._sources[name].permission)]

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


def _page_of(
    request: operations_pb2.ListOperationsRequest,
    operations: Sequence[operations_pb2.Operation],
    after: tuple[str, ...] | None,
) -> operations_pb2.ListOperationsResponse:
    return operations_pb2.ListOperationsResponse(
        operations=operations, next_page_token=to_wire_token(request, after)
    )
