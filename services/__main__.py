"""``python -m services serve | worker | scheduler | server | migrate | token``."""

import argparse
import signal
import sys
from pathlib import Path

from services.bootstrap.policy import ROLES
from services.runtime.settings import Settings, SettingsRefused, from_environment
from services.runtime.telemetry import configure_logs

_LAST_PORT = 65_535


def main(arguments: list[str] | None = None) -> int:
    """Run one process of the house; returns its exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        settings = _settings(chosen)
    except SettingsRefused as refusal:
        print(f"tanheng: {refusal}", file=sys.stderr)  # noqa: T201 - said to whoever started it
        return 2
    if chosen.command == "token":
        return _print_token(settings, chosen)
    configure_logs()
    return _run(settings, chosen)


def _run(settings: Settings, chosen: argparse.Namespace) -> int:
    try:
        from services.bootstrap import processes  # noqa: PLC0415 - `token` need not load the house

        match chosen.command:
            case "serve":
                processes.serve(processes.with_free_port(settings))
            case "server":
                processes.serve_only(settings)
            case "worker":
                processes.work(settings, with_scheduler=chosen.with_scheduler)
            case "scheduler":
                processes.keep_time(settings)
            case "migrate":
                processes.migrate(settings)
    except (SettingsRefused, RuntimeError, OSError) as failure:
        print(f"tanheng: {failure}", file=sys.stderr)  # noqa: T201 - said to whoever started it
        return 1
    except KeyboardInterrupt:  # before there was anything to stop
        return 128 + signal.SIGINT
    return 0


def _settings(chosen: argparse.Namespace) -> Settings:
    options = {
        name: getattr(chosen, name, None)
        for name in (
            *("host", "port", "insecure", "processes", "server_threads"),
            *("workers", "worker_threads"),
        )
    }
    if getattr(chosen, "no_scheduler", False):
        options["with_scheduler"] = False
    if getattr(chosen, "share_port", False):
        options["processes"] = 2
    if getattr(chosen, "development_tokens", False):
        options["development_tokens"] = True
    return from_environment(data_dir=chosen.data_dir, **options)


def _print_token(settings: Settings, chosen: argparse.Namespace) -> int:
    from services.runtime.tokens import development_token  # noqa: PLC0415 - see above

    token = development_token(
        settings=settings,
        subject=chosen.subject or chosen.role[0],
        roles=chosen.role,
        customers=chosen.customer,
    )
    print(token)  # noqa: T201 - what was asked for
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("serve", "everything in one go: database, migrations, server, worker, clock"),
        ("server", "the gRPC server alone (needs TANHENG_DATABASE_URL)"),
        ("worker", "a worker alone (needs TANHENG_DATABASE_URL)"),
        ("scheduler", "the clock alone (needs TANHENG_DATABASE_URL)"),
        ("migrate", "bring the database to the newest shape"),
        ("token", "print a token signed by the development key of the data folder"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--data-dir", type=Path, default=Path("data"), help="our own folder")
        _ARGUMENTS.get(name, _no_arguments)(command)
    return parser


def _no_arguments(command: argparse.ArgumentParser) -> None:
    del command


def _address_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", help="address to bind (default 127.0.0.1)")
    command.add_argument("--port", type=_port, help="port to bind (default 50051; 0 picks one)")
    command.add_argument("--insecure", action="store_true", default=None, help="allow no TLS")
    command.add_argument(
        "--server-threads", type=_at_least_one, help="calls served at once (default 16)"
    )


def _serve_arguments(command: argparse.ArgumentParser) -> None:
    _address_arguments(command)
    command.add_argument(
        "--processes", type=_at_least_one, help="server processes on the port (default 1)"
    )
    command.add_argument("--workers", type=_count, help="worker processes (default 1; 0 is none)")
    _thread_argument(command)
    command.add_argument("--no-scheduler", action="store_true", help="run no clock")


def _server_arguments(command: argparse.ArgumentParser) -> None:
    _address_arguments(command)
    command.add_argument("--share-port", action="store_true", help=argparse.SUPPRESS)
    command.add_argument("--development-tokens", action="store_true", help=argparse.SUPPRESS)


def _worker_arguments(command: argparse.ArgumentParser) -> None:
    _thread_argument(command)
    command.add_argument("--with-scheduler", action="store_true", help="run the clock too")


def _thread_argument(command: argparse.ArgumentParser) -> None:
    text = "jobs that one worker runs at once (default 2)"
    command.add_argument("--worker-threads", type=_at_least_one, help=text)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 on")
    return int(text)


def _port(text: str) -> int:
    if _count(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is beyond the last port, {_LAST_PORT}")
    return int(text)


def _at_least_one(text: str) -> int:
    if _count(text) == 0:
        raise argparse.ArgumentTypeError("0 is too few; give 1 or more")
    return int(text)


def _token_arguments(command: argparse.ArgumentParser) -> None:
    roles = ", ".join(ROLES)
    command.add_argument(
        "--role",
        action="append",
        required=True,
        choices=tuple(ROLES),
        metavar="ROLE",
        help=f"may be repeated: {roles}",
    )
    command.add_argument("--subject", help="who (default: the role)")
    command.add_argument("--customer", action="append", default=[], help="may be repeated")


_ARGUMENTS = {
    "serve": _serve_arguments,
    "server": _server_arguments,
    "worker": _worker_arguments,
    "token": _token_arguments,
}


if __name__ == "__main__":
    raise SystemExit(main())
