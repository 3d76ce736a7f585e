"""Long work: waiting for an operation, with a bar that says how far it has come."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from google.longrunning import operations_pb2
from google.longrunning.operations_pb2_grpc import OperationsStub
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from tanheng.common.v1 import common_pb2

from clients.cli.connection import Connection
from clients.cli.errors import ServiceNotReady, refusal_of_status
from clients.cli.messages import SomeMessage
from clients.cli.output import notices

FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0
PAUSE_GROWTH = 1.5
PATIENCE_SECONDS = 3600.0


def wait_for(
    connection: Connection,
    operation: operations_pb2.Operation,
    result: SomeMessage,
    *,
    label: str,
) -> SomeMessage:
    """Poll an operation until it is done, showing a bar, and unpack its answer into ``result``.

    Raises:
        CallRefused: the operation ended with an error, or could not be asked for.
        ServiceNotReady: it was not done within the hour.
    """
    with progress_bar() as bar:
        task = bar.add_task(label, total=None)
        for current in _polled(connection, operation):
            _advance(bar, task, current)
            operation = current
    if operation.HasField("error"):
        raise refusal_of_status(operation.error)
    operation.response.Unpack(result)
    return result


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on standard error; on a pipe nothing moves and nothing is printed."""
    console = notices()
    shown = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *shown, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        yield progress


def _polled(
    connection: Connection, operation: operations_pb2.Operation
) -> Iterator[operations_pb2.Operation]:
    stub = OperationsStub(connection.channel)  # type: ignore[no-untyped-call]
    pause, end = FIRST_PAUSE_SECONDS, time.monotonic() + PATIENCE_SECONDS
    yield operation
    while not operation.done:
        if time.monotonic() > end:
            raise ServiceNotReady(f"{operation.name} is not done after an hour; ask again later")
        time.sleep(pause)
        pause = min(pause * PAUSE_GROWTH, LONGEST_PAUSE_SECONDS)
        request = operations_pb2.GetOperationRequest(name=operation.name)
        operation = connection.call(stub.GetOperation, request)
        yield operation


def _advance(bar: Progress, task: TaskID, operation: operations_pb2.Operation) -> None:
    progress = common_pb2.RunProgress()
    if not operation.metadata.Unpack(progress):
        return
    description = progress.stage.lower() or str(bar.tasks[task].description)
    bar.update(
        task,
        description=f"{progress.resource} {description}",
        completed=progress.done_count,
        total=progress.total_count or None,
    )
