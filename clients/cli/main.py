"""The program `tanheng`: its commands, and what it ends with."""

import sys
from collections.abc import Sequence

import typer

from clients.cli.errors import ExitCode, Refusal, show
from clients.cli.output import notices

app = typer.Typer(
    name="tanheng",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Carbon pricing and service-fee billing for an energy group, over gRPC.",
    epilog="TANHENG_ADDRESS names the service (127.0.0.1:50051), TANHENG_TOKEN the caller, "
    "TANHENG_CA_FILE the authority of its certificate. Exit codes: 0 ok · 2 usage · "
    "3 refused input · 4 denied · 5 not found · 6 state · 7 unavailable · 8 not served.",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. A refusal is printed, never a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        app(given, prog_name="tanheng", standalone_mode=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.UNEXPECTED
    except Refusal as refusal:
        show(refusal, notices())
        return refusal.code
    except KeyboardInterrupt:
        notices().print("interrupted")
        return ExitCode.INTERRUPTED
    return ExitCode.OK
