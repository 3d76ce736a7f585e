"""The whole service in this process: a real server on a real database, with a worker beside it."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import grpc

from services.bootstrap.house import House, build_house
from services.bootstrap.platform import build_platform
from services.kernel.clock import Clock
from services.runtime.settings import Settings
from services.runtime.tokens import development_token
from tests.support.worker import working

_THREADS = 16


@dataclass(slots=True)
class Service:
    """A running service, and how to call it as anybody."""

    address: str
    settings: Settings
    house: House
    channel: grpc.Channel = field(init=False)
    _tokens: dict[tuple[str, str, tuple[str, ...]], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the channel."""
        self.channel = grpc.insecure_channel(self.address)

    def token(self, role: str, *, subject: str = "", customers: Sequence[str] = ()) -> str:
        """Make a token, once for each kind."""
        key = (role, subject or role, tuple(customers))
        if key not in self._tokens:
            self._tokens[key] = development_token(
                settings=self.settings,
                subject=subject or role,
                roles=[role],
                customers=list(customers),
            )
        return self._tokens[key]

    def as_role(
        self, role: str, *, subject: str = "", customers: Sequence[str] = ()
    ) -> tuple[tuple[str, str], ...]:
        """Give the metadata of a call in a role: ``stub.Method(request, metadata=…)``."""
        token = self.token(role, subject=subject, customers=customers)
        return (("authorization", f"Bearer {token}"),)


def request_id() -> str:
    """Make a new request id."""
    return str(uuid.uuid4())


@contextmanager
def running_service(
    database_url: str, data_dir: Path, *, clock: Clock | None = None, with_worker: bool = True
) -> Iterator[Service]:
    """Run server and worker on a migrated database for as long as the block lasts."""
    settings = Settings(data_dir=data_dir, port=0, server_threads=_THREADS)
    platform = build_platform(
        settings=settings, database_url=database_url, threads=_THREADS + 8, clock=clock
    )
    house = build_house(platform)
    house.register_jobs()
    server = house.server()
    server.start()
    service = Service(f"127.0.0.1:{server.port}", settings, house)
    try:
        with working(platform.queue) if with_worker else nullcontext():
            yield service
    finally:
        service.channel.close()
        server.stop()
        platform.engine.dispose()
