"""Calls any method of the contract by its name, with a request written as plain data."""

import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

import grpc
from google.longrunning import operations_pb2
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from services.bootstrap.contract import services_of_the_contract

_PATIENCE_SECONDS = 90.0
_NAMESPACE = uuid.UUID("5f0c1d1e-6f2e-4a53-9b0e-0f3a3c1f9a11")

Json = Mapping[str, object]
TokenOf = Callable[[str, str, tuple[str, ...]], str]


def methods() -> Mapping[str, MethodDescriptor]:
    """Give every method of the contract by its path, ``/tanheng.billing.v1.X/Y``."""
    return {
        f"/{service.full_name}/{method.name}": method
        for service in services_of_the_contract()
        for method in service.methods
    }


@dataclass(slots=True)
class Client:
    """A caller that can take any role."""

    address: str
    token_of: TokenOf
    channel: grpc.Channel = field(init=False)
    _methods: Mapping[str, MethodDescriptor] = field(default_factory=methods)

    def __post_init__(self) -> None:
        """Open the channel."""
        self.channel = grpc.insecure_channel(self.address)

    def call(
        self,
        method: str,
        request: Json,
        *,
        role: str,
        subject: str = "",
        customers: tuple[str, ...] = (),
        key: str = "",
    ) -> Message:
        """Call ``billing.BillingService/StartBillingRun`` in a role.

        A mutating method gets a request id: derived from ``key`` where one is given, else new.
        """
        path = self.path(method)
        descriptor = self._methods[path]
        message = message_factory.GetMessageClass(descriptor.input_type)()
        if "request_id" in descriptor.input_type.fields_by_name and "request_id" not in request:
            new = uuid.uuid5(_NAMESPACE, key) if key else uuid.uuid4()
            request = {**request, "request_id": str(new)}
        json_format.ParseDict(dict(request), message)
        return self.send(path, message, token=self.token_of(role, subject or role, customers))

    def send(self, path: str, message: Message, *, token: str = "", timeout: float = 30) -> Message:
        """Send a message; a stream's answer is its last chunk."""
        kind = message_factory.GetMessageClass(self._methods[path].output_type)
        metadata = (("authorization", f"Bearer {token}"),) if token else ()
        if self._methods[path].server_streaming:
            stream: Callable[..., Iterable[Message]] = self.channel.unary_stream(
                path, request_serializer=_bytes, response_deserializer=kind.FromString
            )
            return list(stream(message, metadata=metadata, timeout=timeout))[-1]
        unary: Callable[..., Message] = self.channel.unary_unary(
            path, request_serializer=_bytes, response_deserializer=kind.FromString
        )
        return unary(message, metadata=metadata, timeout=timeout)

    def finish(self, operation: Message, *, role: str, subject: str = "") -> Message:
        """Wait for a long-running operation; gives its run."""
        assert isinstance(operation, operations_pb2.Operation)
        get = self.channel.unary_unary(
            "/google.longrunning.Operations/GetOperation",
            request_serializer=_bytes,
            response_deserializer=operations_pb2.Operation.FromString,
        )
        token = self.token_of(role, subject or role, ())
        end = time.monotonic() + _PATIENCE_SECONDS
        while not operation.done:
            assert time.monotonic() < end, f"{operation.name} does not finish"
            time.sleep(0.05)
            request = operations_pb2.GetOperationRequest(name=operation.name)
            operation = get(request, metadata=(("authorization", f"Bearer {token}"),), timeout=10)
        return _unpacked(operation)

    @staticmethod
    def path(method: str) -> str:
        """Spell a short name out: ``billing.X/Y`` is ``/tanheng.billing.v1.X/Y``."""
        room, _, rest = method.partition(".")
        return f"/tanheng.{room}.v1.{rest}"


def reason_of(error: grpc.RpcError) -> str:
    """Read the reason of a refusal; empty where there is none."""
    status = rpc_status.from_call(cast("grpc.Call", error))  # a raised error is both
    for detail in status.details if status is not None else ():
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return info.reason
    return ""


def _bytes(message: Message) -> bytes:
    return message.SerializeToString()


def _unpacked(operation: operations_pb2.Operation) -> Message:
    assert not operation.HasField("error"), operation.error
    name = operation.response.type_url.rpartition("/")[2]
    from google.protobuf import descriptor_pool  # noqa: PLC0415 - only here

    kind = message_factory.GetMessageClass(descriptor_pool.Default().FindMessageTypeByName(name))
    message = kind()
    assert operation.response.Unpack(message)
    return message
