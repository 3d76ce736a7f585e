"""Runs seen as long-running operations."""

import uuid
from collections.abc import Iterator

import grpc
import pytest
from google.longrunning import operations_pb2, operations_pb2_grpc

from tests.support.client import Client, reason_of
from tests.support.month import GroupOffice
from tests.support.service import Service

_MONTH = {"month": "2025-01"}


@pytest.fixture(scope="module")
def office(module_service: Service) -> Iterator[GroupOffice]:
    """An office with three plants, whose January is billed to drafts and settled to drafts."""
    client = Client(
        module_service.address,
        lambda role, subject, customers: module_service.token(
            role, subject=subject, customers=customers
        ),
    )
    office = GroupOffice(client)
    office.set_up(plants=3)
    for _ in range(2):
        office.finish(_start(office, "billing.BillingService/StartBillingRun", _MONTH))
    kind = {**_MONTH, "kind": "SETTLEMENT_RUN_KIND_PROVISIONAL"}
    office.finish(_start(office, "settlement.SettlementService/StartSettlementRun", kind))
    yield office
    client.channel.close()


def _start(office: GroupOffice, method: str, request: dict[str, str]) -> operations_pb2.Operation:
    answer = office.do(method, request, role="finance_operator", key=str(uuid.uuid4()))
    assert isinstance(answer, operations_pb2.Operation)
    return answer


def _stub(service: Service) -> operations_pb2_grpc.OperationsStub:
    return operations_pb2_grpc.OperationsStub(service.channel)  # type: ignore[no-untyped-call]


def _names(service: Service, size: int, collection: str = "operations") -> list[str]:
    request = operations_pb2.ListOperationsRequest(name=collection, page_size=size)
    names: list[str] = []
    while True:
        page = _stub(service).ListOperations(request, metadata=service.as_role("auditor"))
        names += [operation.name for operation in page.operations]
        if not page.next_page_token:
            return names
        request.page_token = page.next_page_token


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_lists_every_run_once_whatever_the_size_of_a_page(
    office: GroupOffice, module_service: Service, size: int
) -> None:
    del office
    names = _names(module_service, size)
    assert sorted(names) == sorted(set(names))
    assert {name.rpartition(".")[0] for name in names} == {
        "operations/billing-runs",
        "operations/settlement-runs",
    }
    assert len(names) == 3


def test_lists_one_collection(office: GroupOffice, module_service: Service) -> None:
    del office
    assert len(_names(module_service, 100, "operations/billing-runs")) == 2


def test_waits_for_a_run_and_packs_it(office: GroupOffice, module_service: Service) -> None:
    del office
    name = _names(module_service, 100, "operations/billing-runs")[0]
    request = operations_pb2.WaitOperationRequest(name=name)
    operation = _stub(module_service).WaitOperation(
        request, metadata=module_service.as_role("auditor")
    )
    assert operation.done
    assert operation.response.type_url.endswith("tanheng.billing.v1.BillingRun")


def test_shows_a_run_only_to_those_who_may_read_it(
    office: GroupOffice, module_service: Service
) -> None:
    del office
    name = _names(module_service, 100, "operations/billing-runs")[0]
    with pytest.raises(grpc.RpcError) as caught:
        _stub(module_service).GetOperation(
            operations_pb2.GetOperationRequest(name=name),
            metadata=module_service.as_role("trader"),
        )
    assert reason_of(caught.value) == "PERMISSION_MISSING"


@pytest.mark.parametrize("method", ["CancelOperation", "DeleteOperation"])
def test_says_that_runs_are_neither_cancelled_nor_deleted(
    module_service: Service, method: str
) -> None:
    kind = getattr(operations_pb2, f"{method}Request")
    with pytest.raises(grpc.RpcError) as caught:
        getattr(_stub(module_service), method)(
            kind(name="operations/billing-runs.x"), metadata=module_service.as_role("auditor")
        )
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert reason_of(caught.value) == "NOT_OFFERED"


@pytest.mark.parametrize("name", ["operations/none.1", "nonsense", "operations/billing-runs."])
def test_knows_no_other_operations(module_service: Service, name: str) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        _stub(module_service).GetOperation(
            operations_pb2.GetOperationRequest(name=name),
            metadata=module_service.as_role("auditor"),
        )
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND
