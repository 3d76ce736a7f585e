"""`tanheng demo`: the sample group's first quarter, from an empty folder to closed books."""

import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from clients.cli.connection import Target, connect
from clients.cli.demo.cast import assemble_cast
from clients.cli.demo.group import Group
from clients.cli.demo.steps import Steps
from clients.cli.demo.story import tell
from clients.cli.output import AsJson, Output
from clients.cli.service import running_service

SAMPLES = Path(__file__).resolve().parents[3] / "samples"


def demo(
    *,
    keep: Annotated[
        Path | None, typer.Option(help="Keep the service's data in this folder.")
    ] = None,
    samples: Annotated[Path, typer.Option(help="The folder of the samples.")] = SAMPLES,
    as_json: AsJson = False,
) -> None:
    """Run January to March of the invented sample group on a service of its own, and show March.

    Everything in the sample group is invented. The service and its data are gone afterwards,
    unless --keep names a folder.
    """
    steps, output = Steps(), Output(as_json)
    with _stoppable(), _data_folder(keep) as folder:
        steps.headline("A service of its own, with its own PostgreSQL")
        with (
            running_service(folder / "data", log=folder / "service.log") as service,
            connect(Target(service.address)) as connection,
        ):
            steps.done(f"ready on {service.address}")
            cast = assemble_cast(connection, service.data_dir)
            steps.done(f"{len(cast.tokens)} people have tokens")
            results = tell(Group(samples / "group"), samples / "published", cast, steps)
        steps.done("the service has stopped")
    if as_json:
        output.json(results.as_plain())
    else:
        results.show(output.console)
    data = folder / "data"
    kept = f"the data is kept: {sys.executable} -m services serve --data-dir {data}"
    steps.done(f"done; {kept if keep else 'nothing is left behind'}")


@contextmanager
def _data_folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="tanheng-demo-") as folder:
        yield Path(folder)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Make a SIGTERM, or the loss of the terminal, an orderly end, as Ctrl-C is one already."""
    numbers = [signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as `nohup` leaves it
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, _interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt
