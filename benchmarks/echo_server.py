"""A server process with the whole house, and Echoes: bare, behind the same stages, and storing."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
from google.protobuf.message import Message
from tanheng.billing.v1 import billing_service_pb2 as pb
from tanheng.pricing.v1 import quote_pb2

from services.bootstrap.house import build_house
from services.bootstrap.platform import build_platform
from services.bootstrap.processes import spare_the_collector
from services.runtime.interceptors.policies import MethodPolicy
from services.runtime.settings import Settings
from services.runtime.telemetry import configure_logs

STAGED = "/tanheng.benchmarks.Staged/Echo"
BARE = "/tanheng.benchmarks.Bare/Echo"
LOOKING = "/tanheng.benchmarks.Looking/Echo"
"""Echoes a request for a quote behind the stages."""

STORING = "/tanheng.benchmarks.Storing/Echo"
"""Echoes it and stores the answer, as every method does that changes something."""

_THREADS = 8


def main(database_url: str, data_dir: str) -> None:
    """Serve until standard input is closed; prints the port."""
    configure_logs()
    settings = Settings(data_dir=Path(data_dir), port=0, server_threads=_THREADS)
    platform = build_platform(settings=settings, database_url=database_url, threads=_THREADS)
    house = build_house(platform)
    spare_the_collector()  # as every server of the house does
    server = grpc.server(
        ThreadPoolExecutor(_THREADS), interceptors=[house.interceptor(more=_policies())]
    )
    for add, servicer in house.registrations():
        add(servicer, server)
    for path, kind in _KINDS.items():
        service = path.split("/")[1]
        handlers = {"Echo": _echo_handler(kind)}
        generic = grpc.method_handlers_generic_handler(service, handlers)
        server.add_generic_rpc_handlers((generic,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(1).wait()


_KINDS: dict[str, type[Message]] = {
    STAGED: pb.PreviewManagementFeeRequest,
    BARE: pb.PreviewManagementFeeRequest,
    LOOKING: quote_pb2.QuoteGuaranteeRequest,
    STORING: quote_pb2.QuoteGuaranteeRequest,
}


def _policies() -> dict[str, MethodPolicy]:
    permissions = {
        STAGED: ("billing.fees.preview", 2),
        LOOKING: ("pricing.quotes.create", 1),
        STORING: ("pricing.quotes.create", 1),
    }
    return {
        path: MethodPolicy(
            method=path,
            permission=permission,
            scope=scope,
            room=permission.partition(".")[0],
            mutates=path == STORING,
            stored=path == STORING,
            input_type="",
        )
        for path, (permission, scope) in permissions.items()
    }


def _echo_handler(kind: type[Message]) -> "grpc.RpcMethodHandler[Message, Message]":
    return grpc.unary_unary_rpc_method_handler(
        _echo,
        request_deserializer=kind.FromString,
        response_serializer=kind.SerializeToString,
    )


def _echo(request: Message, context: grpc.ServicerContext) -> Message:
    del context
    return request


if __name__ == "__main__":
    main(*sys.argv[1:])
