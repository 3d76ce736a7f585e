"""A server process with the whole house, an Echo behind the same stages, and a bare Echo."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
from google.protobuf.message import Message
from tanheng.billing.v1 import billing_service_pb2 as pb

from services.bootstrap.house import build_house
from services.bootstrap.platform import build_platform
from services.runtime.interceptors.policies import MethodPolicy
from services.runtime.settings import Settings
from services.runtime.telemetry import configure_logs

STAGED = "/tanheng.benchmarks.Staged/Echo"
BARE = "/tanheng.benchmarks.Bare/Echo"
_THREADS = 8


def main(database_url: str, data_dir: str) -> None:
    """Serve until standard input is closed; prints the port."""
    configure_logs()
    settings = Settings(data_dir=Path(data_dir), port=0, server_threads=_THREADS)
    platform = build_platform(settings=settings, database_url=database_url, threads=_THREADS)
    house = build_house(platform)
    policy = MethodPolicy(
        STAGED, "billing.fees.preview", 2, "billing", mutates=False, stored=False, input_type=""
    )
    server = grpc.server(
        ThreadPoolExecutor(_THREADS), interceptors=[house.interceptor(more={STAGED: policy})]
    )
    for add, servicer in house.registrations():
        add(servicer, server)
    for path in (STAGED, BARE):
        service = path.split("/")[1]
        handlers = {"Echo": _echo_handler()}
        generic = grpc.method_handlers_generic_handler(service, handlers)
        server.add_generic_rpc_handlers((generic,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(1).wait()


def _echo_handler() -> "grpc.RpcMethodHandler[Message, Message]":
    return grpc.unary_unary_rpc_method_handler(
        _echo,
        request_deserializer=pb.PreviewManagementFeeRequest.FromString,
        response_serializer=pb.PreviewManagementFeeRequest.SerializeToString,
    )


def _echo(request: Message, context: grpc.ServicerContext) -> Message:
    del context
    return request


if __name__ == "__main__":
    main(*sys.argv[1:])
