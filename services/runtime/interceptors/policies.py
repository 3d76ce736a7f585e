"""Which method needs which permission: read from the contract, complete or no start."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor, ServiceDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions
from tanheng.common.v1 import access_pb2


class MethodWithoutPolicy(RuntimeError):
    """The contract does not say who may call a method; the server does not start."""


@dataclass(frozen=True, slots=True)
class MethodPolicy:
    """What is known of a method before any call: who may, whose rows, with what effect."""

    method: str
    permission: str
    scope: int
    room: str
    mutates: bool
    stored: bool
    input_type: str

    @property
    def shows_persons(self) -> bool:
        """Tell whether a look at it is kept in the audit trail."""
        return self.scope == access_pb2.ACCESS_SCOPE_STAFF


def policies_of(services: Iterable[ServiceDescriptor]) -> Mapping[str, MethodPolicy]:
    """Read the policy of every method, by its full path ``/package.Service/Method``.

    Raises:
        MethodWithoutPolicy: a method has none, or one without a permission or a scope.
    """
    policies = (_policy(service, method) for service in services for method in service.methods)
    return {policy.method: policy for policy in policies}


def _policy(service: ServiceDescriptor, method: MethodDescriptor) -> MethodPolicy:
    options: MethodOptions = method.GetOptions()
    access = options.Extensions[access_pb2.access]
    path = f"/{service.full_name}/{method.name}"
    if not access.permission or not access.scope:
        raise MethodWithoutPolicy(f"{path} has no access policy; say one in the contract")
    mutates = options.idempotency_level != MethodOptions.NO_SIDE_EFFECTS
    request_id = method.input_type.fields_by_name.get("request_id")
    if mutates and (request_id is None or request_id.type != FieldDescriptor.TYPE_STRING):
        raise MethodWithoutPolicy(f"{path} changes something and has no request_id")
    return MethodPolicy(
        method=path,
        permission=access.permission,
        scope=access.scope,
        room=service.full_name.split(".")[1],
        mutates=mutates,
        stored=mutates,
        input_type=method.input_type.full_name,
    )
