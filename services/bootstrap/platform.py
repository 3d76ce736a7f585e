"""What every room is built on, and what a room hands back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from google.longrunning import operations_pb2
from sqlalchemy import Engine

from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.page import Page, PageRequest
from services.runtime.database import open_engine
from services.runtime.grpc_server import Registration
from services.runtime.jobs import JobQueue
from services.runtime.scheduler import Heartbeat, Occasion
from services.runtime.settings import Settings
from services.runtime.system_clock import SystemClock
from services.runtime.unit_of_work import Transactions, current_principal

SPARE_CONNECTIONS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """The plumbing under the rooms, of one process."""

    unit_of_work: Transactions
    clock: Clock
    principal: CurrentPrincipal
    queue: JobQueue
    settings: Settings
    engine: Engine


@dataclass(frozen=True, slots=True)
class RunOperations:
    """How a collection of runs is seen as operations: one by the id of its run, and a page."""

    read: Callable[[str], operations_pb2.Operation]
    read_page: Callable[[PageRequest], Page[operations_pb2.Operation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomParts:
    """What one room offers to the processes of the house."""

    servicers: tuple[Registration, ...] = ()
    operations: Mapping[str, "RunOperations"] = field(default_factory=dict)
    register_jobs: Callable[[JobQueue], None] = lambda queue: None  # noqa: ARG005 - no jobs
    occasions: tuple[Occasion, ...] = ()
    heartbeats: tuple[Heartbeat, ...] = ()


def build_platform(
    *, settings: Settings, database_url: str, threads: int, clock: Clock | None = None
) -> Platform:
    """Open the database and build the plumbing; ``threads`` at most use it at once."""
    engine = open_engine(database_url, pool_size=threads + SPARE_CONNECTIONS)
    return Platform(
        unit_of_work=Transactions(engine),
        clock=clock or SystemClock(),
        principal=current_principal,
        queue=JobQueue(database_url),
        settings=settings,
        engine=engine,
    )
