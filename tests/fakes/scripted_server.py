"""A service that answers from a script: what a client meets, without a house behind it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import grpc
from google.longrunning import operations_pb2, operations_pb2_grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status
from tanheng.billing.v1 import (
    billing_service_pb2,
    billing_service_pb2_grpc,
    customer_service_pb2,
    customer_service_pb2_grpc,
)
from tanheng.common.v1 import common_pb2


def refusal(
    code: grpc.StatusCode, reason: str, message: str, *details: Message
) -> status_pb2.Status:
    """Write a status as the service does: an ErrorInfo first, then the details."""
    info = error_details_pb2.ErrorInfo(reason=reason, domain="billing.tanheng")
    status = status_pb2.Status(code=code.value[0], message=message)
    for detail in (info, *details):
        status.details.add().Pack(detail)
    return status


@dataclass(slots=True)
class Script:
    """What to answer next, and what was asked."""

    refusals: list[status_pb2.Status] = field(default_factory=list)
    requests: list[Message] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    progress: list[int] = field(default_factory=list)
    findings: Sequence[common_pb2.Finding] = ()

    def take(self, request: Message, context: grpc.ServicerContext) -> None:
        """Note a call, and refuse it if the script says so."""
        self.requests.append(request)
        metadata = dict(context.invocation_metadata())
        self.tokens.append(str(metadata.get("authorization", "")))
        if self.refusals:
            context.abort_with_status(rpc_status.to_status(self.refusals.pop(0)))

    def run(self) -> billing_service_pb2.BillingRun:
        """The one billing run there is."""
        return billing_service_pb2.BillingRun(
            name="billingRuns/2025-01-1",
            month="2025-01",
            state=common_pb2.RUN_STATE_CALCULATED,
            findings=self.findings,
        )

    def operation(self) -> operations_pb2.Operation:
        """The operation as it stands: a little further at each look."""
        operation = operations_pb2.Operation(name="operations/billing-runs.2025-01-1")
        done = self.progress.pop(0) if self.progress else 3
        operation.metadata.Pack(
            common_pb2.RunProgress(resource="billingRuns/2025-01-1", done_count=done, total_count=3)
        )
        if done == 3:
            operation.done = True
            answer = Any()
            answer.Pack(self.run())
            operation.response.CopyFrom(answer)
        return operation


class _Customers(customer_service_pb2_grpc.CustomerServiceServicer):
    def __init__(self, script: Script) -> None:
        self._script = script

    def CreateCustomer(  # noqa: N802 - named by the contract
        self, request: customer_service_pb2.CreateCustomerRequest, context: grpc.ServicerContext
    ) -> customer_service_pb2.Customer:
        self._script.take(request, context)
        return customer_service_pb2.Customer(name=f"customers/{request.customer_id}")

    def ListCustomers(  # noqa: N802 - named by the contract
        self, request: customer_service_pb2.ListCustomersRequest, context: grpc.ServicerContext
    ) -> customer_service_pb2.ListCustomersResponse:
        self._script.take(request, context)
        page = int(request.page_token or "1")
        return customer_service_pb2.ListCustomersResponse(
            customers=[customer_service_pb2.Customer(name=f"customers/c{page}")],
            next_page_token=str(page + 1) if page < 3 else "",
        )


class _Billing(billing_service_pb2_grpc.BillingServiceServicer):
    def __init__(self, script: Script) -> None:
        self._script = script

    def StartBillingRun(  # noqa: N802 - named by the contract
        self, request: billing_service_pb2.StartBillingRunRequest, context: grpc.ServicerContext
    ) -> operations_pb2.Operation:
        self._script.take(request, context)
        return self._script.operation()

    def PreviewManagementFee(  # noqa: N802 - named by the contract
        self,
        request: billing_service_pb2.PreviewManagementFeeRequest,
        context: grpc.ServicerContext,
    ) -> billing_service_pb2.PreviewManagementFeeResponse:
        self._script.take(request, context)
        answer = billing_service_pb2.PreviewManagementFeeResponse()
        answer.annual_amount.currency_code = "CNY"
        answer.annual_amount.units = 2_350_000
        return answer


class _Operations(operations_pb2_grpc.OperationsServicer):
    def __init__(self, script: Script) -> None:
        self._script = script

    def GetOperation(  # noqa: N802 - named by the contract
        self, request: operations_pb2.GetOperationRequest, context: grpc.ServicerContext
    ) -> operations_pb2.Operation:
        self._script.take(request, context)
        return self._script.operation()


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """Serve the script on a free port of this machine; gives the address."""
    server = grpc.server(ThreadPoolExecutor(2))
    # What the script does not answer is UNIMPLEMENTED, as the generated base classes say.
    customers = _Customers(script)  # type: ignore[abstract]
    billing = _Billing(script)  # type: ignore[abstract]
    customer_service_pb2_grpc.add_CustomerServiceServicer_to_server(customers, server)
    billing_service_pb2_grpc.add_BillingServiceServicer_to_server(billing, server)
    operations_pb2_grpc.add_OperationsServicer_to_server(  # type: ignore[no-untyped-call]
        _Operations(script), server
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()
