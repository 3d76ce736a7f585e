"""The program `tanheng`: its commands, and what it ends with."""

import os
import sys
from collections.abc import Sequence

import typer

from clients.cli.commands import (
    audit,
    demo,
    fee,
    imports,
    incentives,
    ledger,
    lists,
    month,
    prices,
    pricing,
    settlement,
    token,
)
from clients.cli.errors import ExitCode, InputRefused, Refusal, show
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

app.command()(demo.demo)
app.command()(token.token)
app.add_typer(imports.app, name="import")
app.add_typer(month.app, name="month")
app.add_typer(fee.app, name="fee")
app.add_typer(settlement.app, name="settlement")
app.add_typer(prices.app, name="prices")
app.add_typer(pricing.app, name="pricing")
app.add_typer(lists.customers_app, name="customers")
app.add_typer(lists.contracts_app, name="contracts")
app.add_typer(lists.trades_app, name="trades")
app.add_typer(lists.invoices_app, name="invoices")
app.add_typer(ledger.app, name="ledger")
app.add_typer(incentives.app, name="incentives")
app.add_typer(audit.app, name="audit")


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
    except OSError as wrong:
        _close_output()
        where = wrong.filename or "the output"
        show(InputRefused(f"{where} cannot be written or read: {wrong.strerror}"), notices())
        return InputRefused.code
    except KeyboardInterrupt:
        notices().print("interrupted")
        return ExitCode.INTERRUPTED
    return ExitCode.OK


def _close_output() -> None:
    """Leave nothing to be written at the end, which would fail again and print a traceback."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
