"""Errors as people read them: the reason, the field, and the way out; and the exit code of each.

The codes are documented in docs/reference/cli.md and are part of the command's contract.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import cast

import grpc
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status
from rich.console import Console
from rich.markup import escape


class ExitCode(IntEnum):
    """What the command ends with."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    REFUSED_INPUT = 3
    DENIED = 4
    NOT_FOUND = 5
    STATE = 6
    UNAVAILABLE = 7
    NOT_SERVED = 8
    INTERRUPTED = 130


_CODES = {
    grpc.StatusCode.INVALID_ARGUMENT: ExitCode.REFUSED_INPUT,
    grpc.StatusCode.OUT_OF_RANGE: ExitCode.REFUSED_INPUT,
    grpc.StatusCode.UNAUTHENTICATED: ExitCode.DENIED,
    grpc.StatusCode.PERMISSION_DENIED: ExitCode.DENIED,
    grpc.StatusCode.NOT_FOUND: ExitCode.NOT_FOUND,
    grpc.StatusCode.ALREADY_EXISTS: ExitCode.STATE,
    grpc.StatusCode.FAILED_PRECONDITION: ExitCode.STATE,
    grpc.StatusCode.ABORTED: ExitCode.STATE,
    grpc.StatusCode.UNAVAILABLE: ExitCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED: ExitCode.UNAVAILABLE,
    grpc.StatusCode.RESOURCE_EXHAUSTED: ExitCode.UNAVAILABLE,
    grpc.StatusCode.CANCELLED: ExitCode.INTERRUPTED,
    grpc.StatusCode.UNIMPLEMENTED: ExitCode.NOT_SERVED,
}

_WAYS_OUT = {
    ExitCode.DENIED: "make a token that may do this (tanheng token --role …) and set TANHENG_TOKEN",
    ExitCode.UNAVAILABLE: "see that the service runs (make serve) and TANHENG_ADDRESS names it",
    ExitCode.NOT_SERVED: "the service does not know this call; use a client of its version",
    ExitCode.UNEXPECTED: "this is a fault of the service; its log has the request id",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One field or condition that was not met."""

    field: str
    description: str


class Refusal(Exception):
    """A command could not do what was asked: its reason, its violations, the way out."""

    code = ExitCode.UNEXPECTED
    reason = ""

    def __init__(
        self,
        message: str,
        *,
        violations: tuple[Violation, ...] = (),
        way_out: str = "",
        localized: str = "",
    ) -> None:
        """Keep what is to be shown."""
        super().__init__(message)
        self.message = message
        self.violations = violations
        self.way_out = way_out
        self.localized = localized

    def at(self, place: str) -> "Refusal":
        """Say first where it was met."""
        self.violations = (Violation(place, "could not be taken in"), *self.violations)
        return self


class InputRefused(Refusal):
    """A file or an option holds something that the service could not read."""

    code = ExitCode.REFUSED_INPUT
    reason = "INPUT_REFUSED"


class RowsRefused(Refusal):
    """The service refused some rows of a batch; the others are recorded."""

    code = ExitCode.REFUSED_INPUT
    reason = "ROWS_REFUSED"


class RunBlocked(Refusal):
    """A run ended without a result that can be approved."""

    code = ExitCode.STATE
    reason = "BLOCKING_FINDINGS"


class ServiceNotReady(Refusal):
    """The service did not start, or ended."""

    code = ExitCode.UNAVAILABLE
    reason = "SERVICE_NOT_READY"


@dataclass(frozen=True, slots=True)
class Details:
    """What the details of a status say."""

    reason: str = ""
    violations: tuple[Violation, ...] = ()
    localized: str = ""


class CallRefused(Refusal):
    """The service answered a call, or ended an operation, with an error."""

    def __init__(self, status: grpc.StatusCode, message: str, details: "Details") -> None:
        """Find the exit code and the way out of a status."""
        self.code = _CODES.get(status, ExitCode.UNEXPECTED)
        self.reason = details.reason or status.name
        super().__init__(
            message or "the call failed",
            violations=details.violations,
            way_out=_WAYS_OUT.get(self.code, ""),
            localized=details.localized,
        )


def refusal_of(error: grpc.RpcError) -> CallRefused:
    """Turn an error of a call into a refusal."""
    status = rpc_status.from_call(cast("grpc.Call", error))  # a raised error is both
    return CallRefused(error.code(), error.details() or "", _details(status))


def refusal_of_status(status: status_pb2.Status) -> CallRefused:
    """Turn the error of an operation into a refusal."""
    code = next((each for each in grpc.StatusCode if each.value[0] == status.code), None)
    return CallRefused(code or grpc.StatusCode.UNKNOWN, status.message, _details(status))


def show(refusal: Refusal, console: Console) -> None:
    """Print a refusal: reason and message, a line per violation not said yet, the way out."""
    console.print(f"[bold red]{escape(refusal.reason)}[/] {escape(refusal.message)}")
    for violation in refusal.violations:
        if violation.description in refusal.message:
            if violation.field not in refusal.message:
                console.print(f"  [yellow]{escape(violation.field)}[/]")
            continue
        console.print(f"  [yellow]{escape(violation.field)}[/] {escape(violation.description)}")
    if refusal.localized:
        console.print(f"  {escape(refusal.localized)}")
    if refusal.way_out:
        console.print(f"  [dim]way out:[/] {escape(refusal.way_out)}")


def _details(status: status_pb2.Status | None) -> Details:
    reason, localized = "", ""
    violations: list[Violation] = []
    for detail in _unpacked(status):
        match detail:
            case error_details_pb2.ErrorInfo():
                reason = detail.reason
            case error_details_pb2.BadRequest():
                violations += [Violation(v.field, v.description) for v in detail.field_violations]
            case error_details_pb2.PreconditionFailure():
                violations += [Violation(v.subject, v.description) for v in detail.violations]
            case error_details_pb2.LocalizedMessage():
                localized = detail.message
    return Details(reason, tuple(violations), localized)


def _unpacked(status: status_pb2.Status | None) -> Iterator[Message]:
    for packed in status.details if status is not None else ():
        for kind in (
            error_details_pb2.ErrorInfo,
            error_details_pb2.BadRequest,
            error_details_pb2.PreconditionFailure,
            error_details_pb2.LocalizedMessage,
        ):
            detail: Message = kind()
            try:
                if packed.Unpack(detail):
                    yield detail
            except DecodeError:
                continue
