"""The gRPC server: a thread pool, health, reflection, and the stages around every method."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from services.runtime.settings import Settings

Registration = tuple[Callable[..., None], object]
LARGEST_MESSAGE = 4 * 1024 * 1024
GRACE_SECONDS = 10.0
_QUEUED_PER_THREAD = 32


class PortTaken(RuntimeError):
    """The address cannot be bound."""


class GrpcServer:
    """Serves until stopped. Not ready before ``start``, not serving from the moment of ``stop``."""

    def __init__(
        self,
        *,
        settings: Settings,
        interceptor: grpc.ServerInterceptor,
        registrations: Iterable[Registration],
        service_names: Iterable[str],
    ) -> None:
        """Build the server and bind its port.

        Raises:
            PortTaken: somebody else listens there, or the address is not of this machine.
        """
        threads = settings.server_threads
        self._server = grpc.server(
            ThreadPoolExecutor(max_workers=threads, thread_name_prefix="call"),
            interceptors=[interceptor],
            maximum_concurrent_rpcs=threads * _QUEUED_PER_THREAD,
            options=[
                ("grpc.so_reuseport", 1 if settings.processes > 1 else 0),
                ("grpc.max_receive_message_length", LARGEST_MESSAGE),
                ("grpc.keepalive_permit_without_calls", 1),
            ],
        )
        for add, servicer in registrations:
            add(servicer, self._server)
        self._names = sorted(service_names)
        self._health = health.HealthServicer(experimental_non_blocking=True)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        public = [*self._names, health.SERVICE_NAME, reflection.SERVICE_NAME]
        reflection.enable_server_reflection(public, self._server)
        try:
            self.port = self._bind(settings)
        except RuntimeError:
            raise PortTaken(
                f"{settings.host}:{settings.port} cannot be bound; stop what listens there,"
                " or choose another with --port (0 picks one)"
            ) from None

    def start(self) -> None:
        """Begin to serve."""
        self._server.start()
        self._say(health_pb2.HealthCheckResponse.SERVING)

    def stop(self) -> None:
        """Stop: say so to health checks, let calls under way finish, then end."""
        self._say(health_pb2.HealthCheckResponse.NOT_SERVING)
        self._server.stop(GRACE_SECONDS).wait()

    def _say(self, status: int) -> None:
        for name in ("", *self._names):
            self._health.set(name, status)

    def _bind(self, settings: Settings) -> int:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"{host}:{settings.port}"
        if settings.tls_key_file is None or settings.tls_certificate_file is None:
            return int(self._server.add_insecure_port(address))
        pair = (settings.tls_key_file.read_bytes(), settings.tls_certificate_file.read_bytes())
        authority = settings.tls_client_ca_file
        credentials = grpc.ssl_server_credentials(
            [pair],
            root_certificates=None if authority is None else authority.read_bytes(),
            require_client_auth=authority is not None,
        )
        return int(self._server.add_secure_port(address, credentials))
