"""Policies: every method says who may call it, or nothing starts."""

import pytest
from google.longrunning import operations_pb2
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import ServiceDescriptor
from tanheng.billing.v1 import billing_service_pb2
from tanheng.common.v1 import access_pb2

from services.runtime.interceptors.policies import MethodWithoutPolicy, policies_of

_START = "/tanheng.billing.v1.BillingService/StartBillingRun"
_LIST = "/tanheng.billing.v1.BillingService/ListBillingRuns"


@pytest.fixture
def billing() -> ServiceDescriptor:
    return billing_service_pb2.DESCRIPTOR.services_by_name["BillingService"]


def test_reads_the_policy_of_a_change(billing: ServiceDescriptor) -> None:
    policy = policies_of([billing])[_START]
    assert (policy.permission, policy.room) == ("billing.runs.start", "billing")
    assert policy.mutates
    assert policy.stored


def test_reads_the_policy_of_a_look(billing: ServiceDescriptor) -> None:
    policy = policies_of([billing])[_LIST]
    assert policy.permission == "billing.runs.read"
    assert not policy.mutates
    assert not policy.shows_persons


def test_refuses_a_method_without_a_policy() -> None:
    operations = operations_pb2.DESCRIPTOR.services_by_name["Operations"]
    with pytest.raises(MethodWithoutPolicy, match="Operations"):
        policies_of([operations])


@pytest.mark.parametrize(
    ("access", "reason"),
    [
        (access_pb2.Access(permission="billing.x.set"), "no access policy"),
        (access_pb2.Access(scope=access_pb2.ACCESS_SCOPE_STAFF), "no access policy"),
        (
            access_pb2.Access(permission="x.y.set", scope=access_pb2.ACCESS_SCOPE_STAFF),
            "no request_id",
        ),
    ],
)
def test_refuses_half_a_policy_and_a_change_that_cannot_be_repeated(
    access: access_pb2.Access, reason: str
) -> None:
    with pytest.raises(MethodWithoutPolicy, match=reason):
        policies_of([_service(access)])


def _service(access: access_pb2.Access) -> ServiceDescriptor:
    """A service with one method ``Set`` whose request has no field."""
    file = descriptor_pb2.FileDescriptorProto(
        name=f"tests/{id(access)}.proto", package=f"tests.p{id(access)}", syntax="proto3"
    )
    file.message_type.add(name="Empty")
    empty = f".{file.package}.Empty"
    service = file.service.add(name="Things")
    method = service.method.add(name="Set", input_type=empty, output_type=empty)
    method.options.Extensions[access_pb2.access].CopyFrom(access)
    descriptor_pool.Default().AddSerializedFile(file.SerializeToString())
    return descriptor_pool.Default().FindServiceByName(f"{file.package}.Things")
