"""A tiny service behind the real stages: to try the stages apart from any room."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
from google.protobuf.message import Message
from tanheng.billing.v1 import customer_service_pb2 as pb

from services.bootstrap.contract import services_of_the_contract
from services.runtime.interceptors.call import AuditSink
from services.runtime.interceptors.policies import MethodPolicy
from services.runtime.interceptors.serving import ServingInterceptor
from services.runtime.interceptors.stages import Stages
from services.runtime.interceptors.validation import RequestValidator
from services.runtime.settings import Settings
from services.runtime.tokens import development_token, verifier_of
from services.runtime.unit_of_work import Transactions

CREATE = "/tanheng.test.Echo/Create"
PERMISSION = "test.echoes.create"

Servicer = Callable[[Message, grpc.ServicerContext], Message]


@contextmanager
def echo_server(
    *, transactions: Transactions, servicer: Servicer, audit: AuditSink, data_dir: Path
) -> Iterator[tuple[str, Settings]]:
    """Serve one method that changes something; gives the address and the settings."""
    settings = Settings(data_dir=data_dir)
    policy = MethodPolicy(CREATE, PERMISSION, 2, "test", mutates=True, stored=True, input_type="")
    stages = Stages(
        transactions=transactions,
        tokens=verifier_of(settings),
        permissions={"admin": {PERMISSION}},
        validator=RequestValidator(services_of_the_contract()),
        audit=audit,
    )
    server = grpc.server(
        ThreadPoolExecutor(16),
        interceptors=[ServingInterceptor(stages=stages, policies={CREATE: policy})],
    )
    handler: grpc.RpcMethodHandler[Message, Message] = grpc.unary_unary_rpc_method_handler(
        servicer,
        request_deserializer=pb.CreateCustomerRequest.FromString,
        response_serializer=lambda answer: answer.SerializeToString(),
    )
    service = grpc.method_handlers_generic_handler("tanheng.test.Echo", {"Create": handler})
    server.add_generic_rpc_handlers((service,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}", settings
    finally:
        server.stop(1).wait()


def bearer(settings: Settings, role: str) -> tuple[tuple[str, str], ...]:
    """Give the metadata of a call in a role."""
    token = development_token(settings=settings, subject=role, roles=[role], customers=[])
    return (("authorization", f"Bearer {token}"),)
